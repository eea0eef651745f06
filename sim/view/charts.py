"""The pictures of a results folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.view import distributions, incidence, probability, style
from sim.view.sample import read

PICTURES = {
    "probability": probability.draw,
    "incidence": incidence.draw,
    "distributions": distributions.draw,
}


def draw_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw every chart of opened `results` (`sim.open`) into `folder`, each as PNG and SVG.

    Returns the paths written, the chance of a clash first.  Raises OSError where the folder cannot be written.
    """
    sample = read(results)
    with style.sheet():
        return [path for name, draw in PICTURES.items() for path in draw(sample, Path(folder) / name)]
