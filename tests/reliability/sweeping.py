"""What the campaigns about sweeps share: commands in processes of their own, and what a folder holds as one hash."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOLD_APART = {"run_info.json", ".lock"}  # time and host; who is writing
Counts = list[tuple[str, float]]


def words(*given: str) -> list[str]:
    """The command line of `tanf`."""
    return [sys.executable, "-m", "experiments", *given]


def tanf(*given: str) -> tuple[int, str, float]:
    """Give a command in a process of its own: its exit code, what it says on standard error, its peak memory in MB."""
    with subprocess.Popen(words(*given), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        told = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, told, used.ru_maxrss / 1024


def sha256(path: Path) -> str:
    """One hash of every file of a results folder, its name among its bytes, but for what tells when and where."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.name not in TOLD_APART:
            digest.update(f"{file.relative_to(path)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def litter(path: Path) -> list[str]:
    """Names in a folder that a command left half-written."""
    return [file.name for file in path.rglob(".*") if file.is_file()]


def alive(group: int) -> bool:
    """Whether a process of a process group is left."""
    for _ in range(20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True
