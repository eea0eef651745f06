"""What every phase may call: write an event down, and reckon with what it does to the parties' feelings and numbers."""

from __future__ import annotations

import math

from sim.rules.compiling import rule
from sim.rules.draws import Draw
from sim.rules.names import Act, Kind, Principal
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance
from sim.rules.tables import Log, Params, State

PRINCIPAL = 1000  # 1000 + p stands for a principal where a row number is expected
NOBODY = -1
RUNG = 100  # 100 + r stands for a rung of the ladder where an act is expected
N = len(Principal)
COALITION, PARTNER = int(Principal.COALITION), int(Principal.PARTNER)
US_RUSSIA = int(Principal.COALITION * N + Principal.RUSSIA)  # dyads
US_HEZBOLLAH = int(Principal.COALITION * N + Principal.HEZBOLLAH)
STRONGEST = 50.0  # exponent beyond which odds are certain; keeps exp within its domain
MID_THREAT, MID_DISPLAY = 2, 3  # hostility levels, Militarized Interstate Disputes data


@rule
def record(state: State, log: Log, act: Act, who: tuple[int, int], minute: float, cause: int) -> int:
    """Write an event and return its number; `who` is (actor, target) as rows, PRINCIPAL + p or NOBODY.

    Numbers and causes do not depend on how many events the log can hold.
    """
    number = state.n_events
    state.n_events += 1
    state.outcome.acts[act] += 1
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
def is_withheld(state: State, act: int, who: int) -> bool:
    """Whether an experiment keeps a row or PRINCIPAL + p from an act, or of the ladder from having it done (7.15)."""
    kept = state.withheld
    return kept.first_step <= state.step <= kept.last_step and kept.act == act and kept.who == who


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
    """The principal behind a row or a PRINCIPAL + p; with advisers along, a patrol is the coalition's."""
    if who >= PRINCIPAL:
        return who - PRINCIPAL
    return COALITION if state.units[who].advised else state.units[who].principal


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
def mistaken_share(state: State, params: Params, p: int) -> float:
    """Chance that a newly seen unit is taken for something else; tension and a closed line raise it."""
    strained = tension(state, params, dyad_of(COALITION, p), state.now_min)
    share = params.sensing.misidentified * math.exp(min(STRONGEST, params.sensing.misidentified_tension * strained))
    if not state.line_open or not params.scenario.line_exists:
        share *= params.sensing.misidentified_line
    return min(1.0, share)


@rule
def dread(state: State, params: Params, p: int) -> float:
    """What a side's fear weighs in its decisions; under `credibility` its belief that a warned unit is struck."""
    if not params.theory.credibility:
        return params.theory.beta_fear * state.principals[p].fear
    half = 0.5 * params.theory.belief_prior
    struck = state.principals[p].struck_belief
    belief = (half + struck) / (2.0 * half + struck + state.tolerated_belief)
    return params.theory.beta_belief * (belief - 0.5)


@rule
def suffer(state: State, params: Params, victim: int, killed: int, cause: int) -> None:
    """A strike: fear in its victim, anger in the victim and, by alliance, in others (odd.md 4, 7.12)."""
    if not params.theory.memory:
        return
    state.principals[victim].fear += 1.0
    state.principals[victim].struck_belief += 1.0
    enrage(state, params, victim, 1.0 + params.restraint.anger_per_killed * killed, cause)


@rule
def enrage(state: State, params: Params, victim: int, anger: float, cause: int) -> None:
    """Anger of a victim and of its allies."""
    for p in range(N):
        share = params.world.alliance[victim * N + p]
        if share > 0.0:
            state.principals[p].anger += share * anger
            state.principals[p].explains = cause


@rule
def bury(state: State, principal: int, killed: int, minute: float, number: int, to_isis: bool) -> None:
    """Count the dead of an event, and remember when the last one died, and in what event the coalition's did."""
    if killed > 0:
        state.principals[principal].died_min = minute
        if (principal == COALITION or principal == Principal.RUSSIA) and not to_isis:
            state.clash_dead_min = minute
        if principal == COALITION:
            state.last_loss_event = number
    state.principals[principal].killed += killed
    state.outcome.killed[principal] += killed


@rule
def lose(state: State, params: Params, i: int, dead: int, by: int, number: int) -> int:
    """Fighters of row i are killed by a principal, no more than it has; of those beside advisers some are coalition."""
    unit = state.units[i]
    dead = min(dead, unit.fighters)
    unit.fighters -= dead
    unit.killed += dead
    ours = 0
    if unit.advised or unit.kind == Kind.GARRISON:
        for k in range(dead):
            ours += chance(state, params.engagement.adviser_share, unit.id, NO_OTHER, Draw.OWN_LOSSES, k)
    to_isis, minute = by == Principal.ISIS, state.now_min
    bury(state, COALITION, ours, minute, number, to_isis)
    bury(state, PARTNER if unit.kind == Kind.GARRISON else unit.principal, dead - ours, minute, number, to_isis)
    return dead
