"""Phase 1, the environment: the clock, the value of the corridor, and what fades (model.md 7.1)."""

from __future__ import annotations

from sim.rules.acts import NOBODY, PRINCIPAL, record
from sim.rules.compiling import kernel
from sim.rules.names import Act, Principal
from sim.rules.tables import Log, Params, State

SUNRISE_H, SUNSET_H = 5.5, 19.5  # al Tanf, late May, local time


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
    for p in range(Principal.RUSSIA, Principal.ISIS):
        state.principals[p].fear *= world.fear_kept
        state.principals[p].anger *= world.anger_kept
    floor, weight = params.environment.corridor_floor, params.environment.raqqa_weight
    growth = 1.0 - (1.0 - weight) * state.isis_control - weight * state.raqqa_left
    state.corridor_value = floor + (1.0 - floor) * growth
    if state.border_reached:
        state.corridor_value *= 1.0 - params.environment.value_lost_at_border
    if not state.line_open and state.now_min >= state.line_restored_min:
        state.line_open = True
        who = (PRINCIPAL + Principal.RUSSIA, NOBODY)
        record(state, log, Act.LINE_RESTORED, who, state.line_restored_min, NOBODY)
