"""Phase 8, responses: a signalled unit goes back, stops, goes on or fires; columns split (odd.md 7.7).

The lead element chooses among four options.  Every other element then goes with those who go on or
with those who stop by Polya's urn, so that the share that goes on is Beta(mu phi, (1 - mu) phi), the
urn's first draw being the lead's.  The part that differs from the lead becomes a row of its own.
"""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, dread, mistaken_share, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.legs import end_static, stop, turn_back
from sim.rules.names import NEVER, OPTIONS, Act, Kind, Mission, Order, Posture, Response, Rung
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, choice, exponential
from sim.rules.roster import ask_for_help, elements, is_column, spare, wake
from sim.rules.tables import Log, Params, State, Unit

RESPONSES = len(Response)


@kernel
def orders(state: State, params: Params, log: Log) -> None:
    """Scripted units do as they were told before the step, before they move."""
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        if unit.order > Order.NONE:
            chosen, rung = unit.order - Order.WITHDRAW, unit.signal
            unit.signal, unit.mediated, unit.order = 0, False, 0
            if chosen == Response.GO_ON and (unit.posture == Posture.HELD or unit.posture == Posture.WITHDRAWING):
                end_static(state, i, state.now_min)
                unit.waypoint += unit.posture == Posture.WITHDRAWING
                unit.posture, unit.due_min = Posture.HALTED, state.now_min  # movement sets it on its way again
            follow(state, params, log, i, chosen, rung)


@kernel
def response(state: State, params: Params, log: Log) -> None:
    """Every signal that has reached a unit is answered."""
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        unit = state.units[i]
        waits = unit.scripted and unit.order != Order.BY_CHANCE  # until it is told what to do about the signal
        if unit.signal > 0 and not is_column(unit):
            clear(state, params, log, i)
        elif unit.signal > 0 and not waits:
            stands = unit.posture == Posture.HELD and unit.signal == Rung.LINE_CALL
            if unit.posture == Posture.WITHDRAWING or stands:  # it has done what a call can ask
                unit.signal, unit.mediated = 0, False
            else:
                respond(state, params, log, i)
        k += 1


@rule
def clear(state: State, params: Params, log: Log, i: int) -> None:
    """Whoever was mistaken for a column and is signalled may be recognised in time."""
    unit = state.units[i]
    unit.signal = 0
    if chance(state, params.sensing.clears, unit.id, NO_OTHER, Draw.CLEARS):
        unit.believed, unit.ordered = unit.principal, Rung.NONE
        unit.explains = record(state, log, Act.RECOGNISED, (i, NOBODY), state.now_min, unit.signal_event)


@rule
def respond(state: State, params: Params, log: Log, i: int) -> None:
    """The lead's choice, the split, and what follows."""
    unit = state.units[i]
    rung = unit.signal
    unit.signal = 0
    mu = going_on(state, params, i, rung)
    chosen = lead_choice(state, params, i, rung, mu)
    if chosen != Response.FIRE and unit.posture != Posture.HELD and unit.kind != Kind.HEZBOLLAH_TEAM:
        split(state, params, log, i, mu, chosen == Response.GO_ON)
    follow(state, params, log, i, chosen, rung)
    if rung > Rung.LINE_CALL and unit.inside and unit.posture != Posture.WITHDRAWING:
        ask_for_help(state, params, i)
    if rung == Rung.SHOW_OF_FORCE and chosen == Response.GO_ON and unit.went_on < 0:
        unit.went_on = elements(unit)
    unit.mediated = False


@rule
def going_on(state: State, params: Params, i: int, rung: int) -> float:
    """Probability mu of going on: a logit in fear, mediation, rung, corridor value and anger."""
    unit, weigh = state.units[i], params.responses
    mood = state.principals[unit.principal]
    logit = math.log(weigh.go_on / (1.0 - weigh.go_on))
    logit -= dread(state, params, unit.principal)
    logit -= params.line.mediation * unit.mediated
    logit -= weigh.rung_weight * (rung - Rung.SHOW_OF_FORCE)
    logit += weigh.value_weight * (state.corridor_value - params.environment.corridor_floor)
    logit += weigh.anger_weight * params.theory.beta_anger * mood.anger
    if unit.mission == Mission.RETALIATE or unit.mission == Mission.MISSILES or unit.mission == Mission.RAID:
        logit += weigh.retaliator_resolve
    return 1.0 / (1.0 + math.exp(-logit))


@rule
def lead_choice(state: State, params: Params, i: int, rung: int, mu: float) -> int:
    """Withdraw, halt, go on or fire; a unit that stands already goes back or stays."""
    unit = state.units[i]
    fire = params.responses.fire
    for _ in range(rung, Rung.STRIKE):
        fire *= params.responses.fire_per_rung
    if rung > Rung.LINE_CALL:  # a low pass may be taken for an attack
        fire += (1.0 - fire) * min(1.0, params.responses.misread * mistaken_share(state, params, unit.principal))
    back = params.responses.withdraw_share
    if unit.posture == Posture.HELD:
        leave = (1.0 - mu) * back
        weights = ((1.0 - fire) * leave, (1.0 - fire) * (1.0 - leave), 0.0, fire, 0.0, 0.0)
    else:
        halt, on = (1.0 - fire) * (1.0 - mu), (1.0 - fire) * mu
        weights = (halt * back, halt * (1.0 - back), on, fire, 0.0, 0.0)
    if chance(state, params.theory.tremble, unit.id, NO_OTHER, Draw.TREMBLE, 2):
        weights = (1.0, 1.0, 0.0 if unit.posture == Posture.HELD else 1.0, 0.0, 0.0, 0.0)
    return choice(state, unit, weights, NO_OTHER, Draw.RESPONSE)


@rule
def follow(state: State, params: Params, log: Log, i: int, chosen: int, rung: int) -> None:
    """The lead does what it chose."""
    unit = state.units[i]
    if rung > 0:  # else nobody asked
        state.outcome.answers[(rung - 1) * RESPONSES + chosen] += 1
    if chosen == Response.WITHDRAW:
        unit.explains = record(state, log, Act.WITHDRAWS, (i, NOBODY), state.now_min, unit.signal_event)
        turn_back(state, params, i, state.now_min)
    elif chosen == Response.HALT:
        unit.explains = record(state, log, Act.HALTS, (i, NOBODY), state.now_min, unit.signal_event)
        stop(state, params, i, state.now_min)
    elif chosen == Response.GO_ON:
        unit.explains = record(state, log, Act.GOES_ON, (i, NOBODY), state.now_min, unit.signal_event)
    else:
        unit.explains = record(state, log, Act.FIRES, (i, NOBODY), state.now_min, unit.signal_event)
        unit.fires = True
        stop(state, params, i, state.now_min)


@rule
def split(state: State, params: Params, log: Log, i: int, mu: float, lead_goes_on: bool) -> None:
    """Elements that do not do as the lead does become a part of their own."""
    unit = state.units[i]
    if elements(unit) < 2 or unit.fighters < 2 or not (0.0 < mu < 1.0):
        return
    part = spare(state, unit.kind, unit.principal)
    if part < 0:
        return
    other = state.units[part]
    before, lead = elements(unit), lead_class(unit)
    phi = params.responses.split_phi
    on = mu * phi + (1.0 if lead_goes_on else 0.0)
    drawn = phi + 1.0
    other.vehicles, on, drawn = leave(state, i, unit.vehicles - (lead == 0), (on, drawn, 0, lead_goes_on))
    other.earth_movers, on, drawn = leave(state, i, unit.earth_movers - (lead == 1), (on, drawn, 100, lead_goes_on))
    other.tanks, on, drawn = leave(state, i, unit.tanks - (lead == 2), (on, drawn, 200, lead_goes_on))
    other.artillery, on, drawn = leave(state, i, unit.artillery - (lead == 3), (on, drawn, 300, lead_goes_on))
    other.anti_aircraft, on, drawn = leave(state, i, unit.anti_aircraft - (lead == 4), (on, drawn, 400, lead_goes_on))
    left = elements(other)
    if left > 0:
        other.fighters = max(1, unit.fighters * left // before)
        unit.fighters -= other.fighters
        unit.vehicles -= other.vehicles
        unit.earth_movers -= other.earth_movers
        unit.tanks -= other.tanks
        unit.artillery -= other.artillery
        unit.anti_aircraft -= other.anti_aircraft
        go_apart(state, params, log, i, part, lead_goes_on)


@rule
def lead_class(unit: Unit) -> int:
    """What leads: a vehicle if there is one, else an earth mover, a tank, a gun, an anti-aircraft weapon."""
    if unit.vehicles > 0:
        return 0
    if unit.earth_movers > 0:
        return 1
    if unit.tanks > 0:
        return 2
    return 3 if unit.artillery > 0 else 4


@rule
def leave(state: State, i: int, count: int, urn: tuple[float, float, int, bool]) -> tuple[int, float, float]:
    """How many of `count` elements part from the lead, and the urn afterwards."""
    on, drawn, sub, lead_goes_on = urn
    apart = 0
    for k in range(count):
        goes_on = chance(state, on / drawn, state.units[i].id, NO_OTHER, Draw.SPLIT, sub + k)
        on += 1.0 if goes_on else 0.0
        drawn += 1.0
        apart += goes_on != lead_goes_on
    return apart, on, drawn


@rule
def go_apart(state: State, params: Params, log: Log, i: int, part: int, lead_goes_on: bool) -> None:
    """The part takes over place, road and history, then stops or goes on."""
    unit, other = state.units[i], state.units[part]
    unit.parted = True
    copy_history(state, i, part)
    wake(state, part)
    who = (part, i)
    if not lead_goes_on:
        other.explains = record(state, log, Act.GOES_ON, who, state.now_min, unit.signal_event)
    elif chance(state, params.responses.withdraw_share, unit.id, NO_OTHER, Draw.STOP):
        other.explains = record(state, log, Act.WITHDRAWS, who, state.now_min, unit.signal_event)
        turn_back(state, params, part, state.now_min)
    else:
        other.explains = record(state, log, Act.HALTS, who, state.now_min, unit.signal_event)
        stop(state, params, part, state.now_min)


@rule
def copy_history(state: State, i: int, part: int) -> None:
    """Where it is, what it was about, and what the coalition knows and did."""
    unit, other = state.units[i], state.units[part]
    state.x_km[part], state.y_km[part] = state.x_km[i], state.y_km[i]
    other.group += 1
    other.posture, other.mission = unit.posture, unit.mission
    other.leg_x0_km, other.leg_y0_km = unit.leg_x0_km, unit.leg_y0_km
    other.leg_x1_km, other.leg_y1_km = unit.leg_x1_km, unit.leg_y1_km
    other.leg_start_min, other.leg_end_min = unit.leg_start_min, unit.leg_end_min
    other.speed_km_h, other.route, other.waypoint = unit.speed_km_h, unit.route, unit.waypoint
    other.goal_km, other.due_min = unit.goal_km, unit.due_min
    other.inside, other.entered_min, other.static_min = unit.inside, unit.entered_min, unit.static_min
    other.entry_struck, other.entry_event, other.call_event = unit.entry_struck, unit.entry_event, unit.call_event
    other.launched, other.entered, other.went_on, other.parted = unit.launched, unit.entered, unit.went_on, unit.parted
    other.believed, other.authority_min, other.enemy = unit.believed, NEVER, NOBODY
    other.in_plight, other.seems_to_attack = False, False
    other.tracked, other.seen_min = unit.tracked, unit.seen_min
    other.sensed = 0.0
    other.sense_budget = exponential(state, 1.0, other.id, NO_OTHER, Draw.DETECTION_BUDGET, 2)
    other.contact, other.help_until_min = unit.contact, unit.help_until_min
    other.rung, other.rung_due_min, other.ordered = unit.rung, unit.rung_due_min, Rung.NONE
    other.flight, other.called_min, other.call_due_min = NOBODY, unit.called_min, NEVER
    other.signals, other.struck_min = unit.signals, unit.struck_min
    other.hostile, other.fires = unit.hostile, False
    other.signal, other.signal_event = 0, unit.signal_event
    other.mediated, other.asked_for_help = False, unit.asked_for_help
    told, kept = unit.decision, other.decision
    kept.minute, kept.draw, kept.other, kept.u, kept.chosen = told.minute, told.draw, told.other, told.u, told.chosen
    for k in range(OPTIONS):
        kept.p[k] = told.p[k]
