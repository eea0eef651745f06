"""What changes from a to b: the difference of every chance with its interval, the margin shaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.view import style

HEAD, FOOT, ROW_IN = 0.5, 0.55, 0.22  # inches
GREY, BAND = "#555555", "#E6E6E6"
NAME = "differences"


def draw(
    differences: Mapping[str, Any], arms: tuple[str, str], told: Mapping[str, str], margin: float, stem: Path
) -> list[Path]:
    """Draw `differences` (name -> `sim.study.differences.Difference`) of two arms; returns the paths written.

    `told` has, in words, the `n`, the `window` and the `source`; `margin` is a chance; `stem` the path, without ending.
    """
    names = [name for name in differences if name in style.CLASHES]
    names.sort(key=lambda name: differences[name].difference)
    with style.sheet():
        drawn = style.figure(7.2, HEAD + FOOT + ROW_IN * len(names) + 0.35)
        axes = style.axes_in(drawn, 1.75, FOOT + 0.35, 3.15, ROW_IN * len(names))
        _margin(axes, margin)
        for row, name in enumerate(names):
            _row(axes, row, differences[name])
        _ticks(axes, [style.CLASHES[name].words for name in names])
        heading = f"Change of the chance of each clash {told['window']}"
        style.heading(drawn, heading, f"a: {arms[0]}   ·   b: {arms[1]}")
        style.footnote(drawn, _note(told, margin))
        return style.save(drawn, stem)


def _margin(axes: Axes, margin: float) -> None:
    axes.axvspan(-100 * margin, 100 * margin, color=BAND, lw=0, zorder=0)
    axes.axvline(0, color=GREY, lw=0.8, zorder=1)


def _row(axes: Axes, row: int, found: Any) -> None:
    colour = style.GREY if found.low <= 0 <= found.high else style.INK
    low, high, middle = 100 * found.low, 100 * found.high, 100 * found.difference
    axes.plot([low, high], [row, row], color=colour, lw=1.3, ls=":" if found.bound else "-", zorder=2)
    if not found.bound:
        axes.plot([middle], [row], "o", color=colour, ms=4.5, zorder=3)
    digits = 1 if high - low > 1 else 2
    span = f"[{low:+.{digits}f}, {high:+.{digits}f}]"
    words = f"within {span}" if found.bound else f"{middle:+.{digits}f} {span}"
    told = f"{words}   ({100 * found.chances[0]:.{digits}f} to {100 * found.chances[1]:.{digits}f} %)"
    axes.annotate(
        told.replace("-", "\N{MINUS SIGN}"),
        (1.03, row),
        xycoords=("axes fraction", "data"),
        va="center",
        size=6.6,
    )


def _ticks(axes: Axes, words: list[str]) -> None:
    axes.set_ylim(-0.7, len(words) - 0.3)
    axes.set_yticks(np.arange(len(words)), words)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(FuncFormatter(_signed))
    axes.set_xlabel("b \N{MINUS SIGN} a, percentage points")


def _signed(value: float, _: int = 0) -> str:
    """'+5', with a true minus sign."""
    return f"{value:+g}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _note(told: Mapping[str, str], margin: float) -> str:
    return (
        f"{told['n']}. Bars: 95 % intervals of paired proportions (Zou and Donner 2008), each by itself, black where "
        "they leave out 0; dotted: fewer than five events in an arm, only how far apart two exact intervals allow. "
        f"Shaded: differences of less than {100 * margin:g} points, which do not matter by the margin chosen. "
        f"Source: {told['source']}."
    )
