"""How much sooner a red-line map is right than a Latin hypercube: `make redline` writes docs/discovery.

On surfaces whose red line is known, the same estimator is given the same number of runs, at points that it chose itself
or at those of a Latin hypercube.  Counted is the share of the square on the wrong side of the line.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from sim.results.storage import atomic_write
from sim.study.kriging import Surface, learnt
from sim.study.markdown import table
from sim.study.redline import BATCH, FIRST, first_points, latin_hypercube, places, straddling

SIZES = (24, 32, 48, 64)  # points
SEEDS = 30
FINE = 101  # places along each axis at which the sides are compared
RESAMPLES = 2000
OUT = "docs/discovery"
PAGE = """# A map against a Latin hypercube

`make redline` writes this page. On {surfaces} surfaces whose red line is known it counts the share of the square on the
wrong side of the line, median of {seeds} seeds, when the same estimator gets the same number of runs at points that
`method=map` chose (the first {first} are a Latin hypercube, then batches of {batch}) or at those of a Latin hypercube.
The largest ratio of medians is {worst:.2f}; at most 1.2 was asked for. Of {cells} intervals {open} reach above 1.2.

![Share of the square on the wrong side of the red line against points](redline.png)

{table}

Ratio: of medians, with the 95 % interval of a bootstrap of the seeds. Surely wrong: share of the square where the 95 %
interval of the map lies on the wrong side of the bound; interval misses: where it does not hold the true chance (5 %
would be exact); means over seeds, of the map. Where the chance jumps, no smooth surface is right close to the jump.
"""


class Known(NamedTuple):
    """A surface: the chance at places (m, 2) of the unit square, the bound, replications at a point, words."""

    chance: Callable[[np.ndarray], np.ndarray]
    bound: float
    replications: int
    about: str


def _islands(x: np.ndarray) -> np.ndarray:
    first = np.exp(-((x[:, 0] - 0.25) ** 2 + (x[:, 1] - 0.7) ** 2) / 0.02)
    second = np.exp(-((x[:, 0] - 0.75) ** 2 + (x[:, 1] - 0.25) ** 2) / 0.03)
    return np.asarray(0.05 + 0.9 * first + 0.9 * second)


def _cliff(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.1 + 0.6 * expit(30 * (x[:, 0] - 0.4 + 0.2 * np.sin(3 * x[:, 1]))))


def _jump(x: np.ndarray) -> np.ndarray:
    return np.where((x[:, 0] - 0.6) ** 2 + (x[:, 1] - 0.4) ** 2 < 0.09, 0.8, 0.2)


SURFACES = {
    "linear": Known(lambda x: expit(6 * (x[:, 0] + 0.5 * x[:, 1] - 0.75)), 0.5, 20, "a straight line, a gentle slope"),
    "curved": Known(lambda x: expit(10 * (x[:, 1] - 0.2 - 1.8 * (x[:, 0] - 0.5) ** 2)), 0.3, 20, "a parabola"),
    "islands": Known(_islands, 0.5, 20, "two islands, which a coarse design may miss"),
    "plateau": Known(_cliff, 0.5, 20, "two plateaus and a cliff between"),
    "jump": Known(_jump, 0.5, 20, "a disc in which the chance jumps: not smooth"),
    "noisy": Known(lambda x: expit(4 * (2 * x[:, 0] * x[:, 1] - 0.6)), 0.5, 4, "four runs a point"),
    "rare": Known(lambda x: expit(4 * x[:, 0] + 2 * x[:, 1] ** 2 - 5), 0.05, 20, "a bound of 5 %, 20 runs a point"),
}


class Told(NamedTuple):
    """Shares of the square: on the wrong side, surely on the wrong side, where the interval misses the truth."""

    wrong: float
    surely_wrong: float
    missed: float


def adaptive(known: Known, sizes: Sequence[int], seed: int) -> list[Told]:
    """A map at each size, as it grows."""
    dice = np.random.default_rng([seed, 1])
    x = first_points(max(sizes), seed)
    events = dice.binomial(known.replications, known.chance(x))
    free, told = places(), []
    while True:
        surface = learnt(x, events, np.full(len(x), known.replications))
        if len(x) in sizes:
            told.append(judged(surface, known))
        if len(x) >= max(sizes):
            return told
        count = min(BATCH, max(sizes) - len(x))
        chosen = straddling(surface, free, known.bound, known.replications, count)
        new, free = free[chosen], np.delete(free, chosen, axis=0)
        x = np.vstack([x, new])
        events = np.append(events, dice.binomial(known.replications, known.chance(new)))


def spread_out(known: Known, sizes: Sequence[int], seed: int) -> list[Told]:
    """Latin hypercubes of each size."""
    told = []
    for size in sizes:
        dice = np.random.default_rng([seed, 2, size])
        x = latin_hypercube(size, seed)
        events = dice.binomial(known.replications, known.chance(x))
        told.append(judged(learnt(x, events, np.full(size, known.replications)), known))
    return told


def judged(surface: Surface, known: Known) -> Told:
    """A surface held against the truth."""
    at = places(FINE)
    truth = known.chance(at)
    middle, low, high = surface.interval(at)
    above = truth > known.bound
    surely = ((low > known.bound) & ~above) | ((high < known.bound) & above)
    return Told(
        float(((middle > known.bound) != above).mean()),
        float(surely.mean()),
        float(((low > truth) | (high < truth)).mean()),
    )


def measure(name: str, seeds: int = SEEDS, sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """One surface: medians over seeds at each size, their ratio with a 95 % interval, and how the intervals do."""
    known = SURFACES[name]
    maps = np.array([adaptive(known, sizes, seed) for seed in range(seeds)])  # (seeds, sizes, 3)
    plain = np.array([spread_out(known, sizes, seed) for seed in range(seeds)])
    rows = []
    for k, size in enumerate(sizes):
        ours, theirs = maps[:, k, 0], plain[:, k, 0]
        rows.append(
            {
                "points": size,
                "runs": size * known.replications,
                "map": [float(q) for q in np.quantile(ours, (0.5, 0.25, 0.75))],
                "hypercube": [float(q) for q in np.quantile(theirs, (0.5, 0.25, 0.75))],
                "ratio": [float(np.median(ours) / np.median(theirs)), *_interval(ours, theirs)],
                "surely_wrong": float(maps[:, k, 1].mean()),
                "missed": float(maps[:, k, 2].mean()),
            }
        )
    return {"surface": name, "about": known.about, "bound": known.bound, "rows": rows}


def _interval(ours: np.ndarray, theirs: np.ndarray) -> list[float]:
    """The 95 % interval of the ratio of medians: bootstrap of the seeds."""
    dice = np.random.default_rng(0)
    a, b = (dice.integers(0, len(ours), (RESAMPLES, len(ours))) for _ in range(2))
    ratios = np.median(ours[a], axis=1) / np.median(theirs[b], axis=1)
    return [float(end) for end in np.quantile(ratios, (0.025, 0.975))]


def page(found: Sequence[dict[str, Any]]) -> str:
    """The measurement as a page."""
    worst = max(row["ratio"][0] for one in found for row in one["rows"])
    high = [row["ratio"][2] for one in found for row in one["rows"]]
    rows = [
        (
            f"{one['surface']}: {one['about']}" if not k else "",
            f"{row['points']} x {row['runs'] // row['points']}",
            f"{100 * row['map'][0]:.1f} %",
            f"{100 * row['hypercube'][0]:.1f} %",
            "{:.2f} [{:.2f}, {:.2f}]".format(*row["ratio"]),
            f"{100 * row['surely_wrong']:.2f} %",
            f"{100 * row['missed']:.1f} %",
        )
        for one in found
        for k, row in enumerate(one["rows"])
    ]
    headings = ("surface", "points x runs", "map", "Latin hypercube", "ratio", "surely wrong", "interval misses")
    told = {"surfaces": len(found), "seeds": SEEDS, "first": FIRST, "batch": BATCH, "worst": worst}
    wide = {"cells": len(high), "open": sum(end > 1.2 for end in high)}
    return PAGE.format(**told, **wide, table=table(headings, rows, 2))


def main(overrides: Sequence[str]) -> int:
    """Measure and write; `out=FOLDER` says where."""
    out = pathlib.Path(next((word[4:] for word in overrides if word.startswith("out=")), OUT))
    out.mkdir(parents=True, exist_ok=True)
    found = []
    for name in SURFACES:
        found.append(measure(name))
        sys.stdout.write(f"{name}: " + ", ".join(f"{row['ratio'][0]:.2f}" for row in found[-1]["rows"]) + "\n")
        sys.stdout.flush()
    atomic_write(out / "redline.json", (json.dumps(found, indent=1) + "\n").encode())
    atomic_write(out / "redline.md", page(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
