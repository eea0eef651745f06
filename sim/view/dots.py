"""P(clash) where no lever is a number: dots with intervals, a row for each point.

One point alone is drawn as a forest plot, a row for each clash type with its numbers beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.view import marks, panels, style
from sim.view.sample import Chance, Sample, chances_of, part, runs_in_words, words_of

ROWS, ROW_IN, ACROSS = 24, 0.155, 3  # rows of one figure, height of a row, panels side by side
OWN_SCALE = (
    " Each panel has its own scale, logarithmic where estimates differ more than tenfold or an outcome never happened."
)
HEAD, FOOT, BETWEEN, APART = 0.72, 0.54, 0.25, 0.5  # inches


def compose(sample: Sample) -> list[Figure]:
    """Every clash type at every point, 24 points a figure; a figure more for what happens around the garrison."""
    if len(sample.points) == 1:
        return [_forest(sample)]
    starts = range(0, len(sample.points), ROWS)
    ends = [(start, min(start + ROWS, len(sample.points))) for start in starts]
    return [_page(sample, list(names), range(*each)) for names in style.PAGES for each in ends]


def _page(sample: Sample, names: Sequence[str], points: range) -> Figure:
    chances = {name: part(chance, points) for name, chance in chances_of(sample).items() if name in names}
    titles = [row_title(sample, point) for point in points]
    left = 0.2 + 0.056 * max(len(title) for title in titles)
    high = 0.12 + ROW_IN * len(titles)
    lines = -(-len(chances) // ACROSS)
    drawn = style.figure(7.2, HEAD + lines * (high + APART) + FOOT)
    wide = (7.2 - left - 0.2 - (ACROSS - 1) * BETWEEN) / ACROSS
    logs = {name: bool(chance.none.any() or wide_range(chance)) for name, chance in chances.items()}
    for number, name in enumerate(sorted(chances, key=lambda name: logs[name])):
        line, column = divmod(number, ACROSS)
        up = drawn.get_figheight() - HEAD - high - line * (high + APART)
        axes = style.axes_in(drawn, left + column * (wide + BETWEEN), up, wide, high)
        _panel(axes, name, chances[name], logs[name])
        _rows(axes, titles if column == 0 else [""] * len(titles))
        if number >= len(chances) - ACROSS:
            axes.set_xlabel(f"chance in {sample.horizon_days:g} days (%)")
    below = f"; rows: {', '.join(axis.name for axis in sample.axes)}"
    _words(drawn, sample, marks.title(names), (below, OWN_SCALE))
    return drawn


def wide_range(chance: Chance) -> bool:
    """Whether the estimates span more than a factor of ten, so that a linear scale would hide the small ones."""
    return bool(np.nanmax(chance.estimate) > 10 * np.nanmin(chance.estimate))


def _panel(axes: Axes, name: str, chance: Chance, log: bool) -> None:
    panels.scale(axes, log, panels.floor_of({name: chance}), vertical=False)
    low, high = float(np.nanmin(chance.low)), float(np.nanmax(chance.high))
    if log:
        decades = np.floor(np.log10(panels.floor_of({name: chance}))) - 0.1, np.ceil(np.log10(high)) + 0.1
        axes.set_xlim(10 ** decades[0], 10 ** decades[1])
    else:
        axes.set_xlim(low - 0.08 * (high - low), high + 0.08 * (high - low))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.3g}"))
    marks.level(axes, name, np.arange(len(chance.low), dtype=float), chance)
    axes.set_title(style.CLASHES[name].words, color=style.CLASHES[name].colour, pad=4, size=7.5)
    axes.tick_params(axis="x", labelsize=6.3)


def _rows(axes: Axes, titles: Sequence[str]) -> None:
    axes.set_ylim(len(titles) - 0.4, -0.6)
    axes.set_yticks(range(len(titles)), titles)
    axes.tick_params(axis="y", length=0)


def _forest(sample: Sample) -> Figure:
    chances = chances_of(sample)
    names = sorted(chances, key=lambda name: -chances[name].estimate[0])
    drawn = style.figure(7.2, HEAD + FOOT + 0.3 + 0.2 * len(names))
    axes = style.axes_in(drawn, 1.75, FOOT + 0.45, 3.75, 0.2 * len(names))
    panels.scale(axes, True, panels.floor_of(chances), vertical=False)
    axes.set_xlim(right=1.15)
    for row, name in enumerate(names):
        marks.level(axes, name, np.array([float(row)]), chances[name])
        axes.annotate(in_words(chances[name]), (1.03, row), xycoords=("axes fraction", "data"), va="center", size=7)
    _rows(axes, [style.CLASHES[name].words for name in names])
    axes.set_xlabel(f"chance in {sample.horizon_days:g} days (log scale)")
    _words(drawn, sample, marks.title(names), ("", ""))
    return drawn


def in_words(chance: Chance) -> str:
    """'12 % (10 to 14 %)', or for what never happened 'none: at most 0.3 %'."""
    if chance.none[0]:
        return f"none: at most {style.percent(chance.high[0])}"
    low = style.percent(chance.low[0]).removesuffix(" %")
    return f"{style.percent(chance.estimate[0])} ({low} to {style.percent(chance.high[0])})"


def row_title(sample: Sample, point: int) -> str:
    """The values of a point, in the order of the axes."""
    return " · ".join(words_of(sample.points[point][axis.key]) for axis in sample.axes) or "all runs"


def _words(drawn: Figure, sample: Sample, title: str, more: tuple[str, str]) -> None:
    (below, small), n = more, runs_in_words(sample.n)
    share = f"Share of simulated runs of {sample.horizon_days:g} days with at least one"
    style.heading(drawn, title, f"{share}; {n}{below}")
    text = f"{n}. {marks.INTERVALS}{small} {marks.CLASH}"
    style.footnote(drawn, f"{text} Source: {sample.folder}.")
