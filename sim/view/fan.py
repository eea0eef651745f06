"""Tension over the days: the middle of the runs, how far they spread, and a few of them one by one."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.study.estimate import quantile
from sim.study.histories import FACING, Histories
from sim.view import style

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
SINGLE = 3  # runs drawn one by one: the first, not chosen ones
LINES = ("-", style.DASHED, style.DOTTED)
WIDE, HIGH, LEFT, APART, HEAD, FOOT, BETWEEN = 2.72, 1.5, 0.55, 0.62, 0.62, 0.95, 0.42  # inches
NOTE = (
    "Dark band: the middle half of the runs at that moment; light band: 90 % of them; line: median, dotted beside"
    " it its pointwise 95 % interval (order statistics). A band is of moments, no run keeps to it: thin lines are"
    " single runs, the first three. Tension has no unit: a use of force adds force_severity, and it halves every "
    "tension_half_life_days. Scales differ."
)


def quantiles(found: Histories, side: int) -> np.ndarray:
    """Tension below which these shares of the runs lie, and the ends of the median's interval: (t, len(SHARES) + 2)."""
    rows = []
    for values in found.tension[:, :, side].T:
        middle = quantile(values, 0.5)
        rows.append([*np.quantile(values, SHARES), middle.low, middle.high])
    return np.array(rows)


def compose(found: Histories) -> Figure:
    """The figure, a panel a side; call it under `style.sheet()`."""
    drawn = style.figure(7.2, HEAD + 2 * HIGH + BETWEEN + FOOT)
    for number, side in enumerate(FACING):
        row, column = divmod(number, 2)
        axes = style.axes_in(drawn, LEFT + column * (WIDE + APART), FOOT + (1 - row) * (HIGH + BETWEEN), WIDE, HIGH)
        words, colour = style.PRINCIPALS[side]
        _panel(axes, found, number, colour)
        axes.set_title(f"coalition–{words}", pad=3)
        if column == 0:
            axes.set_ylabel("tension (no unit)")
        if row == 1:
            axes.set_xlabel("days from the start")
    return drawn


def _panel(axes: Axes, found: Histories, number: int, colour: str) -> None:
    days, at = found.kept_min / 1440.0, quantiles(found, number)
    axes.fill_between(days, at[:, 0], at[:, 4], color=colour, alpha=0.16, lw=0)
    axes.fill_between(days, at[:, 1], at[:, 3], color=colour, alpha=0.32, lw=0)
    for which, line in zip(range(min(SINGLE, found.runs)), LINES, strict=False):
        axes.plot(days, found.tension[which, :, number], color=style.INK, lw=0.5, ls=line, alpha=0.75)
    axes.plot(days, at[:, 2], color=colour, lw=1.6)
    axes.plot(days, at[:, 5:], color=colour, lw=0.8, ls=(0, (1, 1)))
    axes.set_xlim(0, days[-1])
    axes.set_ylim(0, max(0.1, 1.15 * at[:, 4].max()))
    _labels(axes, at[-1], days[-1])


def _labels(axes: Axes, ends: np.ndarray, day: float) -> None:
    """What the edges are, at the right; one that has no room beside the others is left out."""
    placed: list[float] = []
    for place, words in ((2, "median"), (4, "95 %"), (3, "75 %"), (1, "25 %"), (0, "5 %")):
        if all(abs(ends[place] - other) > 0.09 * axes.get_ylim()[1] for other in placed):
            placed.append(ends[place])
            axes.annotate(words, (day, ends[place]), (2, 0), textcoords="offset points", size=6, va="center",
                          annotation_clip=False)  # fmt: skip
