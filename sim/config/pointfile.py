"""A table of points in a file: CSV or Parquet, a column a setting or a group, a row a point."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sim.config.axes import MOST_POINTS, NOT_AN_AXIS
from sim.config.check import shown
from sim.config.overrides import no_such, read, written
from sim.config.places import groups
from sim.config.settings import declared
from sim.errors import BadInput

MOST_BYTES = 64 << 20


def rows_of(name: str) -> list[list[str]]:
    """The points of a file as single overrides, each checked.

    Raises `BadInput`, naming file and line or column, for a file that cannot be read, has no points, too many, one of
    them twice, a column that is no setting or is there twice, or a value that is not allowed.
    """
    path = pathlib.Path(name)
    try:
        known = path.stat()
        if not path.is_file():
            raise BadInput(f"points={name} is not a file; give a CSV or Parquet file")
    except OSError as error:
        raise BadInput(f"points={name} cannot be read: {error.strerror} (errno {error.errno})") from error
    if known.st_size > MOST_BYTES:
        raise BadInput(f"points={name} has {known.st_size >> 20} MiB; at most {MOST_BYTES >> 20} MiB are read")
    return _rows(name, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=8)
def _rows(name: str, edited: int, size: int) -> list[list[str]]:  # noqa: ARG001 - a file that was edited is read again
    header, lines = (_parquet if name.lower().endswith((".parquet", ".pq")) else _csv)(name)
    _check_header(name, header)
    if not lines:
        raise BadInput(f"points={name} has a header and no points; add a line for each")
    if len(lines) > MOST_POINTS:
        raise BadInput(f"points={name} has {len(lines):,} points; at most {MOST_POINTS:,} are allowed")
    rows: list[list[str]] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in lines:
        row = [_cell(name, number, key, cell) for key, cell in zip(header, cells, strict=True)]
        if (first := seen.setdefault(tuple(row), number)) != number:
            raise BadInput(f"points={name} has the same point in lines {first} and {number}; keep one")
        rows.append(row)
    return rows


def _cell(name: str, line: int, key: str, value: str) -> str:
    """One value as an override, checked."""
    where = f"line {line} of {name}"
    if value.strip() == "":
        raise BadInput(f"{key} has no value in {where}; fill it in, or leave the column out")
    one = read(f"{key}={value.strip()}", where)
    if one.is_axis:
        raise BadInput(f"{key} takes one value in {where}, not {shown(value)}; write a line for each")
    return f"{key}={written(one.values[0])}"


def _check_header(name: str, header: Sequence[str]) -> None:
    for number, key in enumerate(header):
        if key not in declared() and key not in groups():
            raise no_such(key, f"column {number + 1} of {name}")
        if key in NOT_AN_AXIS or (key in declared() and not declared()[key].of_the_model):
            raise BadInput(f"{key} is no part of the model, and column {number + 1} of {name} varies it; leave it out")
        if key in header[:number]:
            raise BadInput(f"points={name} has the column {key} twice; keep one")


def _csv(name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header, and the lines that are not empty, with their numbers."""
    try:
        text = pathlib.Path(name).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"points={name} is not UTF-8 at byte {error.start}; save it as CSV in UTF-8") from error
    except OSError as error:
        raise BadInput(f"points={name} cannot be read: {error.strerror} (errno {error.errno})") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BadInput(f"points={name} cannot be read as CSV at line {reader.line_num}: {error}") from error
    if not lines:
        raise BadInput(f"points={name} is empty; its first line names settings, each further line is a point")
    (_, header), *rest = lines
    for number, cells in rest:
        if len(cells) != len(header):
            raise BadInput(f"line {number} of {name} has {len(cells)} cells and the header {len(header)}; mend it")
    return header, rest


def _parquet(name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The same of a Parquet file; its rows count from one."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(name).read(use_threads=False)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise BadInput(f"points={name} cannot be read as Parquet: {str(error).splitlines()[0]}") from error
    columns: Iterable[Sequence[Any]] = [column.to_pylist() for column in table.columns]
    lines = zip(*columns, strict=True) if table.num_columns else ()
    return table.column_names, [(number, [_told(cell) for cell in row]) for number, row in enumerate(lines, 1)]


def _told(cell: Any) -> str:
    return "" if cell is None else written(cell)
