"""The logarithmic score of the record: how much probability the runs give to what happened (in nats).

It is held against independent constant hazards with the same mean counts (I. J. Good 1952, J. R. Stat. Soc.
B 14, 107-114, for the score).  A history that was never simulated is not given probability 0: the null counts
as one run more, p = (hits + q) / (n + 1) with q the null's probability, which sums to one over all histories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from sim.study.estimate import Estimate, clopper_pearson, probability
from sim.study.measures import TAILS, resampled_sums
from sim.study.record import SCORED, Record

WHETHER = np.array([scored.only_whether for scored in SCORED])
K = len(SCORED)
QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


class Nats(NamedTuple):
    """A logarithmic score with its 95 % Monte-Carlo interval, in nats."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """Scores of one record: of all counts jointly, of each by itself, and of the null."""

    histories: int
    hits: int  # histories that show exactly the record
    joint: Nats
    null: Nats
    gain: Nats  # joint less null
    apart: Nats  # the sum of the scores of each count by itself
    each: tuple[tuple[float, float], ...]  # of each scored count: the model's score and the null's


class Predicted(NamedTuple):
    """What the runs say about one scored count."""

    words: str
    mean: float
    quantiles: tuple[float, ...]  # those of QUANTILES
    any: Estimate  # share of runs with at least one


def counts_of(rows: np.ndarray) -> np.ndarray:
    """The scored counts of runs, shape (runs, K)."""
    return np.stack([rows[scored.column] for scored in SCORED], axis=1).astype(np.int64)


def seen(counts: np.ndarray) -> np.ndarray:
    """Counts as they are scored: where the record may not be complete, only whether there was any."""
    return np.where(WHETHER, np.minimum(counts, 1), counts)


def null_scores(observed: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Logarithm of the chance of each scored count under constant hazards with these mean counts; (..., K)."""
    rates = np.asarray(rates, float)
    exactly = observed * np.log(rates) - rates - gammaln(observed + 1.0)
    whether = np.where(observed > 0, np.log(-np.expm1(-rates)), -rates)
    return np.where(WHETHER, whether, exactly)


def score(rows: np.ndarray, record: Record) -> Score:
    """The score of a record over the window that these runs cover, one row a run."""
    counts, observed, n = counts_of(rows), seen(np.array(record.counts)), len(rows)
    matches = seen(counts) == observed
    parts = np.column_stack([matches.all(axis=1), matches, counts])
    whole, resampled = _scores(parts.sum(axis=0), observed, n), _scores(resampled_sums(parts), observed, n)
    hits, joint, apart, null = int(parts[:, 0].sum()), *(float(whole[k].sum(axis=-1)) for k in range(3))
    of_null = Nats(null, *_between(resampled[2].sum(axis=-1)))
    of_joint = Nats(joint, *_joint_interval(hits, n, null))
    return Score(
        histories=n,
        hits=hits,
        joint=of_joint,
        null=of_null,
        gain=Nats(joint - null, of_joint.low - of_null.high, of_joint.high - of_null.low),
        apart=Nats(apart, *_between(resampled[1].sum(axis=-1))),
        each=tuple(zip(whole[1].tolist(), whole[2].tolist(), strict=True)),
    )


def _scores(sums: np.ndarray, observed: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logarithms of the chance of all counts at once (..., 1), of each by itself (..., K), of each under the null.

    `sums`: histories that match in all, that match in each, and the sums of the counts.
    """
    rates = np.maximum(sums[..., 1 + K :], 0.5) / n  # never seen: half an event
    null = null_scores(observed, rates)
    joint = np.log((sums[..., :1] + np.exp(null.sum(axis=-1, keepdims=True))) / (n + 1))
    each = np.log((sums[..., 1 : 1 + K] + np.exp(null)) / (n + 1))
    return joint, each, null


def _joint_interval(hits: int, n: int, null: float) -> tuple[float, float]:
    """Clopper-Pearson for the share of matching histories, smoothed like the score itself."""
    ends = clopper_pearson(np.asarray(hits), np.asarray(n))
    low, high = (float(np.log((n * float(end) + np.exp(null)) / (n + 1))) for end in ends)
    return low, high


def _between(drawn: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(drawn, TAILS)
    return float(low), float(high)


def predicted(rows: np.ndarray) -> Sequence[Predicted]:
    """What the runs say about each scored count."""
    counts = counts_of(rows)
    return [
        Predicted(
            scored.words,
            float(mine.mean()),
            tuple(np.quantile(mine, QUANTILES, method="inverted_cdf").astype(float).tolist()),
            probability(int((mine > 0).sum()), len(mine)),
        )
        for scored, mine in zip(SCORED, counts.T, strict=True)
    ]
