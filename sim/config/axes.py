"""The axes of a sweep: which overrides they are, the points they span, and those of an experiment's file."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from sim.config.check import shown
from sim.config.overrides import Override, read, refuse_repeated, refuse_twice
from sim.config.settings import declared
from sim.errors import BadInput

MOST_POINTS = 100_000
DRAW = "draw"  # of the posterior: no part of the model, and yet an axis
NOT_AN_AXIS = {"experiment", "seed", "replications", "threads", "figures", "shard", "samples", "common_seeds"}


def split(overrides: Sequence[str]) -> tuple[list[str], list[str]]:
    """Overrides with one value, and axes: `["seed=7"], ["roe.zone_radius_km=0,20"]`."""
    given = [read(text) for text in overrides]
    refuse_twice(given)
    return [one.text for one in given if not one.is_axis], [one.text for one in given if one.is_axis]


def expand(axes: Sequence[str]) -> list[list[str]]:
    """Every point of the grid as a list of overrides; the last axis varies fastest.  No axes: one point."""
    given = [read(text) for text in axes]
    refuse_twice(given)
    for one in given:
        refuse_repeated(one)
        if one.interval:
            raise BadInput(f"{one.key} takes values here, not {shown(one.given)}; `tanf sweep` draws from intervals")
    refuse_too_many(axes, math.prod(len(one.values) for one in given))
    return [list(point) for point in itertools.product(*(one.assignments() for one in given))]


def refuse_too_many(axes: Sequence[str], points: int) -> None:
    """Raise `BadInput` for more points than anybody looks at."""
    if points > MOST_POINTS:
        raise BadInput(f"the axes {shown(' '.join(axes))} make {points:,} points; at most {MOST_POINTS:,} are allowed")


def merged(from_file: Sequence[Override], swept: Sequence[Override], fixed: set[str]) -> list[str]:
    """The axes in force: the user's replace the file's on the same key, and a fixed value removes one."""
    refuse_twice(from_file)
    own = {axis.key: axis for axis in swept}
    kept = [own.pop(axis.key, axis) for axis in from_file if axis.key not in fixed]
    everything = [*kept, *own.values()]
    for axis in everything:
        _refuse_as_axis(axis)
    return [axis.text for axis in everything]


def _refuse_as_axis(axis: Override) -> None:
    """Raise `BadInput` for an axis over something that is not part of the model."""
    if axis.key in NOT_AN_AXIS or (
        axis.key in declared() and not declared()[axis.key].of_the_model and axis.key != DRAW
    ):
        hint = " (`tanf sweep -m` runs several experiments, one after the other)" if axis.key == "experiment" else ""
        raise BadInput(f"{axis.key} takes one value, not {shown(axis.given)}{hint}; an axis varies the model")
