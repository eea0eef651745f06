"""Reading a results folder back, verified."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from sim.errors import DamagedResults
from sim.results import exports
from sim.results import manifest as manifests
from sim.results import parts as _parts
from sim.results.folder import DESIGN, read_manifest, verify, verify_pieces
from sim.results.storage import refuse_links


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

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """The runs part by part, in order, each an arrow table with the columns of `sim.results.parts.SCHEMA`.

        In the memory of one part, however many runs there are; verified as they are read.  `columns` limits them.
        Raises `DamagedResults` where a part is missing or has changed.
        """
        for part in self.manifest["parts"]:
            yield part_table(self.folder, part, columns)

    @cached_property
    def outcomes(self) -> np.ndarray:
        """The runs that went well, shape (n,): fields `point`, `replication` and the outcome columns."""
        failed = sum(part["failed"] for part in self.manifest["parts"])
        rows, filled = np.empty(self.runs - failed, _parts.ROW), 0
        for table in self.batches():
            found = _parts.rows_of([table])
            rows[filled : filled + len(found)] = found
            filled += len(found)
        return rows

    def to_arrow(self) -> pa.Table:
        """A row a run: point, replication, its value on each axis, the outcomes (sim/results/exports.py)."""
        return exports.to_arrow(self)

    def to_pandas(self) -> Any:
        """The same as a pandas DataFrame."""
        return exports.to_pandas(self)

    def to_polars(self) -> Any:
        """The same as a polars DataFrame."""
        return exports.to_polars(self)

    def to_ema(self) -> tuple[Any, dict[str, np.ndarray]]:
        """`(experiments, outcomes)` for EMA Workbench."""
        return exports.to_ema(self)

    def to_salib(self, outcome: str) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
        """`problem, X, Y` for SALib: the mean of an outcome at each point."""
        return exports.to_salib(self, outcome)

    def to_batch_run(self) -> list[dict[str, Any]]:
        """What `mesa.batch_run` would return."""
        return exports.to_batch_run(self)

    @cached_property
    def failures(self) -> list[dict[str, Any]]:
        """The runs that failed: `point`, `replication` and, as `status`, what went wrong."""
        parts = [part for part in self.manifest["parts"] if part["failed"]]
        tables = (part_table(self.folder, part, ["point", "replication", "status"]) for part in parts)
        return [failure for table in tables for failure in _parts.failures_of([table])]

    @cached_property
    def summary(self) -> list[dict[str, Any]]:
        """One dict for each point and outcome: n, events, estimate, low, high, kind; [] before it is made."""
        digest = self.manifest["files"].get("summary.parquet")
        if digest is None:
            return []
        path = self.folder / "summary.parquet"
        return _table(path, verify(path, digest, self.folder)).to_pylist()

    @property
    def axes(self) -> list[str]:
        """What is varied, in order: the names of columns of the design."""
        return self.manifest["question"]["axes"]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings common to all points, `group.name` -> value."""
        return self.manifest["question"]["common"]

    @property
    def replications(self) -> int:
        """How many replications of every point are asked for."""
        return self.manifest["replications"]

    @property
    def runs(self) -> int:
        """Number of runs that are there, failed ones included."""
        return sum(part["rows"] for part in self.manifest["parts"])

    @property
    def complete(self) -> bool:
        """Whether every run that was asked for is there."""
        return not manifests.missing_parts(self.manifest)


def open(folder: str | pathlib.Path, partial: bool = False) -> Results:
    """Read a results folder and verify every part of it, in the memory of one.

    Raises `BadInput` where there is no results folder, `DamagedResults` where a part is missing or
    has changed; `partial=True` reads the parts that are there of an unfinished one.
    """
    folder = pathlib.Path(folder)
    manifest = read_manifest(folder)
    refuse_links(folder)
    missing = manifests.missing_parts(manifest)
    if missing and not partial:
        whole = len(list(manifests.all_parts(manifest)))
        raise DamagedResults(
            f"{folder} is unfinished: {whole - len(missing)} of {whole} parts are there; "
            f"`tanf resume {folder}` goes on, or open it with partial=True"
        )
    for part in manifest["parts"]:
        verify_pieces(folder / part["file"], part["sha256"], folder=folder)
    if not partial:
        verify_pieces(folder / DESIGN, manifest["files"].get(DESIGN, ""), folder=folder)
    return Results(folder, manifest, manifests.design_rows(manifest["question"]))


def part_table(folder: pathlib.Path, part: dict[str, Any], columns: Sequence[str] | None = None) -> pa.Table:
    """A part, after its hash, its columns and its number of rows are found right; else raises `DamagedResults`."""
    path, wanted = folder / part["file"], list(columns) if columns is not None else None
    table = _table(path, verify(path, part["sha256"], folder), wanted)
    schema = _parts.SCHEMA if wanted is None else pa.schema([_parts.SCHEMA.field(name) for name in wanted])
    if table.schema != schema or table.num_rows != part["rows"]:
        raise DamagedResults(f"{path} has other columns or rows than the manifest says")
    return table


def _table(path: pathlib.Path, data: bytes, columns: list[str] | None = None) -> pa.Table:
    try:
        return _parts.table_of(data, columns)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DamagedResults(f"{path} is damaged: {str(error).splitlines()[0]}") from error
