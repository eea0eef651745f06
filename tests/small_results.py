"""A small results folder: 50 replications at two radii, in parts of 20 runs, the strikes counting the replications."""

from __future__ import annotations

import numpy as np

from sim.results import manifest, parts
from sim.results.folder import writing
from sim.run.columns import FLAT

RADII = (0.0, 20.0)


def install(monkeypatch) -> None:
    """Make parts small and the model one that never changes."""
    monkeypatch.setattr(manifest, "RUNS_PER_PART", 20)
    monkeypatch.setattr(manifest, "fingerprint", lambda: "model")


def question(*radii, **changed):
    """What is asked: two radii, or those named; `changed` are other settings of every point."""
    common = {"seed": 7, "scenario.horizon_days": 28.0, **changed}
    points = [{"roe.zone_radius_km": radius} | common for radius in radii or RADII]
    return manifest.question_of(points, ["roe.zone_radius_km"])


def design():
    """The design table of the same question."""
    return [{"point": k, "roe.zone_radius_km": radius} for k, radius in enumerate(RADII)]


def outcomes(replications: range, points: range = range(2)):
    """Runs in which the strikes count the replications; the status of each run is ok."""
    rows = np.zeros((len(replications), len(points)), FLAT)
    rows["strike_ground"] = True
    rows["strike_ground_count"] = np.array(replications)[:, None] * 10 + np.array(points)
    return rows, np.full(rows.shape, parts.OK, dtype=object)


def fill(path, last=None, asked=None, replications=50, shard=None):
    """Write the folder, or its missing parts before number `last`, or one machine's share of them."""
    with writing(path, asked or question(), replications) as folder:
        for part in manifest.share(folder.missing, shard)[:last]:
            folder.add_part(part, *outcomes(part.missing, part.points))
    return path


def part_file(path, number, segment=0):
    """The file of a part, whatever its hash."""
    (file,) = (path / "runs").glob(f"part-{segment}-{number:05d}-*.parquet")
    return file


def content(path):
    """Every file of a folder with its bytes."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}
