"""From axes to points: which combinations of their values are run (docs/designs.md).

crossed        every combination of the values; intervals are sampled together, and each combination gets that sample
one_at_a_time  the start, then each value of each axis alone; of an interval its two ends
listed         the first values of all axes, the second values, and so on
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator, Sequence

from sim.config.axes import refuse_too_many
from sim.config.grammar import Interval
from sim.config.overrides import Override, read, refuse_repeated, refuse_twice, written
from sim.config.places import groups
from sim.config.pointfile import rows_of
from sim.config.settings import Config, declared, value_of
from sim.errors import BadInput

DIGITS = 12  # of a drawn value: it is written, read and stored alike

Point = list[str]  # its overrides


def assignments(config: Config) -> list[Point]:
    """The points of a configuration with axes, each as single overrides, in order; without axes, one point.

    Raises `BadInput` for axes that do not go together, for more points than allowed, and for a bad file of points.
    """
    axes = [read(text) for text in config.axes]
    refuse_twice(axes)
    table = rows_of(config.points) if config.points else None
    if table:
        refuse_twice([*axes, *(read(one) for one in table[0])])
    if config.design != "crossed" and table:
        raise BadInput(f"points={config.points} lists points; that goes with design=crossed, not {config.design}")
    if config.design == "listed":
        return _listed(axes)
    for axis in axes:
        refuse_repeated(axis)
    if config.design == "one_at_a_time":
        return list(_one_at_a_time(config, axes))
    return _crossed(config, axes, table)


def axes_of(config: Config) -> list[str]:
    """The keys that vary, in order: axes with values, columns of the file, intervals."""
    axes = [read(text) for text in config.axes]
    columns = [one.partition("=")[0] for one in rows_of(config.points)[0]] if config.points else []
    if config.design != "crossed":
        return [one.key for one in axes]
    return [*(one.key for one in axes if not one.interval), *columns, *(one.key for one in axes if one.interval)]


def _crossed(config: Config, axes: Sequence[Override], table: list[Point] | None) -> list[Point]:
    """Every combination, the last axis fastest; a file of points is one axis, the sample of all intervals another."""
    blocks = [[[one] for one in axis.assignments()] for axis in axes if not axis.interval]
    uncertain = [axis for axis in axes if axis.interval]
    sizes = [len(block) for block in blocks] + [len(table or [1]), config.samples if uncertain else 1]
    refuse_too_many(config.axes, math.prod(sizes))
    if table:
        blocks.append(table)
    if uncertain:
        blocks.append(_sample(config, uncertain))
    return [list(itertools.chain(*point)) for point in itertools.product(*blocks)]


def _listed(axes: Sequence[Override]) -> list[Point]:
    """Row by row."""
    for axis in axes:
        if axis.interval:
            raise BadInput(f"design=listed pairs values, and {axis.text} names none; use design=crossed")
        if len(axis.values) != len(axes[0].values):
            told = f"{axes[0].key} has {len(axes[0].values)} values and {axis.key} {len(axis.values)}"
            raise BadInput(f"design=listed pairs the values of all axes, and {told}; give as many")
    points = [list(point) for point in zip(*(axis.assignments() for axis in axes), strict=True)] or [[]]
    seen: dict[tuple[str, ...], int] = {}
    for number, point in enumerate(points, 1):
        if (first := seen.setdefault(tuple(point), number)) != number:
            raise BadInput(f"design=listed has {' '.join(point)} twice, as point {first} and {number}; keep one")
    return points


def _one_at_a_time(config: Config, axes: Sequence[Override]) -> Iterator[Point]:
    """The start, then every other value of every axis."""
    yield []
    for axis in axes:
        start = value_of(config, f"{axis.key}.name" if axis.key in groups() else axis.key)
        for value in axis.interval or axis.values:
            if value != start:
                yield [f"{axis.key}={written(value)}"]


def _sample(config: Config, axes: Sequence[Override]) -> list[Point]:
    """`samples` points of the box that the intervals span, drawn with the seed.

    Sobol' points, scrambled (Owen 1998), go on where they are: the first of more are the same.  A Latin hypercube has
    one value in each of `samples` slices of every axis, so more of them are other points.
    """
    from scipy.stats import qmc

    kind = qmc.Sobol if config.sampling == "sobol" else qmc.LatinHypercube
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # any number is allowed, powers of two are balanced best
        unit = kind(len(axes), seed=config.seed).random(config.samples)
    drawn = ([(axis, scaled(axis, float(u))) for axis, u in zip(axes, row, strict=True)] for row in unit)
    rows = (tuple(f"{axis.key}={written(value)}" for axis, value in row) for row in drawn)
    return [list(row) for row in dict.fromkeys(rows)]  # whole numbers may come again: that is one point


def scaled(axis: Override, u: float) -> float:
    """Where a number from [0, 1] lies in an interval; whole numbers are all as likely."""
    low, high = axis.interval or Interval(0.0, 1.0)
    if declared()[axis.key].kind is int:
        return int(low) + min(int(u * (high - low + 1)), int(high - low))
    return max(low, min(high, float(f"{low + u * (high - low):.{DIGITS}g}")))
