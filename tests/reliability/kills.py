"""Campaign 2: kill -9 of the whole process group at random moments; the folder ends as if nothing had happened."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sim.results.checking import is_whole_by_name
from sim.results.folder import RUNS
from sim.results.manifest import MANIFEST, from_bytes
from tests.reliability.common import (
    ASKED,
    GONE,
    PER_PART,
    POINTS,
    REPLICATIONS,
    Counts,
    asked_in_child,
    content,
    ended,
    forked,
    scratch,
    small_parts,
    tanf,
    warm_up,
)

NAME = "2. kill -9 of the whole process group"
PARTS = REPLICATIONS // PER_PART
SILENT = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
TOLD = {
    "kills": "kills",
    "before": "before the first part",
    "between": "between the first and the last part",
    "after": "after the last part",
    "finished": "sweeps finished in spite of them",
    "lost": "rows lost",
    "duplicated": "rows duplicated",
    "differ": "folders whose parts, manifest, design or summary differ from the uninterrupted one",
}
BY_COMMAND = (
    "import sys; from sim.results import manifest; "
    "manifest.RUNS_PER_PART, manifest.MOST_TIMES = int(sys.argv.pop(1)), 1; "
    "from experiments.__main__ import main; sys.exit(main(sys.argv[1:]))"
)


def campaign(n: int, seed: int = 1) -> Counts:
    """Kill n times; a folder that is finished is compared with an uninterrupted one, and the next is begun.

    A tenth of the kills hit `python -m experiments`, started anew; the others a child of a warm process.
    """
    counted, chance = Counter[str](), random.Random(seed)
    with scratch() as aside, small_parts():
        warm_up()
        assert ended(forked(lambda: _sweep(aside / "whole"))) == 0
        whole = content(aside / "whole")
        while counted["kills"] < n or counted["begun"]:
            path = aside / str(counted["finished"])
            patience = _patience(chance) if counted["kills"] < n else None
            if _killed(path, patience, by_command=counted["kills"] % 10 == 9):
                counted["kills"], counted["begun"] = counted["kills"] + 1, 1
                counted[_moment(path)] += 1
                continue
            counted["begun"], counted["finished"] = 0, counted["finished"] + 1
            counted.update(_compared(path, whole))
    return [(told, counted[key]) for key, told in TOLD.items()]


def _patience(chance: random.Random) -> tuple[bool, float]:
    """When to kill: so many seconds after the start or, mostly, after the first new part."""
    working = chance.random() < 0.9
    return working, chance.uniform(0, 0.4 if working else 3.0)


def _sweep(path: Path) -> int:
    return tanf("sweep", *ASKED, f"out={path}")


def _killed(path: Path, patience: tuple[bool, float] | None, *, by_command: bool) -> bool:
    """Go on with the sweep; kill it after a while.  False where it was done before."""
    if by_command:
        words = [sys.executable, "-c", BY_COMMAND, str(POINTS * PER_PART), "sweep", *ASKED, f"out={path}"]
        child = os.posix_spawn(words[0], words, os.environ, setsid=True, file_actions=SILENT)
    else:
        child = forked(lambda: _sweep(path))
    if patience is not None:
        _wait(child, path, *patience)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:  # it has not made itself a group yet
            os.kill(child, signal.SIGKILL)
    code = ended(child)
    assert code in (0, GONE), f"the sweep ended with {code}"
    return code == GONE


def _wait(child: int, path: Path, working: bool, seconds: float) -> None:
    """Wait for a new part, where the sweep is to be at work, and then so long; not for a sweep that is over."""
    before, deadline = _parts(path), time.monotonic() + 60
    while working and _parts(path) == before and time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.002)
    time.sleep(seconds)


def _parts(path: Path) -> int:
    return len(list((path / RUNS).glob("part-*.parquet")))


def _moment(path: Path) -> str:
    """Where in the sweep the kill fell; every file that has its final name must be whole."""
    for file in (path / RUNS).glob("part-*.parquet"):
        assert is_whole_by_name(file), f"{file} is visible and not whole"
    if not (path / MANIFEST).exists():
        return "before"
    manifest = from_bytes((path / MANIFEST).read_bytes(), MANIFEST)
    for part in manifest["parts"]:
        found = hashlib.sha256((path / part["file"]).read_bytes()).hexdigest()
        assert found == part["sha256"], f"{part['file']} is listed and not whole"
    there = len(manifest["parts"])
    return "before" if there == 0 else "between" if there < PARTS else "after"


def _compared(path: Path, whole: dict[str, bytes]) -> dict[str, int]:
    rows = asked_in_child(lambda: _rows(path))
    return rows | {"differ": int(content(path) != whole)}


def _rows(path: Path) -> dict[str, Any]:
    """How many runs are missing and how many are there more than once."""
    import sim

    found = sim.open(path).outcomes
    numbers = Counter((found["replication"] * POINTS + found["point"]).tolist())
    lost = sum(number not in numbers for number in range(POINTS * REPLICATIONS))
    return {"lost": lost, "duplicated": sum(numbers.values()) - len(numbers)}
