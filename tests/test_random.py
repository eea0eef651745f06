"""Random numbers: published vectors, the open interval, and each distribution's closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.rules import random
from sim.rules.draws import Draw
from tests.staging import stage

# Random123 tests/kat_vectors: philox 4x32 10, counter, key, result
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
N = 20_000
FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


@pytest.mark.parametrize(("counter", "key", "expected"), VECTORS)
def test_philox_gives_the_published_words(counter: tuple, key: tuple, expected: tuple) -> None:
    """If this failed, the luck of every run would come from an untested generator."""
    assert random.philox(*counter, *key) == expected


def draws(function, *arguments) -> np.ndarray:
    """Many independent draws of one distribution."""
    state, _, _ = stage()
    return np.array([function(state, *arguments, 5, random.NOBODY, Draw.BOUND, k) for k in range(N)])


def test_a_uniform_is_inside_the_open_interval_and_fills_it() -> None:
    """If this failed, a logarithm would meet zero, or a certain event would sometimes not happen."""
    state, _, _ = stage()
    u = np.array([random.uniform(state, 1, 2, 3, k) for k in range(N)])
    assert 0.0 < u.min() < 1e-3
    assert 1.0 - 1e-3 < u.max() < 1.0
    distance = np.abs(np.sort(u) - (np.arange(N) + 0.5) / N).max()
    assert distance < 2.7 / math.sqrt(N)  # Kolmogorov-Smirnov: exceeded once in a million


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5])
def test_chance_happens_with_its_probability(p: float) -> None:
    """If this failed, every probability of the model would be another one."""
    state, _, _ = stage()
    hits = sum(random.chance(state, p, 5, random.NOBODY, Draw.LEASH, k) for k in range(N))
    assert abs(hits - N * p) < FALSE_ALARM * math.sqrt(N * p * (1 - p))


def test_a_certain_thing_happens_and_an_impossible_one_does_not() -> None:
    """If this failed, switching a mechanism off would leave some of it on."""
    state, _, _ = stage()
    assert all(random.chance(state, 1.0, 5, 6, Draw.LEASH, k) for k in range(1000))
    assert not any(random.chance(state, 0.0, 5, 6, Draw.LEASH, k) for k in range(1000))


def test_an_exponential_wait_has_its_mean_and_survival() -> None:
    """If this failed, missions and stays would last longer or shorter than declared."""
    waits = draws(random.exponential, 8.0)
    assert abs(waits.mean() - 8.0) < FALSE_ALARM * 8.0 / math.sqrt(N)
    survival = math.exp(-2.0)
    assert abs((waits > 16.0).mean() - survival) < FALSE_ALARM * math.sqrt(survival * (1 - survival) / N)


@pytest.mark.slow
def test_a_lognormal_wait_has_its_median_and_its_tail() -> None:
    """If this failed, the documented worst call of 27 minutes would not be the 99th percentile."""
    waits = draws(random.lognormal, 3.0, 0.94)
    assert abs((waits < 3.0).mean() - 0.5) < FALSE_ALARM * 0.5 / math.sqrt(N)
    assert abs((waits > 26.7).mean() - 0.01) < FALSE_ALARM * math.sqrt(0.01 * 0.99 / N) + 2e-4


@pytest.mark.parametrize("mean", [0.2, 2.5, 11.0])
@pytest.mark.slow
def test_a_poisson_count_has_the_poisson_probabilities(mean: float) -> None:
    """If this failed, the dead of a bomb or the vehicles of a column would follow another law."""
    counts = draws(random.poisson, mean)
    assert abs(counts.mean() - mean) < FALSE_ALARM * math.sqrt(mean / N)
    for k in range(int(mean) + 3):
        p = math.exp(-mean) * mean**k / math.factorial(k)
        assert abs((counts == k).mean() - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / N)


def test_a_choice_follows_its_weights_and_remembers_how() -> None:
    """If this failed, `why()` would tell another story than the one that was simulated."""
    state, _, _ = stage()
    unit = state.units[3]
    weights = (1.0, 0.0, 2.0, 5.0, 0.0, 0.0)
    seen = np.zeros(6)
    for step in range(N):
        state.step = step
        chosen = random.choice(state, unit, weights, random.NOBODY, Draw.RESPONSE)
        seen[chosen] += 1
        told = [unit.decision.p[k] for k in range(6)]
        assert told == [0.125, 0.0, 0.25, 0.625, 0.0, 0.0]
        assert chosen == unit.decision.chosen == int(np.searchsorted(np.cumsum(told), unit.decision.u, side="right"))
    for k, p in enumerate(told):
        assert abs(seen[k] / N - p) <= FALSE_ALARM * math.sqrt(p * (1 - p) / N)


def test_no_two_purposes_people_steps_or_runs_share_a_draw() -> None:
    """If this failed, two decisions that should be independent would always fall the same way."""
    seen = set()
    for replication in (0, 1):
        state, _, _ = stage(replication=replication)
        for step in range(5):
            state.step = step
            for actor in range(5):
                for draw in range(5):
                    for sub in range(5):
                        seen.add(random.uniform(state, actor, random.NOBODY, draw, sub))
    assert len(seen) == 2 * 5**4
