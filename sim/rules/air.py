"""Phase 9, the air: Russian sorties, and what happens when flights meet (model.md 7.9, 7.10)."""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, US_RUSSIA, bury, display, note, record, tally, tension, use_force
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.names import Act, Kind, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import closest_approach
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, exponential
from sim.rules.roster import (
    from_garrison,
    is_closing,
    is_column,
    is_flying,
    is_moving,
    place_at,
    rest,
    set_leg,
    spare,
    wake,
)
from sim.rules.tables import Log, Params, State

STRONGEST = 50.0  # exponent beyond which odds are certain; keeps exp within its domain
CHECKPOINT = 1  # waypoint of the highway where sorties with nobody to escort hold


@kernel
def air(state: State, params: Params, log: Log) -> None:
    """Send Russian flights, and look for meetings of those that are up."""
    strained = tension(state, params, US_RUSSIA, state.now_min)
    per_day = params.air.sorties_per_day * params.scenario.russian_activity * (1.0 + params.air.escort_gain * strained)
    state.sortie_hazard += per_day / 1440.0 * params.step_min
    if state.sortie_hazard >= state.sortie_budget:
        state.sortie_hazard -= state.sortie_budget
        state.sortie_budget = exponential(state, 1.0, Principal.RUSSIA, NO_OTHER, Draw.SORTIE_BUDGET)
        sortie(state, params, log)
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        if state.units[i].kind == Kind.RUSSIAN_FLIGHT:
            meet(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else it was shot down
            k += 1


@rule
def sortie(state: State, params: Params, log: Log) -> None:
    """A pair takes off to escort the unit nearest the garrison, never inside the zone without asking."""
    i = spare(state, Kind.RUSSIAN_FLIGHT)
    if i < 0:
        state.outcome.rows_lacking += 1
        return
    unit = state.units[i]
    x, y = params.world.route_x_km[0][CHECKPOINT], params.world.route_y_km[0][CHECKPOINT]
    escorted = foremost(state)
    cause = NOBODY
    if escorted != NOBODY:
        x, y = state.x_km[escorted], state.y_km[escorted]
        cause = state.units[escorted].explains
        away = from_garrison(state, escorted)
        if 0.0 < away < params.roe.zone_radius_km:
            x, y = x * params.roe.zone_radius_km / away, y * params.roe.zone_radius_km / away
    unit.posture = Posture.MOVING
    unit.group += 1
    unit.met = 0
    state.x_km[i], state.y_km[i] = unit.base_x_km, unit.base_y_km
    set_leg(state, i, x, y, state.now_min, state.now_min + params.air.transit_min)
    wake(state, i)
    unit.explains = record(state, log, Act.SORTIE, (i, escorted), state.now_min, cause)


@rule
def foremost(state: State) -> int:
    """The advancing pro-regime unit nearest the garrison, or NOBODY."""
    best = NOBODY
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        if is_column(unit) and is_closing(unit):
            if best == NOBODY or from_garrison(state, i) < from_garrison(state, best):
                best = i
    return best


@rule
def meet(state: State, params: Params, log: Log, i: int) -> None:
    """Meetings of one Russian flight with coalition flights in this step: each pair once a sortie."""
    k = 0
    while k < state.n_awake and state.units[i].posture != Posture.DESTROYED:
        j = state.awake[k]
        known = (state.units[i].met >> j) & 1
        if is_flying(state.units[j]) and not known and gap_km(state, params, i, j) <= params.air.encounter_km:
            state.units[i].met |= 1 << j
            encounter(state, params, log, (j, i))
        if k < state.n_awake and state.awake[k] == j:  # else that one was shot down
            k += 1


@rule
def gap_km(state: State, params: Params, i: int, j: int) -> float:
    """Closest approach of two flights within this step."""
    ax, ay = was_at(state, params, i)
    cx, cy = was_at(state, params, j)
    return closest_approach(ax, ay, state.x_km[i], state.y_km[i], cx, cy, state.x_km[j], state.y_km[j])


@rule
def was_at(state: State, params: Params, i: int) -> tuple[float, float]:
    """Where a flight was at the beginning of the step."""
    if is_moving(state.units[i]):
        return place_at(state.units[i], state.now_min - params.step_min)
    return state.x_km[i], state.y_km[i]


@rule
def encounter(state: State, params: Params, log: Log, who: tuple[int, int]) -> None:
    """Intercept, unsafe intercept, weapons: each rarer than the last, each likelier under tension."""
    ours, theirs = who
    unit = state.units[theirs]
    strained = tension(state, params, US_RUSSIA, state.now_min)
    odds = params.air.unsafe * math.exp(min(STRONGEST, params.air.unsafe_tension * strained))
    unsafe = odds / (1.0 - params.air.unsafe + odds)
    weapons = min(1.0, params.air.weapons * math.exp(min(STRONGEST, params.air.weapons_tension * strained)))
    state.outcome.us_russia_air_hazard += params.air.intercept * unsafe * weapons
    if not chance(state, params.air.intercept, unit.id, state.units[ours].id, Draw.INTERCEPT):
        return
    unit.explains = record(state, log, Act.INTERCEPT, who, state.now_min, unit.explains)
    tally(state, Happening.INTERCEPT, state.now_min)
    if not chance(state, unsafe, unit.id, state.units[ours].id, Draw.UNSAFE):
        return
    unit.explains = record(state, log, Act.UNSAFE_INTERCEPT, who, state.now_min, unit.explains)
    tally(state, Happening.UNSAFE_INTERCEPT, state.now_min)
    display(state, params, ours, theirs, state.now_min)
    if chance(state, weapons, unit.id, state.units[ours].id, Draw.WEAPONS):
        fight(state, params, log, who)


@rule
def fight(state: State, params: Params, log: Log, who: tuple[int, int]) -> None:
    """One of the two fires; the other may be lost."""
    ours, theirs = who
    first = chance(state, 0.5, state.units[theirs].id, state.units[ours].id, Draw.FIRST_SHOT)
    shooter, target = (ours, theirs) if first else (theirs, ours)
    cause = state.units[theirs].explains
    number = record(state, log, Act.AIR_COMBAT, (shooter, target), state.now_min, cause)
    if chance(state, params.air.shot_down, state.units[theirs].id, state.units[ours].id, Draw.SHOT_DOWN):
        lost = state.units[target]
        bury(state, lost.principal, 1, state.now_min)
        note(log, number, 1.0)
        use_force(state, params, shooter, target, state.now_min)
        release(state, target)
        lost.posture = Posture.DESTROYED
        rest(state, target)
    else:
        use_force(state, params, shooter, target, state.now_min)


@rule
def release(state: State, flight: int) -> None:
    """Whoever a lost flight was sent against waits for another one."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        if unit.flight == flight:
            unit.flight = NOBODY
