"""What can never happen, looked for in generated scenarios, after every step (odd.md section 10)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sim
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.names import NEVER, Posture
from sim.rules.roster import elements, is_raider
from sim.rules.tables import Event, State, Unit
from sim.run.batch import seeded

pytestmark = pytest.mark.skipif(INTERPRETED, reason="hundreds of scenarios want compiled rules")

MOST_WEAPONS = 3  # of a drone, as declared
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
        "scenario.opposition_groups": st.integers(0, 6),
        "scenario.hezbollah_drones": st.integers(0, 4),
        "scenario.regime_drones": st.integers(0, 4),
        "scenario.isis_raids": st.integers(0, 6),
        "scenario.regime_flights": st.integers(0, 4),
        "scenario.garrison_fighters": st.integers(20, 200),
        "scenario.isis_raiders": st.integers(5, 200),
        "scenario.isis_activity": st.floats(0, 20),
        "scenario.raid_activity": st.floats(0, 4),
        "scenario.drone_activity": st.floats(0, 4),
        "scenario.partner_control": st.floats(0, 5),
        "scenario.russian_air_cover": st.booleans(),
        "scenario.line_exists": st.booleans(),
        "raids.contact_fire_per_h": st.floats(0, 2),
        "raids.kills_per_h": st.floats(0.01, 1),
        "air.regime_sorties_per_day": st.floats(0, 2),
        "roe.drone_policy": st.sampled_from(["ignore", "after_hostile_act", "on_hostile_intent", "on_zone_entry"]),
        "roe.answer_partner_outside": st.floats(0, 1),
        "sensing.misidentified": st.floats(0, 0.1),
        "theory.memory": st.booleans(),
        "theory.credibility": st.booleans(),
        "theory.tremble": st.floats(0, 1),
    }
)


def broken(before: State, state: State) -> str:
    """The first invariant that has been broken since `before`, or nothing."""
    awake = [int(i) for i in state.awake[: state.n_awake]]
    if awake != sorted(set(awake)):
        return "a row is out twice, or out of order"
    units = [(i, before.units[i], state.units[i]) for i in range(state.n_units)]
    found = [f"row {i} {what}" for i, was, unit in units for what in wrong_with(was, unit)]
    found += [f"row {i} is nowhere" for i, _, _ in units if not math.isfinite(state.x_km[i] + state.y_km[i])]
    found += [f"row {i} rests away from its base" for i, _, unit in units if rests_elsewhere(state, i, unit)]
    found += [
        f"row {i} is out while resting, or resting while out"
        for i, _, unit in units
        if (unit.posture in (Posture.RESTING, Posture.DESTROYED)) == (i in awake)
    ]
    found += [f"row {i} {what}" for i, _, unit in units if (what := wrong_in_a_fight(state, i, unit))]
    if min(p.fear for p in state.principals) < 0 or min(d.tension for d in state.dyads) < 0:
        found.append("a feeling is negative")
    return found[0] if found else ""


def wrong_with(was: Unit, unit: Unit) -> list[str]:
    """What one unit cannot have become."""
    parts = (unit.fighters, unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers)
    checks = {
        "was destroyed and came back": was.posture == Posture.DESTROYED and unit.posture != Posture.DESTROYED,
        "has fewer than none of something": min(parts) < 0,
        "has dead that came back": unit.killed < was.killed,
    }
    return [what for what, is_so in checks.items() if is_so]


def wrong_in_a_fight(state: State, i: int, unit: Unit) -> str:
    """What two that fight, or one that does not, cannot be."""
    if unit.enemy >= 0 and unit.posture in (Posture.RESTING, Posture.DESTROYED):
        return "fights though it is not there"
    if unit.enemy > 0 and unit.enemy != i and state.units[unit.enemy].enemy != i:  # many may attack the garrison
        return "fights somebody who does not fight it"
    if is_raider(unit) and unit.posture == Posture.HELD and unit.enemy < 0 and unit.due_min >= NEVER:
        return "stands for ever without an enemy"
    if unit.posture != Posture.RESTING and unit.released + unit.weapons > MOST_WEAPONS:
        return "dropped more than it carried"
    return ""


def rests_elsewhere(state: State, i: int, unit: Unit) -> bool:
    """Ready means at base."""
    away = math.hypot(state.x_km[i] - unit.base_x_km, state.y_km[i] - unit.base_y_km)
    return unit.posture == Posture.RESTING and away > 1e-6


# Without shrinking: a scenario that breaks an invariant is small enough to read.
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(SCENARIOS, st.integers(0, 2**64 - 1))
def test_no_scenario_breaks_an_invariant(settings_: dict, seed: int) -> None:
    """If this failed, the dead would walk, men would be negative, or units would be in two states at once."""
    overrides = [f"{key}={str(value).lower()}" for key, value in settings_.items()]
    scenario = sim.load("scenario.horizon_days=5", *overrides)
    state = seeded(scenario.state, seed, 0)
    log = np.zeros(8192, Event.dtype_)
    while state.step < scenario.steps:
        before = np.array([state], State.dtype_)[0]
        rule_book.run(state, scenario.params, log, min(24, scenario.steps - int(state.step)))
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
    state.units[6].enemy, state.units[6].posture = 9, Posture.HELD
    assert "does not fight it" in wrong_in_a_fight(state, 6, state.units[6])
    state.units[6].enemy, state.units[6].due_min = -1, NEVER
    assert "for ever" in wrong_in_a_fight(state, 6, state.units[6])
    state = seeded(scenario.state, 0, 0)
    state.x_km[10] = math.nan
    assert "nowhere" in broken(before, state)
    assert elements(state.units[10]) == 0
