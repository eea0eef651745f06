"""The red line: where over two settings the chance of an outcome crosses a bound, with runs put where that is open.

The points come in batches, each chosen when all runs of those before are there, from their counts alone; they lie in
the results folder as those of any sweep do.  So a map that was stopped goes on, and the same seed makes the same bytes.
"""

from __future__ import annotations

import pathlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim import results as results_folder
from sim.config.compose import compose, compose_points, split
from sim.config.overrides import Override, read, written
from sim.config.settings import Config
from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import read_manifest, writing
from sim.results.manifest import MANIFEST, full_points, label, question_hash
from sim.study import sweep
from sim.study.designs import Design, Point, start_of
from sim.study.discovery import refuse_what_does_not_fit
from sim.study.drawing import draw_beside
from sim.study.kriging import Surface, learnt
from sim.study.progress import console
from sim.study.redline import BATCH, FIRST, first_points, places, straddling
from sim.study.sensitivity_design import placed
from sim.study.summary import to_csv
from sim.study.until import filled, look_at
from sim.study.watching import watched

MOST_POINTS = 256  # the surface is learnt anew after every batch
FINE = 61  # places along each axis at which the surface is told

Place = tuple[str, ...]  # a point as two overrides


@dataclass(frozen=True)
class Square:
    """What is asked: the settings, what was typed apart from axes, and the two axes, which are intervals."""

    base: Config
    plain: list[str]
    axes: tuple[Override, Override]

    @property
    def keys(self) -> list[str]:
        """The names of both axes."""
        return [axis.key for axis in self.axes]

    @property
    def ends(self) -> np.ndarray:
        """Both intervals, (2, 2): a row an axis, its low and high end."""
        return np.array([axis.interval for axis in self.axes], float)

    def at(self, unit: np.ndarray) -> list[Place]:
        """Where places of the unit square (m, 2) lie, as overrides; of equal ones the first."""
        pairs = (tuple(placed(axis, float(u)) for axis, u in zip(self.axes, row, strict=True)) for row in unit)
        return list(dict.fromkeys(pairs))

    def unit(self, at: Sequence[Place]) -> np.ndarray:
        """The places of the unit square where points lie, (points, 2)."""
        values = np.array([[float(read(one).values[0]) for one in place] for place in at])
        low, high = self.ends.T
        return (values - low) / (high - low)

    def design(self, at: Sequence[Place]) -> Design:
        """The points as a design; raises `BadInput` for one that cannot be."""
        configs = compose_points(self.plain, at)
        points = [Point(k, {key: start_of(one, key) for key in self.keys}, one) for k, one in enumerate(configs)]
        return Design(self.base, points)

    @cached_property
    def start(self) -> list[Place]:
        """The first points."""
        return self.at(first_points(self.base.samples, self.base.seed))


@dataclass(frozen=True)
class Map:
    """What the runs say: where the points lie in the unit square, (points, 2), their counts, and the surface."""

    square: Square
    results: Results
    outcome: str
    x: np.ndarray
    events: np.ndarray
    runs: np.ndarray
    surface: Surface

    @property
    def bound(self) -> float:
        """The bound that is crossed."""
        return self.square.base.bound

    @cached_property
    def chance(self) -> np.ndarray:
        """The chance over a fine grid, (3, FINE, FINE): middle, low, high; the first axis of the map comes first."""
        return np.array(self.surface.interval(places(FINE))).reshape(3, FINE, FINE)

    @property
    def verdict(self) -> np.ndarray:
        """1 where the chance lies above the bound for certain, -1 below, 0 where the interval straddles it."""
        _, low, high = self.chance
        return (low > self.bound).astype(int) - (high < self.bound).astype(int)

    def values(self, unit: np.ndarray, axis: int) -> np.ndarray:
        """Values on an axis of places along it."""
        low, high = self.square.ends[axis]
        return np.asarray(low + unit * (high - low))


Draw = Callable[[Map, pathlib.Path], object]


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Draw the map and return the exit code, as `sim.study.sweep.run`; raises as it does.

    `draw(map, stem)` makes the figure.
    """
    from sim.study.redline_page import render

    square = square_of(overrides)
    path, command = folder_of(square), shlex.join(["tanf", "discover", *overrides])
    outcome, found = watched(square.base.outcome, "outcome"), []

    def tell(results: Results) -> str:
        found.append(learnt_from(square, results, outcome))
        return render(found[0])

    try:
        design = grown(square, path, command, outcome)
    except KeyboardInterrupt as stop:
        return sweep.stopped(stop, path, command)
    code = sweep.answer(design, path, command, tell=tell)
    if found and draw and square.base.figures:
        drawn(found[0], draw)
    return code


def square_of(overrides: Sequence[str]) -> Square:
    """What is asked; raises `BadInput` for a question that has no map, and for settings that cannot be together."""
    plain, typed = split(overrides)
    base = compose(*plain, axes=typed)
    refuse_what_does_not_fit(base)
    axes = [read(text) for text in base.axes]
    if len(axes) != 2 or not all(axis.interval for axis in axes):
        named = ", ".join(axis.text for axis in axes) or "nothing"
        raise BadInput(
            f"a map has two settings that vary over intervals, and here {named} varies; name two, as in "
            "roe.zone_radius_km=interval(20,70) line.dissuasion=interval(0,1)"
        )
    _refuse_what_is_no_map(base)
    square = Square(base, plain, (axes[0], axes[1]))
    square.design(square.at(np.array([[u, v] for u in (0.0, 1.0) for v in (0.0, 1.0)])))  # corners that cannot be
    return square


def _refuse_what_is_no_map(base: Config) -> None:
    if base.design != "crossed" or base.sampling != "sobol" or base.points:
        raise BadInput("method=map chooses its own points, so design=, sampling= and points= are not for it")
    if base.shard:
        raise BadInput("method=map and shard do not go together: a share cannot see where the next points belong")
    if base.common_seeds:
        raise BadInput(
            "common_seeds=true gives all points the same luck, so that the whole line would lie wrong together; "
            "leave it out: every point of a map has luck of its own"
        )
    if not FIRST <= base.samples <= MOST_POINTS:
        raise BadInput(f"a map has from {FIRST} to {MOST_POINTS} points, not samples={base.samples:,}")


def folder_of(square: Square) -> pathlib.Path:
    """Where the map goes: `out`, or results/NAME-map-OUTCOME-BOUND-HASH, for where its points lie hangs on both."""
    base = square.base
    told = f"{base.name}-map-{watched(base.outcome, 'outcome')}-{base.bound:g}"
    return pathlib.Path(base.out or f"results/{told}-{question_hash(square.design(square.start).question)}")


def grown(square: Square, path: pathlib.Path, command: str, outcome: str) -> Design:
    """Run the points that are there or first, then batch after batch of others; returns them all."""
    at = there(square, path) or square.start
    while True:
        design = square.design(at)
        filled(design, path, command)
        if len(at) >= square.base.samples:
            return design
        new = further(square, at, results_folder.open(path, partial=True), outcome)
        if not new:
            console().print(f"no place is left: both axes together have {len(at):,} points")
            return design
        at = [*at, *new]


def there(square: Square, path: pathlib.Path) -> list[Place]:
    """The points of a folder that was begun for this map, in order; none where it was not."""
    if not (path / MANIFEST).exists():
        return []
    question = read_manifest(path)["question"]
    if question["axes"] != square.keys:
        return []
    points = full_points(question)
    at = [tuple(f"{key}={written(label(point, key))}" for key in square.keys) for point in points]
    return at if at[: len(square.start)] == square.start else []


def further(square: Square, at: list[Place], results: Results, outcome: str) -> list[Place]:
    """The points of the next batch."""
    look = look_at(results, outcome)
    surface = learnt(square.unit(at), look.events, look.runs)
    known = set(at)
    free = [place for place in square.at(places()) if place not in known]
    if not free:
        return []
    _, low, high = surface.interval(places(FINE))
    open_share = float(((low <= square.base.bound) & (high >= square.base.bound)).mean())
    console().print(f"{len(at):,} points: over {100 * open_share:.0f} % of the map the interval straddles the bound")
    count = min(BATCH, square.base.samples - len(at))
    chosen = straddling(surface, square.unit(free), square.base.bound, square.base.replications, count)
    return [free[k] for k in chosen]


def learnt_from(square: Square, results: Results, outcome: str) -> Map:
    """What a complete folder says."""
    look = look_at(results, outcome)
    well = look.runs > 0  # at a point of failed runs nothing is known
    values = np.array([[float(row[key]) for key in square.keys] for row in results.design])[well]
    low, high = square.ends.T
    x, events, runs = (values - low) / (high - low), look.events[well], look.runs[well]
    return Map(square, results, outcome, x, events, runs, learnt(x, events, runs))


def drawn(found: Map, draw: Draw) -> None:
    """Draw the map beside the figures that are there, and its numbers."""
    results, name = found.results, f"map-{found.outcome}"

    def fill(figures: pathlib.Path) -> None:
        draw(found, figures / name)
        (figures / f"{name}.csv").write_bytes(to_csv(numbers(found)))

    with writing(results.folder, results.manifest["question"], results.replications):
        draw_beside(results, fill)


def numbers(found: Map) -> list[dict[str, Any]]:
    """The map as a table, a row a place of the fine grid."""
    words = {1: "above", 0: "open", -1: "below"}
    middle, low, high = found.chance
    unit = (np.arange(FINE) + 0.5) / FINE
    first, second = (found.values(unit, axis) for axis in (0, 1))
    return [
        {
            found.square.keys[0]: float(f"{first[i]:.6g}"),
            found.square.keys[1]: float(f"{second[j]:.6g}"),
            "estimate": float(middle[i, j]),
            "low": float(low[i, j]),
            "high": float(high[i, j]),
            "against_the_bound": words[int(found.verdict[i, j])],
            "outcome": found.outcome,
            "bound": found.bound,
            "seed": found.square.base.seed,
        }
        for i, j in np.ndindex(FINE, FINE)
    ]
