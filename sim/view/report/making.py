"""Making a report: beside the figures of its folder, sealed with them, or as a file of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim import results as results_folder
from sim.config.check import shown
from sim.config.settings import Config
from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import FIGURES, writing
from sim.results.storage import atomic_write
from sim.study.drawing import draw_beside
from sim.view.report.asked import settings_of
from sim.view.report.page import NAME, page

GIVEN = ("margin", "outcome", "twin")  # what may be set of a report


def add(results: Results, figures: Path, verb: str | None = None, base: Config | None = None) -> None:
    """Write the report of a folder among its figures, which are in the folder `figures`.

    It tells what `verb` asks with the settings `base`, or where neither is said what the folder was begun for.
    """
    given = settings_of(verb, base) if verb and base else ()
    (figures / NAME).write_bytes(page(results, figures, given, verb))


def report(folder: Path, given: Sequence[str] = (), out: Path | None = None) -> Path:
    """Make the report of a complete results folder, in its figures or as the file `out`; returns where it is.

    `given` are margin=, outcome= and twin=, in place of those of the command that asked.  Raises `BadInput` for a
    folder or a file that will not do, `DamagedResults`, `Locked`.
    """
    for word in given:
        if word.partition("=")[0] not in GIVEN:
            raise BadInput(
                f"`tanf report` takes out=FILE, {'=, '.join(GIVEN)}=, and no {shown(word.partition('=')[0])}"
            )
    if out is not None and (out.suffix != ".html" or not out.parent.is_dir()):
        raise BadInput(
            f"out={out} is no file for a page; give the name of a file that ends in .html, in a folder there"
        )
    results = results_folder.open(folder)
    if not results.summary:
        raise BadInput(f"{folder} has no summary yet; `tanf resume {folder}` makes it")
    if out is not None:
        atomic_write(out, page(results, folder / FIGURES, given))
        return out
    with writing(folder, results.manifest["question"], results.replications):
        draw_beside(results, lambda figures: (figures / NAME).write_bytes(page(results, figures, given)))
    return folder / FIGURES / NAME
