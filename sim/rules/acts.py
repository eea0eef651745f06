"""What every phase may call: write an event down, and reckon with what an act does to the parties."""

from __future__ import annotations

import math

from sim.rules.compiling import rule
from sim.rules.names import CLASHES_REMEMBERED, Act, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.tables import Log, Params, State

PRINCIPAL = 1000  # 1000 + p stands for a principal where a row number is expected
NOBODY = -1
N = len(Principal)
US_RUSSIA = int(Principal.COALITION * N + Principal.RUSSIA)  # dyads
US_HEZBOLLAH = int(Principal.COALITION * N + Principal.HEZBOLLAH)
MID_THREAT, MID_DISPLAY, MID_FORCE = 2, 3, 4  # hostility levels, Militarized Interstate Disputes data


@rule
def record(state: State, log: Log, act: Act, who: tuple[int, int], minute: float, cause: int) -> int:
    """Write an event and return its number; `who` is (actor, target) as rows, PRINCIPAL + p or NOBODY.

    Numbers and causes do not depend on how many events the log can hold.
    """
    number = state.n_events
    state.n_events += 1
    if number < len(log):
        actor, target = who
        event = log[number]
        event.minute, event.act, event.cause, event.value = minute, act, cause, 0.0
        event.actor, event.target = named(state, actor), named(state, target)
        event.dyad = -1
        if actor != NOBODY and target != NOBODY:
            event.dyad = dyad_of(side(state, actor), side(state, target))
        at = target if 0 <= target < PRINCIPAL else actor
        if 0 <= at < PRINCIPAL:
            event.x_km, event.y_km = state.x_km[at], state.y_km[at]
    return number


@rule
def note(log: Log, number: int, value: float) -> None:
    """Add a number to an event: killed, reason, distance."""
    if 0 <= number < len(log):
        log[number].value = value


@rule
def named(state: State, who: int) -> int:
    """The identity that the log shows for a row, a principal or nobody."""
    return state.units[who].id if 0 <= who < PRINCIPAL else who


@rule
def side(state: State, who: int) -> int:
    """The principal behind a row or a PRINCIPAL + p."""
    return who - PRINCIPAL if who >= PRINCIPAL else state.units[who].principal


@rule
def dyad_of(one: int, other: int) -> int:
    """Index of the dyad of two principals, in either order."""
    return min(one, other) * N + max(one, other)


@rule
def tally(state: State, happening: int, minute: float) -> None:
    """Count a happening and date the first one."""
    kept = state.outcome.happenings[happening]
    if not kept.happened:
        kept.happened = True
        kept.first_min = minute
    kept.count += 1


@rule
def tension(state: State, params: Params, dyad: int, minute: float) -> float:
    """Tension of a dyad at a time: it halves every tension half-life."""
    kept = state.dyads[dyad]
    if kept.tension <= 0.0:
        return 0.0
    half_lives = (minute - kept.tension_min) / (1440.0 * params.escalation.tension_half_life_days)
    return kept.tension * math.exp(-math.log(2.0) * half_lives)


@rule
def strain(state: State, params: Params, dyad: int, severity: float, minute: float) -> None:
    """Add to the tension of a dyad."""
    kept = state.dyads[dyad]
    kept.tension = tension(state, params, dyad, minute) + severity
    kept.tension_min = minute
    kept.peak_tension = max(kept.peak_tension, kept.tension)


@rule
def threaten(state: State, params: Params, dyad: int, minute: float) -> None:
    """A threat or condemnation in a dyad: hostility level 2."""
    state.dyads[dyad].level = max(state.dyads[dyad].level, MID_THREAT)
    strain(state, params, dyad, params.escalation.threat_severity, minute)


@rule
def display(state: State, params: Params, actor: int, target: int, minute: float) -> None:
    """A display of force by one row against another: hostility level 3."""
    dyad = dyad_of(side(state, actor), side(state, target))
    state.dyads[dyad].level = max(state.dyads[dyad].level, MID_DISPLAY)
    strain(state, params, dyad, params.escalation.display_severity, minute)


@rule
def use_force(state: State, params: Params, shooter: int, target: int, minute: float) -> None:
    """A weapon released by one row at another, whatever it hits: hostility level 4 (model.md 9)."""
    one, other = side(state, shooter), side(state, target)
    index = dyad_of(one, other)
    dyad = state.dyads[index]
    dyad.level = MID_FORCE
    strain(state, params, index, params.escalation.force_severity, minute)
    spilt = params.escalation.spill_over * params.escalation.force_severity
    if one != Principal.RUSSIA and other != Principal.RUSSIA:
        strain(state, params, US_RUSSIA, spilt, minute)
    if one < other:
        dyad.first_used_force_min = minute
    else:
        dyad.second_used_force_min = minute
    if min(one, other) == Principal.COALITION:
        count_clash(state, params, index, target, minute)
        count_exchange(state, params, index, minute)
        count_episode(state, params, minute)


@rule
def count_clash(state: State, params: Params, index: int, place: int, minute: float) -> None:
    """Acts of one dyad close in time and space are one clash."""
    dyad = state.dyads[index]
    x, y = state.x_km[place], state.y_km[place]
    late = minute - dyad.clash_min > 60.0 * params.escalation.clash_hours
    far = distance(x, y, dyad.clash_x_km, dyad.clash_y_km) > params.escalation.clash_km
    dyad.clash_min, dyad.clash_x_km, dyad.clash_y_km = minute, x, y
    if late or far:
        state.clash_min[state.n_clashes % CLASHES_REMEMBERED] = minute
        state.clash_dyad[state.n_clashes % CLASHES_REMEMBERED] = index
        state.n_clashes += 1
        if index == Principal.REGIME:
            tally(state, Happening.COALITION_REGIME, minute)
        elif index == Principal.MILITIA:
            tally(state, Happening.COALITION_MILITIA, minute)
        elif index == Principal.HEZBOLLAH:
            tally(state, Happening.COALITION_HEZBOLLAH, minute)
        elif index == Principal.RUSSIA:
            tally(state, Happening.US_RUSSIA_AIR, minute)


@rule
def count_exchange(state: State, params: Params, index: int, minute: float) -> None:
    """Force both ways within the exchange window, counted once a window."""
    dyad = state.dyads[index]
    window = 60.0 * params.escalation.exchange_hours
    apart = abs(dyad.first_used_force_min - dyad.second_used_force_min)
    if apart <= window and minute - dyad.exchange_min > window:
        dyad.exchange_min = minute
        if index == Principal.REGIME:
            tally(state, Happening.COALITION_REGIME_EXCHANGE, minute)
        elif index == Principal.MILITIA:
            tally(state, Happening.COALITION_MILITIA_EXCHANGE, minute)
        elif index == Principal.HEZBOLLAH:
            tally(state, Happening.COALITION_HEZBOLLAH_EXCHANGE, minute)


@rule
def count_episode(state: State, params: Params, minute: float) -> None:
    """A serious episode: several clashes, two adversaries, fire both ways, all within one window."""
    window = 60.0 * params.escalation.exchange_hours
    clashes = 0
    adversaries = 0
    for k in range(min(state.n_clashes, CLASHES_REMEMBERED)):
        clashes += minute - state.clash_min[k] <= window
    fired, fired_on = False, False
    for p in range(1, N):
        dyad = state.dyads[p]
        adversaries += minute - dyad.clash_min <= window
        fired = fired or minute - dyad.first_used_force_min <= window
        fired_on = fired_on or minute - dyad.second_used_force_min <= window
    serious = clashes >= params.escalation.episode_clashes and adversaries >= 2 and fired and fired_on
    if serious and minute - state.episode_min > window:
        state.episode_min = minute
        tally(state, Happening.SERIOUS_EPISODE, minute)
    last_dead = max(state.principals[Principal.COALITION].died_min, state.principals[Principal.RUSSIA].died_min)
    dead = minute - last_dead <= window
    in_the_air = state.outcome.happenings[Happening.US_RUSSIA_AIR].happened
    if ((serious and dead) or in_the_air) and not state.outcome.happenings[Happening.GENERAL_ESCALATION].happened:
        tally(state, Happening.GENERAL_ESCALATION, minute)


@rule
def suffer(state: State, params: Params, victim: int, killed: int, cause: int) -> None:
    """A strike: fear in its victim, anger in the victim and, by alliance, in others (model.md 4, 7.12)."""
    state.principals[victim].fear += 1.0
    anger = 1.0 + params.restraint.anger_per_killed * killed
    for p in range(N):
        share = params.world.alliance[victim * N + p]
        if share > 0.0:
            state.principals[p].anger += share * anger
            state.principals[p].explains = cause


@rule
def bury(state: State, principal: int, killed: int, minute: float) -> None:
    """Count the dead, and remember when the last one died."""
    if killed > 0:
        state.principals[principal].died_min = minute
    state.principals[principal].killed += killed
    state.outcome.killed[principal] += killed
