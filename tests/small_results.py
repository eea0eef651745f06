"""A small results folder: 50 replications at two radii, in parts of 20 runs, the strikes counting the replications."""

from __future__ import annotations

import numpy as np

from sim.results import manifest, parts
from sim.results.folder import writing
from sim.run.columns import FLAT

POINTS = [{"seed": 7, "replications": 50, "roe.zone_radius_km": radius} for radius in (0.0, 20.0)]


def install(monkeypatch) -> None:
    """Make parts small and the model one that never changes."""
    monkeypatch.setattr(manifest, "RUNS_PER_PART", 20)
    monkeypatch.setattr(manifest, "fingerprint", lambda: "model")


def question(**changed):
    """What is asked: 50 replications at two radii, in parts of 20 runs."""
    return manifest.question_of([point | changed for point in POINTS], ["roe.zone_radius_km"])


def design():
    """The design table of the same question."""
    return [{"point": k, "roe.zone_radius_km": point["roe.zone_radius_km"]} for k, point in enumerate(POINTS)]


def outcomes(replications: range):
    """Runs in which the strikes count the replications; the status of each run is ok."""
    rows = np.zeros((len(replications), 2), FLAT)
    rows["strike_ground"] = True
    rows["strike_ground_count"] = np.array(replications)[:, None] * 10 + np.arange(2)
    return rows, np.full(rows.shape, parts.OK, dtype=object)


def fill(path, last=None):
    """Write the folder, or its parts before number `last`."""
    with writing(path, question(), design()) as folder:
        for part in folder.missing[:last]:
            folder.add_part(part, *outcomes(folder.replications(part)))
    return path


def content(path):
    """Every file of a folder with its bytes."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}
