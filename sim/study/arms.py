"""The two arms of a comparison: the same question with two sets of settings, the same seeds on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from sim.config.axes import NOT_AN_AXIS
from sim.config.compose import compose, split
from sim.config.overrides import read
from sim.config.settings import declared
from sim.errors import BadInput
from sim.study.designs import Design, Point, grid, start_of

ARMS = ("a", "b")


def named(overrides: Sequence[str]) -> bool:
    """Whether anything is set in one arm only."""
    return any(word.startswith(("a.", "b.")) for word in overrides)


def arms(overrides: Sequence[str]) -> Design:
    """A design of two points, a and b: `a.KEY=VALUE` is set in the first only, `b.KEY=VALUE` in the second.

    Without either, the two points that the axes of the question make.  Raises `BadInput` where there are not two
    arms, or where they are one and the same.
    """
    own = {arm: [word[2:] for word in overrides if word.startswith(f"{arm}.")] for arm in ARMS}
    common = [word for word in overrides if word[:2] not in ("a.", "b.")]
    design = _named(common, own) if any(own.values()) else _of_axes(common)
    if not design.base.common_seeds:
        raise BadInput("common_seeds=false gives each arm its own luck, so there are no pairs to compare; leave it out")
    if design.question["points"][0] == design.question["points"][1]:
        raise BadInput("a and b have the same settings, so there is nothing to compare; change one, as in b.KEY=VALUE")
    days = [point.config.scenario.horizon_days for point in design.points]
    if days[0] != days[1]:
        raise BadInput(
            f"a lasts {days[0]:g} days and b {days[1]:g}, and chances within unlike times are not compared; "
            "set scenario.horizon_days for both"
        )
    return design


def _of_axes(overrides: Sequence[str]) -> Design:
    design = grid(overrides)
    if len(design.points) != 2:
        count = f"{len(design.points):,} point{'s' if len(design.points) > 1 else ''}"
        raise BadInput(
            f"a comparison has two arms, and this design has {count}; "
            "name them, as in a.roe=baseline_2017 b.roe=restrictive"
        )
    return design


def _named(common: Sequence[str], own: dict[str, list[str]]) -> Design:
    plain, axes = split(common)
    if axes:
        raise BadInput(f"{axes[0]} has several values; a comparison has two arms, set as in a.KEY=VALUE b.KEY=VALUE")
    for word in [*own["a"], *own["b"]]:
        key = read(word).key
        if key in NOT_AN_AXIS or (key in declared() and not declared()[key].of_the_model):
            raise BadInput(f"{word.partition('=')[0]} is common to both arms; set it without a. or b.")
    configs = [compose(*_without(plain, own[arm]), *own[arm]) for arm in ARMS]
    if configs[0].axes:
        raise BadInput(f"experiment {configs[0].name} has axes of its own, so a and b cannot be set beside it")
    keys = list(dict.fromkeys(read(word).key for arm in ARMS for word in own[arm]))
    points = [Point(k, {key: start_of(config, key) for key in keys}, config) for k, config in enumerate(configs)]
    return Design(configs[0], points)


def _without(plain: Sequence[str], own: Sequence[str]) -> list[str]:
    """The common settings that an arm does not set otherwise."""
    keys = {read(word).key for word in own}
    return [word for word in plain if read(word).key not in keys]
