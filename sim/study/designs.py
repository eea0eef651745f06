"""Designs: the ordered table of the points at which a question is asked.

A point is one set of parameters, a replication one seed at a point, a run a point x a replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.config.compose import compose, expand, split
from sim.config.settings import Config, declared, value_of
from sim.results.manifest import question_of, settings_of


@dataclass(frozen=True)
class Point:
    """One set of parameters: its number, its value on each axis, and the whole configuration."""

    number: int
    labels: dict[str, Any]
    config: Config


@dataclass(frozen=True)
class Design:
    """The points of a question, in order, and the configuration they all start from."""

    base: Config
    points: list[Point]

    @property
    def axes(self) -> list[str]:
        """Names of what is varied, in order."""
        return list(self.points[0].labels)

    @property
    def runs(self) -> int:
        """Number of runs: points x replications."""
        return len(self.points) * self.base.replications

    @cached_property
    def question(self) -> dict[str, Any]:
        """What is asked, as the manifest tells it."""
        return question_of([settings_of(point.config) for point in self.points], self.axes)

    @property
    def nearest_to_start(self) -> Point:
        """The point that changes least of the configuration they start from; of equals, the first."""
        return min(self.points, key=lambda point: sum(self._change(axis, point) for axis in self.axes))

    def _change(self, axis: str, point: Point) -> float:
        """How far along an axis a point lies from the start: as a share of the axis where it is one of numbers."""
        start, there = _start(self.base, axis), point.labels[axis]
        if isinstance(there, bool | str) or not isinstance(start, int | float):
            return float(there != start)
        values = [each.labels[axis] for each in self.points]
        return abs(there - start) / (max(values) - min(values) or 1.0)

    def table(self) -> list[dict[str, Any]]:
        """One dict a point: its number, its value on each axis, and every other setting that varies."""
        varied = self.question["points"]
        return [{"point": point.number, **point.labels, **varied[point.number]} for point in self.points]


def grid(overrides: Sequence[str]) -> Design:
    """Every combination of the axes' values, the last axis fastest; without axes, one point.

    Axes are those of the chosen experiment and overrides with several values (`roe.zone_radius_km=0,20`).
    Every point is composed and checked here: raises `BadInput` before anything is run.
    """
    plain, axes = split(overrides)
    base = compose(*plain, axes=axes)
    points = [
        Point(number, _labels(config, assignments), config)
        for number, assignments in enumerate(expand(base.axes))
        for config in [compose(*plain, *assignments)]
    ]
    return Design(base, points)


def _start(base: Config, axis: str) -> Any:
    """Where a configuration stands on an axis: a setting's value, or the name of a group's option."""
    return value_of(base, axis if axis in declared() else f"{axis}.name")


def _labels(config: Config, assignments: Sequence[str]) -> dict[str, Any]:
    """The place of a point on each axis: a setting's value, or the name of a group's option."""
    pairs = (assignment.split("=", 1) for assignment in assignments)
    return {key: value_of(config, key) if key in declared() else option for key, option in pairs}
