"""Every headline outcome by the length of the step: values, the line through them, and its limit.

`python -m sim.view.convergence out=docs/convergence` draws what `sim.study.convergence` has written there.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.study.convergence import DEFAULT_MIN, FILE, LONGEST_FITTED_MIN, Line, Values, line, read
from sim.study.convergence_page import BIASED, verdict
from sim.view import style

ACROSS = 4
WIDTH, HEIGHT, LEFT, ABOVE, BELOW = 1.42, 0.82, 0.56, 0.66, 0.34  # inches: of a panel, and of the margins
BETWEEN = (0.50, 0.40)  # across and up
LONGEST_MIN = 16.0
TOLD = (
    "Dots: mean of independent runs with its 95 % interval. Line: weighted fit to the steps of up to "
    f"{LONGEST_FITTED_MIN:g} min, drawn on to what was left out (hollow); its end at 0 is the limit. Grey band: within "
    f"1 % of the limit. Orange: biased at the default step of {DEFAULT_MIN:g} min. Scales differ."
)


def draw(found: Mapping[str, Values], runs: Mapping[float, int]) -> Figure:
    """One small panel an outcome, all with the same steps; the biased ones in another colour."""
    down = -(-len(found) // ACROSS)
    width = LEFT + ACROSS * (WIDTH + BETWEEN[0])
    height = ABOVE + down * (HEIGHT + BETWEEN[1]) + BELOW
    with style.sheet():
        drawn = style.figure(width, height)
        told = ", ".join(f"{n:,} at {step:g}" for step, n in runs.items())
        style.heading(drawn, "Does the answer depend on the step of the clock?", f"runs: {told} min")
        for k, (words, values) in enumerate(found.items()):
            left = LEFT + (k % ACROSS) * (WIDTH + BETWEEN[0])
            bottom = height - ABOVE - (k // ACROSS) * (HEIGHT + BETWEEN[1]) - HEIGHT
            axes = style.axes_in(drawn, left, bottom, WIDTH, HEIGHT)
            panel(axes, words, values, line(values))
            below = k + ACROSS >= len(found)
            axes.tick_params(labelbottom=below)
            axes.set_xlabel("step (min)" if below else "")
        style.footnote(drawn, TOLD)
    return drawn


def panel(axes: Axes, words: str, values: Values, fitted: Line) -> None:
    """One outcome, relative to its limit."""
    colour = style.VERMILLION if verdict(fitted) == BIASED else style.BLUE
    axes.set_title(words, size=6.6, weight="normal", pad=3)
    axes.set_xlim(0, LONGEST_MIN)
    axes.set_xticks([0, 1.25, 2.5, 5, 10, 15], labels=["0", "", "2.5", "5", "10", "15"])
    limit = fitted.limit.estimate
    if not limit > 0.0:
        axes.text(0.5, 0.5, "too rare to tell", ha="center", va="center", transform=axes.transAxes, color=style.GREY)
        axes.set_yticks([])
        return
    steps = np.array(list(values))
    told, low, high = (100.0 * (np.array([value[k] for value in values.values()]) / limit - 1.0) for k in range(3))
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
    fit = steps <= LONGEST_FITTED_MIN
    axes.plot(steps[fit], told[fit], "o", color=colour, ms=3.2)
    axes.plot(steps[~fit], told[~fit], "o", mfc="white", mec=colour, ms=3.2)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:+.0f} %" if value else "0")
    axes.locator_params(axis="y", nbins=4, integer=True)


def main(words: Sequence[str]) -> int:
    """Draw the figure of a folder, by default docs/convergence."""
    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), "docs/convergence"))
    style.save(draw(*read(out / FILE)), out / "convergence")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
