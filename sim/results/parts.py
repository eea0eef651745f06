"""A part of the results: a range of runs as the bytes of one Parquet file, and back.

Run number q of a segment of P points is point q mod P of replication q div P.  Part k holds the runs
[kC, (k+1)C), all points of the same replications together, so more replications only add parts.  The name of
a part carries the hash of its bytes, so a part that is replaced never has the name of the old one.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.rules.rows import NUMBERS
from sim.run.columns import COLUMNS, FLAT

OK = "ok"  # status of a run that went well; any other status says what went wrong
ARROW = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
UNITS = {  # what a column's name says, read from the left of this list
    r"_min$|_minute$": "min",
    r"_km$": "km",
    r"_h$|_hours_": "h",
    r"_hazard$": "expected events",
    r"^highest_level_": "hostility level 0 to 5",
    r"^peak_tension_": "severity of one use of force",
    r"^killed_": "people",
    r"_mission$": "number of sim.rules.tables.Mission",
}
ROW = np.dtype([("point", "i8"), ("replication", "i8"), *FLAT.descr])


def unit(name: str) -> str:
    """The unit of an outcome column, from the way the columns are named."""
    if COLUMNS[name] is bool:
        return "true/false"
    return next((measure for pattern, measure in UNITS.items() if re.search(pattern, name)), "count")


def _field(name: str, kind: type) -> pa.Field:
    return pa.field(name, ARROW[kind], metadata={"unit": unit(name)})


SCHEMA = pa.schema(
    [
        pa.field("point", pa.int64(), nullable=False, metadata={"unit": "row of design.parquet"}),
        pa.field("replication", pa.int64(), nullable=False, metadata={"unit": "number"}),
        pa.field("status", pa.string(), nullable=False, metadata={"unit": "text"}),
        *(_field(name, kind) for name, kind in COLUMNS.items()),
    ]
)


def schema_hash() -> str:
    """A hash of the columns: names, types and units, in order."""
    columns = [[field.name, str(field.type), field.metadata[b"unit"].decode()] for field in SCHEMA]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()


def table_from(first_point: int, first_replication: int, rows: np.ndarray, status: np.ndarray) -> pa.Table:
    """The table of some replications of a block of points.

    `rows` (replications, points) of dtype `sim.run.columns.FLAT`; `status` the same shape, "ok" or
    what went wrong.  A failed run keeps its row, and its outcomes are null.
    """
    points = rows.shape[1]
    number = np.arange(rows.size, dtype=np.int64)
    words = status.reshape(-1)
    failed = words != OK if (words != OK).any() else None  # without a mask nothing is copied
    # all columns at once, which is quicker than one by one
    columns = np.ascontiguousarray(rows.reshape(-1).view("i8").reshape(rows.size, len(COLUMNS)).T)
    arrays = [
        pa.array(number % points + first_point),
        pa.array(number // points + first_replication),
        pa.array(words.tolist(), pa.string()),
        *(_outcome(v.view(NUMBERS[kind]), kind, failed) for v, kind in zip(columns, COLUMNS.values(), strict=True)),
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _outcome(values: np.ndarray, kind: type, failed: np.ndarray | None) -> pa.Array:
    return pa.array(values.astype(bool) if kind is bool else values, ARROW[kind], mask=failed)


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file whose every page carries a checksum, however it was put together."""
    sink = io.BytesIO()
    pq.write_table(  # without dictionaries smaller here, and sooner written
        table.combine_chunks(), sink, compression="zstd", use_dictionary=False, write_page_checksum=True
    )
    return sink.getvalue()


def table_of(data: bytes, columns: list[str] | None = None) -> pa.Table:
    """The table in the bytes of a Parquet file; raises OSError or pyarrow's errors where they are damaged.

    `columns` limits what is read, and puts it in that order.
    """
    with pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True) as file:
        table = file.read(columns, use_threads=False)  # threads still reading when the process ends would abort it
    return table if columns is None else table.select(columns)


def rows_of(tables: Sequence[pa.Table]) -> np.ndarray:
    """The runs that went well, shape (n,), with fields `point`, `replication` and the outcomes."""
    table = pa.concat_tables([SCHEMA.empty_table(), *tables])
    table = table.filter(pc.equal(table["status"], OK))
    rows = np.empty(table.num_rows, ROW)
    for name in ROW.names or ():
        rows[name] = table[name].to_numpy()
    return rows


def failures_of(tables: Sequence[pa.Table]) -> list[dict]:
    """The runs that failed: point, replication and what went wrong, in run order."""
    names = ["point", "replication", "status"]
    table = pa.concat_tables([part.select(names) for part in (SCHEMA.empty_table(), *tables)])
    return table.filter(pc.not_equal(table["status"], OK)).to_pylist()
