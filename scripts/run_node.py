"""Runs Node with the arguments given: the machine's own, else the one the set-up installed."""

import os
import sys
from pathlib import Path

OWN = Path(__file__).resolve().parent.parent / ".venv-node" / "bin"

if __name__ == "__main__":
    path = f"{OWN}{os.pathsep}{os.environ.get('PATH', os.defpath)}" if OWN.is_dir() else None
    if path:
        os.environ["PATH"] = path
    os.execvp("node", ["node", *sys.argv[1:]])  # noqa: S606 -- whichever Node the set-up chose
