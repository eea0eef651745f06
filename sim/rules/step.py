"""The order of the phases, written once, and a run from its beginning to its end."""

from __future__ import annotations

from sim.rules.acts import N
from sim.rules.air import air
from sim.rules.attacks import attacks
from sim.rules.combat import combat
from sim.rules.command import command
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.drones import drones
from sim.rules.engagement import engagement
from sim.rules.environment import environment
from sim.rules.escalation import escalation
from sim.rules.legs import end_static
from sim.rules.line import line
from sim.rules.movement import movement
from sim.rules.names import Principal
from sim.rules.raids import raids
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential, normal
from sim.rules.response import orders, response
from sim.rules.roe import roe
from sim.rules.roster import CLOCKS
from sim.rules.sensing import sensing
from sim.rules.support import support
from sim.rules.tables import Log, Params, State

ALL_CLOCKS = len(Clock)


@kernel
def begin(state: State, params: Params) -> None:
    """Draw the first waiting times of a run, and where each side takes the ring to be."""
    for clock in range(ALL_CLOCKS):
        state.budget[clock] = exponential(state, 1.0, CLOCKS + clock, NO_OTHER, Draw.CLOCK)
    for p in range(Principal.RUSSIA, Principal.ISIS):
        error = 0.0 if state.leaflets else params.command.ring_error * normal(state, p, NO_OTHER, Draw.RADIUS)
        state.principals[p].radius_factor = max(0.0, 1.0 + error)


@kernel
def step(state: State, params: Params, log: Log) -> None:
    """One step of the world."""
    environment(state, params, log)
    command(state, params, log)
    raids(state, params, log)
    orders(state, params, log)
    movement(state, params, log)
    sensing(state, params, log)
    line(state, params, log)
    roe(state, params, log)
    response(state, params, log)
    engagement(state, params, log)
    attacks(state, params, log)
    combat(state, params, log)
    support(state, params, log)
    air(state, params, log)
    drones(state, params, log)
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


@rule
def is_over(state: State, params: Params) -> bool:
    """An outcome has happened that ends a run, where one was asked for."""
    last = params.world.stops_after
    return last >= 0 and state.outcome.happenings[last].happened


@kernel
def run(state: State, params: Params, log: Log, steps: int) -> None:
    """A whole run, or a part of one."""
    if state.step == 0:
        begin(state, params)
    for _ in range(steps):
        if is_over(state, params):
            state.step += 1  # time is counted, and nothing happens any more
        else:
            step(state, params, log)
    close(state, params)
