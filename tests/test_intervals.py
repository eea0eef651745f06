"""Intervals of another kind, several at once, and the shares of causes: known answers and other people's programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.study.estimate import cumulative_incidence, probability, upper_bound
from sim.study.intervals import KINDS, jeffreys, retold, runs_to_see_one, wilson

TRUTHS = np.linspace(0.005, 0.995, 397)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [  # R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_printed_limits(events, n, low, high):
    """If this failed, "Wilson" in a paper would name an interval that nobody else calls so."""
    assert wilson(np.array(events), np.array(n)) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts):
    """If this failed, the interval would be right for the printed cases only."""
    events, n = counts
    expected = stats.binomtest(events, n).proportion_ci(0.95, method="wilson")
    assert wilson(np.array(events), np.array(n)) == pytest.approx(tuple(expected), abs=1e-12)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_jeffreys_has_equal_tails_of_its_posterior(counts):
    """If this failed, "Jeffreys" would not be what a Bayesian with that prior believes."""
    events, n = counts
    low, high = (float(end) for end in jeffreys(np.array(events), np.array(n)))
    posterior = stats.beta(events + 0.5, n - events + 0.5)
    assert low == 0 if events == 0 else posterior.cdf(low) == pytest.approx(0.025, rel=1e-6)
    assert high == 1 if events == n else posterior.sf(high) == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize("kind", ["wilson", "jeffreys"])
@pytest.mark.parametrize("n", [50, 200])
def test_the_shorter_intervals_hold_on_the_average(kind, n):
    """If this failed, choosing a shorter interval would cost more than the docstring admits."""
    events = np.arange(n + 1)
    low, high = KINDS[kind][1](events, np.full(n + 1, n), 0.95)
    held = [stats.binom.pmf(events, n, p)[(low <= p) & (p <= high)].sum() for p in TRUTHS]
    assert np.mean(held) == pytest.approx(0.95, abs=0.005)
    assert min(held) < 0.95, "what Clopper and Pearson promise, these do not"
    exact_low, exact_high = KINDS["clopper_pearson"][1](events, np.full(n + 1, n), 0.95)
    assert np.mean(high - low) < np.mean(exact_high - exact_low)


def rows_of(counts, n):
    """Rows of a summary, one a point."""
    return [{"outcome": "strike_ground", **probability(int(k), n)._asdict()} for k in counts]


@pytest.mark.parametrize("points", [2, 12])
def test_intervals_that_hold_together_do(points):
    """If this failed, one of a dozen policies would stand out by chance more often than we say.

    Exact: the chance that all intervals hold is the product of what each holds, points being independent here.
    """
    n, truths = 100, np.linspace(0.02, 0.6, points)
    rows = [retold(rows_of(range(n + 1), n), "clopper_pearson", together) for together in (1, points)]
    alone, together = (
        np.prod(
            [
                sum(stats.binom.pmf(k, n, p) for k, row in enumerate(found) if row["low"] <= p <= row["high"])
                for p in truths
            ]
        )
        for found in rows
    )
    assert together >= 0.95
    assert alone < together
    assert alone < 0.95 or points == 2, "each by itself, a dozen intervals are not all right 95 times of 100"


def test_what_was_never_seen_keeps_an_exact_bound():
    """If this failed, Wilson's interval, which promises too much there, would be told of what was never seen."""
    (row,) = retold(rows_of([0], 2000), "wilson")
    assert (row["low"], row["high"]) == (0.0, upper_bound(2000))
    (row,) = retold(rows_of([0], 2000), "wilson", together=10)
    assert row["high"] == pytest.approx(1 - 0.005 ** (1 / 2000))


def test_the_kind_of_the_folder_is_told_to_the_last_bit():
    """If this failed, the table would say something else than summary.csv although nobody asked for that."""
    rows = rows_of([0, 1, 50, 99, 100], 100)
    assert retold(rows, "clopper_pearson") == rows
    mean = {"outcome": "strike_ground_count", "events": 3, "n": 100, "low": 1.0, "high": 2.0}
    assert retold([mean], "jeffreys", together=5) == [mean], "means keep theirs"
    assert retold([row := rows_of([0], 0)[0]], "wilson")[0] == pytest.approx(row, nan_ok=True), "no runs, no interval"


@pytest.mark.parametrize(("chance", "runs"), [(0.5, 5), (1e-4, 29_956), (0.96, 1)])
def test_runs_that_show_one(chance, runs):
    """If this failed, somebody would wait for an event with too few runs, or pay for too many."""
    assert runs_to_see_one(chance) == runs
    assert (1 - chance) ** runs <= 0.05 < (1 - chance) ** (runs - 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_cumulative_incidence_is_aalen_and_johansens(seed):
    """If this failed, "the militia came first by day 10" would not be what survival analysis calls by that name.

    lifelines estimates from the same first events, each run censored at the horizon where nothing came.
    """
    fitter = pytest.importorskip("lifelines").AalenJohansenFitter
    rng = np.random.default_rng(seed)
    horizon, runs = 40_320.0, 300
    times = rng.permutation(100.0 * np.arange(1, runs * 3 + 1)).reshape(runs, 3)  # no two alike: theirs knows no ties
    first_min = np.where(times < horizon, times, np.nan)
    first = np.where(np.isnan(first_min), np.inf, first_min).min(axis=1)
    cause = np.where(np.isfinite(first), np.argmin(np.where(np.isnan(first_min), np.inf, first_min), axis=1) + 1, 0)
    at = np.array([100.0, 1000.0, 5000.0, 20_000.0, 40_000.0])
    ours = cumulative_incidence(first_min, at)
    for j in range(3):
        theirs = fitter(calculate_variance=False).fit(np.minimum(first, horizon), cause, event_of_interest=j + 1)
        curve = theirs.cumulative_density_.iloc[:, 0]
        assert ours.share[:, j] == pytest.approx([curve[curve.index <= time].iloc[-1] for time in at], abs=1e-12)
