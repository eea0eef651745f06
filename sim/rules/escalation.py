"""Phase 16, escalation: restraint, public threats and retaliation (odd.md 7.12)."""

from __future__ import annotations

import math

from sim.rules.acts import PRINCIPAL, STRONGEST, US_HEZBOLLAH, dread, is_withheld, record, strain, tally, threaten
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.force import MID_FORCE, count_attack
from sim.rules.names import GARRISON, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance
from sim.rules.roster import is_due
from sim.rules.tables import Log, Params, State

RETALIATOR = Principal.HEZBOLLAH


@kernel
def escalation(state: State, params: Params, log: Log) -> None:
    """Anger works on restraint: a threat at half the red line, retaliation beyond it."""
    warn_in_public(state, params, log)
    if is_due(state, params, Clock.RETALIATION, retaliations_per_day(state, params)):
        mood = state.principals[RETALIATOR]
        mission = pick_kind(state, params)
        if mission == Mission.NONE:
            strike_elsewhere(state, params, log)
        else:
            mood.retaliates = mission  # sent in the next step


@rule
def retaliations_per_day(state: State, params: Params) -> float:
    """Logistic in anger round the red line; fear holds back, a public threat binds; one team at a time."""
    mood = state.principals[RETALIATOR]
    if is_retaliating(state) or not params.world.can_retaliate:
        return 0.0
    over = params.restraint.steepness * (mood.anger - params.restraint.red_line)
    rate = params.restraint.retaliation_per_day / (1.0 + math.exp(max(-STRONGEST, -over)))
    rate *= math.exp(-dread(state, params, RETALIATOR))
    if state.now_min < mood.threat_until_min:
        rate *= params.restraint.audience_cost
    if not params.theory.memory:
        rate = 0.0
    return (rate + params.theory.constant_attacks_per_day) * params.scenario.ground_activity


@rule
def pick_kind(state: State, params: Params) -> int:
    """A drone, rockets, missiles or an assault; Mission.NONE for a coalition position off the map."""
    kinds = params.restraint
    left = kinds.drone_share + kinds.rocket_share + kinds.missile_share + kinds.assault_share + kinds.off_map_share
    if takes(state, kinds.drone_share, left, 0):
        return Mission.DRONE_ATTACK
    left -= kinds.drone_share
    if takes(state, kinds.rocket_share, left, 1):
        return Mission.RETALIATE
    left -= kinds.rocket_share
    if takes(state, kinds.missile_share, left, 2):
        return Mission.MISSILES
    left -= kinds.missile_share
    return Mission.RAID if takes(state, kinds.assault_share, left, 3) else Mission.NONE


@rule
def takes(state: State, share: float, left: float, sub: int) -> bool:
    """Whether it is this one of the kinds that are left."""
    return left > 0.0 and chance(state, share / left, RETALIATOR, NO_OTHER, Draw.KIND_OF_ATTACK, sub)


@rule
def strike_elsewhere(state: State, params: Params, log: Log) -> None:
    """A coalition position off the map is attacked: an event, and nothing more is known of it."""
    mood = state.principals[RETALIATOR]
    who = (PRINCIPAL + RETALIATOR, GARRISON)
    if is_withheld(state, Act.OFF_MAP_ATTACK, who[0]):
        return
    record(state, log, Act.OFF_MAP_ATTACK, who, state.now_min, mood.explains)
    strain(state, params, US_HEZBOLLAH, params.escalation.force_severity, state.now_min)
    state.dyads[US_HEZBOLLAH].level = MID_FORCE
    count_attack(state, params, Happening.ATTACK_OFF_MAP, state.now_min)


@rule
def is_retaliating(state: State) -> bool:
    """A team is on its way already."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        done = unit.posture == Posture.HELD or unit.posture == Posture.WITHDRAWING or unit.posture == Posture.RETURNING
        strikes_back = unit.mission == Mission.RETALIATE or unit.mission == Mission.MISSILES
        strikes_back = strikes_back or unit.mission == Mission.DRONE_ATTACK
        assaults = unit.kind == Kind.HEZBOLLAH_TEAM and unit.mission == Mission.RAID
        if (strikes_back or assaults) and not done:
            return True
    return False


@rule
def warn_in_public(state: State, params: Params, log: Log) -> None:
    """While anger stands above half the red line and no threat does, one may be made; some are made at any time."""
    mood = state.principals[RETALIATOR]
    if state.now_min < mood.threat_until_min or not params.world.can_retaliate:
        return
    provoked = mood.anger >= 0.5 * params.restraint.red_line and params.theory.memory
    rate = params.restraint.threat_per_day if provoked else 0.0
    due = is_due(state, params, Clock.THREAT, rate + params.theory.constant_threats_per_day)
    if due and not is_withheld(state, Act.THREAT, PRINCIPAL + RETALIATOR):
        mood.threat_until_min = state.now_min + 1440.0 * params.restraint.threat_days
        who = (PRINCIPAL + RETALIATOR, PRINCIPAL + Principal.COALITION)
        mood.explains = record(state, log, Act.THREAT, who, state.now_min, mood.explains)
        threaten(state, params, US_HEZBOLLAH, state.now_min)
        tally(state, Happening.HEZBOLLAH_THREAT, state.now_min)
