"""The summary of a study: for each point and outcome an estimate with its interval, one row each.

It is gathered part by part, in the memory of one.
"""

from __future__ import annotations

import csv
import io
import math
import re
from typing import Any

import pyarrow as pa

from sim.results import Results
from sim.results.parts import parquet_bytes, rows_of
from sim.run.columns import COLUMNS
from sim.study.moments import estimates, gathered

NOT_AVERAGED = re.compile(r"^strike_\d_|^highest_level_")  # one strike's particulars; ranks, which have no mean
FORMULA = tuple("=+-@\t\r")  # a spreadsheet would compute a text that begins so


def summarise(results: Results) -> list[dict[str, Any]]:
    """One dict for each point and outcome: point, axes, outcome, n, events, estimate, low, high, kind.

    A happening is summarised by its probability, a count or a measured value by its mean; the mean of a
    `_first_min` is over the runs in which it happened.
    """
    names = [name for name in COLUMNS if not NOT_AVERAGED.match(name)]
    runs = (rows_of([table]) for table in results.batches())
    found = gathered(runs, len(results.design), names)
    rows = []
    for point in results.design:
        place = {key: point[key] for key in ("point", *results.axes)}
        told = estimates(found, point["point"])
        rows += [{**place, "outcome": name, **estimate._asdict()} for name, estimate in told]
    return rows


def to_parquet(rows: list[dict[str, Any]]) -> bytes:
    """The summary as a Parquet file; nothing known is null."""
    return parquet_bytes(pa.Table.from_pylist([{key: _known(value) for key, value in row.items()} for row in rows]))


def to_csv(rows: list[dict[str, Any]]) -> bytes:
    """The summary as CSV; nothing known is empty, and no text is a formula."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: harmless(_known(value)) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def harmless(value: Any) -> Any:
    """A value that no spreadsheet computes: a text that begins as a formula does is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
