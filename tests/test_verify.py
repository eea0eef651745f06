"""Patterns and verdicts: what holds is said to hold, what fails to fail, and too little to tell nothing."""

from __future__ import annotations

import fake_weeks
import numpy as np
import pytest

from sim.config.compose import compose
from sim.study import measures, pattern_measures
from sim.study.estimate import TWO_SIDED, UPPER_BOUND, Estimate, mean, probability
from sim.study.patterns import CHECKS, PATTERNS, by_pattern, findings, judged
from sim.study.verdicts import CANNOT_TELL, FAILS, HOLDS, judge, worst
from sim.study.wrong import NO_TEST, NOT_REJECTED, REJECTED, WRONG, overrides_for, rejection

RUNS = 400
NAMES = [check.what for check in CHECKS]


@pytest.fixture(scope="module")
def good():
    """Many runs that look like the record."""
    return fake_weeks.good(RUNS)


def verdict(rows: np.ndarray, what: str):
    """The finding of one check."""
    return judged(next(check for check in CHECKS if check.what == what), rows)


def test_runs_like_the_record_pass_everything(good):
    """If this failed, a model that shows just what was seen would be told that it is wrong."""
    found = findings(good)
    assert {each.check.what: each.verdict for each in found if each.verdict.word != HOLDS} == {}
    assert by_pattern(found) == dict.fromkeys(PATTERNS, HOLDS)
    assert [int(name[1:]) for name in PATTERNS] == list(range(1, 17))


@pytest.mark.parametrize("what", NAMES)
def test_each_check_can_fail(good, what):
    """If this failed, the check would pass whatever the model did."""
    spoilt = good.copy()
    fake_weeks.SPOILERS[what](spoilt)
    assert verdict(good, what).verdict.word == HOLDS
    assert verdict(spoilt, what).verdict.word == FAILS


@pytest.mark.parametrize("what", NAMES)
def test_three_runs_tell_nothing(what):
    """If this failed, a handful of runs would pass for evidence."""
    found = verdict(fake_weeks.good(3, seed=5), what)
    assert found.verdict.word == CANNOT_TELL
    assert "histories" in found.verdict.why


def test_every_spoiler_belongs_to_a_check():
    """If this failed, a renamed check would no longer be tested."""
    assert sorted(fake_weeks.SPOILERS) == sorted(NAMES)


def test_no_case_is_no_verdict():
    """If this failed, a world in which nothing happens would pass or fail patterns about what happens."""
    found = verdict(fake_weeks.empty(RUNS), "public threat before the first attack")
    assert (found.verdict.word, found.verdict.why) == (CANNOT_TELL, "no case in 400 histories")
    assert verdict(fake_weeks.empty(RUNS), "ground strikes a run, mean").verdict.word == FAILS


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.5, 0.40, 0.60), HOLDS),
        ((0.5, 0.30, 0.70), HOLDS),  # the ends of the bound are allowed
        ((0.2, 0.15, 0.29), FAILS),
        ((0.9, 0.71, 0.95), FAILS),
        ((0.3, 0.25, 0.35), CANNOT_TELL),
        ((0.5, 0.20, 0.80), CANNOT_TELL),
    ],
)
def test_verdicts(interval, expected):
    """If this failed, a verdict would be given that the interval does not bear, or withheld that it does."""
    assert judge(Estimate(100, 50, *interval, TWO_SIDED), 0.3, 0.7, 100).word == expected


def test_how_many_would_decide():
    """If this failed, somebody would run far too few or far too many histories to decide a pattern."""
    near = judge(probability(32, 100), 0.3, 1.0, 100)  # two points from the bound, reach about nine
    needed = int(near.why.split("about ")[1].split()[0].replace(",", ""))
    assert near.word == CANNOT_TELL
    assert judge(probability(round(0.32 * needed), needed), 0.3, 1.0, needed).word == HOLDS
    assert judge(probability(round(0.32 * needed / 2), needed // 2), 0.3, 1.0, needed // 2).word == CANNOT_TELL
    all_of_them = judge(probability(50, 50), 0.97, 1.0, 50)  # 1 - 0.025^(1/n) <= 0.03 takes 122
    assert all_of_them.why.endswith("about 120 histories")
    none_of_them = judge(probability(0, 50), 0.0, 0.01, 50)  # 1 - 0.05^(1/n) <= 0.01 takes 299
    assert none_of_them.why.endswith("about 300 histories")
    assert "no number of histories" in judge(probability(30, 100), 0.3, 1.0, 100).why


def test_few_cases_are_told():
    """If this failed, an interval that needs many cases would be believed of five."""
    few = judge(mean(np.array([1.0, 1.1, 1.2, 1.0, 1.1])), 0.5, 5.0, 1000)
    assert few.word == CANNOT_TELL
    assert few.why == "only 5 runs have a case, 30 are needed: about 6,000 histories"


def test_worst_of_the_parts():
    """If this failed, a pattern would hold of which one half fails."""
    assert worst([HOLDS, CANNOT_TELL, FAILS]) == FAILS
    assert worst([HOLDS, CANNOT_TELL]) == CANNOT_TELL
    assert worst([HOLDS, HOLDS]) == HOLDS


def test_funnel_leaves_out_what_never_was_shown_force(good):
    """If this failed, columns struck without a low pass would count as if -1 vehicle had gone on."""
    found = pattern_measures.funnel("went_on", "entered")(good)
    assert found.estimate == pytest.approx(5 / 13)
    assert found.n == RUNS
    assert pattern_measures.funnel("entered", "launched")(good).estimate == pytest.approx(13 / 23)


def test_helped_then_struck_by_hand():
    """If this failed, help followed by a strike would be held against the wrong rate."""
    rows = fake_weeks.empty(100)
    rows["strikes_on_regime"], rows["helped_regime"][:40] = 1, 1
    rows["helped_then_struck_count"][:10] = 1
    by_chance = 1 / 28
    found = pattern_measures.helped_then_struck(rows)
    assert found.estimate == pytest.approx((10 / 40) / by_chance)
    assert found.n == 40
    rows["helped_then_struck_count"] = 0
    none = pattern_measures.helped_then_struck(rows)
    assert none.kind == UPPER_BOUND
    assert none.high == pytest.approx(-np.log(0.05) / (40 * by_chance))


def test_rate_ratio_by_hand():
    """If this failed, P13 would compare counts instead of rates, or a bound where nothing was seen would be wrong."""
    found = measures.rate_ratio((30, 10), (100.0, 300.0))
    assert found.estimate == pytest.approx((30 / 100) / (10 / 300))
    low, high = 0.58804, 0.87307  # Clopper-Pearson of 30 in 40
    assert (found.low, found.high) == pytest.approx((3 * low / (1 - low), 3 * high / (1 - high)), rel=1e-3)
    none = measures.rate_ratio((30, 0), (100.0, 300.0))
    low = 0.025 ** (1 / 30)
    assert (none.estimate, none.high) == (np.inf, np.inf)
    assert none.low == pytest.approx(3 * low / (1 - low))


def test_pooled_share_by_hand():
    """If this failed, ten alike strikes of one run would count as ten pieces of evidence."""
    found = measures.pooled_share(np.array([10, 0, 0]), np.array([10, 10, 0]))
    assert (found.n, found.estimate) == (2, 0.5)
    assert (found.low, found.high) == pytest.approx((0.0126, 0.9874), abs=1e-4)  # one of two
    assert measures.pooled_share(np.zeros(5), np.zeros(5)).n == 0


def covered(truth: float, intervals) -> float:
    """The share of intervals that hold the truth."""
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def test_bootstrap_intervals_hold_the_truth():
    """If this failed, medians of strikes that share their run's luck would look surer than they are."""
    dice = np.random.default_rng(3)
    by_run, by_strike = [], []
    for _ in range(120):
        values = dice.normal(size=(60, 1)) + 0.3 * dice.normal(size=(60, 4))
        for told, shaped in ((by_run, values), (by_strike, values.reshape(-1, 1))):
            found = measures.quantile(shaped, np.ones_like(shaped, bool))
            told.append((found.low, found.high))
    assert covered(0.0, by_run) >= 0.90
    assert covered(0.0, by_strike) < 0.80, "the strikes of a run are not independent"


def test_rate_ratio_intervals_hold_the_truth():
    """If this failed, the interval of P13 would miss the truth more often than it says."""
    dice = np.random.default_rng(4)
    counts = zip(dice.poisson(40, 500), dice.poisson(8, 500), strict=True)
    found = [measures.rate_ratio((int(a), int(b)), (10.0, 20.0)) for a, b in counts]
    assert covered(10.0, [(each.low, each.high) for each in found]) >= 0.94


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_wrong_models_can_be_asked(wrong):
    """If this failed, a wrong model would not exist, or name a pattern that does not."""
    assert compose(*wrong.overrides) != compose()
    assert set(wrong.patterns) <= set(PATTERNS)


def test_wrong_models_have_the_last_word():
    """If this failed, a setting of the user's would make the wrong model right again, or be given twice."""
    slow = next(wrong for wrong in WRONG if wrong.name == "fast ladder")
    given = overrides_for(slow, ["seed=7", "roe.call_window_min=240"])
    assert given == ["seed=7", *slow.overrides]


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        (FAILS, HOLDS, REJECTED),
        (HOLDS, HOLDS, NOT_REJECTED),
        (CANNOT_TELL, HOLDS, NOT_REJECTED),
        (FAILS, FAILS, NO_TEST),
        (FAILS, CANNOT_TELL, NO_TEST),
    ],
)
def test_rejection(wrong, right, expected):
    """If this failed, a pattern that the model itself fails would be said to reject other models."""
    assert rejection(wrong, right) == expected
