"""Who is out, who is spare, what a unit is, and which waiting time is over: shared by the phases."""

from __future__ import annotations

from sim.rules.compiling import rule
from sim.rules.draws import Clock, Draw
from sim.rules.names import NEVER, Kind, Mission, Posture, Rung
from sim.rules.plane import distance
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
def goes_on_the_ground(unit: Unit) -> bool:
    """Of those who come and go: patrols, raids and civilians; the others fly."""
    return is_raider(unit) or unit.kind == Kind.CIVIL_TRAFFIC


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
