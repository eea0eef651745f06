"""Campaign 1: `tanf plan` says how long a sweep takes; then the sweep is made, and its time held against the plan."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from sim.config.places import options
from sim.study.plan import plan
from tests.reliability.sweeping import Counts, tanf

NAME = "1. Planned time and true time"
SMALL = ("scenario.horizon_days=7", "replications=100")  # of each point, where one experiment stands for all
WITHIN = 0.25


def campaign(n: int) -> Counts:
    """Plan and make the first n shipped experiments; fewer than all of them are made small."""
    names = sorted(options("experiment"))
    small = SMALL if n < len(names) else ()
    told: Counts = []
    for name in names[:n]:
        asked = [f"experiment={name}", *small, "figures=false"]
        planned = plan(asked).wall_s
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "a"
            code, errors, _ = tanf("sweep", *asked, f"out={out}")
            assert code == 0, errors
            true = json.loads((out / "run_info.json").read_text())["seconds"]
        told += [(f"{name}: planned, s", round(planned, 1)), (f"{name}: true, s", round(true, 1))]
        told.append((f"{name}: planned / true", round(planned / true, 3)))
    within = sum(abs(share - 1) <= WITHIN for what, share in told if what.endswith("planned / true"))
    return [*told, ("experiments", min(n, len(names))), ("of them within 25 %", within)]
