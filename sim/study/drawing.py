"""The figures of a results folder: each command draws its own beside those of the others."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.errors import DamagedResults
from sim.results import Results
from sim.results.checking import figure_damages
from sim.results.folder import FIGURES, clear_figures
from sim.results.storage import SUMS, atomic_folder


def draw_beside(results: Results, fill: Callable[[Path], object]) -> None:
    """Let `fill(folder)` draw figures into a folder that has those of before, and name what has become new.

    Raises `DamagedResults` where a figure is not as it was drawn, and `BadInput` where something else lies among them.
    """
    figures = results.folder / FIGURES
    for damage in figure_damages(results.folder):
        raise DamagedResults(f"{results.folder / damage.file} {damage.what}; `tanf repair {results.folder}`")
    with TemporaryDirectory() as name:
        aside = Path(name)
        before = _copied(figures, aside) if figures.is_dir() else {}
        fill(aside)
        after = {file.name: file.read_bytes() for file in aside.iterdir()}
        if after == before:
            return
        if figures.is_dir():
            clear_figures(figures)
        atomic_folder(figures, lambda half: _copied(aside, half))
    new = sorted({Path(file).stem for file, content in after.items() if before.get(file) != content})
    sys.stdout.write(f"drawn into figures: {', '.join(new)}\n")


def _copied(source: Path, target: Path) -> dict[str, bytes]:
    """Copy the figures of a folder, their seal left out; returns what was copied."""
    for file in source.iterdir():
        if file.name != SUMS:
            shutil.copyfile(file, target / file.name)
    return {file.name: file.read_bytes() for file in target.iterdir()}
