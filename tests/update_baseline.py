"""Recompute the committed baseline: `make baseline`.  A change of numbers belongs into the changelog as [results]."""

from __future__ import annotations

import json
import math
import pathlib
from typing import Any

import sim
from sim.run.columns import COLUMNS

FILE = pathlib.Path(__file__).with_name("baseline.json")
RUNS, SEED = 40, 1
CASES = {
    "may_june_2017": (),
    "line_suspended": ("scenario=line_suspended",),
    "restrictive": ("roe=restrictive",),
    "permissive, spiral": ("roe=permissive", "theory=spiral"),
    "self_defence_only, deterrence": ("roe=self_defence_only", "theory=deterrence"),
    "zone of 30 km, step of 15 min": ("roe.zone_radius_km=30", "step_min=15"),
}


def totals(overrides: tuple[str, ...]) -> dict[str, Any]:
    """Sum of every outcome over some runs; a column that is never set sums to null."""
    rows = sim.replicate(sim.load(*overrides), replications=RUNS, seed=SEED)
    found: dict[str, Any] = {}
    for name, kind in COLUMNS.items():
        if kind is float:
            values = [float(value) for value in rows[name] if not math.isnan(value)]
            found[name] = math.fsum(values) if values else None
        else:
            found[name] = int(rows[name].sum())
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps({name: totals(case) for name, case in CASES.items()}, indent=1) + "\n", encoding="utf-8")
