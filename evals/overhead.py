"""What On Record adds to a call of a language model: prompt, parsing and checking, per answer.

    python -m evals.overhead [--data DIR] [--limit N]

A server on this machine answers at once with a line of each source that it is shown, so that what
is measured is everything but a model, HTTP included.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles

from evals.adapters import multihop_questions
from evals.data import data_dir, write_multihop_corpus
from evals.runs import arguments, benchmark_config, print_table
from rag import Config, open_engine

_SOURCE = re.compile(r"^\[(S\d+)\] .*\nL(\d+): (.+)$", re.MULTILINE)


class InstantModel(BaseHTTPRequestHandler):
    """Streams the first line of each source, cited, in the form of a chat completion."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = body["messages"][-1]["content"]
        text = " ".join(f"{line} [{source}:L{n}]" for source, n, line in _SOURCE.findall(prompt))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for piece in re.findall(r".{1,40}", text, re.DOTALL):
            self._send({"delta": {"content": piece}, "finish_reason": None})
        self._send({"delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _send(self, choice: dict[str, object]) -> None:
        event = {
            "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "instant",
            "choices": [{"index": 0, **choice}],
        }  # fmt: skip
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())


def main() -> None:
    """Print the table."""
    options = arguments("overhead of a checked answer").parse_args()
    config = benchmark_config(options, "multihop", write_multihop_corpus)
    server = ThreadingHTTPServer(("127.0.0.1", 0), InstantModel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    config = Config(**{**config.model_dump(), "llm_model": "instant", "llm_base_url": address})
    write, verify, statements = [], [], 0
    questions = multihop_questions(data_dir(options.data))[: options.limit or 50]
    with open_engine(config) as engine:
        for k, question in enumerate(questions):
            answer = engine.query(question.text)
            if k >= 3 and answer.model == "instant":  # after warming up
                write.append(answer.timings_ms.write)
                verify.append(answer.timings_ms.verify)
                statements += len(answer.statements) + len(answer.withheld)
    server.shutdown()
    count = len(write)
    print_table(
        f"Overhead of an answer, ms ({statements / count:.1f} statements on average)",
        [
            ("prompt, HTTP and parsing, p50", median(write), count),
            ("prompt, HTTP and parsing, p95", quantiles(write, n=20)[-1], count),
            ("checking, p50", median(verify), count),
            ("checking, p95", quantiles(verify, n=20)[-1], count),
        ],
    )


if __name__ == "__main__":
    main()
