"""The pictures of a results folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.view import distributions, heat, incidence, probability, style
from sim.view.sample import read

MOST_POINTS = 100  # of a design that is drawn point by point
PICTURES = {
    "probability": probability.compose,
    "incidence": incidence.compose,
    "distributions": distributions.compose,
    "heat": heat.compose,
}


def draw_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw every chart of opened `results` (`sim.open`) into `folder`, each as PNG and SVG.

    A chart too large for one figure goes on in NAME-2 and so on.  Returns the paths written, the
    chance of a clash first.  Raises OSError where the folder cannot be written.
    """
    sample, written = read(results), []
    with style.sheet():
        for name, compose in PICTURES.items():
            for number, drawn in enumerate(compose(sample), 1):
                stem = name if number == 1 else f"{name}-{number}"
                written += style.save(drawn, Path(folder) / stem)
    return written
