"""The red line over two settings: the chance in colours, the line, hatched where it is open, the points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.config.settings import figure
from sim.study.discovery_page import name_of, sample_in_words, words_of
from sim.study.redline import FIRST
from sim.study.redline_map import FINE, Map
from sim.study.redline_page import sample_of, share
from sim.view import style

WIDTH, LEFT, HEAD, FOOT, HIGH, WIDE = 7.2, 0.62, 0.8, 0.95, 4.3, 5.5  # inches
COLOURS = "cividis"
NOTE = (
    "Colours: chance by kriging of its logit from the counts at the points; line: where it crosses the bound; hatched: "
    "the 95 % interval straddles the bound, each place by itself. Circles: the first points, a Latin hypercube; "
    "triangles: further points, put where the bound was straddled."
)


def draw(found: Map, stem: Path) -> list[Path]:
    """Draw a map; `stem` is the path without its ending.  Returns the paths written."""
    with style.sheet():
        drawn = style.figure(WIDTH, HEAD + HIGH + FOOT)
        axes = style.axes_in(drawn, LEFT, FOOT, WIDE, HIGH)
        _fill(drawn, axes, found)
        _points(axes, found)
        _words(drawn, axes, found)
        return style.save(drawn, stem)


def _fill(drawn: Figure, axes: Axes, found: Map) -> None:
    middle, low, high = found.chance
    unit = (np.arange(FINE) + 0.5) / FINE
    unit[[0, -1]] = 0.0, 1.0  # up to the edges
    x, y = (found.values(unit, axis) for axis in (0, 1))
    filled = axes.imshow(
        100 * middle.T,
        origin="lower",
        aspect="auto",
        extent=(*found.square.ends[0], *found.square.ends[1]),
        cmap=COLOURS,
        vmin=0,
        vmax=100,
        interpolation="bilinear",
    )
    bar = drawn.colorbar(filled, cax=style.axes_in(drawn, LEFT + WIDE + 0.2, FOOT, 0.16, HIGH))
    bar.set_label(f"chance of a {words_of(found.outcome)}, per cent of runs")
    bar.ax.axhline(100 * found.bound, color=style.VERMILLION, lw=2)
    bar.outline.set_visible(False)
    straddles = ((low <= found.bound) & (high >= found.bound)).astype(float)
    if straddles.any():
        hatched = axes.contourf(x, y, straddles.T, levels=[0.5, 1.5], colors="none", hatches=["////"])
        hatched.set_edgecolor("white")
        hatched.set_linewidth(0.0)
    if middle.min() < found.bound < middle.max():
        axes.contour(x, y, middle.T, levels=[found.bound], colors=[style.VERMILLION], linewidths=2.0)


def _points(axes: Axes, found: Map) -> None:
    x, y = (found.values(found.x[:, axis], axis) for axis in (0, 1))
    for marker, which in (("o", slice(None, FIRST)), ("^", slice(FIRST, None))):
        axes.plot(x[which], y[which], marker, ms=3.6, mfc="white", mec=style.INK, mew=0.7, ls="", zorder=4)
    axes.set(xlim=found.square.ends[0], ylim=found.square.ends[1])


def _words(drawn: Figure, axes: Axes, found: Map) -> None:
    base, sample = found.square.base, sample_of(found)
    first, second = map(name_of, found.square.keys)
    axes.set(xlabel=first, ylabel=second)
    looks = [
        Line2D([], [], color=style.VERMILLION, lw=2, label=f"{100 * found.bound:g} %"),
        Patch(fc=style.GREY, ec="white", hatch="////", lw=0, label="open: the interval straddles it"),
        Line2D([], [], marker="o", ls="", mfc="white", mec=style.INK, ms=3.6, label="first points"),
        Line2D([], [], marker="^", ls="", mfc="white", mec=style.INK, ms=3.6, label="further points"),
    ]
    axes.legend(handles=looks, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=4, borderpad=0.2, columnspacing=1.2)
    title = f"Where the chance of a {words_of(found.outcome)} exceeds {100 * found.bound:g} %"
    told = f"{share(found, 1)} of the map above for certain, {share(found, -1)} below, {share(found, 0)} open"
    style.heading(drawn, title, f"Within {figure(base.scenario.horizon_days)} days; {told}")
    text = f"n: {sample_in_words(sample)}, seed {base.seed}. {NOTE} One history, a coarse model."
    style.footnote(drawn, f"{text} Source: {found.results.folder.name}.")
