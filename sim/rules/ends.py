"""The two ends of a run: what is drawn before its first step, and what is summed up after its last."""

from __future__ import annotations

from sim.rules.acts import N
from sim.rules.compiling import kernel
from sim.rules.draws import Clock, Draw
from sim.rules.legs import end_static
from sim.rules.names import Principal
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import exponential, normal
from sim.rules.roster import CLOCKS
from sim.rules.tables import Params, State

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
def close(state: State, params: Params) -> None:
    """Bring the outcome up to date; it may be called at any time, and again."""
    for k in range(state.n_awake):
        end_static(state, state.awake[k], state.now_min)
    state.outcome.bypass_front_km = state.bypass_front_km
    for p in range(N):
        dyad = state.dyads[p]  # with the coalition, whose number is 0
        state.outcome.highest_level[p] = dyad.level
        state.outcome.peak_tension[p] = dyad.peak_tension
