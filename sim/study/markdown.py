"""Tables in Markdown that can also be read as they stand, and tables as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Any


def table(heading: Sequence[str], rows: Iterable[Sequence[str]], numbers: int | None = None) -> str:
    """A Markdown table with straight columns; from column `numbers` on, cells stand to the right."""
    cells = [list(heading), *map(list, rows)]
    widths = [max(3, *map(len, column)) for column in zip(*cells, strict=True)]
    right = [numbers is not None and k >= numbers for k in range(len(widths))]
    rule = ["-" * (width - 1) + (":" if to_right else "-") for width, to_right in zip(widths, right, strict=True)]
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join("| " + " | ".join(_set(line, widths, right)) + " |" for line in lines)


def _set(line: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    placed = zip(line, widths, right, strict=True)
    return [cell.rjust(width) if to_right else cell.ljust(width) for cell, width, to_right in placed]


def to_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows as CSV; what is not known is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _known(value) for key, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _known(value: Any) -> Any:
    return "" if isinstance(value, float) and math.isnan(value) else value
