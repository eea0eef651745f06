"""The estimators of a sensitivity analysis: known answers, SALib's, and what luck may and may not do to them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study import luck, sobol
from tests.known_surfaces import bernoulli, chance, ishigami, of_matrices, without_luck


# ---------------------------------------------------------------- Sobol' indices: known answers
def test_the_indices_of_ishigami():
    """If this failed, shares of variance would be of something else than is said: a known function has others."""
    runs_ = of_matrices(ishigami, sobol.sample(3, 2**14, seed=1))
    found = sobol.moments(runs_, luck.equal(2**14), luck.equal(4))
    assert found.first / found.variance == pytest.approx([0.3139, 0.4424, 0.0], abs=0.005)
    assert found.total / found.variance == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.005)
    assert found.variance == pytest.approx(13.8446, rel=0.005)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_without_luck_the_indices_are_those_of_salib():
    """If this failed, people who know SALib would get other numbers here for the same data."""
    from SALib.analyze import sobol as oracle

    unit = sobol.sample(3, 128, seed=5)
    shares = ishigami(unit)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    rows = np.stack([shares[0], *shares[2:], shares[1]], axis=1).ravel()  # A, A with columns of B, B
    theirs = oracle.analyze(problem, rows, calc_second_order=False, num_resamples=2)
    ours = sobol.moments(without_luck(shares), luck.equal(128), luck.equal(4))
    assert ours.first / ours.variance == pytest.approx(theirs["S1"], abs=1e-12)
    assert ours.total / ours.variance == pytest.approx(theirs["ST"], abs=1e-12)


def truth():
    """The indices of the chance itself, to three digits, and its variance."""
    rows = 2**14
    found = sobol.moments(of_matrices(chance, sobol.sample(4, rows, seed=1)), luck.equal(rows), luck.equal(4))
    return found.first / found.variance, found.total / found.variance, found.variance


def test_few_replications_make_no_input_matter():
    """If this failed, an input that does nothing would be told to make more than half of all differences.

    Three replications a point. The standard error of the total index is 0.009; 0.05 is more than five of them.
    """
    rows, r = 2**16, 3
    noisy = bernoulli(sobol.sample(4, rows, seed=2), r, "own")
    mean = noisy.mean(axis=2)
    uncorrected = ((mean[5] - mean[0]) ** 2).mean() / 2 / mean[:2].var()
    assert uncorrected > 0.5
    found = sobol.moments(noisy, luck.equal(rows), luck.equal(r))
    first, total, variance = truth()
    assert abs(found.total[3] / found.variance) < 0.05
    assert found.variance == pytest.approx(variance, rel=0.05)
    assert found.first / found.variance == pytest.approx(first, abs=0.06)
    assert found.total / found.variance == pytest.approx(total, abs=0.06)


@pytest.mark.parametrize("kind", ["shared", "half", "own"])
def test_whatever_luck_points_share_nothing_is_left_of_it(kind):
    """If this failed, common random numbers would make indices too large or too small.

    The mean over 400 studies of four replications each lies within 6 standard errors of the truth at these points.
    """
    unit = sobol.sample(4, 64, seed=2)
    parts = []
    for seed in range(400):
        found = sobol.moments(bernoulli(unit, 4, kind, seed), luck.equal(64), luck.equal(4))
        parts.append([found.variance, *found.first, *found.total])
    exact = sobol.moments(of_matrices(chance, unit), luck.equal(64), luck.equal(4))
    off = np.mean(parts, axis=0) - [exact.variance, *exact.first, *exact.total]
    assert (np.abs(off) < 6 * np.std(parts, axis=0) / np.sqrt(400) + 1e-12).all()


def test_shared_luck_is_not_subtracted():
    """If this failed, the usual remedy would do, and the reason given for another one would be wrong.

    Where points share their luck it cancels by itself; subtracting s^2 / r too leaves less than minus half of all
    variance to an input that does nothing.
    """
    unit, subtracted = sobol.sample(4, 64, seed=2), []
    for seed in range(100):
        noisy = bernoulli(unit, 4, "shared", seed)
        own = noisy[[0, 5]].var(axis=2, ddof=1).mean() / 4
        subtracted.append(((noisy[5] - noisy[0]).mean(axis=1) ** 2).mean() / 2 - own)
    assert np.mean(subtracted) / truth()[2] < -0.5


def test_products_are_those_of_all_splits_in_two():
    """If this failed, the reason given for the estimator would be wrong: it is the mean over all halvings."""
    from itertools import combinations

    a, b = np.random.default_rng(4).random((2, 6))
    halves = [(list(half), [k for k in range(6) if k not in half]) for half in combinations(range(6), 3)]
    split = np.mean([a[one].mean() * b[other].mean() for one, other in halves])
    assert luck.product(a, b, luck.equal(6)) == pytest.approx(split, abs=1e-14)
    pairs = [a[k] * b[j] for k in range(6) for j in range(6) if k != j]
    assert luck.product(a, b, luck.equal(6)) == pytest.approx(np.mean(pairs), abs=1e-14)


@pytest.mark.parametrize("kind", ["own", "half", "shared"])
def test_the_intervals_hold_the_truth(kind):
    """If this failed, indices would be published as known better than they are.

    40 studies; of an interval that holds with 95 % fewer than 27 do with a chance below 1e-6.
    """
    first, total, _ = truth()
    held = np.zeros(6)
    for seed in range(40):
        noisy = bernoulli(sobol.sample(4, 64, seed=seed), 10, kind, seed)
        found = sobol.indices(noisy, resamples=100)
        told, known = np.vstack([found.first[:3], found.total[:3]]), np.append(first[:3], total[:3])
        held += (told[:, 1] <= known) & (known <= told[:, 2])
    assert (held >= 27).all()


@pytest.mark.parametrize("kind", ["own", "shared"])
def test_a_dummy_is_as_noisy_as_an_input_that_does_nothing(kind):
    """If this failed, the floor would lie so low that luck gets over it, or so high that nothing does.

    The floor comes from runs whose luck all points may share; an input that changes only the luck gives every point its
    own. 60 studies; the ratio of the standard deviations leaves 0.6 to 1.7 with a chance below 1e-6 where it is 1.
    """
    real, floor = [], []
    for seed in range(60):
        dice = np.random.default_rng(seed)
        p = 0.3 + 0.3 * dice.random((1, 64, 1))
        noisy = (dice.random((3, 64, 12)) < p).astype(float)
        found = sobol.moments(noisy, luck.equal(64), luck.equal(12))
        given = noisy if kind == "own" else (dice.random(12) < np.repeat(p, 3, axis=0)).astype(float)
        dummies = np.array(list(sobol.of_dummies(given, np.float64(1))))
        assert np.abs(dummies.mean(axis=0)).max() < 6 * dummies.std(axis=0).max() / np.sqrt(len(dummies))
        real.append([found.first[0], found.total[0]])
        floor.append(dummies.std(axis=0))
    ratio = np.mean(floor, axis=0) / np.std(real, axis=0)
    assert ((ratio > 0.6) & (ratio < 1.7)).all()


def test_saltelli_points():
    """If this failed, an index would be that of another input, or of two at once."""
    a, b, *mixed = unit = sobol.sample(3, 32, seed=9)
    for k, matrix in enumerate(mixed):
        others = [j for j in range(3) if j != k]
        assert (matrix[:, k] == b[:, k]).all()
        assert (matrix[:, others] == a[:, others]).all()
    assert (sobol.sample(3, 16, seed=9) == unit[:, :16]).all(), "more rows go on where fewer ended"
    assert not np.isin(a, b).any()
