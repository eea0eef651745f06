"""What the campaigns share: a small question, children that can be killed, folders compared byte by byte.

A campaign is a function `campaign(n)` that returns what it counted, as a list of (what, count), and raises
`AssertionError` where a promise is broken.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.__main__ import main
from sim.results import manifest

Counts = list[tuple[str, float]]

POINTS, PER_PART, REPLICATIONS = 2, 25, 800
ASKED = [
    "roe.zone_radius_km=0,40",
    "scenario.horizon_days=1",
    f"replications={REPLICATIONS}",
    "seed=5",
    "threads=2",
    "figures=false",
]
VOLATILE = ("run_info.json", ".lock")  # time and host; who is writing
GONE = 128 + signal.SIGKILL


@contextmanager
def small_parts(replications: int = PER_PART) -> Iterator[None]:
    """Parts of so few replications that a kill costs little; nothing that a user could set."""
    before = manifest.RUNS_PER_PART, manifest.MOST_TIMES
    manifest.RUNS_PER_PART, manifest.MOST_TIMES = POINTS * replications, 1
    try:
        yield
    finally:
        manifest.RUNS_PER_PART, manifest.MOST_TIMES = before


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tanf-") as name:
        yield Path(name)


def tanf(*words: str) -> int:
    """Give a command in this process, saying nothing; returns the exit code."""
    with Path(os.devnull).open("w") as silence, _standing_in(silence):
        return main(list(words))


@contextmanager
def _standing_in(stream: Any) -> Iterator[None]:
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = stream
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


def forked(work: Callable[[], int]) -> int:
    """Start a child that leads a process group of its own, does the work and exits with its result; returns its number.

    The parent has everything loaded and compiled, so that a child is at work within milliseconds.
    """
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        os.setsid()
        code = work()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a child; returns its exit code, 128 + n where signal n ended it."""
    status = os.waitpid(child, 0)[1]
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def asked_in_child(work: Callable[[], Any]) -> Any:
    """What a function returns in a child: libraries that keep threads are not woken in the parent, which forks."""
    reader, writer = os.pipe()

    def answer() -> int:
        with os.fdopen(writer, "w") as pipe:
            json.dump(work(), pipe)
        return 0

    child = forked(answer)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        told = pipe.read()
    assert ended(child) == 0, "the child that was asked failed"
    return json.loads(told)


def content(path: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, but for what tells when, where and by whom."""
    files = (file for file in path.rglob("*") if file.is_file() and file.name not in VOLATILE)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def warm_up() -> None:
    """Load and compile what the children need, so that they need not."""
    from sim.config.compose import compose, split
    from sim.results.fingerprint import fingerprint
    from sim.run import batch
    from sim.scenario import build
    from sim.study import keeping, sweep  # noqa: F401 - loaded for the children

    fingerprint()
    config = compose(*split(ASKED)[0])
    batch.run_chunk(build(config), batch.np.zeros(1, batch.Outcome.dtype_), 0, 0)
