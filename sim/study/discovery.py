"""Scenario discovery: in which box of settings the chance of an outcome exceeds a bound.

The points are run as any other sweep, into a results folder; the box follows from the runs.  Every point has luck of
its own, so that the errors of its share are no other point's.
"""

from __future__ import annotations

import dataclasses
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import betaincc

from sim import results as results_folder
from sim.config.compose import compose
from sim.config.overrides import read
from sim.config.settings import DISCOVERIES, Config
from sim.errors import BadInput, FailedRuns
from sim.results import Results
from sim.results.folder import writing
from sim.study import sweep
from sim.study.designs import Design, grid
from sim.study.differences import FEW
from sim.study.drawing import draw_beside
from sim.study.estimate import LEVEL, clopper_pearson
from sim.study.kept import design_of
from sim.study.prim import Box, refuse_without_extra, trajectory
from sim.study.summary import to_csv
from sim.study.until import look_at
from sim.study.watching import watched

FEWEST_POINTS = 40
GIVEN = ("outcome", "bound", "method", "figures")  # what may be set of runs that are there
SURE = 0.975  # chance of lying above, or below, from which a point is told for certain
AS_GOOD = 0.99  # a box with fewer limits is taken where it is so nearly as good


@dataclass(frozen=True)
class Sample:
    """Points with their runs: where they stand on each input, and how many of their runs had the outcome, (points,)."""

    columns: Mapping[str, Sequence[Any]]
    events: np.ndarray
    runs: np.ndarray
    bound: float

    @property
    def share(self) -> np.ndarray:
        """Share of runs with the outcome at each point."""
        return self.events / self.runs

    @property
    def interest(self) -> np.ndarray:
        """The cases of interest: points whose share exceeds the bound."""
        return self.share > self.bound

    @cached_property
    def surely(self) -> np.ndarray:
        """The chance that each point lies above the bound, given its runs alone (Jeffreys' prior)."""
        return np.asarray(betaincc(self.events + 0.5, self.runs - self.events + 0.5, self.bound))

    @property
    def told(self) -> np.ndarray:
        """Which points are told from the bound, to either side."""
        return (self.surely > SURE) | (self.surely < 1 - SURE)

    def of(self, which: np.ndarray) -> Sample:
        """Some of the points."""
        columns = {key: [values[k] for k in which] for key, values in self.columns.items()}
        return Sample(columns, self.events[which], self.runs[which], self.bound)


@dataclass(frozen=True)
class Counted:
    """What a box holds of a sample: points, cases of interest, and cases of interest there are in all."""

    points: int
    hits: int
    interest: int

    @property
    def density(self) -> tuple[float, float, float]:
        """Share of its points that are of interest: estimate and 95 % Clopper-Pearson interval."""
        return _share(self.hits, self.points)

    @property
    def coverage(self) -> tuple[float, float, float]:
        """Share of the cases of interest that it holds, likewise."""
        return _share(self.hits, self.interest)

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.points + other.points, self.hits + other.hits, self.interest + other.interest)


@dataclass(frozen=True)
class Finding:
    """What the runs say: the boxes that PRIM went through, which is chosen, and how it does on points not used.

    Where the bound is exceeded nowhere or everywhere there are no boxes; `check` is None too where a half of the
    points holds too few cases.
    """

    design: Design
    results: Results
    outcome: str
    sample: Sample
    boxes: list[Box]
    chosen: int
    check: Counted | None

    @property
    def box(self) -> Box:
        """The chosen box."""
        return self.boxes[self.chosen]

    @property
    def path(self) -> list[Counted]:
        """What each box holds of the points that it was found on."""
        return [counted(box, self.sample) for box in self.boxes]

    @property
    def expected(self) -> tuple[float, float]:
        """Density and coverage of the chosen box where a point counts by its chance of lying above the bound."""
        inside = self.box.holds(self.sample.columns, len(self.sample.runs))
        above = self.sample.surely
        return float(above[inside].mean()), float(above[inside].sum() / above.sum())


Draw = Callable[[Finding, Path], object]


def _share(part: int, whole: int) -> tuple[float, float, float]:
    if not whole:
        return np.nan, 0.0, 1.0
    low, high = clopper_pearson(np.asarray(part), np.asarray(whole), LEVEL)
    return part / whole, float(low), float(high)


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Search and return the exit code, as `sim.study.sweep.run`; raises as it does.

    `draw(finding, stem)` makes the figure.
    """
    from sim.study.discovery_page import render

    design = design_asked(overrides)
    outcome = watched(design.base.outcome, "outcome")
    found: list[Finding] = []

    def tell(results: Results) -> str:
        found.append(searched(design, results, outcome))
        return render(found[0])

    command = shlex.join(["tanf", "discover", *overrides])
    code = sweep.answer(design, sweep.folder_of(design), command, tell=tell)
    if found and found[0].boxes and draw and design.base.figures:
        drawn(found[0], draw)
    return code


def run_given(folder: str, overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Search the points of a complete results folder; raises as `run`."""
    from sim.study.discovery_page import render

    asked = compose(*overrides)
    for one in map(read, overrides):
        if one.key not in GIVEN and one.text != "common_seeds=false":
            raise BadInput(f"{one.key} is not set here: the runs of {folder} are there; {', '.join(GIVEN)} may be")
    if asked.method == "map":
        raise BadInput("method=map chooses points of its own; of runs that are there, only method=prim can be asked")
    refuse_without_extra()
    results = results_folder.open(folder)
    design = design_of(results.manifest)
    refuse_too_few_points(len(design.points))
    base = dataclasses.replace(design.base, method="prim", outcome=asked.outcome, bound=asked.bound)
    found = searched(dataclasses.replace(design, base=base), results, watched(asked.outcome, "outcome"))
    sys.stdout.write(f"{render(found)}{results.folder}\n")
    if found.boxes and draw and asked.figures:
        drawn(found, draw)
    return FailedRuns.exit_code if results.failures else 0


def design_asked(overrides: Sequence[str]) -> Design:
    """The points to be run; raises `BadInput` for a question that cannot be asked."""
    design = grid(overrides)
    refuse_what_does_not_fit(design.base)
    refuse_too_few_points(len(design.points))
    refuse_without_extra()
    return design


def refuse_what_does_not_fit(base: Config) -> None:
    """Raise `BadInput` for settings of another command."""
    if base.method not in DISCOVERIES:
        raise BadInput(f"method={base.method} is for `tanf sensitivity`; `tanf discover` takes prim or map")
    if base.until.half_width is not None:
        raise BadInput("until.half_width is for `tanf sweep`; a discovery takes samples= and replications=")
    watched(base.outcome, "outcome")


def refuse_too_few_points(points: int) -> None:
    """Raise `BadInput` where a box would be made of a handful of points."""
    if points < FEWEST_POINTS:
        raise BadInput(f"{points} points are too few to find a box in; give samples={FEWEST_POINTS} or more")


def searched(design: Design, results: Results, outcome: str) -> Finding:
    """What a complete folder says; raises `BadInput` for fewer than five cases of interest, or of the others."""
    sample = sample_of(results, outcome, design.base.bound)
    few = min(int(sample.interest.sum()), int((~sample.interest).sum()))
    if not few:
        return Finding(design, results, outcome, sample, [], 0, None)
    if few < FEW:
        raise BadInput(
            f"the share of {outcome} exceeds {sample.bound:g} at {int(sample.interest.sum()):,} of "
            f"{len(sample.runs):,} points, and a box needs {FEW} at which it does and {FEW} at which it does not; more "
            f"samples or another bound may bring them; what was run stays in {results.folder}"
        )
    boxes = trajectory(sample.columns, sample.interest)
    return Finding(design, results, outcome, sample, boxes, chosen_of(boxes, sample), checked(sample, design.base.seed))


def sample_of(results: Results, outcome: str, bound: float) -> Sample:
    """The points of a folder that have runs."""
    look = look_at(results, outcome)
    which = np.flatnonzero(look.runs)
    columns = {axis: [row[axis] for row in results.design] for axis in results.axes}
    varied = {key: values for key, values in columns.items() if len(set(values)) > 1}
    if not varied:
        raise BadInput(f"nothing varies in {results.folder}; choose the folder of a design with axes")
    return Sample(varied, look.events, look.runs, bound).of(which)


def counted(box: Box, sample: Sample) -> Counted:
    """What a box holds of a sample."""
    inside = box.holds(sample.columns, len(sample.runs))
    return Counted(int(inside.sum()), int(sample.interest[inside].sum()), int(sample.interest.sum()))


def chosen_of(boxes: Sequence[Box], sample: Sample) -> int:
    """The box whose density and coverage have the highest harmonic mean, or nearly so with fewer limits."""
    held = [counted(box, sample) for box in boxes]
    good = np.array([2 * one.hits / (one.points + one.interest) for one in held])  # the harmonic mean
    near = [k for k in range(len(boxes)) if good[k] >= AS_GOOD * good.max()]
    return min(near, key=lambda k: (len(boxes[k].limits), -good[k]))


def checked(sample: Sample, seed: int) -> Counted | None:
    """Boxes found on one half of the points, counted on the other, both ways; None with too few cases in a half."""
    order = np.random.default_rng(seed).permutation(len(sample.runs))
    halves = [sample.of(np.sort(half)) for half in np.array_split(order, 2)]
    if any(min(half.interest.sum(), (~half.interest).sum()) < FEW for half in halves):
        return None
    totals = []
    for found_on, counted_on in (halves, halves[::-1]):
        boxes = trajectory(found_on.columns, found_on.interest)
        totals.append(counted(boxes[chosen_of(boxes, found_on)], counted_on))
    return totals[0] + totals[1]


def drawn(found: Finding, draw: Draw) -> None:
    """Draw the figure of this outcome beside those that are there, and its numbers."""
    results, name = found.results, f"prim-{found.outcome}"

    def fill(figures: Path) -> None:
        draw(found, figures / name)
        (figures / f"{name}.csv").write_bytes(to_csv(numbers(found)))

    with writing(results.folder, results.manifest["question"], results.replications):
        draw_beside(results, fill)


def numbers(found: Finding) -> list[dict[str, Any]]:
    """Every box of the trajectory, a row a limited input (one without, of the box of all points)."""
    rows = []
    for number, (box, held) in enumerate(zip(found.boxes, found.path, strict=True)):
        head: dict[str, Any] = {
            "box": number,
            "chosen": number == found.chosen,
            "points": held.points,
            "of_interest": held.hits,
        }
        for name, told in (("density", held.density), ("coverage", held.coverage)):
            head |= dict(zip((name, f"{name}_low", f"{name}_high"), told, strict=True))
        for key, kept in box.limits.items() or [("", (None, None))]:
            low, high = (None, None) if isinstance(kept, frozenset) else kept
            p_low, p_high = box.quasi_p.get(key, (None, None))
            words = " ".join(sorted(map(str, kept))) if isinstance(kept, frozenset) else ""
            limit = {"input": key, "low": low, "high": high, "words": words, "quasi_p_low": p_low}
            tail = {"outcome": found.outcome, "bound": found.sample.bound, "seed": found.design.base.seed}
            rows.append(head | limit | {"quasi_p_high": p_high} | tail)
    return rows
