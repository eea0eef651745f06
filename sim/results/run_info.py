"""When, where and with what a study was computed: all that may differ between two equal answers."""

from __future__ import annotations

import importlib.metadata
import os
import pathlib
import platform
import shutil
import socket
import subprocess
from datetime import UTC, datetime
from typing import Any

ROOT = pathlib.Path(__file__).parents[2]
LIBRARIES = ("tanf-escalation", "hydra-core", "matplotlib", "mesa", "numba", "numpy", "pyarrow", "scipy")


def run_info(command: str, seconds: float, runs: int) -> dict[str, Any]:
    """The record of one session: `runs` computed in `seconds` by `command`."""
    return {
        "command": command,
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "runs_computed": runs,
        "host": socket.gethostname(),
        "processors": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
        "git": _git("describe", "--always", "--dirty", "--abbrev=40"),
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:  # run from a source tree
        return None


def _git(*words: str) -> str | None:
    """What git says of the source tree; None where the program does not run from one."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    said = subprocess.run([git, "-C", str(ROOT), *words], capture_output=True, text=True, timeout=20, check=False)
    return said.stdout.strip() or None
