"""The reader as ONNX: a base's graph + a small difference + the head, quantised to int8.

Depends on numpy, onnx and onnxruntime only, not on torch. Not a command:

    rag.write_base_model("reranker", folded)
    difference = read_difference(Path("reader.npz"))
    write_merged(folded, difference.tensors, merged)   # weights in place, head added
    quantise(merged, target)

Tensors have the names that they would have in PyTorch ("inner.encoder.layer.0.output.dense.weight",
stored as [in, out]); a weight matrix of the folded graph, which has a number for a name there, is
found by the bias that is added to its product.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Difference:
    """What training changed, and how the model is to be used.

    Attributes:
        tensors: By PyTorch's name: what is to be added to each of the base's tensors; and the
            heads' tensors themselves ("head.weight" and so on).
        meta: The input format, the calibration and where it comes from.
    """

    tensors: Tensors
    meta: dict[str, Any]


HEAD_WEIGHT, HEAD_BIAS = "head.weight", "head.bias"
SPAN_WEIGHT, SPAN_BIAS = "span.weight", "span.bias"
DOWN, UP, CHANGE, META = ".down", ".up", ".change", "meta"
LOGITS, SPANS = "logits", "span_logits"
TYPES = "inner.embeddings.token_type_embeddings.weight"


def initialiser_names(model: Any) -> dict[str, str]:
    """PyTorch's name -> the initialiser's name, of every trained tensor of a folded graph."""
    known = {tensor.name for tensor in model.graph.initializer}
    added = {name: node for node in model.graph.node if node.op_type == "Add"
             for name in node.input}  # fmt: skip
    names = {name: name for name in known
             if name.startswith("inner.") and "position_ids" not in name}  # fmt: skip
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in known:
            continue
        bias = next(name for name in added[node.output[0]].input if name != node.output[0])
        names[bias.removesuffix("bias") + "weight"] = node.input[1]
    return names


def tensors(model: Any) -> Tensors:
    """The trained tensors of a folded graph by PyTorch's names, matrices as [in, out]."""
    from onnx import numpy_helper

    held = {tensor.name: tensor for tensor in model.graph.initializer}
    return {
        name: np.array(numpy_helper.to_array(held[initialiser]), dtype=np.float32)
        for name, initialiser in initialiser_names(model).items()
    }


def token_types(folded: Path) -> int:
    """How many token types a folded graph tells apart."""
    import onnx

    held = onnx.load(str(folded)).graph.initializer
    return next(int(tensor.dims[0]) for tensor in held if tensor.name == TYPES)


def cut(base: Tensors, trained: Tensors, rank: int) -> dict[str, NDArray[np.float16]]:
    """The difference of the two as small arrays: matrices by SVD to `rank`, the others whole."""
    arrays: dict[str, NDArray[np.float16]] = {}
    for name, value in trained.items():
        if name.startswith(("head.", "span.")):
            arrays[name] = value.astype(np.float16)
            continue
        change = value - base[name]
        if not change.any():
            continue
        if change.ndim == 2 and min(change.shape) > rank:
            left, strength, right = np.linalg.svd(change, full_matrices=False)
            root = np.sqrt(strength[:rank])
            arrays[name + DOWN] = (left[:, :rank] * root).astype(np.float16)
            arrays[name + UP] = (right[:rank] * root[:, None]).astype(np.float16)
        else:
            arrays[name + CHANGE] = change.astype(np.float16)
    return arrays


def write_difference(path: Path, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]
                     ) -> None:  # fmt: skip
    """Write the arrays of `cut` and the meta data to one .npz file."""
    text = json.dumps(meta, sort_keys=True).encode()
    held: dict[str, Any] = {**arrays, META: np.frombuffer(text, dtype=np.uint8)}
    np.savez_compressed(path, **held)


def read_difference(path: Path) -> Difference:
    """What `write_difference` wrote."""
    with np.load(path) as held:
        meta = json.loads(held[META].tobytes().decode())
        arrays = {name: held[name].astype(np.float32) for name in held.files if name != META}
    return Difference(expand(arrays), meta)


def expand(arrays: Mapping[str, NDArray[Any]]) -> Tensors:
    """The changes that the arrays of `cut` stand for."""
    found: Tensors = {}
    for name, value in arrays.items():
        if name.endswith(DOWN):
            key = name.removesuffix(DOWN)
            up = np.asarray(arrays[key + UP], dtype=np.float32)
            found[key] = np.asarray(value, dtype=np.float32) @ up
        elif not name.endswith(UP):
            found[name.removesuffix(CHANGE)] = np.asarray(value, dtype=np.float32)
    return found


def write_merged(folded: Path, changes: Tensors, target: Path) -> None:
    """Write the folded graph with `changes` added to its weights and the heads at its end.

    Its outputs are "logits" (n, outputs) and, when the changes hold that head, "span_logits"
    (n, length, 2).
    """
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(folded))
    held = {tensor.name: tensor for tensor in model.graph.initializer}
    names = initialiser_names(model)
    for name, change in changes.items():
        if name.startswith(("head.", "span.")):
            continue
        tensor = held[names[name]]
        value = numpy_helper.to_array(tensor) + change
        tensor.CopyFrom(numpy_helper.from_array(value.astype(np.float32), tensor.name))
    _add_heads(model, changes)
    onnx.save(model, str(target))


def _add_heads(model: Any, heads: Tensors) -> None:
    """The logit from the first token and the mean of the tokens of type 1; and the span logits."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    hidden = graph.output[0].name
    constants = {
        "head_first": np.array(0, dtype=np.int64), "head_tokens": np.array([1], dtype=np.int64),
        "head_last": np.array([2], dtype=np.int64), "head_sentence": np.array(1, dtype=np.int64),
        HEAD_WEIGHT: heads[HEAD_WEIGHT], HEAD_BIAS: heads[HEAD_BIAS],
    }  # fmt: skip
    nodes: list[tuple[str, list[str], str, dict[str, Any]]] = [
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
        ("Add", ["head_product", HEAD_BIAS], LOGITS, {}),
    ]
    count: list[str | int | None] = ["batch", heads[HEAD_WEIGHT].shape[1]]
    outputs = [helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, count)]
    if SPAN_WEIGHT in heads:
        constants |= {SPAN_WEIGHT: heads[SPAN_WEIGHT], SPAN_BIAS: heads[SPAN_BIAS]}
        nodes += [
            ("MatMul", [hidden, SPAN_WEIGHT], "span_product", {}),
            ("Add", ["span_product", SPAN_BIAS], SPANS, {}),
        ]
        shape: list[str | int | None] = ["batch", "sequence", 2]
        outputs.append(helper.make_tensor_value_info(SPANS, TensorProto.FLOAT, shape))
    for name, value in constants.items():
        graph.initializer.append(numpy_helper.from_array(np.array(value, order="C"), name))
    for kind, inputs, output, given in nodes:
        graph.node.append(helper.make_node(kind, inputs, [output], name=output, **given))
    del graph.output[:]
    graph.output.extend(outputs)


def quantise(source: Path, target: Path) -> None:
    """Write `source` with int8 matrix products, but for the heads, to `target`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # the quantiser advises a pre-processing that folding did
    try:
        quantize_dynamic(
            source, target, weight_type=QuantType.QUInt8, per_channel=True,
            nodes_to_exclude=["head_product", "span_product"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    finally:
        root.setLevel(level)


def session(path: Path, threads: int = 1) -> Any:
    """An onnxruntime session on the processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
