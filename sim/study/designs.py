"""Designs: the ordered table of the points at which a question is asked.

A point is one set of parameters, a replication one seed at a point, a run a point x a replication.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.config import posterior
from sim.config.axes import DRAW
from sim.config.compose import assignments, axes_of, compose, compose_points, split
from sim.config.settings import Config, declared, value_of
from sim.errors import BadInput
from sim.results.fingerprint import fingerprint
from sim.results.manifest import question_of, settings_of
from sim.results.seal import canonical
from sim.scenario import Scenario, build

NO_PART_OF_A_POINT = ("replications", "name", "question")  # how often, and in what words


@dataclass(frozen=True)
class Point:
    """One set of parameters: its number, its value on each axis, and the whole configuration."""

    number: int
    labels: dict[str, Any]
    config: Config

    @cached_property
    def scenario(self) -> Scenario:
        """The same, ready to run."""
        return build(self.config)

    @property
    def seed(self) -> int:
        """The key of its draws."""
        return seed_of(self.config)


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
        start, there = start_of(self.base, axis), point.labels[axis]
        if isinstance(there, bool | str) or not isinstance(start, int | float):
            return float(there != start)
        values = [each.labels[axis] for each in self.points]
        return abs(there - start) / (max(values) - min(values) or 1.0)

    def table(self) -> list[dict[str, Any]]:
        """One dict a point: its number, its value on each axis, and every other setting that varies."""
        varied = self.question["points"]
        return [{"point": point.number, **point.labels, **varied[point.number]} for point in self.points]


def grid(overrides: Sequence[str]) -> Design:
    """The points that the axes make: every combination of their values, or as `design` says; without axes, one point.

    Axes are those of the chosen experiment, overrides with several values (`roe.zone_radius_km=0,20`) or an interval
    (`line.dissuasion=interval(0,1)`), and the columns of the file `points`.  Every point is composed and checked here:
    raises `BadInput` before anything is run.
    """
    plain, axes = split(overrides)
    base = compose(*plain, axes=axes)
    if base.draw is not None or DRAW in axes_of(base):
        refuse_stale()
    keys = axes_of(base)
    configs = list(compose_points([one for one in plain if not one.startswith("points=")], assignments(base)))
    labels = ({key: start_of(config, key) for key in keys} for config in configs)
    return Design(base, [Point(number, *one) for number, one in enumerate(zip(labels, configs, strict=True))])


def refuse_stale() -> None:
    """Raise `BadInput` where the posterior was made with another version of the model."""
    if posterior.about()["fingerprint"] != fingerprint():
        raise BadInput(f"the posterior was made with another version of the model; {posterior.MEND}")


def points(*overrides: str) -> list[Point]:
    """The points of a design, to be run or looked at one by one (docs/designs.md); raises `BadInput`."""
    return grid(overrides).points


def seed_of(config: Config) -> int:
    """The key of the draws at a point: that of the design, or where seeds are not common, one made from its settings.

    Then it is the first 64 bits of the SHA-256 of its settings, the design's seed among them, so that neither the
    number of a point nor its neighbours matter.
    """
    if config.common_seeds:
        return config.seed
    told = canonical({key: value for key, value in settings_of(config).items() if key not in NO_PART_OF_A_POINT})
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8])


def start_of(config: Config, axis: str) -> Any:
    """Where a configuration stands on an axis: a setting's value, or the name of a group's option."""
    return value_of(config, axis if axis in declared() else f"{axis}.name")
