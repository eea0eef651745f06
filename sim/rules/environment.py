"""Phase 1, the environment: the clock, the corridor's value, what fades, the road round the ring (odd.md 7.1)."""

from __future__ import annotations

from sim.rules.acts import NOBODY, PRINCIPAL, record, tally
from sim.rules.compiling import kernel, rule
from sim.rules.names import Act, Principal
from sim.rules.outcome import Happening
from sim.rules.roster import from_garrison, is_standing
from sim.rules.tables import Log, Params, State

SUNRISE_H, SUNSET_H = 5.5, 19.5  # al Tanf, late May, local time
DAY_MIN = 1440.0
M2 = 0  # route
AT_THE_RING_KM = 10.0  # from the ring, inside or outside: a unit that stands so near it isolates the garrison


@kernel
def environment(state: State, params: Params, log: Log) -> None:
    """Advance the clock by one step and let time do its work."""
    world = params.world
    state.step += 1
    state.now_min = state.step * params.step_min
    hour = (params.scenario.start_hour + state.now_min / 60.0) % 24.0
    state.is_day = SUNRISE_H <= hour < SUNSET_H
    state.isis_control *= world.isis_kept
    state.raqqa_left *= world.raqqa_kept
    state.defiance *= world.defiance_kept
    state.tolerated_belief *= world.fear_kept
    state.support *= world.fear_kept
    for p in range(Principal.RUSSIA, Principal.ISIS):
        state.principals[p].fear *= world.fear_kept
        state.principals[p].struck_belief *= world.fear_kept
        state.principals[p].anger *= world.anger_kept
    floor, weight = params.environment.corridor_floor, params.environment.raqqa_weight
    growth = 1.0 - (1.0 - weight) * state.isis_control - weight * state.raqqa_left
    state.corridor_value = floor + (1.0 - floor) * growth
    if state.border_reached:
        state.corridor_value *= 1.0 - params.environment.value_lost_at_border
    if not state.line_open and state.now_min >= state.line_restored_min:
        state.line_open = True
        who = (PRINCIPAL + Principal.RUSSIA, NOBODY)
        record(state, log, Act.LINE_RESTORED, who, state.line_restored_min, state.line_event)
    advance_bypass(state, params, log)
    isolate(state, params, log)


@rule
def advance_bypass(state: State, params: Params, log: Log) -> None:
    """The bypass is a front: it creeps on from its first launch until it reaches the border."""
    if state.bypass_event != NOBODY and not state.border_reached:
        state.bypass_front_km += params.command.bypass_km_per_day * params.step_min / DAY_MIN
        if state.bypass_front_km >= params.world.bypass_km:
            state.bypass_front_km = params.world.bypass_km
            state.border_reached = True
            who = (PRINCIPAL + Principal.REGIME, NOBODY)
            record(state, log, Act.BORDER_REACHED, who, state.now_min, state.bypass_event)
            tally(state, Happening.BORDER_REACHED, state.now_min)


@rule
def isolate(state: State, params: Params, log: Log) -> None:
    """The garrison is isolated when the border is reached by the bypass and the highway is held at the ring."""
    if state.isolated or not state.border_reached:
        return
    for k in range(state.n_awake):
        i = state.awake[k]
        at_ring = abs(from_garrison(state, i) - params.roe.zone_radius_km) <= AT_THE_RING_KM
        if is_standing(state.units[i]) and state.units[i].route == M2 and at_ring:
            state.isolated = True
            record(state, log, Act.ISOLATED, (i, NOBODY), state.now_min, state.units[i].explains)
            tally(state, Happening.ISOLATED, state.now_min)
            return
