"""Another implementation on a problem whose answer is known: sequential Monte Carlo by pyABC beside our table."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.study.abc_regression import adjusted, lens, nearest

pyabc = pytest.importorskip("pyabc", reason="the extra `calibrate` is not installed")

DRAWS, KEPT, SEEN, COUNTS = 20_000, 500, 1.1, 8  # mean of eight normal values with sd 1, prior standard normal


def test_both_find_the_normal_posterior() -> None:
    """If this failed, our posterior or pyABC's would not be the one that the textbook gives.

    Prior N(0, 1), eight values with sd 1 whose mean is 1.1: posterior N(8 x 1.1 / 9, 1 / 9).  Bounds of a quarter of
    its sd for means and for sds are more than five standard errors of 500 draws: false alarm below 1e-6 each.
    """
    truth = stats.norm(COUNTS * SEEN / (COUNTS + 1), (1 / (COUNTS + 1)) ** 0.5)
    for mean, sd in (_ours(), _theirs()):
        assert abs(mean - truth.mean()) < 0.25 * truth.std()
        assert abs(sd / truth.std() - 1) < 0.25


def _ours() -> tuple[float, float]:
    dice = np.random.default_rng(1)
    offsets = dice.standard_normal((DRAWS, 1))
    seen = offsets + dice.standard_normal((DRAWS, 1)) / COUNTS**0.5
    looked = lens(seen, offsets)
    kept = nearest(looked.see(seen), looked.see(np.array([[SEEN]]))[0], KEPT)
    values = adjusted(offsets[kept.rows], kept)[:, 0]
    mean = float(kept.weights @ values)
    return mean, float((kept.weights @ (values - mean) ** 2) ** 0.5)


def _theirs() -> tuple[float, float]:
    np.random.seed(2)  # noqa: NPY002 - pyABC draws from the global generator
    smc = pyabc.ABCSMC(
        lambda one: {"mean": one["x"] + np.random.standard_normal() / COUNTS**0.5},  # noqa: NPY002
        pyabc.Distribution(x=pyabc.RV("norm", 0, 1)),
        distance_function=lambda a, b: abs(a["mean"] - b["mean"]),
        population_size=500,
        sampler=pyabc.SingleCoreSampler(),
    )
    smc.new("sqlite://", {"mean": SEEN})
    history = smc.run(minimum_epsilon=0.05, max_nr_populations=6)
    table, weights = history.get_distribution()
    values = table["x"].to_numpy()
    mean = float(weights @ values)
    return mean, float((weights @ (values - mean) ** 2) ** 0.5)
