"""Labels that do not lie on one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from sim.view import style


@dataclass(frozen=True)
class Tag:
    """A word for the end of a line: where the line ends (data units) and its colour."""

    y: float
    words: str
    colour: str


def spread(wanted: Sequence[float], gap: float, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Positions nearest to those wanted, in the same order, at least `gap` apart, within low..high.

    Least squares under order constraints (pool adjacent violators).  Where n labels do not fit they
    are spaced evenly over the whole range.
    """
    wished = np.asarray(wanted, dtype=float)
    order = np.argsort(wished, kind="stable")
    gap = min(gap, (high - low) / max(len(wished) - 1, 1))
    steps = gap * np.arange(len(wished))
    fitted = _pooled(wished[order] - steps)
    placed = np.empty_like(wished)
    placed[order] = np.clip(fitted, low, high - gap * max(len(wished) - 1, 0)) + steps
    return placed


def _pooled(values: np.ndarray) -> np.ndarray:
    """The non-decreasing sequence nearest to `values`."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, size = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    return np.array([mean for mean, size in blocks for _ in range(size)])


def at_right(axes: Axes, tags: Sequence[Tag], size: float = 6.8) -> None:
    """Write each tag beside the right edge, level with its line or as near as room allows."""
    tags = [tag for tag in tags if np.isfinite(tag.y)]
    if not tags:
        return
    height_in = axes.get_position().height * style.figure_of(axes).get_figheight()
    ends = [float(axes.transAxes.inverted().transform(axes.transData.transform((0, tag.y)))[1]) for tag in tags]
    ends = [min(max(end, 0.0), 1.0) for end in ends]
    for tag, end, y in zip(tags, ends, spread(ends, 1.3 * size / 72 / height_in), strict=True):
        axes.plot([1.005, 1.035], [end, y], transform=axes.transAxes, color=tag.colour, lw=0.6, clip_on=False)
        axes.text(1.045, y, tag.words, transform=axes.transAxes, color=tag.colour, size=size, va="center")
