"""Designs, estimates and summaries: known answers."""

from __future__ import annotations

import csv
import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.errors import BadInput
from sim.study import designs, estimate, summary, table


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [
        (10, 100, 0.0490, 0.1762),  # tables of exact binomial limits: Diem, Geigy Scientific Tables (1962), p. 85
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (1, 20, 0.0013, 0.2487),
    ],
)
def test_clopper_pearson_gives_the_tabulated_limits(events, n, low, high):
    """If this failed, every probability we print would carry the wrong error bar."""
    assert estimate.clopper_pearson(np.asarray(events), np.asarray(n)) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_clopper_pearson_is_scipys(counts):
    """If this failed, the interval would be right for the tabulated cases only."""
    events, n = counts
    expected = stats.binomtest(events, n).proportion_ci(0.95, method="exact")
    assert estimate.clopper_pearson(np.asarray(events), np.asarray(n)) == pytest.approx(tuple(expected), abs=1e-9)


def coverage(interval, n, truths):
    """The probability that the interval of n runs holds the truth, by adding up every possible outcome."""
    events = np.arange(n + 1)
    low, high = interval(events, n)
    return [stats.binom.pmf(events, n, p)[(low <= p) & (p <= high)].sum() for p in truths]


@pytest.mark.parametrize("n", [1, 5, 20, 100, 1000])
def test_the_interval_holds_the_truth_in_95_of_100_studies(n):
    """If this failed, "95 %" on our figures would be a false promise to the reader."""
    truths = np.concatenate([np.linspace(0.001, 0.999, 400), np.geomspace(1e-6, 0.5, 100)])
    assert min(coverage(lambda k, n: estimate.clopper_pearson(k, np.asarray(n)), n, truths)) >= 0.95


@pytest.mark.parametrize("n", [5, 100, 1000])
def test_the_bound_of_the_unseen_holds_in_95_of_100_studies(n):
    """If this failed, "never seen, at most 3 in n" would be said of events more frequent than that."""
    bound = estimate.upper_bound(n)
    assert bound == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-12)
    assert (1 - bound) ** n == pytest.approx(0.05), "an event as frequent as the bound is missed in 5 of 100 studies"
    assert estimate.upper_bound(10**9) == pytest.approx(2.9957e-9, rel=1e-4)


@pytest.mark.parametrize("n", [5, 100, 1000])
def test_interval_and_bound_together_keep_what_they_promise(n):
    """If this failed, switching to the one-sided bound would cost more coverage than its docstring admits."""

    def as_printed(events, n):
        told = [estimate.probability(int(k), n) for k in events]
        return np.array([each.low for each in told]), np.array([each.high for each in told])

    assert min(coverage(as_printed, n, np.geomspace(1e-4, 0.5, 300))) >= 0.925


def test_what_was_never_seen_is_not_called_impossible():
    """If this failed, a rare war would be printed as 0 %."""
    never = estimate.probability(0, 2000)
    assert (never.kind, never.low, never.high) == (estimate.UPPER_BOUND, 0.0, pytest.approx(0.0014967, abs=1e-7))
    always = estimate.probability(2000, 2000)
    assert (always.kind, always.high) == (estimate.TWO_SIDED, 1.0)
    assert always.low == pytest.approx(0.025 ** (1 / 2000))
    assert estimate.probability(0, 0)[:2] == (0, 0)


def test_mean_has_students_interval():
    """If this failed, "3.1 strikes a month" would claim more, or less, than the runs support."""
    counts = np.array([0, 1, 1, 2, 3, 5, 8, 13])
    told = estimate.mean(counts)
    expected = stats.t.interval(0.95, 7, loc=counts.mean(), scale=stats.sem(counts))
    assert (told.n, told.events, told.estimate) == (8, 33, 4.125)
    assert (told.low, told.high) == pytest.approx(expected)


def test_mean_of_what_never_happened():
    """If this failed, a count of zero in every run would be printed with an interval of no width."""
    assert estimate.mean(np.zeros(1000, np.int64)).high == pytest.approx(-np.log(0.05) / 1000)
    never = estimate.mean(np.full(10, np.nan))
    assert never.n == 0
    assert np.isnan([never.estimate, never.low, never.high]).all()
    assert estimate.mean(np.array([np.nan, 4.0, 6.0, np.nan])).estimate == 5.0


def test_a_quantile_lies_between_its_order_statistics():
    """If this failed, "half of the first strikes come before day 5" would have an interval that holds too seldom.

    The median of 9 values lies between the 2nd and the 8th with 96.1 % (H. A. David 1981, Order Statistics, 2.5); the
    coverage of ranks is a binomial sum, so it is reckoned and not drawn.
    """
    values = np.append(np.arange(1.0, 10.0), np.nan)
    assert estimate.quantile(values, 0.5)[:5] == (9, 9, 5.0, 2.0, 8.0)
    for n, share in itertools.product((9, 40, 333), (0.05, 0.5, 0.9)):
        found = estimate.quantile(np.arange(1.0, n + 1), share)
        first, last = max(found.low, 0), min(found.high, n + 1)
        assert stats.binom.cdf(last - 1, n, share) - stats.binom.cdf(first - 1, n, share) >= 0.95
    assert estimate.quantile(np.arange(3.0), 0.5).high == np.inf, "three values say little"
    assert np.isnan(estimate.quantile(np.array([np.nan]), 0.5).estimate)


def test_cumulative_incidence_by_hand():
    """If this failed, the figure of which clash comes first would count second clashes, or count them twice."""
    nan = np.nan
    first = np.array([[10, 20], [30, nan], [nan, 5], [nan, nan], [40, 40]])
    told = estimate.cumulative_incidence(first, np.array([4, 10, 30, 100]))
    assert told.share.tolist() == [[0, 0], [0.2, 0.2], [0.4, 0.2], [0.6, 0.2]]
    assert (told.low[0] == 0).all()
    assert told.high[3, 0] == pytest.approx(stats.binomtest(3, 5).proportion_ci(0.95, "exact").high)


@given(st.integers(0, 2**32 - 1))
def test_cumulative_incidence_adds_up(seed):
    """If this failed, the causes together would not make the share of runs with any clash."""
    first = np.random.default_rng(seed).exponential(500, (60, 3))
    first[first > 800] = np.nan
    at = np.linspace(0, 900, 20)
    told = estimate.cumulative_incidence(first, at)
    anyone = (np.nanmin(np.nan_to_num(first, nan=np.inf), axis=1)[:, None] <= at).mean(axis=0)
    assert told.share.sum(axis=1) == pytest.approx(anyone)
    assert (np.diff(told.share, axis=0) >= 0).all()


def test_a_design_is_the_grid_in_order():
    """If this failed, a point of the figure would belong to another policy than its label says."""
    design = designs.grid(["roe.zone_radius_km=0,20,40", "roe=baseline_2017,restrictive", "replications=10"])
    assert design.axes == ["roe.zone_radius_km", "roe"]
    assert design.runs == 60
    places = [(point.labels["roe.zone_radius_km"], point.labels["roe"]) for point in design.points]
    assert places == [(radius, roe) for radius in (0.0, 20.0, 40.0) for roe in ("baseline_2017", "restrictive")]
    for row, point in zip(design.table(), design.points, strict=True):
        assert point.config.roe.zone_radius_km == row["roe.zone_radius_km"]
        assert (point.config.roe.name, row["roe"]) == (row["roe.name"], point.config.roe.name)


@pytest.mark.parametrize(
    ("overrides", "point"),
    [
        (["roe.zone_radius_km=0,20,50,80"], 2),  # the default is 55 km
        (["roe.zone_radius_km=50,60"], 0),
        (["roe.zone_radius_km=20,40", "roe=restrictive,baseline_2017"], 3),
        (["roe.warning_shots=false,true"], 1),
        (["line.dissuasion=0,1", "roe.zone_radius_km=0,55"], 3),
        (["roe.zone_radius_km=40"], 0),
    ],
)
def test_the_run_that_is_drawn_is_of_the_usual_policy(overrides, point):
    """If this failed, the map of one run would show a policy that nobody would take for the baseline."""
    assert designs.grid(overrides).nearest_to_start.number == point


def test_no_axis_is_one_point():
    """If this failed, a single policy could not be estimated."""
    design = designs.grid(["roe.zone_radius_km=40"])
    assert (len(design.points), design.axes, design.question["points"]) == (1, [], [{}])


def test_the_question_knows_what_a_preset_contains():
    """If this failed, an edited preset would be continued with the runs of its old self."""
    asked = designs.grid(["roe=baseline_2017,restrictive"]).question
    assert set(asked["points"][0]) == set(asked["points"][1])
    assert len(asked["points"][0]) > 1
    assert asked["common"]["seed"] == 0
    assert not {"out", "threads", "figures"} & asked["common"].keys()


def test_a_bad_point_fails_before_any_is_run():
    """If this failed, the last point of a long sweep could turn out to be a typing error."""
    with pytest.raises(BadInput, match="zone_radius_km"):
        designs.grid(["roe.zone_radius_km=0,20,4000"])


@pytest.mark.parametrize(
    ("events", "n", "text"),
    [
        (0, 2000, "< 0.15"),
        (0, 10, "< 26"),
        (1, 2000, "0.05 [0.00, 0.28]"),
        (240, 2000, "12.0 [10.6, 13.5]"),
        (5, 10, "50 [19, 81]"),
        (2000, 2000, "100.00 [99.82, 100.00]"),
    ],
)
def test_digits_follow_the_interval(events, n, text):
    """If this failed, the table would print noise as digits, or round a bound below the truth."""
    assert table.percent(estimate.probability(events, n)._asdict()) == text


def test_the_mean_of_one_run_has_no_interval():
    """If this failed, a sweep with one replication would be computed and then end in an internal error."""
    assert table.percent({"n": 1, "kind": "mean", "estimate": 0.25, "low": None, "high": None}) == "25"


def test_csv_holds_no_formula_and_no_nan():
    """If this failed, opening a summary in a spreadsheet could run somebody's formula."""
    rows = [{"point": 0, "roe": '=HYPERLINK("x")', "estimate": np.nan}, {"point": 1, "roe": "a", "estimate": -1e-17}]
    assert list(csv.reader(io.StringIO(summary.to_csv(rows).decode()))) == [
        ["point", "roe", "estimate"],
        ["0", '\'=HYPERLINK("x")', ""],
        ["1", "a", "-1e-17"],
    ]
