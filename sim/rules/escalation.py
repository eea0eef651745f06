"""Phase 10, escalation: restraint, public threats and retaliation (model.md 7.12)."""

from __future__ import annotations

import math

from sim.rules.acts import PRINCIPAL, US_HEZBOLLAH, record, tally, threaten
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.names import Act, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential
from sim.rules.tables import Log, Params, State

RETALIATOR = Principal.HEZBOLLAH


@kernel
def escalation(state: State, params: Params, log: Log) -> None:
    """Anger works on restraint: a threat at half the red line, retaliation beyond it."""
    warn_in_public(state, params, log)
    mood = state.principals[RETALIATOR]
    mood.retaliation_hazard += retaliations_per_min(state, params) * params.step_min
    if mood.retaliation_hazard >= mood.retaliation_budget:
        mood.retaliation_hazard -= mood.retaliation_budget
        mood.retaliation_budget = exponential(state, 1.0, RETALIATOR, NO_OTHER, Draw.RETALIATION_BUDGET)
        mood.retaliates = True  # command sends a team in the next step


@rule
def retaliations_per_min(state: State, params: Params) -> float:
    """Logistic in anger round the red line; fear holds back, a public threat binds; one team at a time."""
    mood = state.principals[RETALIATOR]
    if is_retaliating(state):
        return 0.0
    over = params.restraint.steepness * (mood.anger - params.restraint.red_line)
    rate = params.restraint.retaliation_per_day * params.scenario.ground_activity / (1.0 + math.exp(-over))
    rate *= math.exp(-params.theory.beta_fear * mood.fear)
    if state.now_min < mood.threat_until_min:
        rate *= params.restraint.audience_cost
    return rate / 1440.0


@rule
def is_retaliating(state: State) -> bool:
    """A team is on its way already."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        done = unit.posture == Posture.HELD or unit.posture == Posture.WITHDRAWING
        if unit.mission == Mission.RETALIATE and not done:
            return True
    return False


@rule
def warn_in_public(state: State, params: Params, log: Log) -> None:
    """While anger stands above half the red line and no threat does, one may be made."""
    mood = state.principals[RETALIATOR]
    if mood.anger < 0.5 * params.restraint.red_line or state.now_min < mood.threat_until_min:
        return
    mood.threat_hazard += params.restraint.threat_per_day / 1440.0 * params.step_min
    if mood.threat_hazard >= mood.threat_budget:
        mood.threat_hazard = 0.0
        mood.threat_budget = exponential(state, 1.0, RETALIATOR, NO_OTHER, Draw.THREAT_BUDGET)
        mood.threat_until_min = state.now_min + 1440.0 * params.restraint.threat_days
        who = (PRINCIPAL + RETALIATOR, PRINCIPAL + Principal.COALITION)
        mood.explains = record(state, log, Act.THREAT, who, state.now_min, mood.explains)
        threaten(state, params, US_HEZBOLLAH, state.now_min)
        tally(state, Happening.HEZBOLLAH_THREAT, state.now_min)
