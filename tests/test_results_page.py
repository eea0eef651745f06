"""docs/results.md quotes what the committed tables hold."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
QUOTED = re.compile(r"([\d.]+)( %)? \[([\d.]+), ([\d.]+)\]")


def quotations() -> list[tuple[str, ...]]:
    """Every estimate with an interval that the page tells: the number, "%" or "", low, high."""
    text = re.sub(r"\s+", " ", (DOCS / "results.md").read_text("utf-8"))
    text = text.replace(" points [", " [")
    return [(number, unit.strip(), low, high) for number, unit, low, high in QUOTED.findall(text)]


def tables() -> list[tuple[float, float, float]]:
    """Estimate, low and high of every row of the committed tables; of differences, the size."""
    found = []
    for file in sorted((DOCS / "results").glob("*.csv")):
        with file.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                estimate = row.get("estimate", row.get("difference"))
                if estimate:
                    ends = float(row["low"]), float(row["high"])
                    found.append((float(estimate), *ends))
                    found.append((-float(estimate), -ends[1], -ends[0]))
    return found


def written(value: float, like: str) -> str:
    """A number with as many decimals as another."""
    return f"{value:.{len(like.partition('.')[2])}f}"


@pytest.mark.parametrize("quoted", quotations(), ids=" ".join)
def test_a_quoted_number_is_in_a_table(quoted: tuple[str, ...]) -> None:
    """If this failed, somebody would cite a number that no run has given."""
    number, unit, low, high = quoted
    scales = (100.0,) if unit else (1.0, 100.0)
    assert any(
        tuple(written(scale * value, like) for value, like in zip(row, (number, low, high), strict=True))
        == (number, low, high)
        for scale in scales
        for row in tables()
    )


def test_there_are_quotations() -> None:
    """If this failed, nothing would be held against anything."""
    assert len(quotations()) > 20
