"""The order of the phases, written once, and a run made of steps."""

from __future__ import annotations

from sim.rules.air import air
from sim.rules.attacks import attacks
from sim.rules.combat import combat
from sim.rules.command import command
from sim.rules.compiling import kernel, rule
from sim.rules.contact import contact
from sim.rules.drones import drones
from sim.rules.ends import begin, close
from sim.rules.engagement import engagement
from sim.rules.environment import environment
from sim.rules.escalation import escalation
from sim.rules.line import line
from sim.rules.movement import movement
from sim.rules.raids import raids
from sim.rules.response import orders, response
from sim.rules.roe import roe
from sim.rules.sensing import sensing
from sim.rules.support import support
from sim.rules.tables import Log, Params, State


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
    contact(state, params, log)
    support(state, params, log)
    air(state, params, log)
    drones(state, params, log)
    escalation(state, params, log)


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
