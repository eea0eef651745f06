"""The configuration of a report: what differs from the baseline, and what varies."""

from __future__ import annotations

from typing import Any

from sim.config.settings import Config, Declared, declared, value_of
from sim.results import Results
from sim.results.manifest import full_points
from sim.view.report.parts import Grid

MOST_ROWS, MOST_VALUES = 60, 10
BASELINE = "The baseline is what tanf run simulates where nothing is set: 28 days of May and June 2017."


def differences(results: Results) -> Grid:
    """Every parameter that is not the baseline's at each point, and the axes first; values with their units."""
    points, baseline = full_points(results.manifest["question"]), Config()
    axes = [_axis(results, key) for key in results.axes if key not in declared()]
    rows = []
    for key, entry in declared().items():
        values = list(dict.fromkeys(point[key] for point in points)) if entry.of_the_model else []
        start = value_of(baseline, key) if values else None
        if values and values != [start]:
            rows.append((key, _told(values, entry), written(start, entry), entry.about))
    rows.sort(key=lambda row: row[0] not in results.axes)
    left_out = len(rows) - MOST_ROWS
    notes = (BASELINE, *((f"{left_out:,} more settings differ; design.parquet holds them.",) if left_out > 0 else ()))
    headings = ("setting", "here", "baseline", "what it is")
    return Grid("What differs from the baseline", headings, (*axes, *rows[:MOST_ROWS]), notes, words=4)


def _axis(results: Results, key: str) -> tuple[str, ...]:
    values = list(dict.fromkeys(point[key] for point in results.design))
    return (key, _listed([str(value) for value in values]), str(value_of(Config(), f"{key}.name")), "a choice")


def _told(values: list[Any], entry: Declared) -> str:
    if len(values) > MOST_VALUES and not isinstance(values[0], bool | str):
        return f"{len(values):,} values from {written(min(values), entry)} to {written(max(values), entry)}"
    if len(values) > 1 and not isinstance(values[0], bool | str):
        return f"{_listed([f'{value:g}' for value in values])} {entry.unit}".rstrip()
    return _listed([written(value, entry) for value in values])


def _listed(values: list[str]) -> str:
    more = f" and {len(values) - MOST_VALUES:,} more" if len(values) > MOST_VALUES else ""
    return ", ".join(values[:MOST_VALUES]) + more


def written(value: Any, entry: Declared) -> str:
    """A value with its unit: "55 km", "on", "baseline_2017"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if not isinstance(value, int | float):
        return "none" if value is None else str(value)
    return f"{value:g} {entry.unit}".rstrip()
