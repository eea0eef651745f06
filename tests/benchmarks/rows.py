"""The small scenario as the rule book would write it: typed rows, compiled, every draw named by who, what and when."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.scenario import (
    FASTEST_KM_H,
    HALF_SIDE_KM,
    HAZARD_PER_MIN,
    REACH_KM,
    SLOWEST_KM_H,
    STEP_MIN,
    STEPS,
    UNITS,
)
from sim.rules.compiling import kernel, rule
from sim.rules.random import philox
from sim.rules.rows import Row

PER_REACH_2 = 1.0 / (REACH_KM * REACH_KM)


class Walker(Row):
    """A unit: its leg, the hazard it has met and the budget at which it is seen."""

    x0_km: float
    y0_km: float
    x1_km: float
    y1_km: float
    vx_km_min: float
    vy_km_min: float
    start_min: float
    end_min: float
    legs: int
    met: float
    budget: float
    seen_min: float  # -1 until then


@rule
def drawn(run: int, unit: int, leg: int, what: int) -> float:
    """A number in (0, 1) that is a function of the run, the unit, its leg and what it is for."""
    a, b, _, _ = philox(leg, unit, run, what, 20170518, 0)
    return (float((a << 20) | (b >> 12)) + 0.5) * (1.0 / 4503599627370496.0)


@rule
def set_out(walkers: np.ndarray, k: int, run: int, minute: float) -> None:
    """A new leg from where the last one ended."""
    unit = walkers[k]
    unit.legs += 1
    unit.x0_km, unit.y0_km = unit.x1_km, unit.y1_km
    unit.x1_km = HALF_SIDE_KM * (2.0 * drawn(run, k, unit.legs, 0) - 1.0)
    unit.y1_km = HALF_SIDE_KM * (2.0 * drawn(run, k, unit.legs, 1) - 1.0)
    speed = SLOWEST_KM_H + (FASTEST_KM_H - SLOWEST_KM_H) * drawn(run, k, unit.legs, 2)
    dx, dy = unit.x1_km - unit.x0_km, unit.y1_km - unit.y0_km
    lasts = 60.0 * math.sqrt(dx * dx + dy * dy) / speed
    unit.vx_km_min, unit.vy_km_min = dx / lasts, dy / lasts
    unit.start_min, unit.end_min = minute, minute + lasts


@rule
def one_run(walkers: np.ndarray, run: int) -> int:
    """A whole run; returns how many were seen."""
    for k in range(UNITS):
        unit = walkers[k]
        unit.legs, unit.met, unit.seen_min = 0, 0.0, -1.0
        unit.budget = -math.log(drawn(run, k, 0, 3))
        unit.x1_km = HALF_SIDE_KM * (2.0 * drawn(run, k, 0, 0) - 1.0)
        unit.y1_km = HALF_SIDE_KM * (2.0 * drawn(run, k, 0, 1) - 1.0)
        set_out(walkers, k, run, 0.0)
    seen = 0
    for step in range(STEPS):
        now = STEP_MIN * (step + 1)
        for k in range(UNITS):
            unit = walkers[k]
            if now >= unit.end_min:
                set_out(walkers, k, run, unit.end_min)
            gone = now - unit.start_min
            x, y = unit.x0_km + gone * unit.vx_km_min, unit.y0_km + gone * unit.vy_km_min
            near = 1.0 - (x * x + y * y) * PER_REACH_2
            if near > 0.0:
                unit.met += HAZARD_PER_MIN * STEP_MIN * near
                if unit.met >= unit.budget and unit.seen_min < 0.0:
                    unit.seen_min = now
                    seen += 1
    return seen


@kernel
def runs(walkers: np.ndarray, first: int, seen: np.ndarray, minutes: np.ndarray) -> None:
    """Runs one after the other: `seen` (runs,) how many, `minutes` (runs, units) when each was, -1 for never."""
    for r in range(len(seen)):
        seen[r] = one_run(walkers, first + r)
        for k in range(UNITS):
            minutes[r, k] = walkers[k].seen_min


def simulate(count: int, first: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """`seen` and `minutes` of so many runs."""
    seen, minutes = np.zeros(count, np.int64), np.zeros((count, UNITS))
    runs(np.zeros(UNITS, Walker.dtype_), first, seen, minutes)
    return seen, minutes
