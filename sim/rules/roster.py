"""Who is out, who is spare, and how a unit is put on a leg: shared by the phases."""

from __future__ import annotations

from sim.rules.compiling import rule
from sim.rules.names import NEVER, Kind, Mission, Posture, Rung
from sim.rules.plane import distance, part_of_leg
from sim.rules.tables import Params, State, Unit


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
def spare(state: State, kind: int) -> int:
    """The first resting row of a kind, or -1.  First, so that an extra row changes nothing."""
    for i in range(state.n_units):
        if state.units[i].kind == kind and state.units[i].posture == Posture.RESTING:
            return i
    return -1


@rule
def is_column(unit: Unit) -> bool:
    """A pro-regime ground unit of any kind."""
    return Kind.REGIME_COLUMN <= unit.kind <= Kind.HEZBOLLAH_TEAM


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
