"""The share of the square on the wrong side of the red line, by surface: a map and a Latin hypercube."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.study.redline_measured import OUT, SEEDS
from sim.view import style

ACROSS, WIDTH, HEAD, FOOT, HIGH, BETWEEN, LEFT = 4, 7.2, 0.62, 0.72, 1.05, 0.42, 0.42  # panels side by side; inches
KINDS = {"hypercube": ("Latin hypercube", style.ORANGE, "s", "--"), "map": ("map", style.BLUE, "o", "-")}


def draw(found: Sequence[dict[str, Any]], stem: pathlib.Path) -> list[pathlib.Path]:
    """Draw what `sim.study.redline_measured` wrote; returns the paths written."""
    lines = -(-len(found) // ACROSS)
    wide = (WIDTH - LEFT - 0.1) / ACROSS
    with style.sheet():
        drawn = style.figure(WIDTH, HEAD + lines * (HIGH + BETWEEN) + FOOT - BETWEEN + 0.1)
        for number, one in enumerate(found):
            line, column = divmod(number, ACROSS)
            bottom = FOOT + (lines - 1 - line) * (HIGH + BETWEEN)
            axes = style.axes_in(drawn, LEFT + column * wide, bottom, wide - 0.28, HIGH)
            _panel(axes, one)
            if not column:
                axes.set_ylabel("per cent wrong")
            if line == lines - 1 or number + ACROSS >= len(found):
                axes.set_xlabel("points")
        axes.legend(loc="center left", bbox_to_anchor=(1.15, 0.5))
        style.heading(drawn, "How soon the red line is right", "Share of the square on its wrong side")
        note = f"Medians of {SEEDS} seeds and middle halves of them; equal runs, the same estimator, known surfaces."
        style.footnote(drawn, f"n: {SEEDS} seeds a point. {note}")
        return style.save(drawn, stem)


def _panel(axes: Axes, one: dict[str, Any]) -> None:
    points = [row["points"] for row in one["rows"]]
    for kind, (words, colour, marker, line) in KINDS.items():
        middle, low, high = ([100 * row[kind][k] for row in one["rows"]] for k in range(3))
        axes.fill_between(points, low, high, color=colour, alpha=0.18, lw=0)
        axes.plot(points, middle, marker=marker, ls=line, color=colour, ms=3.2, label=words)
    axes.set_ylim(0, None)
    axes.set_xticks(points)
    axes.set_title(one["surface"], pad=3)


def main(overrides: Sequence[str]) -> int:
    """Draw beside the numbers; `out=FOLDER` says where they are."""
    out = pathlib.Path(next((word[4:] for word in overrides if word.startswith("out=")), OUT))
    draw(json.loads((out / "redline.json").read_bytes()), out / "redline")
    (out / "redline.svg").unlink()  # the page shows the other
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
