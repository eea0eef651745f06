"""A box found by PRIM: coverage against density along the peeling, and the limits of the chosen box."""

from __future__ import annotations

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.study.discovery import Counted, Finding
from sim.study.discovery_page import days_of, limit_of, name_of, reach_of, sample_in_words, words_of
from sim.view import style

WIDTH, HEAD, FOOT, HIGH, ROW_IN = 7.2, 0.62, 0.62, 2.5, 0.3  # inches
LETTERS = 38  # that fit beside a bar
MARKS = ("o", "s", "^", "D", "p", "P", "X", "*")  # by number of limits
COLOURS = (style.GREY, style.SKY, style.BLUE, style.GREEN, style.ORANGE, style.PURPLE, style.BROWN, style.INK)
NOTE = (
    "Density: share of the points in a box at which the share of runs exceeds the bound; coverage: share of all such "
    "points that lie in it. Crosses: 95 % Clopper-Pearson intervals; filled: the chosen box on the points it was found "
    "on (too kind), open: boxes found on one half of the points and counted on the other."
)


def draw(found: Finding, stem: Path) -> list[Path]:
    """Draw a discovery; `stem` is the path without its ending.  Returns the paths written."""
    with style.sheet():
        keys = sorted(found.sample.columns, key=lambda key: key not in found.box.limits)
        below = ROW_IN * len(keys)
        drawn = style.figure(WIDTH, HEAD + HIGH + 0.75 + below + FOOT)
        _peeled(style.axes_in(drawn, 0.55, FOOT + below + 0.85, 3.9, HIGH - 0.12), found)
        longest = max(len(name_of(key)) for key in keys)
        left = 0.25 + 0.062 * longest
        _limits(style.axes_in(drawn, left, FOOT, WIDTH - left - 2.05, below), found, keys)
        _words(drawn, found)
        return style.save(drawn, stem)


def _peeled(axes: Axes, found: Finding) -> None:
    path = found.path
    axes.plot([one.coverage[0] for one in path], [one.density[0] for one in path], color=style.PALE, lw=0.8, zorder=1)
    most = len(MARKS) - 1
    for limits in sorted({min(len(box.limits), most) for box in found.boxes}):
        alike = [one for one, box in zip(path, found.boxes, strict=True) if min(len(box.limits), most) == limits]
        more = " or more" if limits == most else ""
        axes.plot(
            [one.coverage[0] for one in alike],
            [one.density[0] for one in alike],
            MARKS[limits],
            color=COLOURS[limits],
            ms=3.4,
            label=f"{limits}{more} input{'' if limits == 1 else 's'} limited",
        )
    _cross(axes, path[found.chosen], style.VERMILLION, "chosen box, points it was found on")
    if found.check:
        _cross(axes, found.check, "white", "points not used to find it")
    axes.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="coverage", ylabel="density")
    axes.legend(loc="center left", bbox_to_anchor=(1.03, 0.5))


def _cross(axes: Axes, held: Counted, face: str, words: str) -> None:
    """A box with both its intervals."""
    (x, x_low, x_high), (y, y_low, y_high) = held.coverage, held.density
    axes.plot([x_low, x_high], [y, y], color=style.VERMILLION, lw=0.9, zorder=3)
    axes.plot([x, x], [y_low, y_high], color=style.VERMILLION, lw=0.9, zorder=3)
    axes.plot(x, y, "o", mfc=face, mec=style.VERMILLION, ms=7, zorder=4, label=words)


def _limits(axes: Axes, found: Finding, keys: list[str]) -> None:
    """What the box keeps of each input, as a bar over what it was varied over."""
    for place, key in enumerate(keys):
        axes.barh(place, 1.0, 0.55, color=style.SHADE, lw=0)
        kept, values = found.box.limits.get(key), found.sample.columns[key]
        if isinstance(kept, tuple):
            least, most = min(values), max(values)
            low, high = ((end - least) / (most - least) for end in kept)
            axes.barh(place, high - low, 0.55, left=low, color=style.BLUE, lw=0)
        axes.text(-0.01, place, name_of(key), ha="right", va="center", size=6.8, transform=axes.get_yaxis_transform())
        told = f"{limit_of(found, key)} (of {reach_of(found.sample, key)})"
        right = told if len(told) < LETTERS else f"{told[: LETTERS - 2]}…"
        axes.text(1.02, place, right, va="center", size=6.8, transform=axes.get_yaxis_transform())
    axes.set(xlim=(0, 1), ylim=(len(keys) - 0.5, -0.5), yticks=[], xticks=[])
    axes.spines[:].set_visible(False)
    axes.set_title("Limits of the chosen box, over what each input was varied over", pad=4)


def _words(drawn: Figure, found: Finding) -> None:
    sample = found.sample
    title = f"Where the chance of a {words_of(found.outcome)} exceeds {100 * sample.bound:g} %"
    told = f"{int(sample.told.sum()):,} of {len(sample.runs):,} points told from the bound for certain"
    style.heading(drawn, title, f"{sample_in_words(sample)} of {days_of(found)} days; {told}")
    seed = found.design.base.seed
    style.footnote(drawn, f"{NOTE} n: {sample_in_words(sample)}, seed {seed}. Source: {found.results.folder.name}.")
