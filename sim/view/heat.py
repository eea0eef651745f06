"""Chances over two levers as coloured squares; those not told from the square nearest to the baseline are marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.study.compare import paired
from sim.study.differences import of_happening
from sim.view import style
from sim.view.sample import Axis, Sample, runs_in_words, words_of

SHOWN = ("strike_ground", "attack_on_coalition", "serious_episode", "general_escalation")
FEWEST = 3  # values of a lever; of fewer, lines say more
ACROSS = 2  # panels side by side
WIDTH, SQUARE_IN, HEAD, FOOT, BETWEEN = 7.2, 0.33, 0.55, 0.95, 0.62  # inches
COLOURS = "cividis"  # even in grey and to any common colour vision
NOTE = (
    "Per cent of runs; colours from 0 to the highest of each panel. Framed: the point nearest to the baseline. "
    "Underlined: not told from it, as the 95 % interval of the difference of pairs with the same luck (Zou and Donner "
    "2008; exact bounds for fewer than five events) holds 0, each square by itself. <: never seen, one-sided 95 % "
    "upper bound."
)


def compose(sample: Sample) -> list[Figure]:
    """The figure of a design of two crossed levers with three values each at least; none of any other."""
    if len(sample.axes) != 2 or min(len(axis.values) for axis in sample.axes) < FEWEST:
        return []
    places = placed(sample)
    if (places < 0).any() or (sample.n[places] == 0).any():
        return []
    return [_page(sample, places)]


def placed(sample: Sample) -> np.ndarray:
    """The point at each place, (values of the second lever, values of the first); -1 where there is none."""
    first, second = sample.axes
    there = {(point[first.key], point[second.key]): number for number, point in enumerate(sample.points)}
    return np.array([[there.get((x, y), -1) for x in first.values] for y in second.values])


def reference(sample: Sample) -> tuple[int, int]:
    """Row and column of the place nearest to the baseline."""
    column, row = (_nearest(axis) for axis in sample.axes)
    return row, column


def _nearest(axis: Axis) -> int:
    if axis.numeric and isinstance(axis.baseline, (int, float)):
        return int(np.argmin([abs(value - axis.baseline) for value in axis.values]))
    return axis.values.index(axis.baseline) if axis.baseline in axis.values else 0


def told_apart(sample: Sample, name: str, places: np.ndarray) -> np.ndarray:
    """Where the chance of an outcome is told from that at the reference, shape of `places`."""
    base = int(places[reference(sample)])
    found = np.zeros(places.shape, bool)
    for place in np.ndindex(places.shape):
        if int(places[place]) != base:
            a, b = paired(sample.runs, [base, int(places[place])])
            apart = of_happening(a[name] != 0, b[name] != 0)
            found[place] = apart.low > 0 or apart.high < 0
    return found


def _page(sample: Sample, places: np.ndarray) -> Figure:
    rows = len(places)
    left = 0.3 + 0.055 * max(len(words_of(value)) for value in sample.axes[1].values) + 0.2
    wide = (WIDTH - ACROSS * left - 0.2) / ACROSS
    high = min(SQUARE_IN * rows, 3.2)
    lines = -(-len(SHOWN) // ACROSS)
    drawn = style.figure(WIDTH, HEAD + lines * (high + BETWEEN) + FOOT - 0.3)
    for number, name in enumerate(SHOWN):
        line, column = divmod(number, ACROSS)
        bottom = FOOT + (lines - 1 - line) * (high + BETWEEN)
        axes = style.axes_in(drawn, left + column * (wide + left), bottom, wide, high)
        _panel(axes, sample, name, places)
        if column == 0:
            axes.set_ylabel(sample.axes[1].words)
        if line == lines - 1:
            axes.set_xlabel(sample.axes[0].words)
    n = runs_in_words(sample.n)
    style.heading(drawn, "Chances over two levers", f"Within {sample.horizon_days:g} days; {n}")
    style.footnote(drawn, f"{n}. {NOTE} Source: {sample.folder}.")
    return drawn


def _panel(axes: Axes, sample: Sample, name: str, places: np.ndarray) -> None:
    chance = sample.chance(name)
    share = np.where(chance.none, 0.0, chance.estimate)[places]
    most = max(float(share.max()), 1e-9)
    scale, colours = Normalize(0.0, most), colormaps[COLOURS]
    apart, here = told_apart(sample, name, places), reference(sample)
    for row, column in np.ndindex(places.shape):
        colour = colours(scale(share[row, column]))
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color=colour, lw=0))
        ink = "white" if scale(share[row, column]) < 0.55 else style.INK
        told = _percent(chance, int(places[row, column]))
        axes.text(column, row, told, ha="center", va="center", color=ink, size=6.2)
        if (row, column) != here and not apart[row, column]:
            axes.plot([column - 0.42, column + 0.42], [row - 0.36, row - 0.36], color=ink, lw=1.0)
    axes.add_patch(Rectangle((here[1] - 0.46, here[0] - 0.46), 0.92, 0.92, fill=False, ec=style.VERMILLION, lw=1.6))
    _ticks(axes, sample.axes, places.shape)
    axes.set_title(style.CLASHES[name].words, pad=4)


def _ticks(axes: Axes, levers: Sequence[Axis], shape: tuple[int, ...]) -> None:
    axes.set_xlim(-0.5, shape[1] - 0.5)
    axes.set_ylim(-0.5, shape[0] - 0.5)
    axes.set_xticks(range(shape[1]), [words_of(value) for value in levers[0].values])
    axes.set_yticks(range(shape[0]), [words_of(value) for value in levers[1].values])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _percent(chance: Any, point: int) -> str:
    if chance.none[point]:
        return f"<{100 * chance.high[point]:.2g}"
    return f"{100 * chance.estimate[point]:.2g}"
