"""Outcome rows under flat column names: a view of the same bytes.

Inside the rule book an outcome nests (`happenings[Happening.STRIKE_GROUND].count`); a researcher
wants columns (`strike_ground_count`).  Both are eight-byte numbers in the same order, so the flat
table is the nested one seen through another dtype.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from enum import EnumMeta
from typing import Any, get_args, get_type_hints

import numpy as np

from sim.rules.outcome import Outcome
from sim.rules.rows import NUMBERS, Row


def _flat(row: type[Row]) -> Iterator[tuple[str, type]]:
    """The flat column names of a row and the Python type of each."""
    for name, hint in get_type_hints(row, include_extras=True).items():
        if name == "dtype_":
            continue
        if hint in NUMBERS:
            yield name, hint
            continue
        listed, _, *labels = get_args(hint)
        item = get_args(listed)[0]
        for label in itertools.product(*(_labels(part) for part in labels)):
            yield from _named(name, label, item)


def _named(name: str, label: tuple[str, ...], item: Any) -> Iterator[tuple[str, type]]:
    if item in NUMBERS:
        yield f"{name}_{'_'.join(label)}", item
        return
    for part, kind in _flat(item):
        if name == "happenings":  # strike_ground, strike_ground_count, strike_ground_first_min
            yield "_".join(label) + ("" if part == "happened" else f"_{part}"), kind
        else:
            yield f"{name.removesuffix('s')}_{'_'.join(label)}_{part}", kind


def _labels(labels: Any) -> list[str]:
    if isinstance(labels, EnumMeta):
        return [member.name.lower() for member in labels]  # type: ignore[var-annotated]
    return [str(label) for label in labels]


COLUMNS: dict[str, type] = dict(_flat(Outcome))
FLAT = np.dtype([(name, NUMBERS[kind]) for name, kind in COLUMNS.items()])


def flat(outcomes: np.ndarray) -> np.ndarray:
    """The same outcomes, shape (n,), under flat column names."""
    return np.ascontiguousarray(outcomes).view(FLAT).reshape(-1)
