"""Phase 9, engagements: coalition flights do what they were sent for (odd.md 7.8)."""

from __future__ import annotations

import math

from sim.rules.acts import (
    COALITION,
    NOBODY,
    PRINCIPAL,
    RUNG,
    US_RUSSIA,
    display,
    is_withheld,
    lose,
    note,
    record,
    suffer,
    tally,
    threaten,
)
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.force import use_force
from sim.rules.keys import is_denied, is_fair_game
from sim.rules.legs import end_static, set_back, set_leg, turn_back, vanish
from sim.rules.names import FIRST_FLIGHT, Act, Kind, Mission, Posture, Principal, Rung
from sim.rules.outcome import STRIKES, Happening, Strike
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, lognormal, poisson
from sim.rules.roster import elements, from_garrison, is_column, is_heavy, kinds_of_warning
from sim.rules.tables import Log, Params, State

DAY_MIN = 1440.0
STRIKE = int(Rung.STRIKE)
KEEP_WATCH_MIN = 360.0  # one strike per group per six hours (odd.md 9)


@kernel
def engagement(state: State, params: Params, log: Log) -> None:
    """Flights that are over their targets act; they come before their targets in row order, so none is missed."""
    for i in range(FIRST_FLIGHT, FIRST_FLIGHT + params.scenario.strike_flights):
        unit = state.units[i]
        if unit.posture == Posture.TASKED and unit.leg_end_min <= state.now_min:
            carry_out(state, params, log, i)


@rule
def carry_out(state: State, params: Params, log: Log, flight: int) -> None:
    """A flight is over its target: it acts if the unit still gives cause, and goes back on station."""
    sent = state.units[flight]
    minute, task, target = sent.leg_end_min, sent.task, sent.target
    state.x_km[flight], state.y_km[flight] = sent.leg_x1_km, sent.leg_y1_km
    sent.posture, sent.target, sent.task = Posture.RETURNING, NOBODY, 0
    set_leg(state, flight, 0.0, 0.0, minute, minute + params.roe.flight_delay_min)
    unit = state.units[target]
    if unit.flight != flight:
        return  # the unit went home, or was destroyed, meanwhile
    unit.flight = NOBODY
    shot_at = unit.hostile or is_fair_game(params, unit)
    stands_in = (unit.inside or is_denied(params, unit)) and unit.posture != Posture.WITHDRAWING
    gives_cause = shot_at or (stands_in and unit.ordered != Rung.NONE)
    spared = is_withheld(state, RUNG + (STRIKE if shot_at else task), target)
    unit.ordered = Rung.NONE
    if spared or not gives_cause or unit.posture == Posture.RESTING or unit.posture == Posture.DESTROYED:
        return
    if unit.kind == Kind.PRO_REGIME_DRONE:
        shoot_down(state, params, log, (flight, target), minute)
    elif unit.kind == Kind.ISIS_RAID:
        help_on_the_ground(state, params, log, (flight, target), minute)
    elif is_recognised(state, params, log, target, minute):
        return
    elif task == Rung.STRIKE or shot_at:
        strike(state, params, log, (flight, target), minute)
    else:
        warn(state, params, log, (flight, target), minute, task)


@rule
def is_recognised(state: State, params: Params, log: Log, i: int, minute: float) -> bool:
    """From the air a crew may see in time that this is no column at all."""
    unit = state.units[i]
    if is_column(unit) or not chance(state, params.sensing.clears, unit.id, NO_OTHER, Draw.CLEARS, 1):
        return False
    unit.believed = unit.principal
    unit.explains = record(state, log, Act.RECOGNISED, (i, NOBODY), minute, unit.explains)
    return True


@rule
def shoot_down(state: State, params: Params, log: Log, who: tuple[int, int], minute: float) -> None:
    """A flight fires at a drone, before or after it has dropped a weapon."""
    flight, target = who
    unit = state.units[target]
    number = record(state, log, Act.SHOOT_DOWN, who, minute, state.units[flight].explains)
    unit.explains = number
    if unit.mission == Mission.SHADOW and unit.seems_to_attack:
        tally(state, Happening.MISIDENTIFIED_STRIKE, minute)
    use_force(state, params, flight, target, minute)
    if chance(state, params.drones.shot_down, unit.id, NO_OTHER, Draw.DRONE_DOWN):
        note(log, number, 1.0)
        tally(state, Happening.DRONE_SHOOTDOWN, minute)
        if unit.released > 0:
            tally(state, Happening.DRONE_SHOOTDOWN_AFTER_RELEASE, minute)
        else:
            tally(state, Happening.DRONE_SHOOTDOWN_BEFORE_RELEASE, minute)
        vanish(state, target)


@rule
def help_on_the_ground(state: State, params: Params, log: Log, who: tuple[int, int], minute: float) -> None:
    """Close air support against an ISIS raid, wherever it stands."""
    flight, target = who
    unit = state.units[target]
    number = record(state, log, Act.CLOSE_AIR_SUPPORT, who, minute, state.units[flight].explains)
    unit.explains = number
    dead = poisson(state, params.raids.close_air_support_killed, unit.id, NO_OTHER, Draw.CAS_KILLS)
    note(log, number, float(lose(state, params, target, dead, COALITION, number)))
    use_force(state, params, flight, target, minute)
    if unit.fighters == 0:
        if unit.enemy != NOBODY:
            tally(state, Happening.ISIS_REPULSED, minute)
        vanish(state, target)


@rule
def warn(state: State, params: Params, log: Log, who: tuple[int, int], minute: float, rung: int) -> None:
    """A show of force or warning shots: seen by the unit, answered in the next step."""
    flight, target = who
    unit = state.units[target]
    if rung == Rung.SHOW_OF_FORCE:
        unit.signal_event = record(state, log, Act.SHOW_OF_FORCE, who, minute, state.units[flight].explains)
        wait = params.roe.show_window_min
    else:
        unit.signal_event = record(state, log, Act.WARNING_SHOTS, who, minute, state.units[flight].explains)
        wait = params.roe.shots_window_min
    unit.explains = unit.signal_event
    display(state, params, flight, target, minute)
    signal(state, params, target, rung, minute, wait)


@rule
def signal(state: State, params: Params, i: int, rung: int, minute: float, wait_min: float) -> None:
    """The unit has something to answer, and the clock of the next rung runs."""
    unit = state.units[i]
    state.outcome.signals[rung - 1] += 1
    unit.signals |= 1 << rung
    unit.rung, unit.signal = rung, rung
    spread = params.roe.window_sd
    unit.rung_due_min = minute + lognormal(state, wait_min, spread, unit.id, NO_OTHER, Draw.WINDOW, rung)


@rule
def strike(state: State, params: Params, log: Log, who: tuple[int, int], minute: float) -> None:
    """Bombs on a ground unit, and all that a strike means to those concerned."""
    flight, target = who
    unit = state.units[target]
    end_static(state, target, minute)
    heavy = is_heavy(unit)
    before, light, men = elements(unit), unit.vehicles, unit.fighters
    number = record(state, log, Act.STRIKE, who, minute, state.units[flight].explains)
    killed = bomb(state, params, target, number)
    note(log, number, float(killed))
    if is_column(unit):
        write_down(state, params, target, minute, (killed, before - elements(unit), light, heavy))
    if not is_column(unit) or unit.believed == Principal.ISIS:
        tally(state, Happening.MISIDENTIFIED_STRIKE, minute)
    unit.explains, unit.signal_event, unit.struck_min, unit.hostile = number, number, minute, False
    use_force(state, params, flight, target, minute)
    suffer(state, params, unit.principal, killed, number)
    unit.believed = unit.principal  # by now it is known whom the bombs hit
    signal(state, params, target, Rung.STRIKE, minute, params.roe.shots_window_min)
    if unit.fighters == 0 or elements(unit) == 0:
        vanish(state, target)
    elif killed >= params.engagement.break_point * men:
        unit.signal = 0
        unit.explains = record(state, log, Act.WITHDRAWS, (target, NOBODY), minute, number)
        if is_column(unit):
            turn_back(state, params, target, state.now_min)
        else:
            set_back(state, target, state.now_min)
    if is_column(unit):
        speak(state, params, log, target, minute)


@rule
def bomb(state: State, params: Params, target: int, number: int) -> int:
    """Each bomb goes for the most valuable element left; returns the fighters killed."""
    unit = state.units[target]
    arms = params.engagement
    large = is_heavy(unit) or unit.vehicles >= arms.large_group
    killed = 0
    for k in range(arms.bombs_on_column if large else arms.bombs_on_vehicles):
        if elements(unit) > 0:
            destroyed = chance(state, arms.destroy, unit.id, NO_OTHER, Draw.BOMB_DESTROYS, k)
            if destroyed or chance(state, arms.damage, unit.id, NO_OTHER, Draw.BOMB_DAMAGES, k):
                lose_best(state, target, destroyed)
            dead = poisson(state, arms.killed_per_bomb, unit.id, NO_OTHER, Draw.BOMB_KILLS, k)
            killed += lose(state, params, target, dead, COALITION, number)
    return killed


@rule
def lose_best(state: State, target: int, destroyed: bool) -> None:
    """Anti-aircraft weapons first, then guns, tanks, earth movers, vehicles; what is damaged is out of use."""
    unit, outcome = state.units[target], state.outcome
    if unit.anti_aircraft > 0:
        unit.anti_aircraft -= 1
        outcome.anti_aircraft_lost += destroyed
    elif unit.artillery > 0:
        unit.artillery -= 1
        outcome.artillery_lost += destroyed
    elif unit.tanks > 0:
        unit.tanks -= 1
        outcome.tanks_lost += destroyed
    elif unit.earth_movers > 0:
        unit.earth_movers -= 1
        outcome.vehicles_lost += destroyed
    else:
        unit.vehicles -= 1
        outcome.vehicles_lost += destroyed


@rule
def write_down(state: State, params: Params, target: int, minute: float, what: tuple[int, int, int, bool]) -> None:
    """The first strikes of a run are described one by one; one strike a group in six hours is counted."""
    unit, outcome = state.units[target], state.outcome
    if minute - unit.struck_min <= KEEP_WATCH_MIN:
        return
    count = outcome.happenings[Happening.STRIKE_GROUND].count
    tally(state, Happening.STRIKE_GROUND, minute)
    outcome.strikes_on[unit.principal] += 1
    outcome.strikes_on_static += unit.posture == Posture.HELD
    state.last_strike_min = minute
    if params.theory.memory:
        state.support += minute < unit.help_until_min
        state.defiance += kinds_of_warning(unit) > 0  # warned to the end, in vain
    if minute < state.principals[unit.principal].helped_until_min:
        tally(state, Happening.HELPED_THEN_STRUCK, minute)
    if unit.inside and not unit.entry_struck:
        unit.entry_struck = True
        outcome.entries_struck += 1
    if count < STRIKES:
        describe(state, target, minute, outcome.strikes[count], what)


@rule
def describe(state: State, target: int, minute: float, kept: Strike, what: tuple[int, int, int, bool]) -> None:
    """One strike: where, on whom, after what, and how the column had come down to this."""
    unit = state.units[target]
    killed, lost, light, heavy = what
    kept.minute, kept.distance_km, kept.killed = minute, from_garrison(state, target), killed
    kept.destroyed, kept.heavy, kept.mission, kept.on = lost, heavy, unit.mission, unit.principal
    kept.signals = kinds_of_warning(unit)
    kept.hours_from_entry = (minute - unit.entered_min) / 60.0 if unit.entered_min >= 0.0 else math.nan
    kept.launched, kept.entered, kept.went_on, kept.parted = unit.launched, unit.entered, unit.went_on, unit.parted
    kept.in_order = unit.vehicles == light or unit.artillery + unit.anti_aircraft == 0


@rule
def speak(state: State, params: Params, log: Log, struck: int, minute: float) -> None:
    """After a strike: the coalition does not seek to fight, Russia condemns, and may suspend the line."""
    strike_event = state.units[struck].signal_event
    us, them = PRINCIPAL + Principal.COALITION, PRINCIPAL + Principal.RUSSIA
    record(state, log, Act.STATEMENT, (us, NOBODY), minute, strike_event)
    for p in range(Principal.REGIME, Principal.ISIS):
        state.principals[p].fear *= params.escalation.statement_fear
        state.principals[p].anger *= params.escalation.statement_anger
    record(state, log, Act.CONDEMNATION, (them, us), minute, strike_event)
    threaten(state, params, US_RUSSIA, minute)
    suspend = chance(
        state, params.line.suspension_chance, Principal.RUSSIA, NO_OTHER, Draw.SUSPENSION, state.units[struck].id
    )
    if state.line_open and params.scenario.line_exists and suspend:
        median = DAY_MIN * params.line.suspension_days
        lasts = lognormal(state, median, 0.5, Principal.RUSSIA, NO_OTHER, Draw.SUSPENDED_FOR)
        state.line_open, state.line_restored_min = False, minute + lasts
        state.line_event = record(state, log, Act.LINE_SUSPENDED, (them, us), minute, strike_event)
        tally(state, Happening.LINE_SUSPENDED, minute)
