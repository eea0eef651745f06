"""A results folder as plain tables for other programs: CSV or Parquet, and a dictionary of every column."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from sim.config.settings import declared
from sim.errors import BadInput
from sim.results import Results
from sim.results.parts import OK, SCHEMA, unit
from sim.results.storage import atomic_folder
from sim.run.columns import COLUMNS
from sim.study.summary import harmless

FORMATS = ("csv", "parquet")
SUMMARY = {  # column of the summary: unit, meaning
    "outcome": ("text", "name of the outcome"),
    "kind": ("text", "kind of the estimate and of its interval"),
    "n": ("runs", "runs that went well"),
    "events": ("runs", "of these, runs in which it happened"),
    "estimate": ("as the outcome", "share of runs in which it happened, or mean"),
    "low": ("as the outcome", "lower end of the 95 % interval"),
    "high": ("as the outcome", "upper end of the 95 % interval, or one-sided 95 % upper bound"),
}
PLACES = {
    "point": ("number", "row of the table of points"),
    "replication": ("number", "equal numbers have equal luck, unless every point has seeds of its own"),
    "status": ("text", f"{OK!r}, or what went wrong; then the outcomes are empty"),
}


def export(results: Results, out: pathlib.Path, form: str, meaning: Callable[[str], str]) -> list[str]:
    """Write runs, points, summary and dictionary into the new folder `out`; returns the names of the files.

    In the memory of one part.  `meaning(outcome)` in words.  Raises `BadInput` for a folder that is there or a format
    that is not, `StorageError` where it cannot be written; then there is no folder.
    """
    if form not in FORMATS:
        raise BadInput(f"format={form} is not offered; give format=csv or format=parquet")
    if out.exists():
        raise BadInput(f"out={out} is there already; choose a new folder with out=FOLDER")
    design = pa.Table.from_pylist(results.design)

    def fill(half: pathlib.Path) -> None:
        _write(half / f"runs.{form}", _runs(results, design))
        _write(half / f"points.{form}", iter([design]))
        _write(half / f"summary.{form}", iter([pa.Table.from_pylist(results.summary)]))
        _write(half / f"dictionary.{form}", iter([pa.Table.from_pylist(list(_dictionary(results, meaning)))]))

    atomic_folder(out, fill)
    return sorted(file.name for file in out.iterdir())


def _runs(results: Results, design: pa.Table) -> Iterator[pa.Table]:
    """The runs part by part: point, replication, the place on the axes, status, outcomes."""
    for batch in results.batches():
        for place, axis in enumerate(results.axes):
            batch = batch.add_column(2 + place, axis, design[axis].take(batch["point"]).combine_chunks())
        yield batch.replace_schema_metadata(None)


def _write(path: pathlib.Path, tables: Iterator[pa.Table]) -> None:
    """One file from tables of one schema."""
    first = next(tables)
    if path.suffix == ".parquet":
        with pq.ParquetWriter(path, first.schema, compression="zstd", write_page_checksum=True) as writer:
            for table in _and_then(first, tables):
                writer.write_table(table)
    else:
        first = _harmless(first)
        with pyarrow.csv.CSVWriter(path, first.schema) as writer:
            for table in _and_then(first, map(_harmless, tables)):
                writer.write(table)


def _and_then(first: pa.Table, others: Iterator[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from others


def _harmless(table: pa.Table) -> pa.Table:
    """No text begins a formula: what would gets an apostrophe before it (OWASP, CSV injection)."""
    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = [harmless(text) for text in table[number].to_pylist()]
            table = table.set_column(number, field.name, pa.array(column, pa.string()))
    return table


def _dictionary(results: Results, meaning: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """Every column of every table."""
    for table in ("runs", "points", "summary"):
        for name in _columns(results, table):
            yield {"table": table, "column": name, **_told(name, meaning)}


def _columns(results: Results, table: str) -> list[str]:
    if table == "runs":
        return [*SCHEMA.names[:2], *results.axes, *SCHEMA.names[2:]]
    return list(results.design[0] if table == "points" else results.summary[0])


def _told(name: str, meaning: Callable[[str], str]) -> dict[str, str]:
    """Type, unit and meaning of a column."""
    known = PLACES | SUMMARY
    if name in known:
        measure, told = known[name]
        return {"type": "text" if measure == "text" else "number", "unit": measure, "meaning": told}
    if name in COLUMNS:
        return {"type": COLUMNS[name].__name__, "unit": unit(name), "meaning": meaning(name)}
    if name in declared():
        entry = declared()[name]
        return {"type": entry.kind.__name__, "unit": entry.unit, "meaning": entry.about}
    return {"type": "text", "unit": "text", "meaning": f"which {name.partition('.')[0]} was chosen (`tanf list`)"}
