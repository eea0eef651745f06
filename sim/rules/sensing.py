"""Phase 5, sensing: the coalition finds, follows, loses and mistakes whoever moves near al Tanf (odd.md 7.4).

Detection by several sensors is one hazard, the sum of theirs; a unit is seen when the hazard gathered
since it was last seen exceeds an exponential budget, which is exact for any step.
"""

from __future__ import annotations

from sim.rules.acts import NOBODY, PRINCIPAL, mistaken_share, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.names import FIRST_FLIGHT, Act, Kind, Mission, Posture, Principal
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, exponential
from sim.rules.roster import is_column, is_flying, is_moving, is_watched
from sim.rules.tables import Log, Params, State, Unit

KNOWN_TO_US = 0.1  # how much seldomer the coalition mistakes its partner, whose patrols report to it
PARTNER, MILITIA, HEZBOLLAH, ISIS = (
    int(Principal.PARTNER),
    int(Principal.MILITIA),
    int(Principal.HEZBOLLAH),
    int(Principal.ISIS),
)


@kernel
def sensing(state: State, params: Params, log: Log) -> None:
    """Gather hazard on everybody that is watched; see it when the budget is spent."""
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        if is_watched(unit):
            total, by_patrol = hazard_per_min(state, params, i)
            unit.sensed += total * params.step_min
            if unit.sensed >= unit.sense_budget:
                see(state, params, log, i, by_patrol / total)
            elif unit.tracked and state.now_min - unit.seen_min > params.sensing.track_min:
                unit.tracked = False


@rule
def hazard_per_min(state: State, params: Params, i: int) -> tuple[float, float]:
    """Detection hazard of row i from all sensors, and the part of it that is a patrol's."""
    total = 0.0
    by_patrol = 0.0
    a_patrol = NOBODY
    others = FIRST_FLIGHT + params.scenario.strike_flights + params.scenario.partner_patrols
    for k in range(state.n_awake):
        j = state.awake[k]
        if j >= others:  # the coalition and its partner stand first
            break
        if j == i:
            continue
        reach = reach_km(params, state.units[j])
        dx, dy = state.x_km[j] - state.x_km[i], state.y_km[j] - state.y_km[i]
        closeness = reach * reach - dx * dx - dy * dy
        if closeness > 0.0:
            share = closeness / (reach * reach)
            total += share
            if state.units[j].kind == Kind.PARTNER_PATROL:
                by_patrol += share
                a_patrol = j
    if a_patrol != NOBODY:
        state.units[i].contact = a_patrol
    visible = params.sensing.hazard_per_min * signature(state, params, state.units[i])
    return visible * total, visible * by_patrol


@rule
def reach_km(params: Params, sensor: Unit) -> float:
    """How far a unit sees: 0 for those who do not look for the coalition."""
    if sensor.kind == Kind.SURVEILLANCE_ORBIT:
        return params.sensing.orbit_km
    if sensor.kind == Kind.GARRISON:
        return params.sensing.garrison_km
    if sensor.kind == Kind.PARTNER_PATROL:
        return params.sensing.patrol_km
    if is_flying(sensor):
        return params.sensing.flight_km
    return 0.0


@rule
def signature(state: State, params: Params, unit: Unit) -> float:
    """How easily a unit is seen, a moving regime column in daylight being 1."""
    seen = 1.0
    if unit.kind == Kind.MILITIA_CONVOY:
        seen = params.sensing.convoy_signature
    elif unit.kind == Kind.HEZBOLLAH_TEAM:
        seen = params.sensing.team_signature
    elif unit.kind == Kind.PRO_REGIME_DRONE:
        seen = params.sensing.drone_signature
    if not is_moving(unit):
        seen *= params.sensing.static_signature
    if not state.is_day:
        seen *= params.sensing.night_factor
    return seen


@rule
def see(state: State, params: Params, log: Log, i: int, patrol_share: float) -> None:
    """A unit is seen: a track begins or goes on; a patrol that saw it inside the zone calls for help."""
    unit = state.units[i]
    unit.sensed = 0.0
    unit.sense_budget = exponential(state, 1.0, unit.id, NO_OTHER, Draw.DETECTION_BUDGET, 1)
    is_new = unit.seen_min < 0.0  # this group was not seen before
    unit.seen_min = state.now_min
    if not unit.tracked:
        unit.tracked = True
        if unit.posture == Posture.HELD and not is_new:
            return  # the same unit at the same place is no news
        if is_new:
            identify(state, params, log, i)
        if not is_column(unit):
            return  # that friends and strangers are about is no news
        unit.explains = record(state, log, Act.DETECTION, (i, NOBODY), state.now_min, unit.explains)
    met = unit.inside and unit.posture != Posture.WITHDRAWING
    if met and state.now_min >= unit.help_until_min:
        inflated = patrol_share * (1.0 + params.theory.beta_support * state.support)
        if is_column(unit) and chance(state, inflated, unit.id, NO_OTHER, Draw.CONTACT):
            unit.help_until_min = state.now_min + params.sensing.help_min
            who = (unit.contact, i)
            unit.explains = record(state, log, Act.CONTACT_REPORT, who, state.now_min, unit.explains)


@rule
def identify(state: State, params: Params, log: Log, i: int) -> None:
    """Whom the coalition takes a unit for that it has just found; it may err in every direction."""
    unit = state.units[i]
    unit.believed = unit.principal
    wrong = mistaken_share(state, params, unit.principal)
    if unit.principal == Principal.PARTNER:
        wrong *= KNOWN_TO_US
    if unit.mission == Mission.DRONE_ATTACK:
        unit.seems_to_attack = chance(state, params.drones.read_intent, unit.id, NO_OTHER, Draw.MISREAD)
    elif chance(state, wrong, unit.id, NO_OTHER, Draw.BELIEVED):
        if unit.kind == Kind.PRO_REGIME_DRONE:
            unit.seems_to_attack = True
        else:
            unit.believed = mistaken_for(state, unit)
        who = (PRINCIPAL + Principal.COALITION, i)
        unit.explains = record(state, log, Act.MISTAKEN, who, state.now_min, unit.explains)
        note(log, unit.explains, float(unit.believed))


@rule
def mistaken_for(state: State, unit: Unit) -> int:
    """Friends and strangers pass for militia, raiders for the partner, pro-regime units for ISIS or one another."""
    if unit.kind == Kind.ISIS_RAID:
        return PARTNER  # some wore the partner's dress on 8 April 2017 (S12)
    if not is_column(unit):
        return MILITIA
    if chance(state, 0.5, unit.id, NO_OTHER, Draw.MISTAKEN_FOR):
        return ISIS
    return MILITIA if unit.kind == Kind.HEZBOLLAH_TEAM else HEZBOLLAH
