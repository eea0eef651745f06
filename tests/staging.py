"""A stage for one rule: a state, parameters and a log, as records or, interpreted, as plain objects."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.draws import Clock
from sim.rules.legs import set_leg
from sim.rules.names import NEVER, Act, Kind, Mission, Posture, Principal
from sim.rules.roster import rest, wake
from sim.rules.rows import thaw
from sim.rules.tables import Event
from sim.run.batch import seeded

INSIDE, OUTSIDE = -45.0, -60.0  # km east of the garrison
LINES = 512  # of the log


def stage(*overrides: str, seed: int = 1, replication: int = 0) -> tuple[Any, Any, Any]:
    """State, params and log of a scenario at its start, the way the rules are run here; no clock rings by itself."""
    scenario = sim.load(*overrides)
    row = seeded(scenario.state, seed, replication)
    for clock in Clock:
        row.budget[clock] = NEVER
    log = np.zeros(LINES, Event.dtype_)
    if INTERPRETED:
        blank = thaw(log[0])
        return thaw(row), thaw(scenario.params), [copy(blank) for _ in log]
    return row, scenario.params, log


def first_of(state: Any, kind: Kind, principal: Principal | None = None) -> int:
    """The first row of a kind, and of a side where one is named."""
    return next(
        i
        for i in range(state.n_units)
        if state.units[i].kind == kind and (principal is None or state.units[i].principal == principal)
    )


def raider_of(state: Any, principal: Principal) -> int:
    """The first row that fights on the ground for partner, opposition or ISIS."""
    return first_of(state, Kind.ISIS_RAID if principal == Principal.ISIS else Kind.PARTNER_PATROL, principal)


def put_out(state: Any, i: int, x_km: float, y_km: float, posture: Posture = Posture.HELD) -> Any:
    """Put a unit out in the open, standing at a place for good."""
    unit = state.units[i]
    state.x_km[i], state.y_km[i] = x_km, y_km
    set_leg(state, i, x_km, y_km, 0.0, 0.0)
    unit.posture, unit.due_min, unit.sense_budget = int(posture), 1e12, 1e12
    unit.vehicles, unit.fighters, unit.speed_km_h = 4, 16, 30.0
    wake(state, i)
    return unit


def send_home(state: Any, i: int) -> None:
    """Take a unit off the stage, as if it had gone home."""
    if i in [state.awake[k] for k in range(state.n_awake)]:
        rest(state, i)
    unit = state.units[i]
    unit.posture, unit.enemy = int(Posture.RESTING), -1
    state.x_km[i], state.y_km[i] = unit.base_x_km, unit.base_y_km


def set_fighting(state: Any, i: int, j: int, men: tuple[int, int], mission: Mission = Mission.RAID) -> None:
    """Two units in a fight: the first one came, the second one stood; each as strong as told, and unbreakable."""
    for a, b, fighters, came in ((i, j, men[0], mission), (j, i, men[1], Mission.PUSH)):
        unit = state.units[a]
        unit.enemy, unit.fighters, unit.breaks_at, unit.mission = b, fighters, -1, int(came)


def meeting(
    who: Principal, *overrides: str, x_km: float = INSIDE, kind: Kind = Kind.MILITIA_CONVOY
) -> tuple[Any, Any, Any, int, int]:
    """A raider and a column that stand two kilometres apart."""
    state, params, log = stage(*overrides)
    i, j = raider_of(state, who), first_of(state, kind)
    put_out(state, j, x_km, 0.0)
    put_out(state, i, x_km, 2.0)
    state.units[i].mission = int(Mission.PATROL)
    state.units[i].inside = state.units[j].inside = abs(x_km) < params.roe.zone_radius_km
    return state, params, log, i, j


def acts_of(state: Any, log: Any) -> list[Act]:
    """What has been written so far, in order."""
    return [Act(event.act) for event in events_of(state, log)]


def events_of(state: Any, log: Any) -> list[Any]:
    """The events written so far."""
    return [log[k] for k in range(state.n_events)]
