"""Every shipped scenario has the effect that its comment names, seen against the baseline under the same luck."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act
from sim.run.columns import COLUMNS

pytestmark = pytest.mark.skipif(INTERPRETED, reason="thousands of runs want compiled rules")
BASELINE, SEED, WEEK_MIN = "may_june_2017", 2017, 7 * 1440.0
FALSE_ALARM = 4.9  # standard errors: probability below 1e-6
SHIPPED = {path.stem: path for path in sorted((Path(__file__).parents[1] / "conf" / "scenario").glob("*.yaml"))}


@cache
def outcomes(name: str, runs: int, *alike: str) -> np.ndarray:
    """Outcomes of a scenario in the weeks of the baseline; whatever is set `alike` is set in the baseline too."""
    days = () if any("horizon" in override for override in alike) else ("scenario.horizon_days=28",)
    return sim.replicate(sim.load(f"scenario={name}", *days, *alike), replications=runs, seed=SEED)


def paired(name: str, column: str, runs: int, *alike: str) -> float:
    """Mean difference from the baseline over pairs that share their luck, in its standard errors."""
    difference = outcomes(name, runs, *alike)[column].astype(float) - outcomes(BASELINE, runs, *alike)[column]
    return float(difference.mean() / (difference.std(ddof=1) / np.sqrt(runs)))


# scenario, what its comment names, which way, pairs that show it, what is set alike so that so few pairs can show it
EFFECTS = [
    ("hezbollah_gathering", "coalition_hezbollah_count", 1, 400, ()),
    ("isis_raid_during_push", "all_at_once", 1, 1000, ()),
    ("isis_raid_during_push", "garrison_lost", 1, 400, ()),
    ("less_hesitant", "strikes_on_hezbollah", 1, 1500, ("scenario.hezbollah_activity=5",)),
    ("line_suspended", "calls_lost", 1, 400, ()),
    ("no_line", "strike_ground_count", 1, 400, ()),
    ("partners_off_leash", "partner_militia_count", 1, 400, ()),
    ("partners_on_leash", "partner_militia_count", -1, 400, ()),
    ("raqqa_falls", "launches", 1, 400, ()),
    ("russian_air_cover", "intercept_count", 1, 400, ()),
    ("russian_air_cover", "us_russia_air_hazard", 1, 400, ()),
    ("thin_air_cover", "strike_ground_count", -1, 400, ()),
    ("no_bypass", "border_reached", -1, 400, ()),
    ("no_consent", "request_granted", -1, 400, ()),
]


@pytest.mark.parametrize(("name", "column", "sign", "runs", "alike"), EFFECTS, ids=str)
def test_a_scenario_has_the_effect_it_is_there_for(
    name: str, column: str, sign: int, runs: int, alike: tuple[str, ...]
) -> None:
    """If this failed, a shipped counterfactual would not show what its comment promises."""
    assert sign * paired(name, column, runs, *alike) > FALSE_ALARM


def test_the_week_after_8_june_is_more_dangerous_for_the_coalition() -> None:
    """If this failed, three remembered strikes would weigh nothing on the evening of the third."""
    assert paired("after_8_june", "attack_on_coalition", 400, "scenario.horizon_days=7") > FALSE_ALARM
    assert paired("after_8_june", "coalition_hezbollah_count", 400, "scenario.horizon_days=7") > FALSE_ALARM


IMPOSSIBLE = [
    ("no_consent", ("request_granted_count", "helped_then_struck_count", f"acts_{Act.CONSENT.name.lower()}")),
    ("no_line", ("line_suspended_count", "signals_line_call", "calls_lost", f"acts_{Act.REQUEST.name.lower()}")),
    ("no_bypass", ("border_reached", "bypass_front_km", "isolated")),
    ("russian_air_cover", (f"acts_{Act.REQUEST.name.lower()}", "request_granted_count")),
]


@pytest.mark.parametrize(("name", "columns"), IMPOSSIBLE, ids=lambda value: value if isinstance(value, str) else "")
def test_what_a_scenario_rules_out_never_happens(name: str, columns: tuple[str, ...]) -> None:
    """If this failed, a counterfactual would leave some of what it takes away."""
    for column in columns:
        assert outcomes(name, 400)[column].sum() == 0, column
        assert outcomes(BASELINE, 400)[column].sum() > 0 or column == "isolated", column


def test_in_the_quiet_scenario_every_outcome_is_zero() -> None:
    """If this failed, something would happen though nobody leaves base (odd.md 10)."""
    rows = outcomes("quiet", 400)
    for column in COLUMNS:
        nothing = 1 if column.startswith("highest_level") else 0  # level 1 is "none"
        seen = set(np.unique(rows[column][~np.isnan(rows[column].astype(float))]).tolist())
        assert seen <= {nothing, -1} if column.endswith("went_on") else seen <= {nothing}, column


def test_every_shipped_scenario_says_what_it_is_there_for_and_is_held_to_it() -> None:
    """If this failed, a scenario could be shipped without any effect."""
    held = {name for name, *_ in (*EFFECTS, *IMPOSSIBLE)} | {BASELINE, "quiet", "after_8_june"}
    assert held == set(SHIPPED)
    for path in SHIPPED.values():
        assert "is there" in path.read_text(encoding="utf-8"), path.name
