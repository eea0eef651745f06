"""The chances after 8 June 2017, drawn: over the posterior within 7, 30 and 60 days, and by theory within 30."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from sim.study.after_8_june import DAYS, HEADLINES, OUTCOMES
from sim.study.after_8_june_page import words
from sim.view import style

WIDTH, ROW_IN = 7.2, 0.36  # inches
LOOKS = {7: (style.SKY, "o"), 30: (style.BLUE, "s"), 60: (style.BLACK, "D")}
APART = 0.24  # of a row


def draw(found: Mapping[str, Any], stem: Path) -> list[Path]:
    """Draw both halves; `stem` is the path without its ending.  Returns the paths written."""
    theories = sorted(found["chances"]["theories"], key=lambda name: -found["chances"]["theories"][name]["draws"])
    high = ROW_IN * len(OUTCOMES)
    with style.sheet():
        drawn = style.figure(WIDTH, high + 1.55)
        left = style.axes_in(drawn, 1.45, 0.85, 2.3, high)
        _over_the_posterior(left, found["chances"]["all"])
        for place, outcome in enumerate(HEADLINES):
            axes = style.axes_in(drawn, 4.72 + 0.84 * place, 0.85, 0.7, high)
            _by_theory(axes, found["chances"]["theories"], theories, outcome, first=place == 0)
        style.heading(
            drawn,
            "After 8 June 2017: chance of each clash",
            "left: within 7, 30 and 60 days over the posterior; right: within 30 days by theory",
        )
        style.footnote(
            drawn,
            f"{found['draws']} draws of the posterior x {found['replications']} runs. Left: mean, central 95 % over "
            "draws, luck taken out. Right: mean over the theory's draws (how many: in brackets), 95 % t interval. One "
            "history, a coarse model. Source: after_8_june.json.",
        )
        return style.save(drawn, stem)


def _over_the_posterior(axes: Axes, chances: Mapping[str, Any]) -> None:
    for row, outcome in enumerate(OUTCOMES):
        for place, days in enumerate(DAYS):
            one, (colour, marker) = chances[outcome][str(days)], LOOKS[days]
            y = row + APART * (place - 1)
            axes.plot([100 * one["lowest"], 100 * one["highest"]], [y, y], color=colour, lw=1.1)
            axes.plot([100 * one["mean"]], [y], marker, color=colour, ms=3.6)
    for days in DAYS:
        colour, marker = LOOKS[days]
        axes.plot([], [], marker, color=colour, ms=3.6, label=f"{days} days")
    axes.set_ylim(len(OUTCOMES) - 0.5, -0.5)
    axes.set_yticks(range(len(OUTCOMES)), [words(outcome) for outcome in OUTCOMES])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(-2, 102)
    axes.set_xlabel("per cent of runs")
    axes.grid(axis="x", color=style.PALE, lw=0.5)
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, handlelength=0.8, columnspacing=0.9)


def _by_theory(axes: Axes, theories: Mapping[str, Any], names: Sequence[str], outcome: str, *, first: bool) -> None:
    for row, name in enumerate(names):
        middle, low, high = (100 * value for value in theories[name][outcome]["30"])
        axes.plot([low, high], [row, row], color=style.BLUE, lw=1.1)
        axes.plot([middle], [row], "s", color=style.BLUE, ms=3.4)
    labels = [f"{name} ({theories[name]['draws']})" for name in names] if first else []
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)) if first else [], labels)
    axes.tick_params(axis="y", length=0, labelsize=6.2)
    axes.set_xlim(-3, 103)
    axes.set_xticks([0, 50, 100])
    labels_below = axes.get_xticklabels()
    labels_below[0].set_horizontalalignment("left")
    labels_below[-1].set_horizontalalignment("right")
    axes.grid(axis="x", color=style.PALE, lw=0.5)
    axes.set_title(words(outcome).replace(" ", "\n", 1), size=6.4, weight="normal")


def main(given: Sequence[str]) -> int:
    """Draw what docs/after_8_june.json holds; `out=FOLDER` says where."""
    out = Path(next((word[4:] for word in given if word.startswith("out=")), "docs"))
    draw(json.loads((out / "after_8_june.json").read_bytes()), out / "after_8_june")
    (out / "after_8_june.svg").unlink()  # the page shows the PNG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
