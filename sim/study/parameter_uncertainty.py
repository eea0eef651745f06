"""Chances when the parameters are uncertain: what is luck of the runs, what is not known, and what hangs on theory.

Every point is run at draws of the posterior.  A chance is the mean over draws; its Monte-Carlo interval is that of the
means of replications, whose luck all draws may share.  The spread of the chance over draws is the variance of the
shares less what luck adds to it (law of total variance), by products of different replications (`sim.study.luck`), and
the central 95 % of a beta distribution with that mean and variance (method of moments) is what the chance can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import betaincinv, stdtrit

from sim.errors import BadInput
from sim.results import Results
from sim.results.manifest import full_points
from sim.study.designs import Design
from sim.study.luck import equal, product
from sim.study.table import MAIN

DRAW = "draw"
TAIL = 0.025
FEWEST = 4  # replications of each draw


class Spread(NamedTuple):
    """A chance over draws: mean, Monte-Carlo 95 %, central 95 % over draws, theory's share of the spread.

    `sd` is the standard deviation of the chance over draws, without luck.
    """

    mean: float
    low: float
    high: float
    lowest: float
    highest: float
    sd: float
    of_theory: float  # nan for one theory, or no spread at all


def refuse_too_few(design: Design) -> None:
    """Raise `BadInput` where runs of one draw cannot tell luck from what is not known."""
    if DRAW in design.axes and design.base.replications < FEWEST:
        given = f"replications={design.base.replications} is too few over draws of the posterior"
        raise BadInput(f"{given}: luck is told from the parameters by runs of the same draw; give {FEWEST} or more")


def spread(hits: np.ndarray, theories: np.ndarray) -> Spread:
    """What runs (draws, replications), each 0 or 1, say of a chance; `theories` (draws,) are numbers."""
    draws, replications = hits.shape
    hits = hits.astype(float)
    means, chance = hits.mean(axis=0), float(hits.mean())
    reach = float(stdtrit(replications - 1, 1 - TAIL) * means.std(ddof=1) / replications**0.5)
    low, high = max(chance - reach, 0.0), min(chance + reach, 1.0)
    if chance == 0.0:
        high = -np.log(0.05) / (draws * replications)  # never seen: the one-sided bound
    whole = _variance(hits)
    parts = [(np.mean(theories == name), hits[theories == name]) for name in np.unique(theories)]
    within = sum(share * _variance(part) for share, part in parts if len(part) > 1)
    lowest, highest = _between(chance, whole)
    of_theory = min(max(1 - within / whole, 0.0), 1.0) if whole > 0 and len(parts) > 1 else np.nan
    return Spread(chance, low, high, min(low, lowest), max(high, highest), max(whole, 0.0) ** 0.5, float(of_theory))


def _variance(hits: np.ndarray) -> float:
    """Variance of the chance over draws, unbiased whatever luck the draws share; it may come out below 0."""
    draws, replications = hits.shape
    weights = equal(replications)
    squares = float(product(hits, hits, weights).mean())
    means = hits.mean(axis=0)
    return (squares - float(product(means, means, weights))) * draws / max(draws - 1, 1)


def _between(mean: float, variance: float) -> tuple[float, float]:
    """Central 95 % of the beta distribution of this mean and variance."""
    if variance <= 0 or not 0 < mean < 1:
        return mean, mean
    size = max(mean * (1 - mean) / variance - 1, 1e-3)
    low, high = betaincinv(mean * size, (1 - mean) * size, [TAIL, 1 - TAIL])
    return float(low), float(high)


def places(results: Results) -> list[str]:
    """The axes but the draw."""
    return [axis for axis in results.axes if axis != DRAW]


def spreads(results: Results) -> Iterator[tuple[dict[str, Any], dict[str, Spread]]]:
    """Each place on the other axes, with what the runs say of each main outcome there."""
    names, own = list(MAIN), places(results)
    theories = [point["theory.name"] for point in full_points(results.manifest["question"])]
    runs = _runs(results, names)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for point in results.design:
        groups.setdefault(tuple(point[axis] for axis in own), []).append(point["point"])
    for place, points in groups.items():
        named = np.unique([theories[point] for point in points], return_inverse=True)[1]
        found = {name: spread(runs[name][points], named) for name in names}
        yield dict(zip(own, place, strict=True)), found


def _runs(results: Results, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Whether each run saw each outcome, (points, replications); a run that failed counts as the mean of its point."""
    shape = len(results.design), results.replications
    held = {name: np.full(shape, np.nan) for name in names}
    for batch in results.batches(["point", "replication", "status", *names]):
        whole = np.array([status == "ok" for status in batch["status"].to_pylist()])
        point, replication = (batch[key].to_numpy()[whole] for key in ("point", "replication"))
        for name in names:
            held[name][point, replication] = batch[name].to_numpy(zero_copy_only=False)[whole]
    for runs in held.values():
        empty = np.isnan(runs)
        runs[empty] = np.broadcast_to(np.nanmean(runs, axis=1, keepdims=True), shape)[empty] if empty.any() else 0
    return held
