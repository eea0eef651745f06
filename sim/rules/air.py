"""Phase 14, the air: escorts, probes of the airspace, and what happens when flights meet (odd.md 7.9, 7.10)."""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, STRONGEST, US_RUSSIA, bury, display, is_withheld, note, record, tally, tension
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.force import count_attack, use_force
from sim.rules.legs import place_at, set_back, set_out, vanish
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import closest_approach, distance
from sim.rules.random import chance
from sim.rules.roster import from_garrison, is_closing, is_column, is_due, is_flying, is_guest_flight, is_moving, spare
from sim.rules.tables import Log, Params, State

CLEARANCE_KM = 1.0  # an escort keeps this far outside the zone
CHECKPOINT = 1  # waypoint of the highway where sorties with nobody to escort hold


@kernel
def air(state: State, params: Params, log: Log) -> None:
    """Send Russian and Syrian flights, and look for meetings of those that are up."""
    strained = tension(state, params, US_RUSSIA, state.now_min)
    russian, syrian = params.scenario.russian_activity, params.scenario.regime_air_activity
    per_day = params.air.sorties_per_day * russian * (1.0 + params.air.escort_gain * strained)
    if is_due(state, params, Clock.RUSSIAN_SORTIE, per_day):
        escort(state, params, log)
    if is_due(state, params, Clock.RUSSIAN_AIRSPACE, params.air.russian_probes_per_day * russian):
        probe(state, params, log, Kind.RUSSIAN_FLIGHT, Principal.RUSSIA)
    if is_due(state, params, Clock.REGIME_AIRSPACE, params.air.regime_probes_per_day * syrian):
        probe(state, params, log, Kind.REGIME_FLIGHT, Principal.REGIME)
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        if is_guest_flight(state.units[i]):
            meet(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else it was shot down
            k += 1


@rule
def escort(state: State, params: Params, log: Log) -> None:
    """A Russian pair flies to the unit nearest the garrison, never inside the zone without asking."""
    i = spare(state, Kind.RUSSIAN_FLIGHT, Principal.RUSSIA)
    if i < 0 or is_withheld(state, Act.SORTIE, i):
        return
    x, y = params.world.route_x_km[0][CHECKPOINT], params.world.route_y_km[0][CHECKPOINT]
    escorted = foremost(state)
    cause = NOBODY
    if escorted != NOBODY:
        x, y = state.x_km[escorted], state.y_km[escorted]
        cause = state.units[escorted].explains
        away = from_garrison(state, escorted)
        if 0.0 < away < params.roe.zone_radius_km and not params.scenario.russian_air_cover:
            clear_of = (params.roe.zone_radius_km + CLEARANCE_KM) / away
            x, y = x * clear_of, y * clear_of
    set_out(state, i, Mission.ESCORT, x, y)
    number = record(state, log, Act.SORTIE, (i, escorted), state.now_min, cause)
    note(log, number, float(state.units[i].mission))
    state.units[i].explains = number


@rule
def probe(state: State, params: Params, log: Log, kind: int, p: int) -> None:
    """A pair looks how far into the zone's airspace it may fly (C06)."""
    i = spare(state, kind, p)
    if i < 0 or is_withheld(state, Act.SORTIE, i):
        return
    unit = state.units[i]
    share = params.air.probe_km / distance(unit.base_x_km, unit.base_y_km, 0.0, 0.0)
    set_out(state, i, Mission.AIRSPACE, share * unit.base_x_km, share * unit.base_y_km)
    unit.explains = record(state, log, Act.SORTIE, (i, NOBODY), state.now_min, NOBODY)
    note(log, unit.explains, float(unit.mission))


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
    """An intercept, or none; a flight met inside the zone is turned away unless it comes to shots."""
    ours, theirs = who
    unit = state.units[theirs]
    unsafe, weapons = danger(state, params, theirs)
    if unit.kind == Kind.RUSSIAN_FLIGHT:
        state.outcome.us_russia_air_hazard += params.air.intercept * unsafe * weapons
    if not chance(state, params.air.intercept, unit.id, state.units[ours].id, Draw.INTERCEPT):
        return
    unit.explains = record(state, log, Act.INTERCEPT, who, state.now_min, unit.explains)
    tally(state, Happening.INTERCEPT, state.now_min)
    shots = False
    if chance(state, unsafe, unit.id, state.units[ours].id, Draw.UNSAFE):
        if unit.kind == Kind.RUSSIAN_FLIGHT:
            unit.explains = record(state, log, Act.UNSAFE_INTERCEPT, who, state.now_min, unit.explains)
            tally(state, Happening.UNSAFE_INTERCEPT, state.now_min)
            display(state, params, ours, theirs, state.now_min)
        shots = chance(state, weapons, unit.id, state.units[ours].id, Draw.WEAPONS)
    if shots:
        fight(state, params, log, who)
    elif from_garrison(state, theirs) < params.roe.zone_radius_km:
        tally(state, Happening.AIRSPACE_MET, state.now_min)
        if unit.mission == Mission.AIRSPACE and unit.posture != Posture.RETURNING:
            unit.explains = record(state, log, Act.TURNED_AWAY, (theirs, ours), state.now_min, unit.explains)
            set_back(state, theirs, state.now_min)


@rule
def danger(state: State, params: Params, theirs: int) -> tuple[float, float]:
    """Chance that an intercept is unsafe, and that an unsafe one comes to weapons; both grow with tension."""
    unit, sky = state.units[theirs], params.air
    if unit.hostile:
        return 1.0, 1.0
    if unit.kind == Kind.REGIME_FLIGHT:
        return 1.0, sky.regime_weapons
    strained = tension(state, params, US_RUSSIA, state.now_min)
    odds = sky.unsafe * math.exp(min(STRONGEST, sky.unsafe_tension * strained))
    weapons = sky.weapons * math.exp(min(STRONGEST, sky.weapons_tension * strained))
    if not state.line_open or not params.scenario.line_exists:
        odds *= sky.unsafe_silent
    if unit.mission == Mission.SUPPORT or params.scenario.russian_air_cover:
        odds *= sky.unsafe_support
    if params.scenario.russian_air_cover:
        weapons *= sky.contested
    return odds / (1.0 - sky.unsafe + odds), min(1.0, weapons)


@rule
def fight(state: State, params: Params, log: Log, who: tuple[int, int]) -> None:
    """One of the two fires; the other may be lost."""
    ours, theirs = who
    first = chance(state, 0.5, state.units[theirs].id, state.units[ours].id, Draw.FIRST_SHOT)
    shooter, target = (ours, theirs) if first else (theirs, ours)
    cause = state.units[theirs].explains
    number = record(state, log, Act.AIR_COMBAT, (shooter, target), state.now_min, cause)
    state.units[theirs].hostile = False
    between = Happening.REGIME_AIR if state.units[theirs].kind == Kind.REGIME_FLIGHT else Happening.US_RUSSIA_AIR
    tally(state, between, state.now_min)
    if not first:
        count_attack(state, params, Happening.ATTACK_BY_AIRCRAFT, state.now_min)
    if chance(state, params.air.shot_down, state.units[theirs].id, state.units[ours].id, Draw.SHOT_DOWN):
        lost = state.units[target]
        bury(state, lost.principal, 1, state.now_min, number, False)
        note(log, number, 1.0)
        use_force(state, params, shooter, target, state.now_min)
        release(state, target)
        vanish(state, target)
    else:
        use_force(state, params, shooter, target, state.now_min)


@rule
def release(state: State, flight: int) -> None:
    """Whoever a lost flight was sent against waits for another one."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        if unit.flight == flight:
            unit.flight = NOBODY
