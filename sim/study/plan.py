"""What a sweep will cost and what it can show, before it is paid for."""

from __future__ import annotations

import pathlib
import resource
from collections.abc import Sequence
from dataclasses import dataclass

from sim.results.folder import read_manifest
from sim.results.manifest import extended, missing_parts, share, started
from sim.run.columns import FLAT
from sim.study.arms import arms, named
from sim.study.designs import Design, grid
from sim.study.first_use import compiling
from sim.study.paired import Pairs
from sim.study.pilot import PILOT_S, Pilot, pilot
from sim.study.precision import chance_of_none, expected_interval, smallest_difference
from sim.study.room import bytes_beside
from sim.study.runs import Runs
from sim.study.sensitivity_design import study_of
from sim.study.sweep import folder_of
from sim.study.watching import watched

CHANCES = (0.001, 0.01, 0.1, 0.5)  # probabilities for which widths are told
COPIES = 6  # of a part that are in memory while it is written: rows, columns, file
BEGIN_S = 1.5  # reading the machine code, and the sweep's own pilot
SYNC_S = 0.02  # that the disk may take to have a part and the manifest for certain


@dataclass(frozen=True)
class Width:
    """What n runs say of a probability: interval at the expected count, half width to expect, chance to see nothing,
    and the smallest rise that n pairs of runs show (None: not even a rise to 1).
    """

    p: float
    low: float
    high: float
    half_width: float
    none: float
    difference: float | None


@dataclass(frozen=True)
class Plan:
    """The plan of a sweep; seconds, bytes.

    there        runs that the folder has already, None where there is no folder
    to_do        runs still to be computed, by this share where it is only one
    wall_s       from the first run to the last part that is written; starting, summary and figures come on top
    correlation  of paired outcomes that `difference` reckons with, and `basis`, where it is from
    """

    path: pathlib.Path
    points: int
    replications: int
    there: int | None
    to_do: int
    threads: int
    cpu_s: float
    wall_s: float
    memory_bytes: float
    disk_bytes: float
    widths: list[Width]
    outcome: str
    correlation: float
    basis: str
    pilot: Pilot
    most_replications: int | None  # that a sweep may go on to, where it goes on until an outcome is known

    @property
    def runs(self) -> int:
        """Number of runs: points x replications."""
        return self.points * self.replications


def plan(overrides: Sequence[str] = (), seconds: float = PILOT_S) -> Plan:
    """Plan the sweep that `tanf sweep` would make of these overrides, from a pilot of so many seconds; writes nothing.

    Raises `BadInput` for what cannot be swept, also into the folder that is there.
    """
    design = _design(overrides)
    outcome, path = watched(design.base.watch), folder_of(design)
    there, parts = _still(design, path)
    runs = Runs(design)
    with compiling(runs.scenario(0)):
        runs.warm_up()
    found = pilot(design, runs, outcome, seconds)
    to_do = sum(part.runs_missing for part in parts)
    disk = found.fixed_bytes * len(parts) + found.run_bytes * to_do + bytes_beside(design)
    correlation, basis = _correlation(design, found.pairs)
    n = design.base.replications
    return Plan(
        path=path,
        points=len(design.points),
        replications=n,
        there=there,
        to_do=to_do,
        threads=runs.threads,
        cpu_s=(found.cpu_s + found.store_s) * to_do,
        wall_s=(found.wall_s + found.store_s) * to_do + (SYNC_S * len(parts) + BEGIN_S if parts else 0.0),
        memory_bytes=_memory(max((part.runs_missing for part in parts), default=0)),
        disk_bytes=disk,
        widths=[_width(p, n, correlation) for p in CHANCES],
        outcome=outcome,
        correlation=correlation,
        basis=basis,
        pilot=found,
        most_replications=design.base.until.most_replications if design.base.until.half_width else None,
    )


def _design(overrides: Sequence[str]) -> Design:
    """That of a sweep; of a comparison where arms are named, of a sensitivity analysis where a method is."""
    if named(overrides):
        return arms(overrides)
    if any(word.startswith("method=") for word in overrides):
        return study_of(overrides).design
    return grid(overrides)


def _still(design: Design, path: pathlib.Path) -> tuple[int | None, list]:
    """Runs that are there, and the parts that are still to be computed."""
    asked, there = started(design.question, design.base.replications), None
    if path.exists() and any(path.iterdir()):
        manifest = read_manifest(path)
        asked = extended(manifest, design.question, design.base.replications, path)
        there = sum(part["rows"] for part in manifest["parts"])
    return there, share(missing_parts(asked), design.base.shard)


def _width(p: float, n: int, correlation: float) -> Width:
    return Width(p, *expected_interval(p, n), chance_of_none(p, n), smallest_difference(p, n, correlation))


def _correlation(design: Design, pairs: Pairs) -> tuple[float, str]:
    """The correlation of paired runs, and where it is from; without common seeds there is none."""
    if not design.base.common_seeds:
        return 0.0, "none: each point has seeds of its own"
    if len(design.points) == 1:
        return 0.0, "assumed: there is no second point to pair with"
    if pairs.correlation is None:
        return 0.0, f"assumed: {pairs.number:,} pairs of the pilot show too few events"
    return max(0.0, pairs.correlation), f"from {pairs.number:,} pairs of neighbouring points in the pilot"


def _memory(part_runs: int) -> float:
    """Bytes at the peak: what this process has needed so far, pilot included, and the copies of a part."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + COPIES * part_runs * FLAT.itemsize
