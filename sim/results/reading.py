"""Reading a results folder back, verified."""

from __future__ import annotations

import dataclasses
import pathlib
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from sim.errors import BadInput, DamagedResults
from sim.results import manifest as manifests
from sim.results import parts as _parts
from sim.results.folder import MANIFEST, missing_parts, verify


@dataclasses.dataclass(frozen=True)
class Results:
    """The answer to a question.

    folder    where it lies
    manifest  what was asked and which parts are there
    design    one dict a point: `point`, its value on each axis, the settings that vary
    """

    folder: pathlib.Path
    manifest: dict[str, Any]
    design: list[dict[str, Any]]
    _tables: list[pa.Table]

    @cached_property
    def outcomes(self) -> np.ndarray:
        """The runs that went well, shape (n,): fields `point`, `replication` and the outcome columns."""
        return _parts.rows_of(self._tables)

    @cached_property
    def failures(self) -> list[dict[str, Any]]:
        """The runs that failed: `point`, `replication` and, as `status`, what went wrong."""
        return _parts.failures_of(self._tables)

    @cached_property
    def summary(self) -> list[dict[str, Any]]:
        """One dict for each point and outcome: n, events, estimate, low, high, kind; [] before it is made."""
        path = self.folder / "summary.parquet"
        return _table(path, path.read_bytes()).to_pylist() if path.exists() else []

    @property
    def axes(self) -> list[str]:
        """What is varied, in order: the names of columns of the design."""
        return self.manifest["question"]["axes"]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings common to all points, `group.name` -> value."""
        return self.manifest["question"]["common"]

    @property
    def complete(self) -> bool:
        """Whether every run that was asked for is there."""
        return not missing_parts(self.manifest)


def open(folder: str | pathlib.Path, partial: bool = False) -> Results:
    """Read a results folder and verify every part of it.

    Raises `BadInput` where there is no results folder, `DamagedResults` where a part is missing or
    has changed; `partial=True` reads the parts that are there of an unfinished one.
    """
    folder = pathlib.Path(folder)
    path = folder / MANIFEST
    if not path.is_file():
        raise BadInput(f"{folder} is not a results folder: it has no {MANIFEST}")
    manifest = manifests.from_bytes(path.read_bytes(), str(path))
    missing, there = missing_parts(manifest), len(manifest["parts"])
    if missing and not partial:
        raise DamagedResults(
            f"{folder} is unfinished: {there} of {there + len(missing)} parts are there; "
            "give the command that made it again to go on, or open it with partial=True"
        )
    tables = [_part_table(folder, part) for part in manifest["parts"]]
    path = folder / "design.parquet"
    design = _table(path, verify(path, manifest["design_sha256"])).to_pylist()
    return Results(folder, manifest, design, tables)


def _part_table(folder: pathlib.Path, part: dict[str, Any]) -> pa.Table:
    """A part, after its hash, its columns and its number of rows are found right."""
    path = folder / part["file"]
    table = _table(path, verify(path, part["sha256"]))
    if table.schema != _parts.SCHEMA or table.num_rows != part["rows"]:
        raise DamagedResults(f"{path} has other columns or rows than the manifest says")
    return table


def _table(path: pathlib.Path, data: bytes) -> pa.Table:
    try:
        return _parts.table_of(data)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DamagedResults(f"{path} is damaged: {str(error).splitlines()[0]}") from error
