"""A sensitivity analysis: which settings the chance of an outcome hangs on, over the intervals of a question.

The points that the method wants are run as any other sweep, into a results folder, so that stopping, going on, checking
and replaying are the same.  What is found follows from the runs.
"""

from __future__ import annotations

import dataclasses
import math
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim import results as results_folder
from sim.config.compose import compose
from sim.config.overrides import read
from sim.errors import BadInput, FailedRuns
from sim.results import Results
from sim.results.folder import writing
from sim.results.manifest import full_points
from sim.results.parts import OK
from sim.results.seal import canonical
from sim.study import morris, pawn, sobol, sweep
from sim.study.designs import Design
from sim.study.differences import FEW
from sim.study.drawing import draw_beside
from sim.study.estimate import upper_bound
from sim.study.kept import design_of
from sim.study.sensitivity_design import FEWEST_ROWS, Study, outcome_of, refuse_too_few_rows, study_of
from sim.study.summary import to_csv

GIVEN = ("outcome", "method", "figures")  # what may be set of runs that are there
WHY_LEFT_OUT = {
    "sobol": "the others hold a failed run",
    "morris": "the others hold a failed run",
    "pawn": "the others share a drawn value with one of them, or hold a failed run",
}
MAIN = {"sobol": "total", "morris": "mu*", "pawn": "median"}  # the measure that inputs are put in order by


@dataclass(frozen=True)
class Finding:
    """What the runs say.

    `measures` are two arrays by name, (inputs + 1, 3): estimate, low, high of the 95 % interval; last, of dummies,
    their mean and what 95 of 100 lie between.  `floors` (inputs,) is what 97.5 of 100 inputs that do nothing stay
    below, `lows` (inputs,) the lower limit of what would be 0 for such an input, and free of luck.  `rows` and
    `replications` are those used, `left_out` the rows that are not; `events` of `runs` had the outcome.
    `spread` is of Sobol' indices only: standard deviation of the chance between points (estimate, low, high), and the
    share of the variance of the shares at points that was luck.
    """

    study: Study
    results: Results
    outcome: str
    measures: dict[str, np.ndarray]
    rows: int
    left_out: int
    replications: int
    events: int
    runs: int
    floors: np.ndarray
    lows: np.ndarray
    spread: tuple[float, ...] = ()

    @property
    def main(self) -> np.ndarray:
        """The measure that inputs are put in order by."""
        return self.measures[MAIN[self.study.method]]

    @property
    def floor(self) -> float:
        """The highest of the floors."""
        return float(self.floors.max())

    @property
    def order(self) -> list[int]:
        """The inputs, the one that matters most first; the dummy is not among them."""
        return [int(k) for k in np.argsort(-self.main[:-1, 0], kind="stable")]


Draw = Callable[[Finding, Path], object]


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Analyse and return the exit code, as `sim.study.sweep.run`; raises as it does, and `BadInput` for too few events.

    `draw(finding, stem)` makes the figure.
    """
    from sim.study.sensitivity_page import render

    study = study_of(overrides)
    design, outcome = study.design, outcome_of(study.design.base)
    found: list[Finding] = []

    def tell(results: Results) -> str:
        found.append(analysed(study, results, outcome))
        return render(found[0])

    command = shlex.join(["tanf", "sensitivity", *overrides])
    code = sweep.answer(design, sweep.folder_of(design), command, tell=tell)
    if found and draw and design.base.figures:
        drawn(found[0], draw)
    return code


def run_given(folder: str, overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Analyse the points of a complete results folder by PAWN, which needs no design of its own; raises as `run`."""
    from sim.study.sensitivity_page import render

    asked = compose(*overrides)
    _refuse_what_is_there_already(folder, overrides)
    results = results_folder.open(folder)
    design = design_of(results.manifest)
    if not design.axes:
        raise BadInput(f"nothing varies in {folder}; choose the folder of a design with axes")
    refuse_too_few_rows("pawn", len(design.points))
    base = dataclasses.replace(design.base, method="pawn", outcome=asked.outcome)
    study = Study(dataclasses.replace(design, base=base), design.axes, np.arange(len(design.points))[None], None)
    found = analysed(study, results, outcome_of(asked))
    sys.stdout.write(f"{render(found)}{results.folder}\n")
    if draw and asked.figures:
        drawn(found, draw)
    return FailedRuns.exit_code if results.failures else 0


def _refuse_what_is_there_already(folder: str, overrides: Sequence[str]) -> None:
    for one in map(read, overrides):
        if one.key not in GIVEN:
            raise BadInput(f"{one.key} is not set here: the runs of {folder} are there; {', '.join(GIVEN)} may be")
        if one.key == "method" and one.values != ["pawn"]:
            raise BadInput(f"{one.text} needs points of its own; of runs that are there, only method=pawn can be asked")


def analysed(study: Study, results: Results, outcome: str) -> Finding:
    """What a complete folder says; raises `BadInput` where its runs carry no answer, saying how many would."""
    runs = runs_of(study.design, results, outcome)
    events, there = int(np.nansum(runs)), int(np.isfinite(runs).sum())
    refuse_too_few_events(outcome, events, there, results)
    at = runs[study.places]
    kept = np.isfinite(at).all(axis=(0, 2))
    if study.unit is None:
        kept &= pawn.apart([study.column(key) for key in study.inputs])
    if kept.sum() < FEWEST_ROWS[study.method]:
        needed = f"{FEWEST_ROWS[study.method]} are needed"
        raise BadInput(f"{kept.sum():,} of {len(kept):,} rows are left and {needed}: {WHY_LEFT_OUT[study.method]}")
    told = _measured(study, at[:, kept], kept)
    if told.spread and not told.spread[1] > 0:
        raise _no_variance(outcome, told.spread, results)
    rows = int(kept.sum())
    counts = rows, len(kept) - rows, at.shape[2], events, there
    return Finding(study, results, outcome, told.measures, *counts, told.floors, told.lows, told.spread)


class _Told(NamedTuple):
    """What a method says: fields as of `Finding`."""

    measures: dict[str, np.ndarray]
    floors: np.ndarray
    lows: np.ndarray
    spread: tuple[float, ...] = ()


def _measured(study: Study, runs: np.ndarray, kept: np.ndarray) -> _Told:
    """What the method of a study says of the rows that are used."""
    if study.unit is None:
        columns = [[value for value, used in zip(study.column(key), kept, strict=True) if used] for key in study.inputs]
        distances = pawn.distances(columns, runs[0].mean(axis=1))
        measures = {"median": distances.median, "largest": distances.largest}
        return _Told(measures, distances.floors, distances.median[:-1, 1])
    if study.method == "morris":
        effects = morris.effects(study.stood[:, kept], runs)
        floors = _floors(study, effects.mu_star) * np.where(study.words, morris.STEP, 1.0)
        return _Told({"mu*": effects.mu_star, "sigma": effects.sigma}, floors, effects.square[:, 1])
    found = sobol.indices(runs)
    deviation = np.sign(found.variance) * np.sqrt(np.abs(found.variance))
    spread = (*map(float, deviation), found.luck)
    measures = {"first": found.first, "total": found.total}
    return _Told(measures, _floors(study, found.total), found.total[:-1, 1], spread)


def _floors(study: Study, measure: np.ndarray) -> np.ndarray:
    """What 97.5 of 100 dummies stay below, for every input the same."""
    return np.full(len(study.inputs), max(0.0, float(measure[-1, 2])))


def runs_of(design: Design, results: Results, outcome: str) -> np.ndarray:
    """Whether the outcome came, (points of the design, replications): 1, 0, or nan where the run failed."""
    there = {canonical(point): k for k, point in enumerate(full_points(results.manifest["question"]))}
    found = np.full((len(there), results.replications), np.nan)
    for part in results.batches(["point", "replication", "status", outcome]):
        well = np.array(part["status"].to_pylist(), dtype=object) == OK
        point, replication = (part[name].to_numpy()[well] for name in ("point", "replication"))
        found[point, replication] = part[outcome].to_numpy()[well]
    return found[[there[canonical(point)] for point in full_points(design.question)]]


def refuse_too_few_events(outcome: str, events: int, runs: int, results: Results) -> None:
    """Raise `BadInput` for fewer than five runs with the outcome, or without, saying how many would do."""
    few = min(events, runs - events)
    if few >= FEW:
        return
    times = FEW / few if few else FEW / (upper_bound(runs) * runs)
    enough = f"{'about' if few else 'at least'} replications={math.ceil(results.replications * times):,}"
    raise BadInput(
        f"{outcome} happened in {events:,} of {runs:,} runs, and an analysis needs {FEW} in which it does and {FEW} in "
        f"which it does not; {enough} would bring them; what was run stays in {results.folder}"
    )


def _no_variance(outcome: str, spread: tuple[float, ...], results: Results) -> BadInput:
    """The refusal to divide up a variance that is not told from 0."""
    middle, low, high, _ = spread
    times = (middle**2 - low * abs(low)) / middle**2 if middle > 0 else 4.0
    enough = math.ceil(results.replications * max(times, 1.5))
    return BadInput(
        f"the chance of {outcome} is not seen to vary over these intervals (standard deviation at most "
        f"{100 * high:.2g} points), so there is nothing to divide up; at least replications={enough:,} or wider "
        f"intervals may show it; what was run stays in {results.folder}"
    )


def drawn(found: Finding, draw: Draw) -> None:
    """Draw the figure of this method and outcome beside those that are there."""
    results, name = found.results, f"{found.study.method}-{found.outcome}"

    def fill(figures: Path) -> None:
        draw(found, figures / name)
        (figures / f"{name}.csv").write_bytes(to_csv(numbers(found)))

    with writing(results.folder, results.manifest["question"], results.replications):
        draw_beside(results, fill)


def numbers(found: Finding) -> list[dict[str, Any]]:
    """The numbers of an analysis, a row a measure of an input: effects as chances, not in points."""
    rows = [*found.order, -1]
    return [
        {
            "input": "dummy" if row == -1 else found.study.inputs[row],
            "measure": measure,
            "estimate": float(told[row, 0]),
            "low": float(told[row, 1]),
            "high": float(told[row, 2]),
            "floor": None if row == -1 else float(found.floors[row]),
            "outcome": found.outcome,
            "method": found.study.method,
            "rows": found.rows,
            "replications": found.replications,
            "seed": found.study.design.base.seed,
        }
        for row in rows
        for measure, told in found.measures.items()
    ]
