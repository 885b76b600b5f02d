"""ONNX graphs: found in wheels, folded, quantised, kept in the cache folder, loaded.

What is made at first use is named after what it is made of and the version of onnxruntime, which
decides what the file looks like; it appears whole or not at all.
"""

import hashlib
import importlib.metadata
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.config import Config
from rag.errors import ModelError


def cached(config: Config, name: str, make: Callable[[Path], None], *, hint: str) -> Path:
    """The file of this name in the cache folder; `make` writes it when it is missing.

    Args:
        config: Names the cache folder.
        name: Names everything that the file is made of.
        make: Writes the file to the path that it is given, in the same folder.
        hint: What to do when nothing can be written.

    Raises:
        ModelError: When the file cannot be written.
    """
    runtime = importlib.metadata.version("onnxruntime")
    folder = config.cache_dir or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = folder / "on-record" / f"{name}-ort{runtime}.onnx"
    if not target.is_file():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
                unfinished = Path(temporary) / target.name
                make(unfinished)
                os.replace(unfinished, target)
        except OSError as exc:
            raise ModelError(f"cannot write a model to {target}: {exc}; {hint}") from exc
    return target


def fold(source: Path | bytes, target: Path) -> None:
    """Write a graph with what is constant in it computed, such as weights behind Cast and Mul.

    `source` is a file, or what it would hold.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    given = source if isinstance(source, bytes) else str(source)
    onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def quantize(source: Path, target: Path, *, keep: Sequence[str] = ()) -> None:
    """Write a folded graph with int8 matrix products, one scale a channel, but for nodes `keep`.

    The weights have no sign: products of signed ones with activations, which have none, overflow on
    processors without VNNI, and the same question would be answered differently there.
    """
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # the quantiser advises a pre-processing that folding did
    try:
        quantize_dynamic(
            source, target, weight_type=QuantType.QUInt8, per_channel=True,
            nodes_to_exclude=list(keep), extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    finally:
        root.setLevel(level)


def load_session(path: Path, what: str) -> Any:
    """An onnxruntime session that computes on one thread; several may run in it at once.

    `what` names the model in the error.

    Raises:
        ModelError: When the file cannot be loaded.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except _loading_errors() as exc:
        raise ModelError(
            f"cannot load {what} from {path}: {exc}; a file in the cache folder is made again "
            "when it is deleted"
        ) from exc


def _loading_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime may raise for a file; its own errors share no base but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (value for value in vars(state).values() if isinstance(value, type))
    own = (value for value in found if issubclass(value, Exception))
    return (OSError, RuntimeError, ValueError, *own)


def wheel_file(distribution: str, name: str, sha256: str, *, hint: str) -> Path:
    """A file of an installed wheel, its hash checked; `hint` says what to do when it fails.

    Raises:
        ModelError: When it is missing or damaged.
    """
    try:
        path = Path(str(importlib.metadata.distribution(distribution).locate_file(name)))
    except importlib.metadata.PackageNotFoundError as exc:
        raise ModelError(f"the package {distribution} is not installed; {hint}") from exc
    if not path.is_file():
        raise ModelError(f"{path} is missing; {hint}")
    found = sha256_of(path)
    if found != sha256:
        raise ModelError(f"{path} has SHA-256 {found[:12]}, not {sha256[:12]}; {hint}")
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
