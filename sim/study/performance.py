"""What `sim.study.bench` has measured, told: on the screen, and as a page with the command and the machine."""

from __future__ import annotations

import json
import os
import pathlib
import platform
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from sim.results.storage import atomic_write

Measured = Mapping[str, float]
ROWS = {  # name of a measurement: what it is, digits, unit
    "step_us": ("world step, compiled, one thread", 2, "us"),
    "plain_step_us": ("world step, plain Python objects in Mesa", 0, "us"),
    "plain_ratio": ("compiled is faster by a factor of", 0, ""),
    "one_thread_runs_per_s": ("runs a second, one thread", 1, "runs/s"),
    "two_threads_runs_per_s": ("runs a second, two threads", 1, "runs/s"),
    "scaling_ratio": ("two threads are faster by a factor of", 2, ""),
    "cores_ratio": ("two processes that only count, by a factor of", 2, ""),
    "import_s": ("import mesa, hydra, matplotlib and no more", 2, "s"),
    "run_s": ("tanf run of one day, no pictures", 2, "s"),
    "run_ratio": ("longer than the imports by a factor of", 2, ""),
    "run_with_pictures_s": ("tanf run of one day, map and timeline", 2, "s"),
    "run_with_pictures_ratio": ("longer than the imports by a factor of", 2, ""),
    "cold_compile_s": ("compiling the rule book, once", 0, "s"),
    "edited_phase_s": ("compiling after the longest phase was edited", 1, "s"),
    "load_s": ("loading the compiled rule book", 2, "s"),
}
PAGE = """# Performance

```sh
{command}
```

wrote this page and [{json}]({json}), on {date}: {processor}, {cores} cores, Python {python}, numba {numba}; load
average at the start {load:.1f}.

{table}

Every figure is the median of {rounds} rounds, every factor the median of its value in each round: the rounds are
interleaved, so that a machine that slows down slows both sides. Two processes that only count tell what two cores
were worth meanwhile: 2 where nothing else ran. Compiling is measured once, by the first run of a process less its
second. A run is one of the command's scenario, by default 28 days of `may_june_2017`; a world step is 5 minutes of
all units.
"""


def lines(found: Measured) -> list[str]:
    """What was measured, a line each; a factor is set in under what it compares."""
    told = []
    for name, (words, digits, unit) in ROWS.items():
        label = f"  {words}" if name.endswith("_ratio") else words
        told.append(f"{label:46}{found[name]:9.{digits}f} {unit}".rstrip())
    return told


def machine() -> dict[str, Any]:
    """What the measurements were taken on, before they begin: processor, cores, versions, load, day."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "numba": version("numba"),
        "load": os.getloadavg()[0],
        "date": time.strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    """The processor's name, where the system tells it."""
    told = pathlib.Path("/proc/cpuinfo")
    names = [line for line in told.read_text().splitlines() if line.startswith("model name")] if told.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.machine()


def page(kept: Mapping[str, Any], json_name: str) -> str:
    """What `keep` keeps, as a Markdown page that names the JSON file beside it."""
    found = kept["measured"]
    rows = [f"| {words} | {found[name]:.{digits}f} | {unit} |" for name, (words, digits, unit) in ROWS.items()]
    table = "\n".join(["| measured | | |", "|---|---:|---|", *rows])
    return PAGE.format(json=json_name, table=table, command=kept["command"], rounds=kept["rounds"], **kept["machine"])


def keep(file: pathlib.Path, kept: Mapping[str, Any]) -> None:
    """Write what was measured to a JSON file, and a page beside it.

    `kept`: command, rounds, machine (see `machine`), measured.  Raises `StorageError`.
    """
    atomic_write(file, f"{json.dumps(kept, indent=1)}\n".encode())
    atomic_write(file.with_suffix(".md"), page(kept, file.name).encode())
