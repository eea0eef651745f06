"""What can never happen, looked for in generated scenarios, after every step (model.md section 10)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.roster import elements
from sim.rules.tables import Event, Posture, State
from sim.run.batch import seeded

pytestmark = pytest.mark.skipif(INTERPRETED, reason="hundreds of scenarios want compiled rules")

SCENARIOS = st.fixed_dictionaries(
    {
        "step_min": st.sampled_from([1, 5, 15]),
        "roe.zone_radius_km": st.floats(0, 100),
        "roe.inner_line_km": st.floats(0, 60),
        "roe.threshold": st.floats(0.1, 5),
        "roe.impatience": st.floats(0, 3),
        "roe.line_call": st.booleans(),
        "roe.show_of_force": st.booleans(),
        "roe.warning_shots": st.booleans(),
        "roe.strike_on_intent": st.booleans(),
        "scenario.ground_activity": st.floats(0, 4),
        "scenario.russian_activity": st.floats(0, 4),
        "scenario.strike_flights": st.integers(0, 6),
        "scenario.militia_convoys": st.integers(0, 30),
        "scenario.hezbollah_teams": st.integers(0, 10),
        "scenario.line_open": st.booleans(),
        "responses.fire": st.floats(0, 0.5),
        "responses.go_on": st.floats(0.01, 0.99),
        "responses.split_phi": st.floats(0.5, 20),
        "air.weapons": st.floats(1e-4, 1e-2),
        "air.sorties_per_day": st.floats(0, 4),
        "air.unsafe": st.floats(0, 1),
        "engagement.killed_per_bomb": st.floats(1, 5),
        "command.moving_share": st.floats(0.05, 1),
        "restraint.retaliation_per_day": st.floats(0, 4),
    }
)


def broken(before: State, state: State) -> str:
    """The first invariant that one step has broken, or nothing."""
    n = int(state.n_units)
    awake = [int(i) for i in state.awake[: state.n_awake]]
    if awake != sorted(set(awake)):
        return "a row is out twice, or out of order"
    if not (np.isfinite(state.x_km[:n]).all() and np.isfinite(state.y_km[:n]).all()):
        return "somebody is nowhere"
    for i in range(n):
        unit, was = state.units[i], before.units[i]
        if was.posture == Posture.DESTROYED and unit.posture != Posture.DESTROYED:
            return f"row {i} was destroyed and came back"
        if min(unit.fighters, unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers) < 0:
            return f"row {i} has fewer than none of something"
        if unit.killed < was.killed:
            return f"the dead of row {i} came back"
        if unit.posture == Posture.RESTING and (state.x_km[i], state.y_km[i]) != (unit.base_x_km, unit.base_y_km):
            if math.hypot(state.x_km[i] - unit.base_x_km, state.y_km[i] - unit.base_y_km) > 1e-6:
                return f"row {i} rests away from its base"
        if (unit.posture in (Posture.RESTING, Posture.DESTROYED)) == (i in awake):
            return f"row {i} is out while resting, or resting while out"
        if unit.posture == Posture.TASKED and state.units[unit.target].flight not in (i, -1):
            return f"flight {i} and its target disagree"
    if min(p.fear for p in state.principals) < 0 or min(d.tension for d in state.dyads) < 0:
        return "a feeling is negative"
    return ""


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(SCENARIOS, st.integers(0, 2**64 - 1))
def test_no_scenario_breaks_an_invariant(settings_: dict, seed: int) -> None:
    """If this failed, the dead would walk, men would be negative, or units would be in two states at once."""
    overrides = [f"{key}={str(value).lower()}" for key, value in settings_.items()]
    scenario = sim.load("scenario.horizon_days=5", *overrides)
    state = seeded(scenario.state, seed, 0)
    log = np.zeros(8192, Event.dtype_)
    while state.step < scenario.steps:
        before = np.array([state], State.dtype_)[0]
        rule_book.run(state, scenario.params, log, min(12, scenario.steps - int(state.step)))
        assert not (what := broken(before, state)), what
    events = log[: min(state.n_events, len(log))]
    assert np.isfinite(events["minute"]).all()
    assert (events["cause"] < np.arange(len(events))).all()
    assert (events["minute"] >= 0).all()
    assert (events["minute"] <= state.now_min + 1e-9).all()


def test_the_check_of_invariants_can_fail() -> None:
    """If this failed, the search above would find nothing because it looks for nothing."""
    scenario = sim.load()
    before = seeded(scenario.state, 0, 0)
    assert broken(before, before) == ""
    state = seeded(scenario.state, 0, 0)
    state.units[10].fighters = -1
    assert "fewer than none" in broken(before, state)
    destroyed = seeded(scenario.state, 0, 0)
    destroyed.units[10].posture = Posture.DESTROYED
    assert "came back" in broken(destroyed, before)
    state = seeded(scenario.state, 0, 0)
    state.x_km[10] = math.nan
    assert "nowhere" in broken(before, state)
    assert elements(state.units[10]) == 0
