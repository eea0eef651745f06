"""Known answers of the calibration's method, where theory gives the posterior in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, gamma

from sim.study.abc_regression import adjusted, lens, nearest, place, resampled
from sim.study.moved import movement
from sim.study.self_check import checked, uniformity

DRAWS, KEEP = 20_000, 1000
SHAPE, RATE, WINDOW = 6.0, 2.0, 4.0  # of the gamma prior of a Poisson rate, and how long is watched
FALSE_ALARM = 1e-6


def watched(rng: np.random.Generator, draws: int = DRAWS) -> tuple[np.ndarray, np.ndarray]:
    """Log rates and a second parameter that nothing depends on, (draws, 2); square roots of counts, (draws, 1)."""
    rates = rng.gamma(SHAPE, 1 / RATE, draws)
    parameters = np.column_stack([np.log(rates), rng.standard_normal(draws)])
    return parameters, np.sqrt(rng.poisson(WINDOW * rates))[:, None]


@pytest.mark.parametrize("count", [4, 12, 25])
def test_poisson_rate_has_its_gamma_posterior(count: int) -> None:
    """If this failed, the calibration would not find a posterior that a textbook gives in closed form."""
    parameters, seen = watched(np.random.default_rng(1))
    looked = lens(seen, parameters)
    kept = nearest(looked.see(seen), looked.see(np.array([[count**0.5]]))[0], KEEP)
    logs = adjusted(parameters[kept.rows], kept)[:, 0]
    mean = float(kept.weights @ logs)
    sd = float(np.sqrt(kept.weights @ (logs - mean) ** 2))
    exact = np.log(gamma(SHAPE + count, scale=1 / (RATE + WINDOW)).rvs(200_000, random_state=2))
    assert abs(mean - exact.mean()) < 5 * exact.std() / kept.effective**0.5
    assert abs(sd / exact.std() - 1) < 5 / (2 * kept.effective) ** 0.5


def test_ranks_are_uniform_and_intervals_hold_the_truth() -> None:
    """If this failed, stated 50 % and 90 % intervals would hold the truth more or less often than they say."""
    parameters, seen = watched(np.random.default_rng(3))
    places = lens(seen, parameters).see(seen)
    rng = np.random.default_rng(4)
    ranks = []
    for row in rng.choice(DRAWS, 400, replace=False):
        kept = nearest(places, places[row], KEEP, without=int(row))
        ranks.append(place(parameters[row], adjusted(parameters[kept.rows], kept), kept.weights))
    found = np.array(ranks)
    assert (uniformity(found) > FALSE_ALARM / 2).all()
    for level in (0.5, 0.9):
        low, high = binom.ppf([FALSE_ALARM / 8, 1 - FALSE_ALARM / 8], len(found), level)
        held = (abs(found - 0.5) < level / 2).sum(axis=0)
        assert (held >= low).all()
        assert (held <= high).all()


def test_a_wrong_posterior_is_noticed() -> None:
    """If this failed, uniform ranks would prove nothing: a posterior half as wide as the true one would pass too."""
    rng = np.random.default_rng(5)
    truth, centre = rng.standard_normal((400, 1)), rng.standard_normal((400, 1))
    too_narrow = np.array([(c + 0.5 * rng.standard_normal(200) < t).mean() for t, c in zip(truth, centre, strict=True)])
    assert uniformity(too_narrow[:, None])[0] < FALSE_ALARM


def test_what_nothing_depends_on_is_an_assumption() -> None:
    """If this failed, a parameter that the data cannot know would be sold as learnt, or a learnt one as assumed."""
    parameters, seen = watched(np.random.default_rng(6))
    offsets = (parameters - parameters.mean(axis=0)) / parameters.std(axis=0)
    looked = lens(seen, offsets)
    kept = nearest(looked.see(seen), looked.see(np.array([[25**0.5]]))[0], KEEP)
    assert movement(offsets[kept.rows], kept, np.array([True, True])).moved.tolist() == [True, False]


def test_nothing_learnt_moves_nothing() -> None:
    """If this failed, more than 1 in 20 analyses of histories that tell nothing would call some parameter moved."""
    alarms, analyses = 0, 60
    for k in range(analyses):
        rng = np.random.default_rng([7, k])
        offsets, seen = rng.standard_normal((2000, 30)), rng.standard_normal((2000, 4))
        looked = lens(seen, offsets)
        kept = nearest(looked.see(seen), looked.see(np.zeros((1, 4)))[0], 200)
        moves = movement(offsets[kept.rows], kept, np.arange(30) < 10)
        alarms += bool((moves.gained > moves.chance).any())
    assert alarms <= binom.ppf(1 - FALSE_ALARM, analyses, 0.05)


def test_absent_summaries_are_a_finding_of_their_own() -> None:
    """If this failed, a history without a strike would pass for one whose strike was like the average."""
    rng = np.random.default_rng(8)
    parameter = rng.standard_normal((5000, 1))
    absent = rng.random((5000, 1)) < 1 / (1 + np.exp(-3 * parameter))
    seen = np.where(absent, np.nan, rng.standard_normal((5000, 1)))
    looked = lens(seen, parameter)
    places = looked.see(seen)
    means = []
    for value in (np.nan, 0.0):
        kept = nearest(places, looked.see(np.array([[value]]))[0], 500)
        means.append(float(kept.weights @ adjusted(parameter[kept.rows], kept)[:, 0]))
    assert means[0] - means[1] > 0.5


def test_resampling_keeps_the_weights() -> None:
    """If this failed, the shipped draws would not stand for the weighted ones."""
    weights = np.array([0.5, 0.25, 0.15, 0.1])
    picks = resampled(weights, 1000, np.random.default_rng(9))
    assert (abs(np.bincount(picks, minlength=4) - 1000 * weights) <= 1).all()


def test_self_check_knows_the_theory() -> None:
    """If this failed, a theory that leaves its mark on every history would still not be found again."""
    rng = np.random.default_rng(10)
    theories = rng.integers(0, 3, 6000)
    offsets = rng.standard_normal((6000, 2))
    seen = np.column_stack([theories + 0.01 * rng.standard_normal(6000), offsets[:, 0] + rng.standard_normal(6000)])
    looked = lens(seen, np.column_stack([offsets, np.eye(3)[theories]]))
    places = looked.see(seen)
    kept = nearest(places, looked.see(np.array([[1.0, 0.0]]))[0], 500)
    found = checked(places, offsets, theories, kept)
    assert found.truth_first.estimate > 0.95
    assert (found.p_uniform > FALSE_ALARM).all()
