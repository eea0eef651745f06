"""How long each side stands at each rung of the ladder, and how far its hostility with the coalition has come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.rules.names import Principal
from sim.study.estimate import clopper_pearson, mean
from sim.study.histories import DRAWN_H, FACING, SIDES, Histories
from sim.view import style

RUNGS = ("none", "line call", "show of force", "warning shots", "strike")
LEVELS = ("none", "", "threat", "display of force", "use of force")  # Militarized Interstate Disputes
COLOURS = ["white", *(colormaps["cividis_r"](place) for place in (0.12, 0.42, 0.7, 1.0))]  # dark is high, also in grey
LEFT, WIDE, HIGH, APART, HEAD, FOOT, BETWEEN = 0.55, 1.47, 1.4, 0.12, 0.85, 0.95, 0.55  # inches
UPPER = FOOT + HIGH + BETWEEN
BARS = 4  # intervals along an edge
NOTE = (
    "Above: highest rung that stands against any unit of the side that is out, at that moment; of the time: mean "
    "of the runs with 95 % t interval. Below: highest hostility level reached by then (Militarized Interstate "
    "Disputes, 1 to 4; it never falls). Bars: pointwise 95 % Clopper–Pearson intervals of the share of runs at "
    "that step or a higher one."
)


def compose(found: Histories) -> Figure:
    """The figure: rungs above, levels below, a column a side; call it under `style.sheet()`."""
    drawn = style.figure(7.2, HEAD + 2 * HIGH + BETWEEN + FOOT)
    days = found.kept_min / 1440.0
    for column, side in enumerate(FACING):
        left = LEFT + column * (WIDE + APART)
        lower = style.axes_in(drawn, left, FOOT, WIDE, HIGH)
        _stack(lower, days, reached(found.level[::DRAWN_H, column])[:, 2:], found.runs)
        lower.set_xlabel("days from the start")
        _frame(lower, side, "", column == 0)
        if side in SIDES:
            upper = style.axes_in(drawn, left, UPPER, WIDE, HIGH)
            _stack(upper, days, reached(found.rung[::DRAWN_H, column])[:, 1:], found.runs)
            _frame(upper, side, _of_the_time(found, column), column == 0)
    _keys(drawn, "above: rung in use", RUNGS, UPPER + HIGH + 0.3)
    _keys(drawn, "below: level reached", LEVELS, UPPER + HIGH - 0.72)
    return drawn


def reached(counts: np.ndarray) -> np.ndarray:
    """Runs at each step or a higher one, (t, steps), from the runs at each."""
    found: np.ndarray = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    return found


def _stack(axes: Axes, days: np.ndarray, runs_at: np.ndarray, n: int) -> None:
    """Shares of the runs at each step or a higher one, (t, steps), the highest at the bottom; bars are intervals."""
    steps = runs_at.shape[1]
    below = np.zeros(len(days))
    for step in range(steps - 1, -1, -1):
        share = runs_at[:, step] / n
        axes.fill_between(days, below, share, color=COLOURS[step + 5 - steps], lw=0, zorder=2)
        axes.plot(days, share, color=style.INK, lw=0.35, zorder=3)
        below = share
    low, high = clopper_pearson(runs_at, np.asarray(n))
    for step in range(steps):
        for look in np.searchsorted(days, days[-1] * (np.arange(1, BARS + 1) - 0.1 * (steps - step)) / BARS):
            for colour, wide in (("white", 2.0), (style.INK, 0.8)):
                axes.plot([days[look]] * 2, [low[look, step], high[look, step]], color=colour, lw=wide, zorder=4)


def _frame(axes: Axes, side: Principal, told: str, first: bool) -> None:
    words = style.PRINCIPALS[side][0]
    axes.set_title(f"coalition–{words}" + (f"\n{told}" if told else ""), size=7, pad=3, weight="normal")
    axes.set_xlim(0, axes.dataLim.x1)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100"])
    axes.tick_params(labelleft=first, length=2)
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    if first:
        axes.set_ylabel("per cent of runs", labelpad=2)


def _of_the_time(found: Histories, column: int) -> str:
    share = mean(found.share_of_time[:, column, 1:].sum(axis=1))
    return f"a rung stands {100 * share.estimate:.0f} % of\nthe time [{100 * share.low:.0f}, {100 * share.high:.0f}]"


def _keys(drawn: Figure, title: str, words: Sequence[str], top: float) -> None:
    """The names of the steps with their colours, in the free place of the upper row."""
    keys = [Patch(fc=COLOURS[step], ec=style.INK, lw=0.3, label=words[step]) for step in range(4, 0, -1) if words[step]]
    keys.append(Patch(fc="white", ec=style.INK, lw=0.3, label=words[0]))
    corner = ((LEFT + 3 * (WIDE + APART)) / 7.2, top / drawn.get_figheight())
    drawn.legend(handles=keys, title=title, loc="upper left", bbox_to_anchor=corner, alignment="left",
                 borderaxespad=0, title_fontsize=7, handlelength=1.2)  # fmt: skip
