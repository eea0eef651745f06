"""Two rows of panels: common outcomes on a linear scale above, rare ones on a logarithmic scale below."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MultipleLocator, NullFormatter

from sim.view import style
from sim.view.sample import Chance

COMMON = 0.1  # an outcome this likely anywhere in the figure goes above
LEFT, RIGHT, GAP, APART = 0.62, 1.55, 0.18, 0.42  # inches


@dataclass(frozen=True)
class Row:
    """One row of panels: which outcomes it shows, on which scale, and its panels from left to right."""

    names: tuple[str, ...]
    log: bool
    panels: tuple[Axes, ...]


def split(chances: Mapping[str, Chance]) -> list[tuple[tuple[str, ...], bool]]:
    """The outcomes of each row, and whether it is logarithmic; an empty row is left out."""
    highest = {name: float(np.nanmax(each.estimate, initial=0.0)) for name, each in chances.items()}
    common = tuple(name for name in chances if highest[name] >= COMMON)
    rare = tuple(name for name in chances if highest[name] < COMMON)
    return [row for row in ((common, False), (rare, True)) if row[0]]


def width_in(columns: int) -> float:
    """Width of a panel in inches."""
    return (7.2 - LEFT - RIGHT - (columns - 1) * GAP) / columns


def wrapped(title: str, columns: int) -> str:
    """A panel's title, each of its lines broken to the panel's width."""
    return "\n".join(textwrap.fill(line, int(17 * width_in(columns))) for line in title.split("\n"))


def grid(
    rows: Sequence[tuple[tuple[str, ...], bool]], columns: int, floor: float, room: tuple[float, float]
) -> tuple[Figure, list[Row]]:
    """A figure with a panel for each row and column; `floor` is the lower end of the logarithmic scale,
    `room` what is left free above and below, in inches.
    """
    panel_h = 2.05 if len(rows) > 1 else 2.6
    head, foot = room
    height = head + foot + len(rows) * panel_h + (len(rows) - 1) * APART
    drawn = style.figure(7.2, height)
    width = width_in(columns)
    made = []
    for number, (names, log) in enumerate(rows):
        bottom = height - head - panel_h - number * (panel_h + APART)
        panels = [
            style.axes_in(drawn, LEFT + column * (width + GAP), bottom, width, panel_h) for column in range(columns)
        ]
        for column, axes in enumerate(panels):
            scale(axes, log, floor, named=column == 0)
        made.append(Row(names, log, tuple(panels)))
    return drawn, made


def below(row: Row, words: str) -> None:
    """Name the axis that a row of panels shares, under their middle."""
    first, last = row.panels[0].get_position(), row.panels[-1].get_position()
    drawn = style.figure_of(row.panels[0])
    at = first.y0 - 0.34 / drawn.get_figheight()
    drawn.text((first.x0 + last.x1) / 2, at, words, ha="center", va="center", size=7.5)


def scale(axes: Axes, log: bool, floor: float, named: bool = True, vertical: bool = True) -> None:
    """Put probabilities on one side of a panel, in per cent, with a light grid."""
    side = axes.yaxis if vertical else axes.xaxis
    limits = axes.set_ylim if vertical else axes.set_xlim
    if log:
        (axes.set_yscale if vertical else axes.set_xscale)("log")
        limits(floor, 1.25 * max(COMMON, floor))
        side.set_major_locator(LogLocator(10))
        side.set_minor_formatter(NullFormatter())
    else:
        limits(-0.02, 1.02)
        side.set_major_locator(MultipleLocator(0.2))
    side.set_major_formatter(FuncFormatter(lambda value, _: style.percent(value)))
    side.grid(True, which="major", color=style.PALE, lw=0.5)
    if not named:
        axes.tick_params(labelleft=False)


def floor_of(chances: Mapping[str, Chance]) -> float:
    """Lower end of the logarithmic scale: under every estimate and every upper bound that is drawn."""
    shown = [np.where(each.none, each.high, each.estimate) for each in chances.values()]
    lowest = float(np.nanmin(np.concatenate(shown), initial=COMMON))
    return lowest / 3
