"""What a chance hangs on: two bars an input with their intervals, the widest on top, the dummy's reach shaded."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.study.sensitivity import MAIN, Finding
from sim.study.sensitivity_page import SCALE, name_of, number, reach_of, sample_in_words
from sim.view import style

WIDTH, HEAD, FOOT, ROW_IN = 7.2, 0.72, 0.42, 0.4  # inches
BAR, APART = 0.3, 0.17  # of a row
LOOKS = {  # words, colour
    "first": ("alone (first order)", style.SKY),
    "total": ("alone and with others (total)", style.BLUE),
    "mu*": ("mean absolute effect (mu*)", style.BLUE),
    "sigma": ("spread between starts (sigma)", style.SKY),
    "median": ("median of slices", style.BLUE),
    "largest": ("largest of slices", style.SKY),
}
ACROSS = {
    "sobol": "share of the variance of the chance between points",
    "morris": "percentage points per whole width of the input",
    "pawn": "distance between distributions (Kolmogorov-Smirnov)",
}
INTERVAL = {
    "sobol": "Lines: 95 %, bootstraps of rows and of replications; luck is taken out.",
    "morris": "Lines: 95 %, bootstraps of trajectories and of replications; luck is taken out of sigma, not of mu*.",
    "pawn": "Lines: 95 %, bootstrap of points; of few points a distance lies high.",
}


def draw(found: Finding, stem: Path) -> list[Path]:
    """Draw an analysis; `stem` is the path without its ending.  Returns the paths written."""
    names = [_label(found, row) for row in (*found.order, -1)]
    with style.sheet():
        left = 0.25 + 0.062 * max(len(line) for name in names for line in name.split("\n"))
        drawn = style.figure(WIDTH, HEAD + FOOT + 0.35 + ROW_IN * len(names))
        axes = style.axes_in(drawn, left, FOOT + 0.35, WIDTH - left - 1.75, ROW_IN * len(names))
        axes.axvline(0, color=style.GREY, lw=0.8, zorder=1)
        for place, row in enumerate((*found.order, -1)):
            _row(axes, found, row, place)
        _frame(axes, found, names)
        _words(drawn, axes, found)
        return style.save(drawn, stem)


def _label(found: Finding, row: int) -> str:
    """An input with its unit, and below it what it was varied over."""
    if row == -1:
        return "dummy\n(changes only the luck)" if found.study.method != "pawn" else "dummy\n(values dealt out anew)"
    return f"{name_of(found, row)}\n{reach_of(found, found.study.inputs[row])}"


def _scale(name: str) -> float:
    return SCALE.get(name, 1.0)


def _measures(found: Finding) -> list[str]:
    """The main measure first: it is drawn above."""
    main = MAIN[found.study.method]
    return [main, *(name for name in found.measures if name != main)]


def _row(axes: Axes, found: Finding, row: int, place: int) -> None:
    """Two bars with their intervals, their numbers at the right, and behind them how far a dummy reaches."""
    floor = found.floor if row == -1 else float(found.floors[row])
    axes.barh(place, _scale(MAIN[found.study.method]) * floor, 1.0, color=style.SHADE, lw=0, zorder=0)
    for number_of, name in enumerate(_measures(found)):
        estimate, low, high = (_scale(name) * float(value) for value in found.measures[name][row])
        height = place + (APART if number_of else -APART)
        colour = style.PALE if row == -1 else LOOKS[name][1]
        axes.barh(height, estimate, BAR, color=colour, zorder=2)
        axes.plot([low, high], [height, height], color=style.INK, lw=0.9, zorder=3, solid_capstyle="butt")
        axes.annotate(
            f"{number(estimate)} [{number(low)}, {number(high)}]",
            (1.03, height),
            xycoords=("axes fraction", "data"),
            va="center",
            size=6.4,
            color=style.INK,
        )


def _frame(axes: Axes, found: Finding, names: list[str]) -> None:
    axes.set_ylim(len(names) - 0.45, -0.55)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0, labelsize=6.8)
    axes.set_xlabel(ACROSS[found.study.method])


def _words(drawn: Figure, axes: Axes, found: Finding) -> None:
    words = style.CLASHES[found.outcome].words if found.outcome in style.CLASHES else found.outcome.replace("_", " ")
    looks = [Patch(color=LOOKS[name][1], label=LOOKS[name][0]) for name in _measures(found)]
    looks.append(Patch(color=style.SHADE, label="within reach of a dummy"))
    axes.legend(handles=looks, loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, handlelength=1.2, borderpad=0.2)
    days = found.study.design.base.scenario.horizon_days
    style.heading(drawn, f"What the chance of a {words} hangs on", f"{sample_in_words(found)} of {days:g} days")
    seed = found.study.design.base.seed
    text = f"n: {sample_in_words(found)}, seed {seed}. {INTERVAL[found.study.method]}"
    style.footnote(drawn, f"{text} One history, a coarse model, these intervals. Source: {found.results.folder.name}.")
