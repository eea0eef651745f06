"""Verify: does it look like May and June 2017, do wrong models not, and how well is the record foretold?

A pattern that fails is an answer, not an error.  Where the runs cover other days than the patterns are about,
only the logarithmic score and what is predicted are given: a forecast.
"""

from __future__ import annotations

import pathlib
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.config.compose import compose
from sim.config.places import options
from sim.config.settings import Config
from sim.errors import BadInput, FailedRuns
from sim.results.fingerprint import fingerprint
from sim.results.manifest import question_hash, settings_of
from sim.results.parts import OK, schema_hash
from sim.study import verify_files, verify_page
from sim.study.coverage import Coverage, cover
from sim.study.designs import Design, Point
from sim.study.first_use import compiling
from sim.study.patterns import CHECKS, DAYS, START_DATE, Finding, by_pattern, findings
from sim.study.progress import Bar, Lines, console, counting, duration
from sim.study.record import Record, record_of
from sim.study.runs import Runs
from sim.study.score import Predicted, Score, predicted, score
from sim.study.wrong import WRONG, overrides_for

REPLICATIONS = 2000  # at most, of each wrong model and scenario
SCENARIO = "scenario="
NOT_IN_THE_COMMAND = ("out=", "threads=", "figures=")
Draw = Callable[["Answer", pathlib.Path], object]


@dataclass(frozen=True)
class Asked:
    """A question to verify: the model, the record it is held against, the wrong models and the scenarios."""

    command: str
    model: Design
    others: Design | None  # wrong models, then scenarios; None for a forecast
    record: Record | None

    @property
    def config(self) -> Config:
        """The configuration of the model itself."""
        return self.model.base

    @property
    def runs(self) -> int:
        """All runs that the answer takes."""
        return self.model.runs + (self.others.runs if self.others else 0)

    @property
    def question(self) -> dict[str, Any]:
        """What is asked; the answer is a function of it."""
        designs = [self.model, *([self.others] if self.others else [])]
        points = [[point.labels["model"], settings_of(point.config)] for design in designs for point in design.points]
        record = list(self.record) if self.record else None
        bounds = [[check.pattern, check.what, str(check.low), str(check.high)] for check in CHECKS]
        model = {"fingerprint": fingerprint(), "schema": schema_hash()}
        return {"verify": points, "record": record, "bounds": bounds, **model}


@dataclass(frozen=True)
class Answer:
    """What was found; a forecast has no findings, no wrong models and no coverage."""

    asked: Asked
    histories: int
    findings: list[Finding]
    wrong: dict[str, list[Finding]]
    score: Score | None
    predicted: Sequence[Predicted]
    coverage: Coverage | None
    failed: int  # runs that failed and were left out

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each pattern for the model."""
        return by_pattern(self.findings)


def ask(overrides: Sequence[str]) -> Asked:
    """The question that overrides ask; everything is composed and read here.  Raises `BadInput`."""
    asked = list(overrides)
    config = compose(*asked)
    if config.axes:
        raise BadInput(
            f"experiment={config.name} varies {config.axes[0].partition('=')[0]}; `tanf verify` asks about one model"
        )
    command = shlex.join(["tanf", "verify", *(one for one in asked if not one.startswith(NOT_IN_THE_COMMAND))])
    model, record = _design(config, {"the model": asked}), record_of(config)
    forecast = config.incidents or (config.scenario.start_date, config.scenario.horizon_days) != (START_DATE, DAYS)
    return Asked(command, model, None if forecast else _others(config, asked), record)


def _others(config: Config, asked: list[str]) -> Design:
    """Wrong models and scenarios, at most 2,000 histories of each."""
    fewer = [one for one in asked if not one.startswith("replications=")]
    fewer.append(f"replications={min(config.replications, REPLICATIONS)}")
    named = {wrong.name: overrides_for(wrong, fewer) for wrong in WRONG}
    bare = [one for one in fewer if not one.startswith(SCENARIO)]
    named |= {SCENARIO + name: [*bare, SCENARIO + name] for name in options("scenario")}
    return _design(config, named)


def _design(base: Config, named: dict[str, list[str]]) -> Design:
    points = [Point(k, {"model": name}, compose(*given)) for k, (name, given) in enumerate(named.items())]
    return Design(points[0].config if len(points) > 1 else base, points)


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Answer and return the exit code: 0 (also where patterns fail), 3 with failed runs, 128 + n stopped by signal n.

    `draw(answer, stem)` makes the figure.  Raises `BadInput` before anything is run, `Locked`,
    `StorageError`, `DamagedResults`.
    """
    asked = ask(overrides)
    path = pathlib.Path(asked.config.out or f"results/verify-{question_hash(asked.question)}")
    try:
        with verify_files.writing(path, asked.question) as folder:
            return _answer(asked, folder, draw if asked.config.figures and asked.others else None)
    except KeyboardInterrupt as stop:
        console().print("\nstopped; nothing was written")
        return getattr(stop, "exit_code", 128 + signal.SIGINT)


def _answer(asked: Asked, folder: verify_files.Folder, draw: Draw | None) -> int:
    failed = 0
    if not folder.done:
        answer = find(asked)
        failed = answer.failed
        files = verify_page.files(answer, pictured=draw is not None)
        folder.fill(files, (lambda stem: draw(answer, stem)) if draw else None)
    sys.stdout.write(folder.page())
    sys.stdout.write(f"{'done already: ' if folder.done else ''}{folder.path}\n")
    if failed:
        console().print(f"{failed:,} runs failed and were left out")
    return FailedRuns.exit_code if failed else 0


def find(asked: Asked) -> Answer:
    """Run everything and hold it against the record; progress goes to standard error."""
    engines = [Runs(design) for design in (asked.model, asked.others) if design]
    with compiling(engines[0].scenario(0)):
        engines[0].warm_up()
    seconds = engines[0].seconds_per_run(asked.runs)
    others = f"; {asked.others.runs:,} runs of wrong models and scenarios" if asked.others else ""
    told = f"{asked.model.runs:,} runs of the model{others}"
    console().print(told + (f"; expected time {duration(seconds * asked.runs)}" if seconds is not None else ""))
    with counting(asked.runs) as progress:
        rows = _outcomes(engines[0], asked.model, progress)
        apart = _outcomes(engines[1], asked.others, progress) if asked.others else {}
    failed = asked.runs - sum(len(each) for each in (*rows.values(), *apart.values()))
    return _found(asked, rows["the model"], apart, failed)


def _outcomes(engine: Runs, design: Design, progress: Bar | Lines) -> dict[str, np.ndarray]:
    """The outcomes of each model of a design, by its name, without the runs that failed."""
    rows, status = engine.part(range(design.base.replications), progress.advance)
    return {point.labels["model"]: rows[status[:, k] == OK, k] for k, point in enumerate(design.points)}


def _found(asked: Asked, rows: np.ndarray, others: dict[str, np.ndarray], failed: int) -> Answer:
    patterned = asked.others is not None
    return Answer(
        asked=asked,
        histories=len(rows),
        findings=findings(rows) if patterned else [],
        wrong={wrong.name: findings(others[wrong.name], wrong.patterns) for wrong in WRONG} if patterned else {},
        score=score(rows, asked.record) if asked.record else None,
        predicted=predicted(rows),
        coverage=_coverage(asked.others, others) if asked.others else None,
        failed=failed,
    )


def _coverage(design: Design, rows: dict[str, np.ndarray]) -> Coverage:
    """What the scenarios among the models of a design show."""
    scenarios = {point.labels["model"]: point.config for point in design.points}
    named = [name for name in rows if name.startswith(SCENARIO)]
    return cover(
        {name.removeprefix(SCENARIO): rows[name] for name in named},
        {name.removeprefix(SCENARIO): scenarios[name] for name in named},
    )
