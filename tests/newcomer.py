"""A newcomer's path, timed from the clone: `make newcomer` rewrites docs/newcomer.md.

Each step is one command; each must leave what it promises, and big enough to be looked at.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.results.storage import atomic_write
from sim.study.markdown import table
from sim.study.performance import machine

ROOT = Path(__file__).parents[1]
RUN, SWEEP = "results/first", "results/radius"
LEAST_BYTES = 10_000


class Step(NamedTuple):
    """What somebody types, what for, and what is there then."""

    what: str
    command: tuple[str, ...]
    makes: tuple[str, ...]


STEPS = (
    Step("an environment, with everything in it", ("make", ".venv/.installed"), (".venv/bin/tanf",)),
    Step(
        "the first picture: a run on the map, and its story (compiles once)",
        ("tanf", "run", f"out={RUN}"),
        (f"{RUN}/map.png", f"{RUN}/timeline.png"),
    ),
    Step(
        "the first table, its figures, and a report to send",
        ("tanf", "sweep", "experiment=zone_radius", "replications=200", f"out={SWEEP}"),
        (f"{SWEEP}/summary.csv", f"{SWEEP}/figures/probability.png", f"{SWEEP}/figures/report.html"),
    ),
    Step("the report alone, again", ("tanf", "report", SWEEP, "out=report.html"), ("report.html",)),
    Step("a page that plays one of its runs", ("tanf", "replay", SWEEP, "5:17"), ("replay-5-17.html",)),
)
PAGE = """# A newcomer's path

`make newcomer` cloned the repository into an empty folder and typed one command after the other, nothing installed and
nothing compiled: {date}, {processor}, {cores} cores, Python {python}, load average {load:.1f}. Packages came from the
index that pip is set to.

{table}

Each step left what is named, and was looked at.
"""


def walk(folder: Path) -> list[tuple[Step, float]]:
    """Every step with the seconds it took; raises where one fails or leaves too little."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    found = []
    for step in STEPS:
        start = time.monotonic()
        done = subprocess.run(_typed(step.command, folder), cwd=folder, capture_output=True, text=True, check=False)
        found.append((step, time.monotonic() - start))
        if done.returncode:
            raise RuntimeError(f"{' '.join(step.command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        for name in step.makes:
            size = (folder / name).stat().st_size
            if size < LEAST_BYTES and not name.endswith("tanf"):
                raise RuntimeError(f"{name} has only {size} bytes")
        sys.stderr.write(f"{found[-1][1]:6.1f} s  {' '.join(step.command)}\n")
    return found


def _typed(command: Sequence[str], folder: Path) -> list[str]:
    """A command as that environment has it, with machine code kept beside it, so that nothing is there before."""
    first = str(folder / ".venv/bin/tanf") if command[0] == "tanf" else command[0]
    return ["env", f"TANF_CACHE={folder / '.machine-code'}", first, *command[1:]]


def page(found: Sequence[tuple[Step, float]]) -> str:
    """What was measured, as docs/newcomer.md."""
    rows = [[f"`{' '.join(step.command)}`", step.what, f"{seconds:.0f}"] for step, seconds in found]
    whole = sum(seconds for _, seconds in found)
    return PAGE.format(
        table=table(["command", "what it gives", "s"], [*rows, ["", "all of it", f"{whole:.0f}"]], 2), **machine()
    )


if __name__ == "__main__":
    here = Path(tempfile.mkdtemp())
    try:
        atomic_write(ROOT / "docs/newcomer.md", page(walk(here / "clone")).encode())
    finally:
        shutil.rmtree(here)
