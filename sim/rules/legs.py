"""How a unit sets out, goes, stops, turns back and is no more: shared by the phases."""

from __future__ import annotations

from sim.rules.acts import NOBODY, note, record
from sim.rules.compiling import rule
from sim.rules.draws import Draw
from sim.rules.names import NEVER, Act, Kind, Posture
from sim.rules.plane import distance, part_of_leg
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential
from sim.rules.roster import goes_on_the_ground, is_column, is_raider, rest, wake
from sim.rules.tables import Log, Params, State, Unit


@rule
def set_leg(state: State, i: int, x1: float, y1: float, start_min: float, end_min: float) -> None:
    """Send row i from where it stands to (x1, y1)."""
    unit = state.units[i]
    unit.leg_x0_km, unit.leg_y0_km = state.x_km[i], state.y_km[i]
    unit.leg_x1_km, unit.leg_y1_km = x1, y1
    unit.leg_start_min, unit.leg_end_min = start_min, end_min
    unit.due_min = end_min
    unit.legs = (unit.legs + 1) % 65536


@rule
def head_for(state: State, i: int, x1: float, y1: float, minute: float) -> None:
    """Send row i from where it is to a place, at its own speed."""
    length = distance(state.x_km[i], state.y_km[i], x1, y1)
    set_leg(state, i, x1, y1, minute, minute + 60.0 * length / state.units[i].speed_km_h)


@rule
def set_out(state: State, i: int, mission: int, x1: float, y1: float) -> None:
    """A unit that comes and goes leaves its base for a place: patrols, raids, jets, drones."""
    begin_anew(state, i)
    state.units[i].mission = mission
    head_for(state, i, x1, y1, state.now_min)


@rule
def begin_anew(state: State, i: int) -> None:
    """A row leaves its base as another group: what it remembers was of the last one."""
    unit = state.units[i]
    unit.group += 1
    unit.posture = Posture.MOVING
    unit.decision.draw = -1
    unit.inside, unit.tracked, unit.hostile, unit.advised, unit.fires = False, False, False, False, False
    unit.asked_for_help, unit.mediated, unit.in_plight, unit.parted = False, False, False, False
    unit.seems_to_attack = False
    unit.rung, unit.ordered, unit.signals, unit.signal, unit.met = 0, 0, 0, 0, 0
    unit.flight, unit.target, unit.enemy, unit.explains = -1, -1, -1, -1
    unit.entry_event, unit.call_event, unit.signal_event = -1, -1, -1
    unit.rung_due_min, unit.struck_min, unit.seen_min, unit.authority_min = -NEVER, -NEVER, -NEVER, NEVER
    unit.called_min, unit.help_until_min, unit.entered_min, unit.call_due_min = -NEVER, -NEVER, -NEVER, NEVER
    unit.entered, unit.went_on, unit.released = 0, -1, 0
    unit.believed = unit.principal
    unit.sensed = 0.0
    unit.sense_budget = exponential(state, 1.0, unit.id, NO_OTHER, Draw.DETECTION_BUDGET)
    state.x_km[i], state.y_km[i] = unit.base_x_km, unit.base_y_km
    wake(state, i)


@rule
def set_back(state: State, i: int, minute: float) -> None:
    """A unit that comes and goes turns for its base."""
    unit = state.units[i]
    unit.posture = Posture.WITHDRAWING if goes_on_the_ground(unit) else Posture.RETURNING
    leave_fight(state, i)
    head_for(state, i, unit.base_x_km, unit.base_y_km, minute)


@rule
def leave_fight(state: State, i: int) -> None:
    """Row i fights nobody any more, and its enemy is free."""
    unit = state.units[i]
    if unit.enemy >= 0:
        other = state.units[unit.enemy]
        other.enemy = unit.enemy = -1
        if is_raider(other) and other.posture == Posture.HELD:
            other.due_min = state.now_min  # it has nothing left to do there


@rule
def vanish(state: State, i: int) -> None:
    """Row i is no more."""
    leave_fight(state, i)
    unit = state.units[i]
    unit.posture, unit.signal, unit.inside = Posture.DESTROYED, 0, False
    rest(state, i)


@rule
def place_at(unit: Unit, minute: float) -> tuple[float, float]:
    """Where a unit on a leg is at a time."""
    part = part_of_leg(unit.leg_start_min, unit.leg_end_min, minute)
    x = unit.leg_x0_km + part * (unit.leg_x1_km - unit.leg_x0_km)
    y = unit.leg_y0_km + part * (unit.leg_y1_km - unit.leg_y0_km)
    return x, y


@rule
def hold(state: State, params: Params, i: int, minute: float, stay_min: float) -> None:
    """Stop where it stands, for a time."""
    unit = state.units[i]
    unit.posture = Posture.HELD
    unit.due_min = minute + stay_min
    unit.static_min = minute if unit.inside else NEVER


@rule
def stop(state: State, params: Params, i: int, minute: float) -> None:
    """Stop where it is for as long as a stopped unit stays; a unit that stands already keeps its clock."""
    unit = state.units[i]
    if unit.posture != Posture.HELD:
        stay(state, params, i, minute)


@rule
def stay(state: State, params: Params, i: int, minute: float) -> None:
    """Stop where it stands for as long as a held element stays."""
    mean = 1440.0 * params.command.hold_days
    hold(state, params, i, minute, exponential(state, mean, state.units[i].id, NO_OTHER, Draw.HOLD))


@rule
def end_static(state: State, i: int, minute: float) -> None:
    """How long it has stood inside without being struck: the longest is an outcome, whenever it is looked at."""
    unit = state.units[i]
    if unit.posture == Posture.HELD and unit.inside and unit.struck_min < unit.static_min < minute:
        hours = (minute - unit.static_min) / 60.0
        state.outcome.static_unstruck_h = max(state.outcome.static_unstruck_h, hours)


@rule
def turn_back(state: State, params: Params, i: int, minute: float) -> None:
    """Withdraw along the road it came by."""
    end_static(state, i, minute)
    unit = state.units[i]
    if unit.posture != Posture.WITHDRAWING:
        unit.posture = Posture.WITHDRAWING
        unit.waypoint = max(0, unit.waypoint - 1)
        start_back(state, params, i, minute)


@rule
def start_back(state: State, params: Params, i: int, minute: float) -> None:
    """The next leg of a withdrawal."""
    unit = state.units[i]
    x1 = params.world.route_x_km[unit.route][unit.waypoint]
    y1 = params.world.route_y_km[unit.route][unit.waypoint]
    length = distance(state.x_km[i], state.y_km[i], x1, y1)
    set_leg(state, i, x1, y1, minute, minute + 60.0 * length / unit.speed_km_h)


@rule
def break_off(state: State, params: Params, log: Log, i: int) -> None:
    """A unit that has lost too many, or is bombed, falls back; with nobody left it is gone."""
    unit = state.units[i]
    act = Act.REPULSED if unit.kind == Kind.ISIS_RAID else Act.BREAKS
    unit.explains = record(state, log, act, (i, NOBODY), state.now_min, unit.explains)
    note(log, unit.explains, float(unit.fighters))
    if unit.fighters == 0:
        end_static(state, i, state.now_min)
        vanish(state, i)
    elif is_column(unit):
        turn_back(state, params, i, state.now_min)
    else:
        set_back(state, i, state.now_min)
