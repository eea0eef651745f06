"""How one probability is marked: an estimate with its interval, or the upper bound of what never happened."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from sim.view import style
from sim.view.sample import Chance

INTERVALS = (
    "Bars: 95 % Clopper–Pearson intervals. Open triangles: no event in n runs, drawn at the one-sided 95 % upper bound."
)
CLASH = (
    "Clash = force both ways within 72 h; force = a use of force either way; partner = partner force and opposition."
)
SIZES = {"*": 6.5, "P": 5.0, "X": 5.0, "d": 4.6, (4, 1, 0): 5.5, (4, 1, 45): 5.5, (6, 1, 0): 5.5}


def title(names: Iterable[str]) -> str:
    """What a figure of these outcomes is about."""
    return (
        "Chance of a clash around the garrison"
        if set(names) & set(style.MAIN)
        else "Chance of force around the garrison"
    )


def upright(axes: Axes, name: str, x: np.ndarray, chance: Chance) -> None:
    """Estimates over `x`, joined, with their intervals; where there was no event, an open marker at the bound."""
    look = style.CLASHES[name]
    estimate = np.where(chance.none, np.nan, chance.estimate)
    axes.plot(x, estimate, color=look.colour, ls=look.line, lw=1.0, alpha=0.75, zorder=2)
    axes.vlines(x[~chance.none], *_ends(chance), color=look.colour, lw=0.9, zorder=3, gid=f"interval-{name}")
    _estimates(axes, name, x[~chance.none], estimate[~chance.none])
    bounds(axes, name, x[chance.none], chance.high[chance.none], "v")


def level(axes: Axes, name: str, y: np.ndarray, chance: Chance) -> None:
    """The same lying down, on the rows `y`, not joined."""
    colour = style.CLASHES[name].colour
    axes.hlines(y[~chance.none], *_ends(chance), color=colour, lw=0.9, zorder=3, gid=f"interval-{name}")
    _estimates(axes, name, chance.estimate[~chance.none], y[~chance.none])
    bounds(axes, name, chance.high[chance.none], y[chance.none], "<")


def _ends(chance: Chance) -> tuple[np.ndarray, np.ndarray]:
    return chance.low[~chance.none], chance.high[~chance.none]


def _estimates(axes: Axes, name: str, x: np.ndarray, y: np.ndarray) -> None:
    look = style.CLASHES[name]
    axes.plot(
        x, y, marker=look.marker, ls="none", color=look.colour, ms=SIZES.get(look.marker, 4.0), mew=0.35, mec="white",
        zorder=4, gid=f"estimate-{name}",
    )  # fmt: skip


def bounds(axes: Axes, name: str, x: np.ndarray, y: np.ndarray, marker: str) -> None:
    """Open markers at the upper bounds `y`: what never happened is never drawn at 0."""
    colour = style.CLASHES[name].colour
    axes.plot(x, y, marker, mfc="white", mec=colour, ms=4.2, mew=0.8, zorder=4, clip_on=False, gid=f"bound-{name}")
