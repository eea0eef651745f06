"""Phase 13, air support: jets for units that are attacked, requests over the line, and what is said to it.

Outside the zone Russia and the regime come without asking.  Inside they ask over the line, unless Russia
gives air cover there; the coalition may consent where the target is not its partner (odd.md 7.5, 7.9).
"""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, PRINCIPAL, display, is_withheld, lose, mistaken_share, note, record, tally
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.force import count_attack, use_force
from sim.rules.legs import break_off, leave_fight, set_back, set_out
from sim.rules.names import GARRISON, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, poisson
from sim.rules.roster import from_garrison, is_column, is_due, is_flying, is_guest_flight, is_raider, spare
from sim.rules.tables import Log, Params, State

RUSSIA, REGIME = int(Principal.RUSSIA), int(Principal.REGIME)
SEARCH_KM = 15.0  # how far from where it was a target is looked for


@kernel
def support(state: State, params: Params, log: Log) -> None:
    """Calls for jets are answered, and jets that have arrived do what they came for."""
    per_day = params.air.regime_sorties_per_day * params.scenario.regime_air_activity
    if is_due(state, params, Clock.REGIME_SORTIE, per_day):
        seek(state, params, log)
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        unit = state.units[i]
        if is_column(unit) and unit.in_plight:
            unit.in_plight = False
            if unit.enemy != NOBODY:
                call_jets(state, params, log, i)
        elif is_guest_flight(unit) and unit.mission == Mission.SUPPORT and unit.posture == Posture.ON_STATION:
            arrive(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else the target was wiped out, and the list moved up
            k += 1


@rule
def seek(state: State, params: Params, log: Log) -> None:
    """Syrian jets go out by themselves against whoever of partner or opposition is outside the zone (C05)."""
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        out = unit.kind == Kind.PARTNER_PATROL and not unit.inside and unit.posture != Posture.WITHDRAWING
        if out and not is_spared(state, params, i):
            send(state, params, log, Principal.REGIME, (NOBODY, i))
            return


@rule
def is_spared(state: State, params: Params, i: int) -> bool:
    """Jets keep off a patrol with coalition personnel, unless they do not know it."""
    unit = state.units[i]
    mistaken = mistaken_share(state, params, REGIME)
    return unit.advised and not chance(state, mistaken, unit.id, NO_OTHER, Draw.MISREAD)


@rule
def call_jets(state: State, params: Params, log: Log, i: int) -> None:
    """Whether jets come to the help of unit i, and whether they may: inside the zone they ask."""
    unit = state.units[i]
    if is_spared(state, params, unit.enemy):
        return
    russian = chance(state, params.air.russian_share, unit.id, NO_OTHER, Draw.WHO)
    p = RUSSIA if russian else REGIME
    thinks_inside = from_garrison(state, i) < params.roe.zone_radius_km * state.principals[p].radius_factor
    if not chance(state, willing(state, params, thinks_inside), unit.id, NO_OTHER, Draw.SUPPORT):
        return
    if thinks_inside and not params.scenario.russian_air_cover and not is_granted(state, params, log, i):
        return
    send(state, params, log, p, (i, unit.enemy))


@rule
def willing(state: State, params: Params, inside: bool) -> float:
    """Logit in the value of the corridor and, inside the zone, in the coalition flights on station."""
    logit = math.log(params.air.support / (1.0 - params.air.support)) if params.air.support < 1.0 else 50.0
    logit += params.air.support_value * (state.corridor_value - params.environment.corridor_floor)
    if inside and not params.scenario.russian_air_cover:
        for k in range(state.n_awake):
            logit -= params.air.support_risk * is_flying(state.units[state.awake[k]])
    return 1.0 / (1.0 + math.exp(-logit))


@rule
def is_granted(state: State, params: Params, log: Log, i: int) -> bool:
    """Russia relays a request to strike; the coalition never consents against its partner."""
    unit = state.units[i]
    heard = state.line_open or chance(state, params.line.through_when_suspended, unit.id, NO_OTHER, Draw.THROUGH)
    asks = params.scenario.line_exists and heard
    if not asks or not chance(state, params.line.request_chance, unit.id, NO_OTHER, Draw.REQUEST):
        return False
    us, them = PRINCIPAL + Principal.COALITION, PRINCIPAL + Principal.RUSSIA
    request = record(state, log, Act.REQUEST, (them, i), state.now_min, unit.explains)
    against_partner = state.units[unit.enemy].principal == Principal.PARTNER
    never = against_partner or not params.scenario.consent
    if never or not chance(state, params.line.consent, unit.id, NO_OTHER, Draw.CONSENT):
        unit.explains = record(state, log, Act.REFUSAL, (us, i), state.now_min, request)
        return False
    unit.explains = record(state, log, Act.CONSENT, (us, i), state.now_min, request)
    tally(state, Happening.REQUEST_GRANTED, state.now_min)
    state.outcome.helped[unit.principal] += 1
    helped = state.principals[unit.principal]
    helped.helped_until_min, helped.helped_event = state.now_min + 60.0 * params.line.helped_hours, unit.explains
    return True


@rule
def send(state: State, params: Params, log: Log, p: int, who: tuple[int, int]) -> None:
    """A pair of jets takes off against a target, for a unit or of its own accord."""
    helped, target = who
    flight = spare(state, Kind.RUSSIAN_FLIGHT if p == Principal.RUSSIA else Kind.REGIME_FLIGHT, p)
    if flight >= 0 and not is_withheld(state, Act.SORTIE, flight):
        set_out(state, flight, Mission.SUPPORT, state.x_km[target], state.y_km[target])
        unit = state.units[flight]
        unit.target = target
        cause = state.units[helped].explains if helped != NOBODY else state.units[target].explains
        unit.explains = record(state, log, Act.SORTIE, (flight, target), state.now_min, cause)
        note(log, unit.explains, float(unit.mission))


@rule
def arrive(state: State, params: Params, log: Log, flight: int) -> None:
    """Over the place: the target is bombed if it is still about."""
    sent = state.units[flight]
    j = sent.target
    unit = state.units[j]
    away = distance(state.x_km[flight], state.y_km[flight], state.x_km[j], state.y_km[j])
    about = is_raider(unit) and (unit.posture == Posture.HELD or unit.posture == Posture.MOVING)
    sent.mission = Mission.ESCORT  # its bombs are dropped, or taken home
    if about and away <= SEARCH_KM and not is_withheld(state, Act.AIR_SUPPORT, flight):
        bomb(state, params, log, flight, j)


@rule
def bomb(state: State, params: Params, log: Log, flight: int, j: int) -> None:
    """Bombs on a raid or patrol, which falls back; whether the coalition answers is another matter."""
    sent, unit = state.units[flight], state.units[j]
    number = record(state, log, Act.AIR_SUPPORT, (flight, j), state.now_min, sent.explains)
    dead = poisson(state, params.air.support_killed, unit.id, sent.id, Draw.AIR_BOMBS)
    note(log, number, float(lose(state, params, j, dead, sent.principal, number)))
    sent.explains = unit.explains = number
    use_force(state, params, flight, j, state.now_min)
    if unit.kind == Kind.ISIS_RAID:
        if unit.enemy != NOBODY:
            tally(state, Happening.ISIS_REPULSED, state.now_min)
    else:
        if unit.advised:
            count_attack(state, params, Happening.ATTACK_BY_AIRCRAFT, state.now_min)
        count(state, params, flight, j)
        answer(state, params, log, flight, j)
    retreat(state, params, log, j)


@rule
def retreat(state: State, params: Params, log: Log, j: int) -> None:
    """Forces hit by jets fall back."""
    unit = state.units[j]
    enemy = unit.enemy
    leave_fight(state, j)
    if enemy != NOBODY and is_raider(state.units[enemy]):
        set_back(state, enemy, state.now_min)  # its prey is gone
    break_off(state, params, log, j)


@rule
def count(state: State, params: Params, flight: int, j: int) -> None:
    """A strike on partner or opposition, by whom and where."""
    unit, minute = state.units[j], state.now_min
    russian = state.units[flight].kind == Kind.RUSSIAN_FLIGHT
    tally(state, Happening.STRIKE_ON_PARTNER, minute)
    if russian:
        tally(state, Happening.STRIKE_ON_PARTNER_BY_RUSSIA, minute)
    else:
        tally(state, Happening.STRIKE_ON_PARTNER_BY_REGIME, minute)
    if unit.inside:
        tally(state, Happening.STRIKE_ON_PARTNER_INSIDE, minute)
    else:
        tally(state, Happening.STRIKE_ON_PARTNER_OUTSIDE, minute)
    asked = False
    for p in range(Principal.REGIME, Principal.ISIS):
        asked = asked or minute <= state.principals[p].helped_until_min
    if russian and unit.inside and not asked:
        tally(state, Happening.RUSSIA_INSIDE_UNASKED, minute)


@rule
def answer(state: State, params: Params, log: Log, flight: int, j: int) -> None:
    """The table of hostile acts, for aircraft: nothing, a protest, or force (odd.md 7.6)."""
    sent, unit = state.units[flight], state.units[j]
    russian = sent.kind == Kind.RUSSIAN_FLIGHT
    us = PRINCIPAL + Principal.COALITION
    outside = not unit.inside and not unit.advised
    if outside and not chance(state, params.roe.answer_outside_air, sent.id, unit.id, Draw.ANSWERED):
        record(state, log, Act.NO_ANSWER, (us, flight), state.now_min, sent.explains)
        return
    tally(state, Happening.STRIKE_ON_PARTNER_ANSWERED, state.now_min)
    sent.explains = record(state, log, Act.PROTEST, (us, flight), state.now_min, sent.explains)
    display(state, params, GARRISON, flight, state.now_min)
    force = params.roe.answer_russian_air if russian else params.roe.answer_regime_air
    if unit.advised and params.roe.answer_own:
        force = params.roe.answer_own_russian if russian else 1.0
    if russian and outside and not params.scenario.russian_air_cover:
        force = 0.0
    if chance(state, force, sent.id, unit.id, Draw.ANSWERED, 1):
        sent.hostile, sent.met = True, 0  # met with weapons in the air phase, if a flight is there
        if not unit.advised:
            sent.explains = record(state, log, Act.AUTHORISED, (us, flight), state.now_min, sent.explains)
