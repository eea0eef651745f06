"""Elementary effects and distances: known answers, SALib's, and what luck may and may not do to them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.study import luck, morris, pawn, sobol
from tests.known_surfaces import bernoulli, ishigami, without_luck


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


def test_an_effect_is_divided_by_how_far_the_input_moved():
    """If this failed, rounding to whole numbers would make an input seem to act more than it does."""
    unit = morris.sample(2, 40, seed=5)
    stood = unit.copy()
    stood[..., 0] = np.round(2 * unit[..., 0]) / 2  # of whole numbers from 0 to 2
    slopes = np.array([0.4, 0.1])
    found = morris.effects(stood, without_luck(stood @ slopes), resamples=5)
    assert found.mu_star[:2, 0] == pytest.approx(slopes, abs=1e-12)
    assert found.sigma[:2, 0] == pytest.approx(0.0, abs=1e-7)


@pytest.mark.parametrize("kind", ["own", "shared"])
def test_an_input_that_does_nothing_is_seldom_told_to_act(kind):
    """If this failed, luck would pass for an effect: mu* and its interval are above 0 whatever an input does.

    300 studies of an input that changes nothing; of 2.5 % that may be told to act by the lower limit alone, more than
    24 come with a chance below 1e-6.
    """
    told = 0
    for seed in range(300):
        unit = morris.sample(4, 16, seed=seed)
        runs = bernoulli(unit, 8, kind, seed)
        found = morris.effects(unit, runs, resamples=60)
        assert found.mu_star[3, 1] >= 0
        told += found.square[3, 1] > 0
    assert told <= 24
    assert found.square[0, 1] > 0, "one that acts is told"


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
    for draws in (60, 20):
        drawn = np.repeat(np.random.default_rng(draws).random((draws, 2)), 4, axis=0).T.tolist()
        presets = ["a", "b", "c", "d"] * draws
        kept = pawn.apart([*drawn, presets])
        assert kept.sum() == draws
        assert set(np.array(presets)[kept]) == set("abcd")


def test_a_full_crossing_is_used_whole():
    """If this failed, most of a grid would be thrown away, though every slice of it holds the same of all else."""
    levers = zip(*itertools.product("abcd", [0.0, 20.0, 40.0], np.linspace(0, 1, 40).tolist()), strict=True)
    columns = [list(lever) for lever in levers]
    assert pawn.apart(columns).all()
    first = np.array([{"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4}[word] for word in columns[0]])
    told = pawn.distances(columns, first, resamples=50)
    assert told.median[0, 0] > told.floors[0]
    assert (told.median[1:3, 0] < told.floors[1:]).all(), "what does nothing stays below the floor"


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
