"""The frozen answer: the page says what was measured, and what was measured cannot change unseen."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from sim.config import posterior
from sim.config.compose import compose
from sim.run.columns import FLAT
from sim.study import after_8_june
from sim.study.after_8_june import DAYS, OUTCOMES, mean_of_draws, within
from sim.study.after_8_june_page import page
from sim.study.table import MAIN

DOCS = Path(__file__).parents[1] / "docs"
FROZEN = "9501ef9c3881dfc034a116418443e4bb0a535a5db6bf97cc74a15154dfd9103e"  # SHA-256 of the answer (decision 51)


def test_the_answer_is_the_one_that_was_frozen() -> None:
    """If this failed, somebody would have asked again after seeing what happened."""
    kept = (DOCS / "after_8_june.json").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == FROZEN


def test_the_page_says_what_was_measured() -> None:
    """If this failed, a number on the page would be nobody's."""
    found = json.loads((DOCS / "after_8_june.json").read_bytes())
    assert (DOCS / "after_8_june.md").read_text(encoding="utf-8") == page(found)


def test_it_rests_on_the_posterior_that_is_shipped() -> None:
    """If this failed, the answer would rest on a posterior that nobody has."""
    found = json.loads((DOCS / "after_8_june.json").read_bytes())
    assert found["posterior"] == posterior.about()["sha256"]
    assert found["record"] == posterior.about()["record"]


def test_the_world_is_that_of_the_evening() -> None:
    """If this failed, the run would know of something that came later, or not of what was known."""
    asked = compose("scenario=after_8_june").scenario
    assert (asked.start_date, asked.horizon_days) == ("2017-06-09", 60)
    assert asked.strikes_before_days == "21/2.5/0.5"
    assert asked.threat_standing
    assert asked.leaflets_standing


def test_within_counts_first_times_and_never_is_no() -> None:
    """If this failed, what comes on day 40 would be told as coming within the month.

    By hand: first on day 3, day 20, day 50, never.
    """
    rows = np.zeros(4, FLAT)
    rows["strike_ground_first_min"] = [1440 * 3, 1440 * 20, 1440 * 50, np.nan]
    assert [int(within(rows, "strike_ground", days).sum()) for days in DAYS] == [1, 2, 3]


def test_chances_grow_with_the_days() -> None:
    """If this failed, a longer time would make a clash less likely."""
    told = json.loads((DOCS / "after_8_june.json").read_bytes())["chances"]["all"]
    for outcome in OUTCOMES:
        means = [told[outcome][str(days)]["mean"] for days in DAYS]
        assert means == sorted(means)


def test_mean_of_draws_is_the_t_interval() -> None:
    """If this failed, the interval by theory would not be the one that the page names.

    0.2, 0.4, 0.6: mean 0.4, sd 0.2, t(2) = 4.303 at 97.5 %: 0.4 +- 0.497, cut at 0.
    """
    assert mean_of_draws(np.array([0.2, 0.4, 0.6])) == pytest.approx([0.4, 0.0, 0.8968], abs=1e-3)
    assert len(after_8_june.LEVERS) == 8


def test_the_readme_tells_both_intervals_as_they_were_found() -> None:
    """If this failed, the first page would be surer, or less sure, than the runs behind it."""
    lines = (DOCS / "results" / "posterior.csv").read_text(encoding="utf-8").splitlines()
    rows = {row["outcome"]: row for row in csv.DictReader(lines)}
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    shown = (
        "ground strike",
        "attack on coalition",
        "exchange with Hezbollah",
        "US-Russia air combat",
        "serious episode",
    )
    for outcome in (*shown, "general escalation"):
        name = next(key for key, words in MAIN.items() if words.replace("\n", " ") == outcome)
        row = {key: float(value) for key, value in rows[name].items() if key != "outcome" and value}
        digits = 1 if row["mean"] < 0.1 else 0
        ends = (("low", "high"), ("lowest", "highest"))
        middle = _percent(row["mean"], digits)
        told = [f"{middle} [{_percent(row[a], digits)}, {_percent(row[b], digits)}]" for a, b in ends]
        assert f"| {outcome} | {told[0]} | {told[1]} |" in readme


def _percent(chance: float, digits: int) -> str:
    return f"{100 * chance:.{digits}f}"
