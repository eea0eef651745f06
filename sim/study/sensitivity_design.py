"""The points that a sensitivity analysis wants, as a design of its method makes them.

sobol   rows of Saltelli's points, `samples` of them, each of inputs + 2 points
morris  `samples` trajectories of inputs + 1 points
pawn    the points of the sweep of the same words, whatever they are
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.config.axes import refuse_too_many
from sim.config.compose import compose, compose_points, split
from sim.config.overrides import Override, read, written
from sim.config.points import scaled
from sim.config.settings import INDICES, MOST_RUNS, Config
from sim.errors import BadInput
from sim.study import luck, morris, pawn, sobol
from sim.study.designs import Design, Point, grid, start_of
from sim.study.watching import watched

FEWEST_ROWS = {"sobol": 16, "morris": 4, "pawn": pawn.FEWEST}


@dataclass(frozen=True)
class Study:
    """What is to be run: the design, the inputs that vary, and which point stands where.

    `unit` (matrices, rows, inputs) are places in the unit cube, `places` (matrices, rows) the index in the design of
    the point that stands there: two may be one point.  Without a design of the method's own, one matrix, no `unit`.
    """

    design: Design
    inputs: list[str]
    places: np.ndarray
    unit: np.ndarray | None

    def column(self, key: str) -> list[Any]:
        """Where the points of the design stand on an axis."""
        return [point.labels[key] for point in self.design.points]

    @property
    def method(self) -> str:
        """sobol, morris or pawn."""
        return self.design.base.method

    @property
    def words(self) -> list[bool]:
        """Which inputs are words or switches, and have no width."""
        return [isinstance(self.column(key)[0], bool | str) for key in self.inputs]

    @property
    def stood(self) -> np.ndarray:
        """Where the inputs stood, (matrices, rows, inputs), in units of their whole width, after rounding.

        A word has no width: its places lie so that a step of `morris.STEP` is one from a word to another.
        """
        assert self.unit is not None
        stood = np.empty_like(self.unit)
        for k, axis in enumerate(map(read, self.design.base.axes)):
            if self.words[k]:
                stood[..., k] = self.unit[..., k] / morris.STEP
            else:
                values = np.array(self.column(self.inputs[k]), float)
                ends = np.array(axis.interval or axis.values, float)
                stood[..., k] = (values[self.places] - ends.min()) / np.ptp(ends)
        return stood


def study_of(overrides: Sequence[str]) -> Study:
    """The points to be run; raises `BadInput` for a question that the method cannot be asked."""
    plain, axes = split(overrides)
    base = compose(*plain, axes=axes)
    _refuse_what_does_not_fit(base)
    if base.method == "pawn":
        design = grid(overrides)
        refuse_too_few_rows(base.method, len(design.points))
        return Study(design, design.axes, np.arange(len(design.points))[None], None)
    return _designed(base, plain)


def _designed(base: Config, plain: Sequence[str]) -> Study:
    """The points of a method that has a design of its own; rows of them one after the other, so that more go on."""
    inputs = [read(text) for text in base.axes]
    refuse_too_few_rows(base.method, base.samples)
    sample = (sobol if base.method == "sobol" else morris).sample
    _refuse_too_much(base, (len(inputs) + 2) * base.samples)
    unit = sample(len(inputs), base.samples, base.seed)
    known: dict[tuple[str, ...], int] = {}
    places = np.empty(unit.shape[:2], np.int64)
    for row, matrix in np.ndindex(unit.shape[1], unit.shape[0]):
        point = tuple(placed(axis, float(u)) for axis, u in zip(inputs, unit[matrix, row], strict=True))
        places[matrix, row] = known.setdefault(point, len(known))
    configs = compose_points(plain, list(known))
    keys = [axis.key for axis in inputs]
    points = [Point(k, {key: start_of(one, key) for key in keys}, one) for k, one in enumerate(configs)]
    return Study(Design(base, points), keys, places, unit)


def placed(axis: Override, u: float) -> str:
    """Where a number from [0, 1] lies on an axis, as an override; values and words are all as likely."""
    if axis.interval:
        return f"{axis.key}={written(scaled(axis, u))}"
    return axis.assignments()[min(int(u * len(axis.values)), len(axis.values) - 1)]


def _refuse_what_does_not_fit(config: Config) -> None:
    outcome_of(config)
    if config.method not in INDICES:
        raise BadInput(f"method={config.method} is for `tanf discover`; this takes {', '.join(INDICES)}")
    if config.until.half_width is not None:
        raise BadInput("until.half_width is for `tanf sweep`; a sensitivity analysis takes samples= and replications=")
    if not config.axes and not config.points:
        raise BadInput("nothing varies; name inputs, as in roe.zone_radius_km=interval(20,55), or an experiment")
    if config.replications < luck.FEWEST:
        told = "luck is told from chance by runs at the same point"
        raise BadInput(f"replications={config.replications} is too few: {told}; give {luck.FEWEST} or more")
    if config.method != "pawn" and len(config.axes) < 2:
        raise BadInput(
            "one input makes all of the variance; name two at least, or compare two values with `tanf compare`"
        )
    own = config.design != "crossed" or config.sampling != "sobol" or config.points
    if config.method != "pawn" and own:
        told = f"method={config.method} makes its own points, so design=, sampling= and points= are for `tanf sweep`"
        raise BadInput(f"{told} and method=pawn; leave them out")


def refuse_too_few_rows(method: str, rows: int) -> None:
    """Raise `BadInput` where a method cannot begin to work."""
    least = FEWEST_ROWS[method]
    if rows < least:
        noun = "points" if method == "pawn" else "samples"
        raise BadInput(f"{rows} {noun} are too few for method={method}; give samples={least} or more")


def _refuse_too_much(config: Config, points: int) -> None:
    refuse_too_many(config.axes, points)
    if points * config.replications > MOST_RUNS:
        given = f"{points:,} points of replications={config.replications}"
        raise BadInput(f"{given} are more than {MOST_RUNS:,} runs; lower samples or replications")


def outcome_of(config: Config) -> str:
    """The outcome that the analysis is about; raises `BadInput` where there is none of the name."""
    return watched(config.outcome, "outcome")
