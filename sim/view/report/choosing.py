"""Which runs a report tells: a typical one, and the worst."""

from __future__ import annotations

import numpy as np

from sim.rules.names import Principal
from sim.view.report.outcomes import HAPPENINGS

COUNTED = tuple(f"{name}_count" for name in HAPPENINGS)
WORST = (  # outcomes that stand for the ranks of sim/view/worst.py, worst first
    "us_russia_air",
    "garrison_lost",
    "regime_air",
    "general_escalation",
    "attack_on_coalition",
    "misidentified_strike",
    "strike_ground",
    "drone_shootdown",
    "isis_attack",
    "strike_on_partner",
    "partner_militia",
    "unsafe_intercept",
    "hezbollah_threat",
)
KILLED = tuple(f"killed_{who.name.lower()}" for who in Principal)


def typical(runs: np.ndarray) -> int:
    """The row nearest to the medians of the outcome counts, each in its standard deviations; of equals the first.

    `runs` are outcome rows of one point, shape (n,), n > 0.
    """
    counts = np.array([runs[name] for name in COUNTED], float)
    spread = counts.std(axis=1, keepdims=True)
    away = np.abs(counts - np.median(counts, axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return int(away.sum(axis=0).argmin())


def worst(runs: np.ndarray) -> int:
    """The row with the worst kind of outcome; of equals the one that killed most of the coalition, then of all."""
    keys = [runs[name] != 0 for name in WORST]
    keys.append(runs["killed_coalition"])
    keys.append(sum(runs[name].astype(float) for name in KILLED))
    order = np.lexsort([-np.asarray(key, float) for key in reversed(keys)])
    return int(order[0])
