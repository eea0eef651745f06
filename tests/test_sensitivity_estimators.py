"""The estimators of a sensitivity analysis: known answers, SALib's, and what luck may and may not do to them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from sim.study import luck, morris, pawn, sobol


def without_luck(shares):
    """The same in four replications: nothing is noise."""
    return np.repeat(np.asarray(shares, float)[..., None], 4, axis=-1)


def of_matrices(function, unit):
    """A function of the last axis at every place."""
    return without_luck(function(unit))


# ---------------------------------------------------------------- Sobol' indices: known answers
def ishigami(unit):
    """T. Ishigami and T. Homma (1990), a = 7, b = 0.1."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


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


def chance(unit):
    """A chance that three inputs move much, some and a little, and the fourth hardly."""
    return expit(-2.2 + 2.6 * unit[..., 0] + 1.3 * unit[..., 1] + 0.65 * unit[..., 2] + 0.06 * unit[..., 3])


def bernoulli(unit, replications, kind, seed=1):
    """Runs at all places; their luck is `shared` by all points, `own` at each, or shared in half of the runs."""
    p, dice = chance(unit), np.random.default_rng(seed)
    shared = dice.random(replications)
    own = dice.random((*p.shape, replications))
    same = {"shared": 1.0, "own": 0.0, "half": 0.5}[kind]
    return (np.where(dice.random(own.shape) < same, shared, own) < p[..., None]).astype(float)


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


# ---------------------------------------------------------------- Morris
def test_the_effects_of_a_straight_line():
    """If this failed, mu* would not be the slope, or sigma would see bends where there are none."""
    slopes = np.array([0.5, -0.2, 0.0, 0.03])
    unit = morris.sample(4, 20, seed=1)
    found = morris.effects(unit, without_luck(unit @ slopes), resamples=20)
    assert found.mu_star[:4, 0] == pytest.approx(np.abs(slopes), abs=1e-12)
    assert found.sigma[:, 0] == pytest.approx(0.0, abs=1e-7)
    assert found.mu_star[4] == pytest.approx(0.0, abs=1e-12), "nothing is luck here"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_without_luck_the_effects_are_those_of_salib():
    """If this failed, people who know SALib would get other numbers here for the same data."""
    from SALib.analyze import morris as oracle

    unit = morris.sample(3, 30, seed=2)
    shares = ishigami(unit)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    x, y = np.swapaxes(unit, 0, 1).reshape(-1, 3), shares.T.ravel()
    theirs = oracle.analyze(problem, x, y, num_levels=morris.LEVELS, num_resamples=2)
    ours = morris.effects(unit, without_luck(shares), resamples=5)
    assert ours.mu_star[:3, 0] == pytest.approx(np.asarray(theirs["mu_star"]), rel=1e-12)
    assert ours.sigma[:3, 0] == pytest.approx(np.asarray(theirs["sigma"]), rel=1e-9)


def test_trajectories_move_one_input_at_a_time():
    """If this failed, the effect of one input would hold that of another."""
    unit = morris.sample(5, 40, seed=3)
    steps = np.abs(np.diff(unit, axis=0))
    assert ((steps > 1e-9).sum(axis=2) == 1).all()
    assert ((steps > 1e-9).sum(axis=0) == 1).all(), "every input moves once in each"
    assert steps.max(axis=2) == pytest.approx(morris.STEP)
    assert set(np.round(unit.ravel() * 3, 9)) == {0.0, 1.0, 2.0, 3.0}
    assert (morris.sample(5, 10, seed=3) == unit[:, :10]).all()


def test_luck_is_no_spread_of_an_effect():
    """If this failed, every input would seem to hang on the others, as far as there is noise.

    20,000 trajectories of 6 replications: sigma of the inert input stays below 0.09 (uncorrected it is 0.33); its
    square has a standard error of 0.0012, and 0.09 squared is more than 6 of them. mu* of it lies at the dummies'.
    """
    unit = morris.sample(4, 20_000, seed=4)
    noisy = bernoulli(unit, 6, "own")
    found = morris.effects_of(unit, noisy)
    assert found[3].mean(axis=1).std() > 0.3
    assert morris.spread(found, luck.equal(20_000), luck.equal(6))[3] < 0.09
    dummies = np.mean([dummy[0] for dummy in morris.of_dummies(noisy[0, :2000])])
    assert np.abs(found[3].mean(axis=1)).mean() == pytest.approx(dummies, rel=0.1)


# ---------------------------------------------------------------- PAWN
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::RuntimeWarning")
def test_distances_are_those_of_salib():
    """If this failed, people who know SALib would get other numbers here for the same data."""
    from SALib.analyze import pawn as oracle

    x = np.random.default_rng(1).random((400, 3))
    y = ishigami(x)
    theirs = oracle.analyze({"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}, x, y, S=10)
    ours = pawn.distances([list(column) for column in x.T], y, resamples=5)
    assert ours.median[:3, 0] == pytest.approx(theirs["median"], abs=1e-12)
    assert ours.largest[:3, 0] == pytest.approx(theirs["maximum"], abs=1e-12)


def test_words_are_slices_of_their_own():
    """If this failed, presets could not be inputs, or two of them would be taken for one."""
    assert list(pawn.slices_of(["b", "a", "b", "c"])) == [1, 0, 1, 2]
    assert list(pawn.slices_of([True, False, True])) == [1, 0, 1]
    assert list(pawn.slices_of([40.0, 0.0, 20.0, 0.0])) == [2, 0, 1, 0]
    shares = np.array([0.0, 0.0, 0.5, 0.5])
    assert pawn.distances_of(np.array([0, 0, 1, 1]), shares, np.ones(4)) == pytest.approx([0.5, 0.5])


def test_points_with_the_same_draws_are_one_piece_of_evidence():
    """If this failed, of a crossed or a Saltelli design an input that does nothing would be told to act."""
    unit = sobol.sample(3, 64, seed=1).reshape(-1, 3)
    used = unit[pawn.apart([list(column) for column in unit.T])]
    assert all(len(set(column)) == len(used) for column in used.T)
    assert 64 <= len(used) <= 128
    draws = np.repeat(np.random.default_rng(1).random(60), 4).tolist()
    presets = ["a", "b", "c", "d"] * 60
    kept = pawn.apart([draws, presets])
    assert kept.sum() == 60
    assert set(np.array(presets)[kept]) == set("abcd")
    assert pawn.apart([presets, [0.0, 20.0, 40.0] * 80, [0.5, 0.25] * 120]).all(), "levers come again"


def test_an_input_dealt_out_anew_is_the_floor():
    """If this failed, chance alone would be told as an effect: a distance is never below 0.

    100 studies of an input that does nothing; more than 18 lie above 97.5 of 100 deals with a chance below 1e-6 ...
    where the floor is right.
    """
    above = 0
    for seed in range(100):
        x = np.random.default_rng(seed).random((60, 2))
        found = pawn.distances([list(column) for column in x.T], x[:, 0], resamples=60)
        above += found.median[1, 0] > found.floors[1]
        assert found.median[0, 0] > found.floors[0]
        estimate, low, high = found.median[:2].T
        assert ((low <= estimate) & (estimate <= high)).all()
    assert above <= 18
