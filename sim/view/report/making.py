"""Making a report: beside the figures of its folder, sealed with them, or as a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim import results as results_folder
from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import FIGURES, writing
from sim.results.storage import atomic_write
from sim.study.drawing import draw_beside
from sim.view.report.page import NAME, page


def add(results: Results, figures: Path, given: Sequence[str] = ()) -> None:
    """Write the report of a folder among its figures, which are in the folder `figures`."""
    (figures / NAME).write_bytes(page(results, figures, given))


def report(folder: Path, given: Sequence[str] = (), out: Path | None = None) -> Path:
    """Make the report of a complete results folder, in its figures or as the file `out`; returns where it is.

    `given` are margin=, outcome= and twin=, in place of those of the command that asked.  Raises `BadInput` for a
    folder or a file that will not do, `DamagedResults`, `Locked`.
    """
    if out is not None and (out.suffix != ".html" or not out.parent.is_dir()):
        raise BadInput(f"out={out} is no file for a page; give the name of a file that ends in .html, in a folder there")
    results = results_folder.open(folder)
    if not results.summary:
        raise BadInput(f"{folder} has no summary yet; `tanf resume {folder}` makes it")
    if out is not None:
        atomic_write(out, page(results, folder / FIGURES, given))
        return out
    with writing(folder, results.manifest["question"], results.replications):
        draw_beside(results, lambda figures: add(results, figures, given))
    return folder / FIGURES / NAME
