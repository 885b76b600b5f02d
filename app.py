"""Launcher of the chat page: `python app.py`, the same as `rag serve`."""

import sys

from rag.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
