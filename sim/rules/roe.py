"""Phase 7, rules of engagement: the ladder (docs/odd.md 7.6).

With the first key alone (`sim/rules/keys.py`) the coalition calls, warns and watches.  With both it
climbs: line call, show of force, warning shots, strike, a window of time after each.
"""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, PRINCIPAL, RUNG, is_withheld, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.keys import inner_gap_km, is_denied, is_fair_game, key_turns, seems_pro_regime
from sim.rules.legs import set_leg
from sim.rules.names import NEVER, Act, Kind, Posture, Principal, Rung, Skip
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, choice, lognormal
from sim.rules.roster import by_bounds, from_garrison, is_closing, is_column, is_watched
from sim.rules.tables import Log, Params, State

STRIKE, NO_RUNG = int(Rung.STRIKE), int(Rung.NONE)  # as numbers, where a rule returns now one, now a number


@kernel
def roe(state: State, params: Params, log: Log) -> None:
    """Decide on everybody who is tracked."""
    harden(state, params, log)
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        leaving = unit.posture == Posture.WITHDRAWING and not unit.hostile
        if is_watched(unit) and unit.tracked and not leaving:
            expose(state, params, i)
            consider(state, params, log, i)


@rule
def harden(state: State, params: Params, log: Log) -> None:
    """After own dead intent is judged hostile sooner, for a time."""
    since = state.now_min - state.principals[Principal.COALITION].died_min
    hardened = since < 1440.0 * params.roe.hardening_days
    if hardened and not state.hardened:
        who = (PRINCIPAL + Principal.COALITION, NOBODY)
        record(state, log, Act.HARDENED, who, state.now_min, state.last_loss_event)
    state.hardened = hardened


@rule
def expose(state: State, params: Params, i: int) -> None:
    """Hours that tracked columns spend inside, standing or doing something."""
    unit = state.units[i]
    if is_column(unit) and unit.inside:
        if unit.posture == Posture.HELD:
            state.outcome.static_h += params.step_min / 60.0
        else:
            state.outcome.active_h += params.step_min / 60.0


@rule
def consider(state: State, params: Params, log: Log, i: int) -> None:
    """Which keys are turned, and what follows."""
    unit = state.units[i]
    if unit.hostile or is_fair_game(params, unit):
        climb(state, params, log, i)
    elif unit.kind == Kind.PRO_REGIME_DRONE or not seems_pro_regime(unit):
        unit.ordered = Rung.NONE
    elif not unit.inside and not is_denied(params, unit):
        near = from_garrison(state, i) < params.roe.zone_radius_km + params.roe.approach_km
        if near and is_closing(unit) and params.roe.zone_radius_km > 0.0:
            call(state, params, log, i, NEVER)
    elif key_turns(state, params, i):
        if state.now_min >= unit.rung_due_min or cannot_wait(state, params, i):
            climb(state, params, log, i)
    else:
        unit.ordered = Rung.NONE
        call(state, params, log, i, 60.0 * params.roe.repeat_call_hours)
        if unit.posture == Posture.HELD and is_column(unit):
            tolerate(state, params, log, i)


@rule
def call(state: State, params: Params, log: Log, i: int, again_min: float) -> None:
    """Call Russia about a unit, once an episode and then every `again_min`."""
    unit = state.units[i]
    if not may_take(state, params, i, Rung.LINE_CALL) or unit.call_due_min < NEVER:
        return
    if unit.called_min > -NEVER and state.now_min - unit.called_min < again_min:
        return
    unit.called_min = state.now_min
    median, spread = params.line.latency_min, params.line.latency_sd
    unit.call_due_min = state.now_min + lognormal(state, median, spread, unit.id, NO_OTHER, Draw.LATENCY)
    who = (PRINCIPAL + Principal.COALITION, i)
    unit.call_event = record(state, log, Act.LINE_CALL, who, state.now_min, unit.explains)
    unit.explains = unit.call_event
    mark(state, params, i, Rung.LINE_CALL, state.now_min)


@rule
def mark(state: State, params: Params, i: int, rung: int, minute: float) -> None:
    """A rung has been used: count it, and set the clock for the next one."""
    unit = state.units[i]
    state.outcome.signals[rung - 1] += 1
    unit.signals |= 1 << rung
    unit.ordered = Rung.NONE
    if rung >= unit.rung:
        unit.rung = rung
        wait = lognormal(state, window_min(params, rung), params.roe.window_sd, unit.id, NO_OTHER, Draw.WINDOW, rung)
        unit.rung_due_min = minute + wait


@rule
def window_min(params: Params, rung: int) -> float:
    """Median time that a rung is given to work."""
    if rung <= Rung.LINE_CALL:
        return params.roe.call_window_min
    if rung == Rung.SHOW_OF_FORCE:
        return params.roe.show_window_min
    return params.roe.shots_window_min


@rule
def climb(state: State, params: Params, log: Log, i: int) -> None:
    """Take the next rung, or wait for a flight that can."""
    unit = state.units[i]
    if unit.flight != NOBODY:
        return
    flight = free_flight(state)
    if unit.hostile or is_fair_game(params, unit):
        unit.ordered = NO_RUNG if is_withheld(state, RUNG + STRIKE, i) else STRIKE
    elif unit.ordered == Rung.NONE:
        calls_first = unit.rung == Rung.NONE and may_take(state, params, i, Rung.LINE_CALL)
        if flight == NOBODY and not calls_first:
            return  # decide when a flight is there: a decision drawn again each step would not be one
        unit.ordered = next_rung(state, params, i)
    if unit.ordered == Rung.LINE_CALL:
        call(state, params, log, i, 0.0)
    elif unit.ordered != Rung.NONE and flight != NOBODY and has_authority(state, params, log, i):
        order(state, params, flight, i)


@rule
def has_authority(state: State, params: Params, log: Log, i: int) -> bool:
    """Force may need to be allowed off-site: always under some rules, or where the law asks for it."""
    unit = state.units[i]
    if unit.ordered == Rung.STRIKE and not unit.hostile and params.roe.approval_min > 0.0:
        if unit.authority_min >= NEVER:
            wait = lognormal(state, params.roe.approval_min, params.roe.window_sd, unit.id, NO_OTHER, Draw.APPROVAL)
            unit.authority_min = state.now_min + wait
    if unit.authority_min >= NEVER:
        return True
    if state.now_min < unit.authority_min:
        return False
    unit.explains = record(
        state, log, Act.AUTHORISED, (PRINCIPAL + Principal.COALITION, i), unit.authority_min, unit.explains
    )
    unit.authority_min = NEVER
    return True


@rule
def next_rung(state: State, params: Params, i: int) -> int:
    """The next rung that is allowed and not left out; Rung.NONE where the ladder ends."""
    unit = state.units[i]
    may_strike = may_take(state, params, i, Rung.STRIKE)
    if unit.hostile:
        return STRIKE
    if chance(state, params.theory.tremble, unit.id, NO_OTHER, Draw.TREMBLE, 1):
        return any_rung(state, params, i)
    for rung in range(unit.rung + 1, Rung.STRIKE):
        if may_take(state, params, i, rung) and not (may_strike and is_skipped(state, params, i, rung)):
            return rung
    return STRIKE if may_strike else NO_RUNG


@rule
def any_rung(state: State, params: Params, i: int) -> int:
    """One of the rungs that the rules have, each as likely; Rung.NONE where they have none."""
    weights = (
        0.0,
        float(may_take(state, params, i, Rung.LINE_CALL)),
        float(may_take(state, params, i, Rung.SHOW_OF_FORCE)),
        float(may_take(state, params, i, Rung.WARNING_SHOTS)),
        float(may_take(state, params, i, Rung.STRIKE)),
        0.0,
    )
    if weights == (0.0, 0.0, 0.0, 0.0, 0.0, 0.0):
        return NO_RUNG
    return choice(state, state.units[i], weights, NO_OTHER, Draw.ANY_OPTION)


@rule
def may_take(state: State, params: Params, i: int, rung: int) -> bool:
    """The rules of engagement have this rung, and no experiment keeps it from this unit."""
    return is_allowed(params, rung) and not is_withheld(state, RUNG + rung, i)


@rule
def is_allowed(params: Params, rung: int) -> bool:
    """The rules of engagement have this rung, against a unit that has not fired."""
    if rung == Rung.LINE_CALL:
        return params.roe.line_call and params.scenario.line_exists
    if rung == Rung.SHOW_OF_FORCE:
        return params.roe.show_of_force
    if rung == Rung.WARNING_SHOTS:
        return params.roe.warning_shots
    return params.roe.strike_on_intent


@rule
def is_skipped(state: State, params: Params, i: int, rung: int) -> bool:
    """Urgency, impatience or standing leaflets leave a rung out."""
    unit = state.units[i]
    if params.roe.skip_for_urgency:
        if is_urgent(state, params, i, window_min(params, rung)):
            state.outcome.skipped[Skip.URGENCY] += 1
            return True
    if chance(state, 1.0 - math.exp(-params.roe.impatience * state.defiance), unit.id, NO_OTHER, Draw.SKIP, rung):
        state.outcome.skipped[Skip.IMPATIENCE] += 1
        return True
    if state.leaflets and chance(state, params.roe.leaflet_skip, unit.id, NO_OTHER, Draw.SKIP, rung + 8):
        state.outcome.skipped[Skip.LEAFLETS] += 1
        return True
    return False


@rule
def cannot_wait(state: State, params: Params, i: int) -> bool:
    """Not even the shortest window is left: the one that runs is cut short."""
    return params.roe.skip_for_urgency and is_urgent(state, params, i, params.roe.shots_window_min)


@rule
def is_urgent(state: State, params: Params, i: int, window: float) -> bool:
    """A column would be at the inner line before a window has run and a flight has come."""
    unit = state.units[i]
    in_time = minutes_to_inner_line(state, params, i) >= window + params.roe.flight_delay_min
    return is_column(unit) and is_closing(unit) and not in_time


@rule
def minutes_to_inner_line(state: State, params: Params, i: int) -> float:
    """At the pace it keeps; an advance by bounds moves a part of the time."""
    unit = state.units[i]
    pace = unit.speed_km_h
    if by_bounds(unit):
        pace *= params.command.moving_share
    return 60.0 * inner_gap_km(params, from_garrison(state, i)) / pace


@rule
def free_flight(state: State) -> int:
    """The first coalition flight on station with nothing to do, or NOBODY."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        if unit.kind == Kind.STRIKE_FLIGHT and unit.posture == Posture.ON_STATION:
            return state.awake[k]
    return NOBODY


@rule
def order(state: State, params: Params, flight: int, i: int) -> None:
    """Send a flight to use the rung that was decided on; a clock that ran out within the step counts from then."""
    unit, sent = state.units[i], state.units[flight]
    due = unit.rung_due_min
    ordered = due if state.now_min - params.step_min < due <= state.now_min else state.now_min
    unit.flight = flight
    sent.posture, sent.task, sent.target, sent.explains = Posture.TASKED, unit.ordered, i, unit.explains
    if unit.rung <= Rung.LINE_CALL and unit.call_event < unit.entry_event and not unit.hostile:
        sent.explains = unit.entry_event  # it was called about outside, and is met because it came in
    set_leg(state, flight, state.x_km[i], state.y_km[i], ordered, ordered + params.roe.flight_delay_min)


@rule
def tolerate(state: State, params: Params, log: Log, i: int) -> None:
    """A static presence is watched; when it has lasted, leaflets are dropped."""
    state.tolerated_min += params.step_min
    if not params.theory.memory:
        return
    state.tolerated_belief += params.step_min / 1440.0
    if not state.leaflets and state.tolerated_min >= 60.0 * params.roe.leaflets_after_hours:
        state.leaflets = True
        for p in range(Principal.RUSSIA, Principal.ISIS):
            state.principals[p].radius_factor = 1.0  # now everybody knows where the ring is
        who = (PRINCIPAL + Principal.COALITION, i)
        number = record(state, log, Act.LEAFLETS, who, state.now_min, state.units[i].explains)
        note(log, number, state.tolerated_min / 60.0)
