"""The patterns at a glance: a row each, its bound as a band, what the model predicts as a dot with its interval."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from sim.study.patterns import SHARE, Finding
from sim.study.verdicts import CANNOT_TELL, FAILS, HOLDS
from sim.study.verify_page import bound, told
from sim.view import style

if TYPE_CHECKING:
    from sim.study.verify import Answer

ROW_IN, HEAD, FOOT = 0.185, 0.62, 0.62  # inches
LEFT, WIDE, APART = 3.05, 2.0, 0.08
LOOKS = {HOLDS: (style.BLUE, "o"), FAILS: (style.VERMILLION, "X"), CANNOT_TELL: (style.GREY, "s")}
SCALES = (
    "Grey bands: bounds. Bars: 95 % intervals. Open diamonds: the record, where it gives a number. Shares run from 0 "
    "to 100 %; every other row has its own linear scale from 0, so compare within a row only."
)


def draw(answer: Answer, stem: Path) -> list[Path]:
    """Draw the answer of a verification as `stem`.png and `stem`.svg; returns the two paths."""
    with style.sheet():
        rows = answer.findings
        drawn = style.figure(7.2, HEAD + FOOT + ROW_IN * len(rows))
        axes = style.axes_in(drawn, LEFT, FOOT, WIDE, ROW_IN * len(rows))
        axes.set_xlim(0, 1)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.axis("off")
        for number, each in enumerate(rows):
            _row(axes, number, each, number and each.check.pattern == rows[number - 1].check.pattern)
        _legend(axes)
        style.heading(drawn, "Does it look like May and June 2017?", _below(answer))
        style.footnote(drawn, f"{answer.histories:,} histories. {SCALES} Source: {answer.asked.command}.")
        return style.save(drawn, stem)


def _below(answer: Answer) -> str:
    found = list(answer.verdicts.values())
    held = f"{found.count(HOLDS)} of {len(found)} patterns hold, {found.count(FAILS)} fail"
    return f"{held}, {found.count(CANNOT_TELL)} cannot be told; {answer.histories:,} simulated histories of 28 days"


def _row(axes: Axes, number: int, each: Finding, continued: Any) -> None:
    """One row: words, band, interval, numbers."""
    colour, _ = LOOKS[each.verdict.word]
    if not continued:
        axes.axhline(number - 0.5, -LEFT / WIDE, 1 + 2.1 / WIDE, color=style.PALE, lw=0.4, clip_on=False, zorder=0)
        axes.text(-LEFT / WIDE + 0.02, number, each.check.pattern, va="center", size=7, weight="bold")
    axes.text(-APART / WIDE, number, each.check.what, va="center", ha="right", size=6.6)
    axes.text(1 + APART / WIDE, number, told(each), va="center", size=6.6, color=colour)
    axes.text(1 + 2.08 / WIDE, number, bound(each.check), va="center", ha="right", size=6.2, color=style.GREY)
    scale = _span(each)
    low, high = max(0.0, each.check.low / scale), min(1.0, each.check.high / scale)
    axes.barh(number, high - low, left=low, height=0.62, color=style.PALE, alpha=0.75, lw=0, zorder=1, gid="bound")
    axes.plot([0, 1], [number, number], color=style.PALE, lw=0.4, zorder=0)
    for value in each.check.seen:
        axes.plot(value / scale, number, "d", mfc="white", mec=style.INK, ms=3.4, mew=0.6, zorder=3, gid="record")
    if each.found.n and not math.isnan(each.found.estimate):
        _interval(axes, number, each, scale)


def _interval(axes: Axes, number: int, each: Finding, scale: float) -> None:
    colour, marker = LOOKS[each.verdict.word]
    low, high, middle = (
        min(1.0, max(0.0, value / scale)) for value in (each.found.low, each.found.high, each.found.estimate)
    )
    axes.plot([low, high], [number, number], color=colour, lw=1.6, solid_capstyle="butt", zorder=4, gid="interval")
    beyond = each.found.estimate / scale > 1
    axes.plot(
        middle, number, ">" if beyond else marker, color=colour, ms=4.4, mew=0, zorder=5, clip_on=False, gid="estimate"
    )


def _span(each: Finding) -> float:
    """The value at the right end of a row: 100 % for a share, else somewhat beyond bound, record and estimate."""
    if each.check.unit == SHARE:
        return 1.0
    ends = [each.check.low, each.check.high, *each.check.seen]
    furthest = max(value for value in ends if math.isfinite(value))
    estimate = each.found.estimate if math.isfinite(each.found.estimate) else 0.0
    return 1.2 * max(furthest, min(estimate, 2.5 * furthest))


def _legend(axes: Axes) -> None:
    for word, (colour, marker) in LOOKS.items():
        axes.plot([], [], marker, color=colour, ms=4.4, mew=0, label=word)
    axes.plot([], [], "d", mfc="white", mec=style.INK, ms=3.4, mew=0.6, label="record")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.002), ncols=4, handletextpad=0.1, columnspacing=1.2)
