"""Conditional Monte Carlo: the chance of air combat from the chances that meetings had, against runs that saw it."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from scipy.stats import binom

import sim
from sim.errors import BadInput
from sim.study.conditional import HEAVY, conditional, may_be_heavy

FAR = 5.0  # standard errors; a normal one lies beyond with a chance of 6e-7
BUSY = (  # many meetings, of which many come to shots: air combat in a quarter of the runs
    "scenario.horizon_days=3",
    "air.sorties_per_day=4",
    "air.russian_probes_per_day=1",
    "air.unsafe=0.9",
    "air.weapons=0.01",
    "air.weapons_tension=1",
    "scenario.russian_air_cover=true",
)


@functools.cache
def busy_rows():
    """Outcomes of 1,500 runs with much in the air."""
    return sim.replicate(sim.load(*BUSY), replications=1500, seed=4, threads=2)


def test_gathered_chance_is_what_comes_true():
    """If this failed, the gathered chance of air combat would not be its chance, and neither would its average."""
    rows = busy_rows()
    count = rows["us_russia_air_count"]
    assert 0.1 < (count > 0).mean() < 0.9
    assert (count > 1).any(), "or going on after the first was not tried"
    apart = rows["us_russia_air_hazard"] - count
    assert abs(apart.mean()) < FAR * apart.std(ddof=1) / np.sqrt(len(rows))


def test_conditional_is_brute_force_but_for_its_luck():
    """If this failed, the chance that two great powers meet in the air would be wrong where nobody can see it."""
    rows = busy_rows()
    told = conditional(rows)
    seen = (rows["us_russia_air_count"] > 0).astype(float)
    chances = rows["us_russia_air_hazard"] - np.maximum(rows["us_russia_air_count"] - 1, 0)
    apart = chances - seen
    assert told.conditional.estimate == pytest.approx(chances.mean())
    assert told.plain.estimate == pytest.approx(seen.mean())
    assert abs(apart.mean()) < FAR * apart.std(ddof=1) / np.sqrt(len(rows))
    uncorrected = rows["us_russia_air_hazard"].mean() - seen.mean()
    assert uncorrected > abs(apart.mean()), "counting second combats too would be another question"


def test_conditional_where_combat_ends_the_run():
    """If this failed, a run that ends at the first combat would need another formula than one that goes on."""
    rows = sim.replicate(sim.load(*BUSY, "scenario.stop_after=us_russia_air"), replications=1500, seed=6, threads=2)
    apart = conditional(rows).conditional.estimate - (rows["us_russia_air_count"] > 0).mean()
    spread = (rows["us_russia_air_hazard"] - rows["us_russia_air_count"]).std(ddof=1)
    assert abs(apart) < FAR * spread / np.sqrt(len(rows))


def test_conditional_refuses_what_rests_on_a_few_runs():
    """If this failed, one lucky run would pass for an estimate."""
    rows = np.zeros(1000, busy_rows().dtype)
    rows["us_russia_air_hazard"][:3] = 0.001
    told = conditional(rows)
    assert (told.carried, told.effective) == (False, pytest.approx(3))
    assert told.enough > 1000
    assert conditional(np.zeros(1000, rows.dtype)).enough is None, "of nothing seen nothing follows"
    assert not conditional(np.zeros(1000, rows.dtype)).carried
    with pytest.raises(BadInput):
        conditional(rows[:1])


def test_a_rare_near_certain_meeting_is_allowed_for():
    """If this failed, few runs would promise a narrow interval that the one heavy term they missed lies outside of."""
    dice, n, studies, share = np.random.default_rng(5), 300, 2000, 1e-3
    truth = 4e-4 + share * 0.8
    held = naive = 0
    for _ in range(studies):
        rows = np.zeros(n, busy_rows().dtype)
        rows["us_russia_air_hazard"] = dice.exponential(4e-4, n) + 0.8 * (dice.random(n) < share)
        told, average = conditional(rows).conditional, conditional(rows, may_be_heavy=False).conditional
        held += told.low <= truth <= told.high
        naive += average.low <= truth <= average.high
    assert held >= binom.ppf(1e-6, studies, 0.95), "false alarm: one in a million"
    assert naive < studies / 2, "or the case would be harmless"


def test_heavy_runs_are_found_on_the_real_model():
    """If this failed, a small zone would seem safer in the air than it is: its rare Russian bombs are answered."""
    scenario = sim.load("roe.zone_radius_km=20")
    rows = sim.replicate(scenario, replications=4000, seed=2, threads=2)
    few, all_of_them = conditional(rows[:300]), conditional(rows)
    assert (few.heavy, all_of_them.heavy > 0) == (0, True)
    assert few.conditional.high > 0.0010 > conditional(rows[:300], may_be_heavy=False).conditional.high
    assert all_of_them.conditional.low <= all_of_them.conditional.estimate <= all_of_them.conditional.high


def test_without_an_answer_no_meeting_is_heavy():
    """If this failed, an interval would be told as narrow where one meeting may be near certain to come to shots."""
    quiet = ("roe.answer_own_russian=0", "roe.answer_russian_air=0", "scenario.russian_air_cover=false")
    assert not may_be_heavy(sim.load(*quiet).config)
    for loud in ("roe.answer_own_russian=0.1", "roe.answer_russian_air=0.1", "scenario.russian_air_cover=true"):
        assert may_be_heavy(
            sim.load(*[word for word in quiet if word.split("=")[0] != loud.split("=")[0]], loud).config
        )
    rows = sim.replicate(sim.load(*quiet, "roe.zone_radius_km=20"), replications=6000, seed=1, threads=2)
    assert rows["us_russia_air_hazard"].max() < HEAVY
