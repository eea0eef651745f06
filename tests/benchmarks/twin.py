"""The C twin, built with the compiler of the system where there is one."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.scenario import UNITS

SOURCE = Path(__file__).with_name("twin.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")
LAYOUTS = {"rows": (), "arrays": ("-DAPART",)}
Simulate = Callable[..., tuple[np.ndarray, np.ndarray]]


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def built(folder: Path, layout: str) -> Simulate:
    """The twin with its units in rows or in separate arrays, as a function like `rows.simulate`."""
    library = folder / f"twin-{layout}.so"
    command = [compiler() or "cc", *FLAGS, *LAYOUTS[layout], str(SOURCE), "-o", str(library), "-lm"]
    subprocess.run(command, check=True, capture_output=True)
    entry = ctypes.CDLL(str(library)).runs
    entry.argtypes = [ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p]
    entry.restype = None

    def simulate(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
        seen, minutes = np.zeros(count, np.int64), np.zeros((count, UNITS))
        entry(count, first, seen.ctypes.data, minutes.ctypes.data)
        return seen, minutes

    return simulate
