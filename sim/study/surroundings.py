"""What the program stands on: Python and libraries, the machine-code cache, disk, processors."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from sim.rules.compiling import INTERPRETED, cache_folder
from sim.run import batch
from sim.scenario import load

LIBRARIES = ("mesa", "numpy", "numba", "matplotlib", "hydra-core", "pyarrow")
OLDEST_PYTHON = (3, 11)
SUPPORTED_MESA = "3.3."
ENOUGH_FREE_MB = 200
MB = 1024 * 1024


class Check(NamedTuple):
    """One thing that was looked at."""

    what: str
    found: str
    advice: str = ""  # what to do about it; empty where it is well


def checks() -> list[Check]:
    """Everything that was looked at, in order; nothing is written that stays."""
    return [_python(), *map(_library, LIBRARIES), _cache(), _compiled(), _disk(Path.cwd()), _threads()]


def _python() -> Check:
    old = sys.version_info[:2] < OLDEST_PYTHON
    return Check("Python", platform.python_version(), "Python 3.11 or newer is needed" if old else "")


def _library(name: str) -> Check:
    try:
        found = version(name)
    except PackageNotFoundError:
        return Check(name, "missing", f"install it: pip install {name}")
    strange = name == "mesa" and not found.startswith(SUPPORTED_MESA)
    return Check(name, found, f"mesa {SUPPORTED_MESA}* is supported: pip install 'mesa>=3.3,<3.4'" if strange else "")


def _cache() -> Check:
    """Whether machine code can be kept; the nearest folder that exists decides."""
    folder = cache_folder()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    size = sum(file.stat().st_size for file in folder.rglob("*.nb?")) / MB if folder.exists() else 0.0
    writable = os.access(there, os.W_OK | os.X_OK) and there.is_dir()
    advice = (
        "" if writable else "it cannot be written, so every start compiles anew; set TANF_CACHE to a folder of yours"
    )
    return Check("machine code", f"{folder}, {size:.0f} MB", advice)


def _compiled() -> Check:
    if INTERPRETED:
        advice = "runs are some hundred times slower; unset NUMBA_DISABLE_JIT"
        return Check("rule book", "plain Python (NUMBA_DISABLE_JIT is set)", advice)
    ready = batch.is_compiled(load())
    checked = "" if os.environ.get("NUMBA_BOUNDSCHECK", "0") in ("", "0") else ", array bounds checked"
    return Check(
        "rule book", ("compiled" if ready else "not compiled yet: the first run takes about a minute") + checked
    )


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free / MB
    writable = os.access(folder, os.W_OK | os.X_OK)
    advice = "" if free >= ENOUGH_FREE_MB else f"less than {ENOUGH_FREE_MB} MB free; results may not fit"
    return Check(
        "this folder", f"{free:,.0f} MB free", advice if writable else "results cannot be written here; set out=FOLDER"
    )


def _threads() -> Check:
    return Check("processors", f"{len(os.sched_getaffinity(0))} to be used of {os.cpu_count()}")
