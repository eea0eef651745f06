"""Phase 4, movement: straight legs in closed form, bounds and halts, arrivals (odd.md 7.3)."""

from __future__ import annotations

from sim.rules.acts import NOBODY, record, tally
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.legs import hold, place_at, set_back, set_leg, start_back, stay, turn_back
from sim.rules.names import NEVER, Act, Kind, Mission, Posture, Rung
from sim.rules.outcome import Happening
from sim.rules.plane import distance, first_crossing
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential, lognormal
from sim.rules.roster import (
    by_bounds,
    elements,
    from_garrison,
    goes_on_the_ground,
    is_column,
    is_guest_flight,
    is_moving,
    rest,
)
from sim.rules.tables import Log, Params, State, Unit

PASS_MIN = 5.0  # over its target, for a jet that does not stay
REST_MIN = 60.0  # of civilians at Rukban


@kernel
def movement(state: State, params: Params, log: Log) -> None:
    """Bring every unit that is out to where it is now, through all that fell due on the way."""
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        bring(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else it went to rest, and the next one moved up
            k += 1


@rule
def bring(state: State, params: Params, log: Log, i: int) -> None:
    """Move one unit up to now; several legs may end within a step."""
    unit = state.units[i]
    while unit.due_min <= state.now_min and unit.posture != Posture.TASKED:
        due = unit.due_min
        step_to(state, params, log, i, due)
        unit.due_min = NEVER
        if unit.kind == Kind.STRIKE_FLIGHT:
            rotate(state, params, i, due)
        elif is_column(unit):
            go_on(state, params, log, i, due)
        else:
            come_and_go(state, params, i, due)
    step_to(state, params, log, i, state.now_min)


@rule
def step_to(state: State, params: Params, log: Log, i: int, minute: float) -> None:
    """Place a moving unit, and note when it crosses the ring."""
    unit = state.units[i]
    if is_moving(unit):
        state.x_km[i], state.y_km[i] = place_at(unit, minute)
        if is_column(unit):
            cross(state, params, log, i, minute)
        else:
            unit.inside = from_garrison(state, i) < params.roe.zone_radius_km


@rule
def cross(state: State, params: Params, log: Log, i: int, minute: float) -> None:
    """A unit enters the zone, or leaves it and ends the episode."""
    unit = state.units[i]
    radius = params.roe.zone_radius_km
    away = from_garrison(state, i)
    if away < radius:
        if not state.outcome.closest_km <= away:  # nan until somebody has been inside
            state.outcome.closest_km = away
    if not unit.inside and away < radius and unit.posture == Posture.MOVING:
        part = first_crossing(unit.leg_x0_km, unit.leg_y0_km, unit.leg_x1_km, unit.leg_y1_km, radius)
        entered = unit.leg_start_min + part * (unit.leg_end_min - unit.leg_start_min)
        unit.inside, unit.entered_min, unit.entry_struck = True, entered, False
        unit.entered = elements(unit)
        if unit.rung == Rung.LINE_CALL:  # it was called about outside: now that it has come in, the window runs again
            median, spread = params.roe.call_window_min, params.roe.window_sd
            unit.rung_due_min = entered + lognormal(state, median, spread, unit.id, NO_OTHER, Draw.WINDOW)
        state.outcome.entries += 1
        unit.entry_event = record(state, log, Act.ENTRY, (i, NOBODY), entered, unit.explains)
        unit.explains = unit.entry_event
    elif unit.inside and away > radius:
        unit.inside = False
        unit.rung, unit.ordered, unit.signals, unit.rung_due_min = 0, 0, 0, -NEVER
        unit.called_min, unit.help_until_min = -NEVER, -NEVER
        unit.mediated, unit.asked_for_help = False, False
        unit.explains = record(state, log, Act.EXIT, (i, NOBODY), minute, unit.explains)


@rule
def go_on(state: State, params: Params, log: Log, i: int, minute: float) -> None:
    """A ground unit's leg, halt or stay has ended."""
    unit = state.units[i]
    if unit.posture == Posture.MOVING:
        arrive(state, params, log, i, minute)
    elif unit.posture == Posture.HALTED and (unit.mission == Mission.MISSILES or unit.mission == Mission.RAID):
        turn_back(state, params, i, minute)  # no patrol came
    elif unit.posture == Posture.MASSING or unit.posture == Posture.HALTED:
        unit.posture = Posture.MOVING
        next_leg(state, params, i, minute)
    elif unit.posture == Posture.DIGGING:
        stay(state, params, i, minute)
    elif unit.posture == Posture.WITHDRAWING:
        come_back(state, params, i, minute)
    else:
        turn_back(state, params, i, minute)


@rule
def arrive(state: State, params: Params, log: Log, i: int, minute: float) -> None:
    """The end of a leg: the goal, the massing place, the next waypoint or the end of a bound."""
    unit = state.units[i]
    x1 = params.world.route_x_km[unit.route][unit.waypoint]
    y1 = params.world.route_y_km[unit.route][unit.waypoint]
    at_waypoint = distance(state.x_km[i], state.y_km[i], x1, y1) < 1e-6
    if has_arrived(state, params, i):
        do_mission(state, params, log, i, minute)
    elif at_waypoint and unit.waypoint == 1 and unit.mission != Mission.DASH:
        unit.waypoint = 2
        unit.posture = Posture.MASSING
        wait = exponential(state, 60.0 * params.command.massing_hours, unit.id, NO_OTHER, Draw.MASSING)
        unit.due_min = minute + wait
    elif at_waypoint:
        unit.waypoint += 1
        next_leg(state, params, i, minute)
    else:  # the end of a bound
        unit.posture = Posture.HALTED
        still = params.command.bound_min * (1.0 / params.command.moving_share - 1.0)
        unit.due_min = minute + exponential(state, still, unit.id, NO_OTHER, Draw.HALT, unit.legs)


@rule
def has_arrived(state: State, params: Params, i: int) -> bool:
    """It is where it meant to go; a bypass is done when the road covered reaches the front."""
    unit = state.units[i]
    if unit.mission == Mission.BYPASS:
        return unit.goal_km <= 1e-6 or unit.waypoint >= params.world.route_length[unit.route]
    if unit.goal_km < 0.0:  # TO_THE_END
        return unit.waypoint >= params.world.route_length[unit.route]
    return from_garrison(state, i) <= unit.goal_km + 1e-6


@rule
def next_leg(state: State, params: Params, i: int, minute: float) -> None:
    """Set out for the next waypoint, or as far as the goal or the bound allows."""
    unit = state.units[i]
    x0, y0 = state.x_km[i], state.y_km[i]
    x1 = params.world.route_x_km[unit.route][unit.waypoint]
    y1 = params.world.route_y_km[unit.route][unit.waypoint]
    length = max(1e-9, distance(x0, y0, x1, y1))
    part = 1.0
    if unit.mission == Mission.BYPASS:
        part = min(1.0, unit.goal_km / length)
        unit.goal_km -= part * length
    elif unit.goal_km >= 0.0:
        part = min(1.0, first_crossing(x0, y0, x1, y1, unit.goal_km))
    if by_bounds(unit):
        bound = exponential(state, params.command.bound_min, unit.id, NO_OTHER, Draw.BOUND, unit.legs)
        part = min(part, unit.speed_km_h * bound / 60.0 / length)
    x1, y1 = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
    set_leg(state, i, x1, y1, minute, minute + 60.0 * part * length / unit.speed_km_h)


@rule
def do_mission(state: State, params: Params, log: Log, i: int, minute: float) -> None:
    """What a unit does where it meant to go."""
    unit = state.units[i]
    if unit.mission == Mission.PROBE:
        look = 60.0 * params.command.look_hours
        hold(state, params, i, minute, exponential(state, look, unit.id, NO_OTHER, Draw.LOOK))
    elif unit.mission == Mission.FORTIFY:
        unit.posture = Posture.DIGGING
        dig = 60.0 * params.command.dig_hours
        unit.due_min = minute + exponential(state, dig, unit.id, NO_OTHER, Draw.DIG)
        unit.explains = record(state, log, Act.DIGS_IN, (i, NOBODY), minute, unit.explains)
    elif unit.mission == Mission.RETALIATE:
        unit.posture = Posture.HALTED  # it fires in the engagement phase
    elif unit.mission == Mission.MISSILES or unit.mission == Mission.RAID:
        unit.posture = Posture.HALTED
        wait = 60.0 * params.raids.ambush_hours
        unit.due_min = minute + exponential(state, wait, unit.id, NO_OTHER, Draw.LOOK)
    else:
        if unit.mission == Mission.REINFORCE:
            unit.explains = record(state, log, Act.REINFORCEMENT, (i, NOBODY), minute, unit.explains)
        elif unit.goal_km < 0.0 and unit.mission != Mission.BYPASS:
            unit.explains = record(state, log, Act.CROSSING_REACHED, (i, NOBODY), minute, unit.explains)
            tally(state, Happening.CROSSING_REACHED, minute)
        stay(state, params, i, minute)


@rule
def come_back(state: State, params: Params, i: int, minute: float) -> None:
    """A leg of a withdrawal has ended: the next one, or home."""
    unit = state.units[i]
    if unit.waypoint > 0:
        unit.waypoint -= 1
        start_back(state, params, i, minute)
    else:
        unit.posture, unit.mission = Posture.RESTING, Mission.NONE
        unit.tracked, unit.inside, unit.hostile = False, False, False
        rest(state, i)


@rule
def rotate(state: State, params: Params, i: int, minute: float) -> None:
    """Coalition flights relieve one another: on station, away, on station."""
    unit = state.units[i]
    if unit.posture == Posture.TURNAROUND:
        unit.posture = Posture.ON_STATION
        unit.off_station_min = minute + 60.0 * params.air.flight_station_h
        unit.due_min = unit.off_station_min
    elif minute >= unit.off_station_min:
        unit.posture = Posture.TURNAROUND
        unit.due_min = minute + 60.0 * params.air.flight_away_h
    else:  # back from a task
        unit.posture = Posture.ON_STATION
        unit.due_min = unit.off_station_min


@rule
def come_and_go(state: State, params: Params, i: int, minute: float) -> None:
    """Patrols, raids, jets and drones: they arrive, stay, go home and rest."""
    unit = state.units[i]
    if unit.posture == Posture.MOVING:
        unit.posture = Posture.HELD if goes_on_the_ground(unit) else Posture.ON_STATION
        begins = state.now_min if unit.mission == Mission.SUPPORT else minute  # it bombs in this step, before it goes
        unit.due_min = begins + exponential(state, stay_min(params, unit), unit.id, NO_OTHER, Draw.STATION)
    elif unit.posture == Posture.HELD or unit.posture == Posture.ON_STATION:
        set_back(state, i, minute)
    else:
        unit.posture, unit.mission, unit.advised = Posture.RESTING, Mission.NONE, False
        unit.tracked, unit.inside, unit.hostile = False, False, False
        rest(state, i)


@rule
def stay_min(params: Params, unit: Unit) -> float:
    """Mean stay at the far end."""
    if unit.kind == Kind.PRO_REGIME_DRONE:
        return 60.0 * params.drones.loiter_hours
    if unit.kind == Kind.CIVIL_TRAFFIC:
        return REST_MIN
    if is_guest_flight(unit):
        return params.air.station_min if unit.mission == Mission.ESCORT else PASS_MIN
    return 60.0 * (params.raids.raid_hours if unit.mission == Mission.RAID else params.command.patrol_hours)
