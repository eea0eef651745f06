"""Who is out, who is spare, and how a unit is put on a leg: shared by the phases."""

from __future__ import annotations

from sim.rules.compiling import rule
from sim.rules.draws import Clock, Draw
from sim.rules.names import NEVER, Kind, Mission, Posture, Rung
from sim.rules.plane import distance, part_of_leg
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, exponential
from sim.rules.tables import Params, State, Unit

CLOCKS = 1000  # a clock draws as actor 1000 + its number


@rule
def wake(state: State, i: int) -> None:
    """Put row i on the list of those who are out; the list stays in row order."""
    k = state.n_awake
    while k > 0 and state.awake[k - 1] > i:
        state.awake[k] = state.awake[k - 1]
        k -= 1
    state.awake[k] = i
    state.n_awake += 1


@rule
def rest(state: State, i: int) -> None:
    """Take row i off the list of those who are out."""
    k = 0
    while state.awake[k] != i:
        k += 1
    state.n_awake -= 1
    while k < state.n_awake:
        state.awake[k] = state.awake[k + 1]
        k += 1


@rule
def spare(state: State, kind: int, principal: int) -> int:
    """The first resting row of a kind and side; -1, and noted, if there is none.

    First, so that an extra row changes nothing.
    """
    for i in range(state.n_units):
        unit = state.units[i]
        if unit.posture == Posture.RESTING and unit.kind == kind and unit.principal == principal:
            return i
    state.outcome.rows_lacking += 1
    return -1


@rule
def is_due(state: State, params: Params, clock: Clock, per_day: float) -> bool:
    """Whether what comes at this rate comes in this step; the next one waits for a new budget."""
    state.hazard[clock] += per_day / 1440.0 * params.step_min
    if state.hazard[clock] < state.budget[clock]:
        return False
    state.hazard[clock] -= state.budget[clock]
    state.budget[clock] = exponential(state, 1.0, CLOCKS + clock, NO_OTHER, Draw.CLOCK)
    return True


@rule
def is_column(unit: Unit) -> bool:
    """A pro-regime ground unit of any kind."""
    return Kind.REGIME_COLUMN <= unit.kind <= Kind.HEZBOLLAH_TEAM


@rule
def is_raider(unit: Unit) -> bool:
    """A ground unit of those who fight the pro-regime side: patrol, raid of partner or opposition, ISIS."""
    return unit.kind == Kind.PARTNER_PATROL or unit.kind == Kind.ISIS_RAID


@rule
def is_watched(unit: Unit) -> bool:
    """Whatever the coalition looks for, or may take for something else."""
    return is_column(unit) or is_raider(unit) or unit.kind >= Kind.PRO_REGIME_DRONE


@rule
def is_guest_flight(unit: Unit) -> bool:
    """A Russian or Syrian flight that is up."""
    other = unit.kind == Kind.RUSSIAN_FLIGHT or unit.kind == Kind.REGIME_FLIGHT
    return other and unit.posture != Posture.DESTROYED


@rule
def is_standing(unit: Unit) -> bool:
    """A pro-regime ground unit that can be found where it was."""
    waits = unit.posture == Posture.HELD or unit.posture == Posture.DIGGING or unit.posture == Posture.MASSING
    return is_column(unit) and waits


@rule
def is_flying(unit: Unit) -> bool:
    """A coalition flight in the air near the garrison."""
    return unit.kind == Kind.STRIKE_FLIGHT and unit.posture != Posture.TURNAROUND and unit.posture != Posture.DESTROYED


@rule
def is_moving(unit: Unit) -> bool:
    """On a leg."""
    return (
        unit.posture == Posture.MOVING
        or unit.posture == Posture.WITHDRAWING
        or unit.posture == Posture.TASKED
        or unit.posture == Posture.RETURNING
    )


@rule
def by_bounds(unit: Unit) -> bool:
    """It feels its way forward, searching as it goes; a dash and a rocket team drive through."""
    return (
        unit.mission == Mission.PROBE
        or unit.mission == Mission.PUSH
        or unit.mission == Mission.FORTIFY
        or unit.mission == Mission.REINFORCE
    )


@rule
def is_closing(unit: Unit) -> bool:
    """Advancing on the garrison, on a bound or between two."""
    return unit.mission != Mission.BYPASS and (unit.posture == Posture.MOVING or unit.posture == Posture.HALTED)


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
    aground = is_raider(unit) or unit.kind == Kind.CIVIL_TRAFFIC
    unit.posture = Posture.WITHDRAWING if aground else Posture.RETURNING
    leave_fight(state, i)
    head_for(state, i, unit.base_x_km, unit.base_y_km, minute)


@rule
def leave_fight(state: State, i: int) -> None:
    """Row i fights nobody any more, and its enemy is free."""
    unit = state.units[i]
    if unit.enemy >= 0:
        state.units[unit.enemy].enemy = -1
        unit.enemy = -1


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
def from_garrison(state: State, i: int) -> float:
    """Distance of row i from the garrison in km."""
    return distance(state.x_km[i], state.y_km[i], 0.0, 0.0)


@rule
def elements(unit: Unit) -> int:
    """Vehicles of all sorts that are still with a unit."""
    return unit.vehicles + unit.earth_movers + unit.tanks + unit.artillery + unit.anti_aircraft


@rule
def is_heavy(unit: Unit) -> bool:
    """It has tanks, artillery or anti-aircraft weapons."""
    return unit.tanks + unit.artillery + unit.anti_aircraft > 0


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
        mean = 1440.0 * params.command.hold_days
        hold(state, params, i, minute, exponential(state, mean, unit.id, NO_OTHER, Draw.HOLD))


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
def kinds_of_warning(unit: Unit) -> int:
    """How many kinds of non-kinetic step were taken in this episode."""
    count = 0
    for rung in range(Rung.LINE_CALL, Rung.STRIKE):
        count += (unit.signals >> rung) & 1
    return count


@rule
def ask_for_help(state: State, params: Params, i: int) -> None:
    """A unit that was warned or struck inside the ring may bring a column to its aid."""
    unit = state.units[i]
    side = state.principals[unit.principal]
    if not unit.asked_for_help and side.reinforce_min >= NEVER:
        unit.asked_for_help = True
        if chance(state, params.command.reinforce_chance, unit.id, NO_OTHER, Draw.REINFORCE):
            mean = 60.0 * params.command.reinforce_hours
            lag = exponential(state, mean, unit.id, NO_OTHER, Draw.REINFORCE_LAG)
            side.reinforce_min, side.reinforce_for, side.reinforce_group = state.now_min + lag, i, unit.group
