"""Is there room on the disk?  Asked before a sweep begins, so that it does not end half-way."""

from __future__ import annotations

import os
import pathlib

from sim.errors import BadInput, DamagedResults, StorageError
from sim.results.folder import read_manifest
from sim.run.columns import COLUMNS
from sim.study.designs import Design

RUN_BYTES = 350  # of a run in its part: four weeks of May 2017 take about 230, emptier ones less
SUMMARY_ROW_BYTES = 170  # of an outcome at a point, in both summaries
FIGURES_BYTES, OTHER_BYTES = 4_000_000, 100_000  # design, manifest and what else is small
SPARE = 1.2


def bytes_beside(design: Design) -> float:
    """Bytes of everything but the runs: summaries, figures, design."""
    figures = FIGURES_BYTES if design.base.figures else 0
    return SUMMARY_ROW_BYTES * len(COLUMNS) * len(design.points) + figures + OTHER_BYTES


def bytes_needed(design: Design, path: pathlib.Path) -> float:
    """Bytes that the runs still to be computed will take at most, with what follows from them."""
    share = int(design.base.shard.split("/")[1]) if design.base.shard else 1
    return RUN_BYTES * max(0, design.runs - runs_there(path)) / share + bytes_beside(design)


def runs_there(path: pathlib.Path) -> int:
    """The runs that a results folder has; 0 where there is none that can be read."""
    try:
        return sum(part["rows"] for part in read_manifest(path)["parts"])
    except (BadInput, DamagedResults):
        return 0


def refuse_too_little(design: Design, path: pathlib.Path) -> None:
    """Raise `StorageError` where the disk has not the room that the runs need and a fifth more; writes nothing."""
    need, free = SPARE * bytes_needed(design, path), free_bytes(path)
    if need > free:
        raise StorageError(
            f"{path} needs {gigabytes(need)} and the disk has {gigabytes(free)} free: "
            "choose another disk with out=FOLDER, lower replications, or make room"
        )


def free_bytes(path: pathlib.Path) -> float:
    """Bytes that are free where a folder is or would be made."""
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        found = os.statvfs(place)
    except OSError:
        return float("inf")  # whoever writes there will say what is wrong
    return float(found.f_bavail * found.f_frsize) if found.f_blocks else float("inf")  # it does not say


def gigabytes(size: float) -> str:
    """A size for people: "3.4 MB", "12 GB"."""
    for unit, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size / 1e3:.3g} kB"
