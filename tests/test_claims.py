"""What the model must show in two thousand runs, and what must be impossible."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import sim
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Kind, Posture
from sim.rules.tables import Event, State
from sim.run.batch import no_log, seeded
from sim.run.columns import COLUMNS

pytestmark = pytest.mark.skipif(INTERPRETED, reason="two thousand runs want compiled rules")
RUNS, SEED = 2000, 2017
HOSTILE_ACTS = (Act.FIRES, Act.ROCKETS, Act.MISSILES, Act.CONTACT, Act.MISTAKEN)
NO_HOSTILE_ACT = (
    "responses.fire=0", "restraint.retaliation_per_day=0", "sensing.misidentified=0", "raids.contact_fire_per_h=0",
)  # fmt: skip


@cache
def outcomes(*overrides: str, runs: int = RUNS) -> np.ndarray:
    """Outcomes of many runs, computed once for all tests that want them."""
    return sim.replicate(sim.load(*overrides), replications=runs, seed=SEED)


def clash_counts(rows: np.ndarray) -> dict[str, int]:
    """Total count of everything that happened, by column."""
    return {name: int(rows[name].sum()) for name in COLUMNS if name.endswith("_count")}


OCCURRING = [
    "entries", "signals_line_call", "signals_show_of_force", "signals_warning_shots", "signals_strike",
    *(f"answers_{rung}_{answer}" for rung in ("line_call", "show_of_force", "warning_shots", "strike")
      for answer in ("withdraw", "halt", "go_on", "fire")),
    "strike_ground", "static_unstruck_h", "bypass_front_km", "hezbollah_threat", "attack_by_rockets", "intercept",
]  # fmt: skip


@pytest.mark.parametrize("column", OCCURRING)
def test_everything_that_was_recorded_can_happen(column: str) -> None:
    """If this failed, a mechanism of the standoff would be written down but dead."""
    assert outcomes()[column].max() > 0


@pytest.mark.parametrize("column", ["strike_ground", "hezbollah_threat", "attack_by_rockets", "bypass_front_km"])
def test_nothing_that_was_avoidable_is_certain(column: str) -> None:
    """If this failed, the model would say that the standoff had to end as it did."""
    assert 0.0 < (outcomes()[column] > 0).mean() < 1.0


def test_ground_strikes_are_about_as_frequent_as_in_the_record() -> None:
    """If this failed, three strikes in four weeks would be far from what the model expects (P1; bound of the issue)."""
    assert 1.0 <= outcomes()["strike_ground_count"].mean() <= 8.0


def test_quiet_is_quiet() -> None:
    """If this failed, clashes would come from nowhere: nobody leaves base in this scenario."""
    assert set(clash_counts(outcomes("scenario=quiet")).values()) == {0}


def test_without_a_zone_and_without_a_hostile_act_nobody_is_struck() -> None:
    """If this failed, something other than the two keys or self-defence would release bombs."""
    rows = outcomes("roe.zone_radius_km=0", *NO_HOSTILE_ACT)
    assert rows["strike_ground_count"].sum() == rows["signals_strike"].sum() == 0
    assert rows["launches"].min() > 0


def test_without_russian_flights_there_is_no_air_combat_with_russia() -> None:
    """If this failed, coalition aircraft would fight somebody who is not there."""
    tense = ("air.weapons=0.01", "air.weapons_tension=1", "air.sorties_per_day=4", "air.unsafe=0.9")
    assert outcomes(*tense)["us_russia_air"].max() == 1
    rows = outcomes(*tense, "scenario.russian_flights=0")
    assert rows["us_russia_air_count"].sum() == rows["unsafe_intercept_count"].sum() == 0
    assert rows["us_russia_air_hazard"].max() == 0.0


def test_without_hezbollah_nobody_clashes_with_hezbollah() -> None:
    """If this failed, a party that is absent would still be fought, or would still retaliate."""
    rows = outcomes("scenario.hezbollah_teams=0", "scenario.hezbollah_drones=0")
    assert rows["coalition_hezbollah_count"].sum() == rows["attack_by_rockets_count"].sum() == 0
    assert rows["hezbollah_threat_count"].sum() == rows["attack_by_drone_count"].sum() == 0


def test_the_seen_frequency_of_air_combat_agrees_with_the_gathered_hazard() -> None:
    """If this failed, the exact estimate of the rarest outcome would not estimate it.

    With weapons made likely both can be seen; the bound is 4.9 standard errors, a false alarm below 1e-6.
    """
    rows = outcomes("air.weapons=0.01", "air.weapons_tension=1", "air.sorties_per_day=4", "air.unsafe=0.9")
    seen = rows["acts_air_combat"].sum() - rows["regime_air_count"].sum()  # fights, several of which may be one clash
    expected = rows["us_russia_air_hazard"].sum()
    assert seen > 20
    assert abs(seen - expected) < 4.9 * np.sqrt(expected) + 2.0


def paired(left: tuple[str, ...], right: tuple[str, ...], column: str) -> float:
    """Mean difference between two arms that share their luck, in its standard errors."""
    difference = outcomes(*left)[column] - outcomes(*right)[column].astype(float)
    return difference.mean() / (difference.std() / np.sqrt(RUNS))


def test_a_zone_brings_strikes() -> None:
    """If this failed, the zone would not be what strikes are about."""
    assert paired(("roe.zone_radius_km=55",), ("roe.zone_radius_km=0",), "strike_ground_count") > 4.9


def test_russian_dissuasion_prevents_strikes() -> None:
    """If this failed, the line would be there for nothing."""
    assert paired(("line.dissuasion=1",), ("line.dissuasion=0.3",), "strike_ground_count") < -4.9


def test_warning_shots_save_lives() -> None:
    """If this failed, dropping the last warning would not cost anybody: killed per entry."""
    with_shots, without = outcomes(), outcomes("roe.warning_shots=false")
    killed = [
        sum(rows[f"killed_{side}"].sum() for side in ("regime", "militia", "hezbollah")) / rows["entries"].sum()
        for rows in (with_shots, without)
    ]
    assert killed[1] > 1.02 * killed[0]


def run_with_log(scenario: sim.Scenario, replication: int, log: np.ndarray) -> State:
    """One whole run with its events in `log`."""
    state = seeded(scenario.state, SEED, replication)
    rule_book.run(state, scenario.params, log, scenario.steps)
    assert state.n_events <= len(log)
    return state


def test_strikes_have_causes_that_lead_to_an_entry_or_a_hostile_act() -> None:
    """If this failed, a strike could not be told as a story."""
    scenario = sim.load()
    traced = strikes = 0
    log = np.zeros(8192, Event.dtype_)
    for replication in range(RUNS):
        state = run_with_log(scenario, replication, log)
        acts, causes = log["act"][: state.n_events].tolist(), log["cause"][: state.n_events].tolist()
        assert all(cause < number for number, cause in enumerate(causes))
        for number in [k for k, act in enumerate(acts) if act == Act.STRIKE]:
            strikes += 1
            at = causes[number]
            while at >= 0 and acts[at] != Act.ENTRY and acts[at] not in HOSTILE_ACTS:
                at = causes[at]
            traced += at >= 0
    assert strikes > 1000
    assert traced >= 0.99 * strikes


def test_an_inert_unit_changes_no_other_row() -> None:
    """If this failed, results would depend on things that do nothing, and no two orders of battle could be compared."""
    scenario = sim.load()
    for replication in range(20):
        plain = run_with_log(scenario, replication, np.zeros(8192, Event.dtype_))
        state = seeded(scenario.state, SEED, replication)
        n = int(state.n_units)
        bystander = state.units[n]
        bystander.id, bystander.kind, bystander.posture = n, 99, Posture.HELD
        bystander.due_min = bystander.call_due_min = 1e12
        state.x_km[n], state.y_km[n] = -30.0, 10.0
        state.n_units = n + 1
        state.awake[state.n_awake] = n
        state.n_awake += 1
        rule_book.run(state, scenario.params, no_log(), scenario.steps)
        assert state.units[:n].tobytes() == plain.units[:n].tobytes()
        assert state.outcome.tobytes() == plain.outcome.tobytes()


def test_spare_rows_change_nothing() -> None:
    """If this failed, the size of a pool, which nobody ever counted, would be a parameter."""
    rows, more = outcomes(), outcomes("scenario.militia_convoys=30")
    # Rows after the convoys have other identities, so the luck of those who stand there differs.
    for column in ("rows_lacking", "launches"):  # drones that were shot down are lacked in both
        assert abs(rows[column].mean() - more[column].mean()) < 4.9 * rows[column].std() * np.sqrt(2 / RUNS)


def test_where_nobody_is_mistaken_nobody_is_struck_by_mistake() -> None:
    """If this failed, patrols or families would be bombed by coalition crews who knew who they were."""
    rows = outcomes("sensing.misidentified=0", runs=200)
    assert rows["misidentified_strike_count"].sum() == rows["acts_mistaken"].sum() == 0
    assert rows["killed_civilians"].sum() == rows["strikes_on_partner"].sum() == 0
    assert outcomes(runs=RUNS)["misidentified_strike_count"].sum() > 0


@pytest.mark.parametrize("theory", ["null", "accident"])
def test_without_memory_no_run_ends_in_fear_or_anger(theory: str) -> None:
    """If this failed, `null` would carry the mechanisms that it is there to be compared with."""
    scenario = sim.load(f"theory={theory}", "scenario=after_8_june", "scenario.horizon_days=28")
    for replication in range(30):
        state = run_with_log(scenario, replication, np.zeros(8192, Event.dtype_))
        sides = list(state.principals)
        assert max(side.fear for side in sides) == max(side.anger for side in sides) == 0.0
        assert state.support == state.defiance == state.tolerated_belief == 0.0


def test_a_run_that_stops_at_its_first_strike_has_one() -> None:
    """If this failed, an absorbing outcome would not absorb (odd.md 7.14)."""
    rows, whole = outcomes("scenario.stop_after=strike_ground", runs=200), outcomes(runs=RUNS)[:200]
    assert np.array_equal(rows["strike_ground"], whole["strike_ground"])
    assert np.array_equal(rows["strike_ground_first_min"], whole["strike_ground_first_min"], equal_nan=True)
    assert rows["strike_ground_count"].max() <= 2  # two groups may be struck in one step
    assert whole["strike_ground_count"].max() > 2


def test_the_dead_are_never_more_than_came() -> None:
    """If this failed, people would be killed who were never there (odd.md 10)."""
    scenario = sim.load()
    for replication in range(100):
        state = run_with_log(scenario, replication, np.zeros(8192, Event.dtype_))
        units = list(state.units[: state.n_units])
        assert min(unit.fighters for unit in units) >= 0
        assert sum(unit.killed for unit in units) <= sum(state.outcome.killed)  # crews of aircraft are no fighters


def test_kinds_of_unit_fire_only_what_they_have() -> None:
    """If this failed, rockets would come from columns, or air defence from flights."""
    scenario = sim.load("restraint.retaliation_per_day=4", "restraint.drone_share=0.1", "restraint.rocket_share=0.8")
    log = np.zeros(8192, Event.dtype_)
    kinds = {int(unit.id): Kind(unit.kind) for unit in scenario.state.units[: scenario.state.n_units]}
    seen = set()
    for replication in range(100):
        state = run_with_log(scenario, replication, log)
        for event in log[: state.n_events]:
            if event["act"] in (Act.ROCKETS, Act.STRIKE):
                seen.add((Act(event["act"]), kinds[int(event["actor"])]))
    assert seen == {(Act.ROCKETS, Kind.HEZBOLLAH_TEAM), (Act.STRIKE, Kind.STRIKE_FLIGHT)}
