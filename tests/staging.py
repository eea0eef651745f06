"""A stage for one rule: a state, parameters and a log, as records or, interpreted, as plain objects."""

from __future__ import annotations

from typing import Any

import numpy as np

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Kind, Posture
from sim.rules.roster import set_leg, wake
from sim.rules.rows import thaw
from sim.rules.tables import Event
from sim.run.batch import seeded


def stage(*overrides: str, seed: int = 1, replication: int = 0) -> tuple[Any, Any, Any]:
    """State, params and log of a scenario at its start, the way the rules are run here."""
    scenario = sim.load(*overrides)
    row = seeded(scenario.state, seed, replication)
    log = np.zeros(4096, Event.dtype_)
    if INTERPRETED:
        return thaw(row), thaw(scenario.params), [thaw(event) for event in log]
    return row, scenario.params, log


def first_of(state: Any, kind: Kind) -> int:
    """The first row of a kind."""
    return next(i for i in range(state.n_units) if state.units[i].kind == kind)


def put_out(state: Any, i: int, x_km: float, y_km: float, posture: Posture = Posture.HELD) -> Any:
    """Put a unit out in the open, standing at a place for good."""
    unit = state.units[i]
    state.x_km[i], state.y_km[i] = x_km, y_km
    set_leg(state, i, x_km, y_km, 0.0, 0.0)
    unit.posture, unit.due_min, unit.sense_budget = int(posture), 1e12, 1e12
    unit.vehicles, unit.fighters, unit.speed_km_h = 4, 16, 30.0
    wake(state, i)
    return unit


def events_of(state: Any, log: Any) -> list[Any]:
    """The events written so far."""
    return [log[k] for k in range(state.n_events)]
