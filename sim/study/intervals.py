"""The interval that a table shows with a probability, where another than Clopper-Pearson's is asked for.

Results folders keep Clopper-Pearson's, which never promises too much.  Wilson's and Jeffreys' are shorter and hold the
truth in 95 of 100 studies on the average over probabilities, not at each: L. D. Brown, T. T. Cai and A. DasGupta
(2001), Statistical Science 16, 101-133.  Intervals of m points that are to hold all together are at the level
1 - 0.05 / m each (Bonferroni), which needs no independence: common seeds make points alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtri

from sim.run.columns import COLUMNS
from sim.study.estimate import LEVEL, clopper_pearson, upper_bound

Interval = Callable[[np.ndarray, np.ndarray, float], tuple[np.ndarray, np.ndarray]]


def wilson(events: np.ndarray, n: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """E. B. Wilson (1927), JASA 22, 209-212: the probabilities that a score test at 1 - `level` does not refuse."""
    z = float(ndtri((1 + level) / 2))
    share = events / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)


def jeffreys(events: np.ndarray, n: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Equal tails of Beta(events + 1/2, n - events + 1/2); from 0 where none happened, to 1 where all did (Brown)."""
    events, n = np.broadcast_arrays(np.asarray(events, float), np.asarray(n, float))
    tail, more, less = (1 - level) / 2, events + 0.5, n - events + 0.5
    low = np.where(events > 0, betaincinv(more, less, tail), 0.0)
    return low, np.where(events < n, betaincinv(more, less, 1 - tail), 1.0)


KINDS: Mapping[str, tuple[str, Interval]] = {
    "clopper_pearson": ("Clopper-Pearson", clopper_pearson),
    "wilson": ("Wilson", wilson),
    "jeffreys": ("Jeffreys", jeffreys),
}


def retold(rows: Sequence[dict[str, Any]], kind: str, together: int = 1) -> list[dict[str, Any]]:
    """Rows of a summary with the intervals of their probabilities made anew: of this kind, holding at `together` points
    at once.  What was never seen keeps an exact bound; means keep theirs.
    """
    level = 1 - (1 - LEVEL) / together
    return [row | _ends(row, KINDS[kind][1], level) if COLUMNS[row["outcome"]] is bool else row for row in rows]


def _ends(row: Mapping[str, Any], interval: Interval, level: float) -> dict[str, float]:
    events, n = row["events"], row["n"]
    if not n:
        return {}
    if not events:
        return {"low": 0.0, "high": upper_bound(n, level)}
    low, high = interval(np.asarray(events), np.asarray(n), level)
    return {"low": float(low), "high": float(high)}


def runs_to_see_one(chance: float, level: float = LEVEL) -> int:
    """Runs after which something of this chance has been seen at least once with probability `level`."""
    return math.ceil(math.log1p(-level) / math.log1p(-chance))
