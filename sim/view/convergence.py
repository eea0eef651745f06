"""Every headline outcome by the length of the step: values, the line through them, and its limit.

`python -m sim.view.convergence` draws what `sim.study.convergence` has written; `make convergence` calls both.
"""

from __future__ import annotations

import pathlib
import sys
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.study.convergence import DEFAULT_MIN, FILE, LONGEST_FITTED_MIN, OUT, Line, Series, line, read
from sim.study.convergence_page import BIASED, PERHAPS, UNSEEN, verdict
from sim.view import style

ACROSS = 4
WIDTH, HEIGHT, LEFT, ABOVE, BELOW = 1.42, 0.82, 0.56, 0.66, 0.62  # inches: of a panel, and of the margins
BETWEEN = (0.62, 0.42)  # across and up
LONGEST_MIN = 16.0
LETTERS = 165  # of small print in a line
LOOKS = {BIASED: (style.VERMILLION, "s"), PERHAPS: (style.PURPLE, "D"), UNSEEN: (style.BLUE, "o")}
TOLD = (
    "Each value with its 95 % interval. Line: fit to the steps of up to "
    f"{LONGEST_FITTED_MIN:g} min, drawn on, dotted, to what was left out (hollow); its end at 0 is the limit, of which "
    "the bar there is the 95 % interval. Grey band: within 1 % of the limit. Bias of the default step of "
    f"{DEFAULT_MIN:g} min: orange squares, shown; purple diamonds, perhaps (as often by luck in one of "
    "20); blue dots, not told from noise. Scales differ."
)


def draw(found: Mapping[str, Series], runs: Mapping[float, int]) -> Figure:
    """One small panel an outcome, all with the same steps; the biased ones in another colour."""
    down = -(-len(found) // ACROSS)
    width = LEFT + ACROSS * (WIDTH + BETWEEN[0])
    height = ABOVE + down * (HEIGHT + BETWEEN[1]) + BELOW
    with style.sheet():
        drawn = style.figure(width, height)
        counted = ", ".join(f"{n:,} at {step:g}" for step, n in runs.items())
        style.heading(
            drawn,
            "Does the answer depend on the step of the clock?",
            f"Deviation from the limit at step 0, in per cent of it. Runs: {counted} min",
        )
        for k, (words, mine) in enumerate(found.items()):
            left = LEFT + (k % ACROSS) * (WIDTH + BETWEEN[0])
            bottom = height - ABOVE - (k // ACROSS) * (HEIGHT + BETWEEN[1]) - HEIGHT
            axes = style.axes_in(drawn, left, bottom, WIDTH, HEIGHT)
            panel(axes, words, mine, line(mine))
            below = k + ACROSS >= len(found)
            axes.tick_params(labelbottom=below)
            axes.set_xlabel("step (min)" if below else "")
        told = textwrap.fill(TOLD, LETTERS)
        drawn.text(0.012, 0.05 / height, told, size=6.2, va="bottom", color=style.GREY, linespacing=1.3)
    return drawn


def panel(axes: Axes, words: str, mine: Series, fitted: Line) -> None:
    """One outcome, relative to its limit."""
    axes.set_title(words, size=6.6, weight="normal", pad=5)
    axes.set_xlim(0, LONGEST_MIN)
    axes.set_xticks([0, 1.25, 2.5, 5, 10, 15], labels=["0", "", "2.5", "5", "10", "15"])
    limit = fitted.limit.estimate
    if not limit > 0.0:
        axes.text(0.5, 0.5, "too rare to tell", ha="center", va="center", transform=axes.transAxes, color=style.GREY)
        axes.set_yticks([])
        return
    colour, marker = LOOKS[verdict(fitted)]
    steps = np.array(list(mine.values))
    told, low, high = (100.0 * (np.array([value[k] for value in mine.values.values()]) / limit - 1.0) for k in range(3))
    axes.axhspan(-1.0, 1.0, color=style.SHADE, lw=0)
    axes.axhline(0.0, color=style.GREY, lw=0.5)
    slope = 100.0 * fitted.bias.estimate / limit / DEFAULT_MIN
    axes.plot([0.0, LONGEST_FITTED_MIN], [0.0, slope * LONGEST_FITTED_MIN], color=colour, lw=0.9)
    axes.plot(
        [LONGEST_FITTED_MIN, LONGEST_MIN],
        [slope * LONGEST_FITTED_MIN, slope * LONGEST_MIN],
        color=colour,
        lw=0.7,
        ls=style.DOTTED,
    )
    axes.vlines(steps, low, high, color=colour, lw=0.9)
    reach = 100.0 * (fitted.limit.high / limit - 1.0)
    axes.plot([0.0, 0.0], [-reach, reach], color=colour, lw=2.4, alpha=0.55, solid_capstyle="butt", clip_on=False)
    fit = steps <= LONGEST_FITTED_MIN
    axes.plot(steps[fit], told[fit], marker, color=colour, ms=3.0, lw=0)
    axes.plot(steps[~fit], told[~fit], marker, mfc="white", mec=colour, ms=3.0, lw=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:+.0f} %" if value else "0")
    axes.locator_params(axis="y", nbins=4, integer=True)


def main(words: Sequence[str]) -> int:
    """Draw the figure of a folder, by default where the study leaves its values."""
    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), OUT))
    style.save(draw(*read(out / FILE)), out / "convergence")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
