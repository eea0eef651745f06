"""How strikes, dead and entries are distributed over the runs of each point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.study.estimate import mean
from sim.view import dots, style
from sim.view.sample import Sample, runs_in_words

ROWS, ROW_IN, HEAD, FOOT = 20, 0.34, 0.5, 0.88  # points of one figure, inches
BINS, HIGHEST_SHARE = 30, 0.995  # bars of a row at most; the axis ends at this quantile
SMALL_PRINT = (
    "Grey: share of runs in each bin (each row scaled to its highest bin). White dot: median; thick line: "
    "middle half of the runs; thin line: middle 90 %. Coloured diamond with bar: mean with its 95 % t interval. "
    "Axes end where 0.5 % of runs lie beyond."
)
COLOURS = (style.BLUE, style.VERMILLION, style.INK)


def compose(sample: Sample) -> list[Figure]:
    """The three counts at every point that has runs, 20 points a figure."""
    known = [point for point in range(len(sample.points)) if sample.n[point] > 0]
    return [_page(sample, known[start : start + ROWS]) for start in range(0, len(known), ROWS)]


def counted(sample: Sample, name: str) -> np.ndarray:
    """One of the counts of `style.COUNTS` for every run, shape (runs,)."""
    if name != "killed":
        return np.asarray(sample.runs[name])
    return np.asarray(sum(sample.runs[f"killed_{side}"] for side in ("regime", "militia", "hezbollah")))


def _page(sample: Sample, points: Sequence[int]) -> Figure:
    titles = [f"{dots.row_title(sample, point)}" for point in points]
    left, high = 0.3 + 0.056 * max(len(title) for title in titles), ROW_IN * len(titles) + 0.1
    drawn = style.figure(7.2, HEAD + high + FOOT)
    wide = (7.2 - left - 0.15 - 2 * 0.25) / 3
    for column, (name, words) in enumerate(style.COUNTS.items()):
        axes = style.axes_in(drawn, left + column * (wide + 0.25), FOOT, wide, high)
        values = counted(sample, name)
        edges = bins(values)
        for row, point in enumerate(points):
            _row(axes, row, values[sample.point == point], edges, COLOURS[column])
        axes.set_xlim(edges[0] - 0.02 * np.ptp(edges), edges[-1])
        axes.set_ylim(len(points) - 0.3, -0.95)
        axes.set_yticks(np.arange(len(points)) - 0.2, titles if column == 0 else [""] * len(points))
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_xlabel(words)
    rows = " · ".join(axis.words for axis in sample.axes)
    n = runs_in_words(sample.n[list(points)])
    style.heading(drawn, "Strikes, dead and entries in a run", f"{n}" + (f"; rows: {rows}" if rows else ""))
    style.footnote(drawn, f"{n}. {SMALL_PRINT} Source: {sample.folder}.")
    return drawn


def bins(values: np.ndarray) -> np.ndarray:
    """Edges of bins of whole numbers, centred on them: -0.5, ... up to where 0.5 % of runs lie beyond."""
    most = int(np.quantile(values, HIGHEST_SHARE)) + 1
    width = -(-most // BINS)
    return np.arange(-0.5, most + width, width)


def _row(axes: Axes, row: int, values: np.ndarray, edges: np.ndarray, colour: str) -> None:
    share = np.histogram(values, edges)[0] / len(values)
    axes.bar(
        edges[:-1], -0.72 * share / share.max(), np.diff(edges) * 0.92, row - 0.12, align="edge", color=style.PALE, lw=0
    )
    low, quarter, median, three_quarters, high = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
    axes.hlines(row, low, high, color=style.GREY, lw=0.8)
    axes.hlines(row, quarter, three_quarters, color=style.GREY, lw=3.0)
    axes.plot([median], [row], "o", mfc="white", mec=style.GREY, ms=3.2, mew=0.8)
    estimate = mean(values)
    axes.plot([estimate.estimate], [row - 0.24], "D", color=colour, ms=2.2)
    axes.hlines(row - 0.24, estimate.low, estimate.high, color=colour, lw=1.1, gid="mean-interval")
