"""Prior and posterior of the parameters that the record moves, or nearly, on the scale on which both are compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from sim.config.settings import declared, figure
from sim.config.uncertain import drawn, uncertain
from sim.view import style

if TYPE_CHECKING:
    from sim.study.calibrate import Answer

ROW_IN, HEAD, FOOT, LEFT, WIDE = 0.21, 0.62, 0.75, 2.3, 2.9  # inches
MOST = 40  # rows
INSIDE, WHOLE = (0.25, 0.75), (0.05, 0.95)
PRIOR = {INSIDE: 0.674, WHOLE: 1.645}  # quantiles of the standard normal distribution


def draw(answer: Answer, stem: Path) -> list[Path]:
    """Draw the parameters that moved, or came nearest, as `stem`.png and `stem`.svg; returns the two paths."""
    shown = answer.movement.shown[:MOST]
    with style.sheet():
        high = ROW_IN * len(shown)
        drawn_on = style.figure(7.2, HEAD + FOOT + high)
        axes = style.axes_in(drawn_on, LEFT, FOOT, WIDE, high)
        for row, k in enumerate(shown):
            _row(axes, row, uncertain()[k], answer.offsets[:, k])
        _dress(axes, len(shown))
        style.heading(drawn_on, "What the record says of the parameters", _below(answer))
        style.footnote(drawn_on, _foot(answer))
        return style.save(drawn_on, stem)


def _row(axes: Axes, row: int, key: str, offsets: np.ndarray) -> None:
    """Prior in grey, posterior in blue: a thin line for 90 %, a thick one for 50 %, a dot for the median."""
    for ends, wide in ((WHOLE, 0.9), (INSIDE, 2.6)):
        reach = PRIOR[ends]
        axes.plot([-reach, reach], [row - 0.17] * 2, color=style.GREY, lw=wide, solid_capstyle="butt")
        axes.plot(np.quantile(offsets, ends), [row + 0.17] * 2, color=style.BLUE, lw=wide, solid_capstyle="butt")
    axes.plot(0, row - 0.17, "s", color=style.GREY, ms=3.2, mew=0)
    axes.plot(np.median(offsets), row + 0.17, "o", color=style.BLUE, ms=4, mew=0)
    entry = declared()[key]
    low, middle, high = (drawn(entry, entry.default, float(u)) for u in np.quantile(offsets, (0.05, 0.5, 0.95)))
    axes.text(-0.05, row, key, ha="right", va="center", size=6.8, transform=axes.get_yaxis_transform())
    span = f"{_figure(middle)} ({_figure(low)} to {_figure(high)}) {entry.unit}"
    words = f"{_figure(entry.default)} \N{RIGHTWARDS ARROW} {span}"
    axes.text(1.03, row, words, va="center", size=6.4, color=style.INK, transform=axes.get_yaxis_transform())


def _figure(value: float) -> str:
    return figure(float(f"{value:.2g}"))


def _dress(axes: Axes, rows: int) -> None:
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=style.PALE, lw=0.6, zorder=0)
    axes.set_xlabel("offset from the declared value (standard deviations of the prior)")
    axes.plot([], [], "s-", color=style.GREY, ms=3.2, label="prior")
    axes.plot([], [], "o-", color=style.BLUE, ms=4, label="posterior")
    axes.legend(loc="lower right", bbox_to_anchor=(1.72, -0.02 - 0.36 / (ROW_IN * rows)), ncols=2)


def _below(answer: Answer) -> str:
    moved, of = int(answer.movement.moved.sum()), len(uncertain())
    if not moved:
        return f"It moves none of {of} uncertain parameters; shown are those nearest to being moved"
    return f"It moves {moved} of {of} uncertain parameters; the other {of - moved} are assumptions"


def _foot(answer: Answer) -> str:
    kept = f"{len(answer.kept.rows):,} of {len(answer.table.theories):,} draws kept"
    return f"Thick bars: central 50 %; thin: 90 %; marks: medians. {kept}. Source: {answer.asked.command}."
