"""Campaign 7: does the memory of a sweep grow with its runs, and what does keeping a run cost beside computing it?"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from sim.results.folder import writing
from sim.study.designs import grid
from sim.study.runs import Runs
from tests.reliability.sweeping import Counts, tanf

NAME = "7. Memory, and what keeping costs"
ASKED = ("scenario.horizon_days=1", "roe.zone_radius_km=0,40")
FEW, KEPT = 5_000, 20_480  # replications of the small sweep; runs whose keeping is timed


def campaign(n: int) -> Counts:
    """N replications at two points of one day, against 5,000 (or half of n)."""
    few = min(FEW, n // 2)
    with tempfile.TemporaryDirectory() as name:
        _peak(Path(name) / "first", 1)  # compiles, if that is still to be done
        small = _peak(Path(name) / "small", few)
        large = _peak(Path(name) / "large", n)
    short = _keeping(1, min(KEPT, 2 * n))
    long = _keeping(28, min(KEPT // 10, n))
    return [
        ("runs of the large sweep, of one day each", 2 * n),
        (f"its peak memory beyond that of {2 * few:,} runs, MB", round(large - small, 1)),
        ("keeping a run of one day, us", round(1e6 * short[0], 1)),
        ("keeping a run of 28 days, us", round(1e6 * long[0], 1)),
        ("keeping a run of 28 days, % of computing it on all threads", round(100 * long[0] / long[1], 2)),
    ]


def _peak(out: Path, replications: int) -> float:
    """Peak memory of a sweep with its table, MB; it is whole."""
    code, told, peak = tanf("sweep", *ASKED, f"replications={replications}", "figures=false", f"out={out}")
    assert code == 0, told
    rows = sum(part["rows"] for part in json.loads((out / "manifest.json").read_text())["parts"])
    assert rows == 2 * replications
    return peak


def _keeping(days: int, count: int) -> tuple[float, float]:
    """Seconds of a run that keeping it takes, until the disk has it for certain, and that computing it takes."""
    design = grid([f"scenario.horizon_days={days}", f"replications={count}"])
    runs, kept, computed = Runs(design), 0.0, 0.0
    runs.warm_up()
    runs.learn(runs.seconds_per_run(count) or 0.01)
    with tempfile.TemporaryDirectory() as name, writing(Path(name) / "a", design.question, count) as folder:
        for part in folder.missing:
            start = time.perf_counter()
            rows, status = runs.part(part.missing, lambda _: None)
            middle = time.perf_counter()
            folder.add_part(part, rows, status)
            computed, kept = computed + middle - start, kept + time.perf_counter() - middle
    return kept / count, computed / count
