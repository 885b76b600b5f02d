"""A base's graph + a small difference -> the reader or the pair model, as one ONNX graph.

Each is a model of `rag.relevance.bases`, trained on. What training changed is kept as a difference
of low rank: `NAME.down @ NAME.up` or `NAME.change` is added to the weight NAME. Two heads are
added: `head.weight`, `head.bias` make the logits of [CLS] and the mean of the sentence's tokens,
`span.weight`, `span.bias` the logits that the answering words start or end at a token.

Weights have their PyTorch names ("inner.encoder.layer.0.output.dense.weight", stored as [in, out]).
A matrix of the folded graph, which has a number for a name there, is found by the bias that is
added to its product.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tensors = dict[str, "NDArray[np.float32]"]
# What is done, with what, what it is called, and how.
Node = tuple[str, list[str], str, dict[str, Any]]

HEAD_WEIGHT, HEAD_BIAS = "head.weight", "head.bias"
DOWN, UP, CHANGE = ".down", ".up", ".change"
SPAN_WEIGHT, SPAN_BIAS = "span.weight", "span.bias"
LOGITS, ENDS = "logits", "ends"
# The products of the heads, which quantising must leave alone.
HEAD_NODES = ("head_product", "span_product")
_HEADS = (HEAD_WEIGHT, HEAD_BIAS, SPAN_WEIGHT, SPAN_BIAS)


def read_difference(file: Path) -> Tensors:
    """What is to be added to each weight of the base, by name, and the heads' own weights."""
    import numpy as np

    changes: Tensors = {}
    with np.load(file) as held:
        arrays = {name: np.asarray(held[name], np.float32) for name in held.files if name != "meta"}
    for name, value in arrays.items():
        if name.endswith(DOWN):
            whole = name.removesuffix(DOWN)
            changes[whole] = value @ arrays[whole + UP]
        elif not name.endswith(UP):
            changes[name.removesuffix(CHANGE)] = value
    return changes


def weight_names(model: Any) -> dict[str, str]:
    """PyTorch's name -> the name in the folded graph `model`, of every weight."""
    known = {tensor.name for tensor in model.graph.initializer}
    added = {
        name: node for node in model.graph.node if node.op_type == "Add" for name in node.input
    }
    names = {
        name: name for name in known if name.startswith("inner.") and "position_ids" not in name
    }
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in known:
            product = node.output[0]
            bias = next(name for name in added[product].input if name != product)
            names[bias.removesuffix("bias") + "weight"] = node.input[1]
    return names


def write_merged(folded: Path, changes: Mapping[str, "NDArray[np.float32]"], target: Path) -> None:
    """Write the folded graph with `changes` added and the heads at its end.

    Its outputs are "logits", float32, shape (n_pairs,) or, of a head with several outputs,
    (n_pairs, n_outputs); and "ends", float32, shape (n_pairs, n_tokens, 2): of the first and the
    last of the answering words.
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(folded))
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    names = weight_names(model)
    for name, change in changes.items():
        if name not in _HEADS:
            tensor = held[names[name]]
            value = numpy_helper.to_array(tensor) + change
            tensor.CopyFrom(numpy_helper.from_array(value.astype("float32"), tensor.name))
    _add_heads(model, changes)
    onnx.save(model, str(target))


def _add_heads(model: Any, changes: Mapping[str, "NDArray[np.float32]"]) -> None:
    """Nodes from the last hidden states to the outputs.

    The logit is [CLS; mean of tokens of type 1] @ head.
    """
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    hidden = graph.output[0].name
    constants = {
        "head_first": np.array(0, dtype=np.int64), "head_tokens": np.array([1], dtype=np.int64),
        "head_last": np.array([2], dtype=np.int64), "head_sentence": np.array(1, dtype=np.int64),
        **{name: changes[name] for name in _HEADS},
    }  # fmt: skip
    n_outputs = changes[HEAD_BIAS].size
    head: list[Node] = [("Add", ["head_product", HEAD_BIAS], LOGITS, {})]
    if n_outputs == 1:
        head = [
            ("Add", ["head_product", HEAD_BIAS], "head_column", {}),
            ("Squeeze", ["head_column", "head_tokens"], LOGITS, {}),
        ]
    nodes: list[Node] = [
        ("Gather", [hidden, "head_first"], "head_cls", {"axis": 1}),
        ("Equal", ["token_type_ids", "head_sentence"], "head_is_sentence", {}),
        ("Cast", ["head_is_sentence"], "head_types", {"to": TensorProto.FLOAT}),
        ("Unsqueeze", ["head_types", "head_last"], "head_weights", {}),
        ("Mul", [hidden, "head_weights"], "head_kept", {}),
        ("ReduceSum", ["head_kept", "head_tokens"], "head_sum", {"keepdims": 0}),
        ("ReduceSum", ["head_types", "head_tokens"], "head_count", {"keepdims": 1}),
        ("Div", ["head_sum", "head_count"], "head_mean", {}),
        ("Concat", ["head_cls", "head_mean"], "head_pooled", {"axis": 1}),
        ("MatMul", ["head_pooled", HEAD_WEIGHT], "head_product", {}),
        *head,
        ("MatMul", [hidden, SPAN_WEIGHT], "span_product", {}),
        ("Add", ["span_product", SPAN_BIAS], ENDS, {}),
    ]
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.array(value, order="C"), name))
    for kind, inputs, output, given in nodes:
        graph.node.append(helper.make_node(kind, inputs, [output], name=output, **given))
    del graph.output[:]
    outputs: dict[str, list[str | int]] = {
        LOGITS: ["n_pairs"] if n_outputs == 1 else ["n_pairs", n_outputs],
        ENDS: ["n_pairs", "n_tokens", 2],
    }  # fmt: skip
    for output, shape in outputs.items():
        graph.output.append(helper.make_tensor_value_info(output, TensorProto.FLOAT, shape))
