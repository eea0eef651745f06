"""Where columns are and where strikes fall, over many runs, in coarse squares on the map."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.study.histories import CELL_KM, Cells, Histories
from sim.view import ground, style

WIDE, LEFT, HEAD, FOOT, BETWEEN, BAR_IN = 5.75, 0.5, 0.75, 0.95, 0.55, 0.12  # inches
COLOURS = "cividis_r"  # dark is much; even in grey and to any common colour vision
NOTE = (
    f"Squares of {CELL_KM:g} km, no finer on purpose, and no smoothing; white: none in these runs. Columns: "
    "regime, militia and Hezbollah units that are out, by the hour. Strikes: every strike in the log "
    "(acts_strike), of which strike_ground_count takes one a group in six hours. In brackets: 95 % t intervals "
    "over the runs. Colours on logarithmic scales. Where units go follows from roads and places put into the "
    "model; it is no finding about the ground."
)


def compose(found: Histories) -> Figure:
    """Two maps, one above the other; call it under `style.sheet()`."""
    window = ground.windows_of(found.scenario)[0]
    high = WIDE * (window.north[1] - window.north[0]) / (window.east[1] - window.east[0])
    drawn = style.figure(7.2, HEAD + 2 * high + BETWEEN + FOOT)
    maps = ((found.strikes, "strikes", ""), (found.stood, "unit-hours", " of columns that are out"))
    for place, (cells, unit, of_whom) in enumerate(maps):
        bottom = FOOT + place * (high + BETWEEN)
        axes = style.axes_in(drawn, LEFT, bottom, WIDE, high)
        ground.draw(axes, found.scenario, window)
        axes.set_title(told(cells, found.runs, unit + of_whom, window), pad=4, size=7.6)
        axes.set_ylabel("km north of the garrison", labelpad=1)
        if place == 0:
            axes.set_xlabel("km east of the garrison", labelpad=1)
        if cells.sums:
            _squares(drawn, axes, cells, found.runs, (bottom, high, unit))
    return drawn


def told(cells: Cells, runs: int, unit: str, window: ground.Window) -> str:
    """How much there is of it, and where most."""
    if not cells.sums:
        return f"no {unit} in {runs:,} runs"
    most = max(cells.sums, key=lambda cell: (cells.sums[cell][0], cell))
    mean = cells.mean(most, runs)
    estimate, low, high = (number(value) for value in (mean.estimate, mean.low, mean.high))
    text = f"{cells.total:,} {unit} in {runs:,} runs; most in a square {estimate} [{low}, {high}] a run"
    outside = int(sum(each[0] for cell, each in cells.sums.items() if not window.holds(*middle(cell))))
    return f"{text}; {outside:,} off the map" if outside else text


def number(value: float) -> str:
    """Two digits at least, and no power of ten."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2g}"


def middle(cell: tuple[int, int]) -> tuple[float, float]:
    """The middle of a square, km east and north of the garrison."""
    return (cell[0] + 0.5) * CELL_KM, (cell[1] + 0.5) * CELL_KM


def _squares(drawn: Figure, axes: Axes, cells: Cells, runs: int, where: tuple[float, float, str]) -> None:
    bottom, high, unit = where
    values = np.array([each[0] for each in cells.sums.values()]) / runs
    scale = LogNorm(values.min(), max(values.max(), 1.01 * values.min()))
    squares = [Rectangle((x * CELL_KM, y * CELL_KM), CELL_KM, CELL_KM) for x, y in cells.sums]
    made = PatchCollection(squares, cmap=colormaps[COLOURS], norm=scale, lw=0, alpha=0.85, zorder=1.05)
    made.set_array(values)
    axes.add_collection(made)
    beside = style.axes_in(drawn, LEFT + WIDE + 0.12, bottom + 0.15 * high, BAR_IN, 0.7 * high)
    bar = drawn.colorbar(made, cax=beside)
    bar.ax.yaxis.set_major_locator(LogLocator(10, numticks=6))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    bar.ax.yaxis.set_minor_formatter(NullFormatter())
    bar.ax.tick_params(labelsize=6.5, length=2)
    bar.set_label(f"{unit} a run", size=6.8)
