"""Phase 8, engagements: flights do what they were sent for; units shoot back; rockets (model.md 7.8)."""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, PRINCIPAL, US_RUSSIA, bury, display, note, record, suffer, tally, threaten, use_force
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.names import Act, Kind, Mission, Posture, Principal, Rung
from sim.rules.outcome import STRIKES, Happening
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, lognormal, poisson
from sim.rules.roster import (
    elements,
    end_static,
    from_garrison,
    is_column,
    is_heavy,
    kinds_of_warning,
    rest,
    set_leg,
    turn_back,
)
from sim.rules.tables import Log, Params, State

DAY_MIN = 1440.0
GARRISON, ORBIT = 0, 1  # rows of every scenario
KEEP_WATCH_MIN = 360.0  # one strike per group per six hours (model.md 9)


@kernel
def engagement(state: State, params: Params, log: Log) -> None:
    """Whoever is over its target or in range acts."""
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        unit = state.units[i]
        if unit.kind == Kind.STRIKE_FLIGHT and unit.posture == Posture.TASKED and unit.leg_end_min <= state.now_min:
            carry_out(state, params, log, i)
        elif is_column(unit) and unit.fires:
            shoot_at_aircraft(state, params, log, i)
        elif unit.mission == Mission.RETALIATE and unit.posture == Posture.HALTED:
            fire_rockets(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else it was destroyed, and the next one moved up
            k += 1


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
    stands_in = unit.ordered != Rung.NONE and unit.inside and unit.posture != Posture.WITHDRAWING
    unit.ordered = Rung.NONE
    if stands_in or unit.hostile:
        if task == Rung.STRIKE or unit.hostile:
            strike(state, params, log, (flight, target), minute)
        else:
            warn(state, params, log, (flight, target), minute, task)


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
    before, men = elements(unit), unit.fighters
    killed = bomb(state, params, target)
    number = record(state, log, Act.STRIKE, who, minute, state.units[flight].explains)
    note(log, number, float(killed))
    write_down(state, target, minute, killed, before - elements(unit), heavy)
    unit.explains, unit.signal_event, unit.struck_min, unit.hostile = number, number, minute, False
    use_force(state, params, flight, target, minute)
    suffer(state, params, unit.principal, killed, number)
    bury(state, unit.principal, killed, minute)
    unit.killed += killed
    signal(state, params, target, Rung.STRIKE, minute, params.roe.shots_window_min)
    if unit.fighters == 0 or elements(unit) == 0:
        unit.posture, unit.signal, unit.inside = Posture.DESTROYED, 0, False
        rest(state, target)
    elif killed >= params.engagement.break_point * men:
        unit.signal = 0
        unit.explains = record(state, log, Act.WITHDRAWS, (target, NOBODY), minute, number)
        turn_back(state, params, target, minute)
    speak(state, params, log, target, minute)


@rule
def bomb(state: State, params: Params, target: int) -> int:
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
            dead = min(unit.fighters, poisson(state, arms.killed_per_bomb, unit.id, NO_OTHER, Draw.BOMB_KILLS, k))
            unit.fighters -= dead
            killed += dead
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
def write_down(state: State, target: int, minute: float, killed: int, lost: int, heavy: bool) -> None:
    """The first strikes of a run are described one by one; one strike a group in six hours is counted."""
    unit = state.units[target]
    if minute - unit.struck_min <= KEEP_WATCH_MIN:
        return
    count = state.outcome.happenings[Happening.STRIKE_GROUND].count
    tally(state, Happening.STRIKE_GROUND, minute)
    if unit.inside and not unit.entry_struck:
        unit.entry_struck = True
        state.outcome.entries_struck += 1
    if count < STRIKES:
        kept = state.outcome.strikes[count]
        kept.minute, kept.distance_km, kept.killed = minute, from_garrison(state, target), killed
        kept.destroyed, kept.heavy, kept.mission = lost, heavy, unit.mission
        kept.signals = kinds_of_warning(unit)
        entered = unit.entered_min >= 0.0
        kept.hours_from_entry = (minute - unit.entered_min) / 60.0 if entered else math.nan


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
    if state.line_open and suspend:
        median = DAY_MIN * params.line.suspension_days
        lasts = lognormal(state, median, 0.5, Principal.RUSSIA, NO_OTHER, Draw.SUSPENDED_FOR)
        state.line_open, state.line_restored_min = False, minute + lasts
        record(state, log, Act.LINE_SUSPENDED, (them, us), minute, strike_event)
        tally(state, Happening.LINE_SUSPENDED, minute)


@rule
def shoot_at_aircraft(state: State, params: Params, log: Log, i: int) -> None:
    """A unit fires at the nearest thing in the air: the flight sent against it, else the orbit."""
    unit = state.units[i]
    unit.fires, unit.hostile = False, True
    target = unit.flight if unit.flight != NOBODY else ORBIT
    manned = target != ORBIT
    if manned and chance(state, params.engagement.air_defence_hit, unit.id, NO_OTHER, Draw.AIR_DEFENCE):
        note(log, unit.explains, 1.0)
        bury(state, Principal.COALITION, 1, state.now_min)
    use_force(state, params, i, target, state.now_min)
    tally(state, Happening.ATTACK_ON_COALITION, state.now_min)
    tally(state, Happening.ATTACK_BY_AIR_DEFENCE, state.now_min)


@rule
def fire_rockets(state: State, params: Params, log: Log, i: int) -> None:
    """A retaliating team in range fires its salvo at the garrison and goes back."""
    unit = state.units[i]
    arms = params.engagement
    number = record(state, log, Act.ROCKETS, (i, GARRISON), state.now_min, unit.explains)
    unit.explains, unit.hostile = number, True
    dead = 0
    for k in range(arms.rockets):
        if chance(state, arms.rocket_hit, unit.id, NO_OTHER, Draw.ROCKET_HITS, k):
            dead += poisson(state, arms.killed_per_rocket, unit.id, NO_OTHER, Draw.ROCKET_KILLS, k)
    note(log, number, float(dead))
    bury(state, Principal.COALITION, dead, state.now_min)
    use_force(state, params, i, GARRISON, state.now_min)
    tally(state, Happening.ATTACK_ON_COALITION, state.now_min)
    tally(state, Happening.ATTACK_BY_ROCKETS, state.now_min)
    turn_back(state, params, i, state.now_min)
