"""The order of the phases, written once, and a run from its beginning to its end."""

from __future__ import annotations

from sim.rules.acts import N
from sim.rules.air import air
from sim.rules.command import command
from sim.rules.compiling import kernel
from sim.rules.engagement import engagement
from sim.rules.environment import environment
from sim.rules.escalation import escalation
from sim.rules.line import line
from sim.rules.movement import movement
from sim.rules.names import Draw, Principal
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential
from sim.rules.response import orders, response
from sim.rules.roe import roe
from sim.rules.roster import end_static
from sim.rules.sensing import sensing
from sim.rules.tables import Log, Params, State


@kernel
def begin(state: State, params: Params) -> None:
    """Draw the first waiting times of a run."""
    for p in range(Principal.REGIME, Principal.ISIS):
        mood = state.principals[p]
        mood.launch_budget = exponential(state, 1.0, p, NO_OTHER, Draw.LAUNCH_BUDGET)
        mood.retaliation_budget = exponential(state, 1.0, p, NO_OTHER, Draw.RETALIATION_BUDGET)
        mood.threat_budget = exponential(state, 1.0, p, NO_OTHER, Draw.THREAT_BUDGET)
    state.patrol_budget = exponential(state, 1.0, Principal.PARTNER, NO_OTHER, Draw.PATROL_BUDGET)
    state.sortie_budget = exponential(state, 1.0, Principal.RUSSIA, NO_OTHER, Draw.SORTIE_BUDGET)


@kernel
def step(state: State, params: Params, log: Log) -> None:
    """One step of the world."""
    environment(state, params, log)
    command(state, params, log)
    orders(state, params, log)
    movement(state, params, log)
    sensing(state, params, log)
    line(state, params, log)
    roe(state, params, log)
    response(state, params, log)
    engagement(state, params, log)
    air(state, params, log)
    escalation(state, params, log)


@kernel
def close(state: State, params: Params) -> None:
    """Bring the outcome up to date; it may be called at any time, and again."""
    for k in range(state.n_awake):
        end_static(state, state.awake[k], state.now_min)
    state.outcome.bypass_front_km = state.bypass_front_km
    for p in range(N):
        dyad = state.dyads[p]  # with the coalition, whose number is 0
        state.outcome.highest_level[p] = dyad.level
        state.outcome.peak_tension[p] = dyad.peak_tension


@kernel
def run(state: State, params: Params, log: Log, steps: int) -> None:
    """A whole run, or a part of one."""
    if state.step == 0:
        begin(state, params)
    for _ in range(steps):
        step(state, params, log)
    close(state, params)
