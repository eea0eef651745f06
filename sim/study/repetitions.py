"""The repetitions of adaptive multilevel splitting on the model, each kept as soon as it is there.

A repetition is a function of the question and its number, so neither threads nor interruptions can matter, and more
of them go on from those that are there.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import BadInput, DamagedResults
from sim.results.seal import canonical
from sim.results.storage import atomic_write, claimed
from sim.run import batch
from sim.run.splitting import Branched, Climb, finished
from sim.study.climbing import GOAL, climber, levels_of, rungs_of
from sim.study.designs import Design
from sim.study.estimate import Estimate
from sim.study.first_use import compiling
from sim.study.progress import console, counting
from sim.study.splitting import Plan, Repetition, split, student

FEWEST, MOST_SPREAD = 5, 1.0  # repetitions that came to the goal; standard deviation of a repetition over the mean
GOOD_SPREAD = 0.5  # Student's interval keeps its promise there (sim.study.splitting)
TOLD_PATHS = 3  # of each repetition
QUESTION = "question.json"


@dataclass(frozen=True)
class Repetitions:
    """All repetitions of a question: `chances` (repetitions, levels) of coming to each level, the goal last.

    `work` is the number of whole runs that the steps of all paths make; `paths` are those that came to the goal, as
    they are kept: legs, outcome and its SHA-256, with the number of their repetition.
    """

    folder: pathlib.Path
    plan: Plan
    chances: np.ndarray
    work: float
    paths: list[dict[str, Any]]

    @property
    def estimate(self) -> Estimate:
        """The chance asked for."""
        return student(self.chances[:, -1])

    def spread(self, level: int = -1) -> float:
        """Standard deviation of a repetition's estimate over the mean, of coming to a level; nan where none did."""
        mine = self.chances[:, level]
        return float(mine.std(ddof=1) / mine.mean()) if mine.any() else np.nan

    def carried(self, level: int = -1) -> bool:
        """Whether these repetitions carry an estimate of coming to a level."""
        return int((self.chances[:, level] > 0).sum()) >= FEWEST and self.spread(level) <= MOST_SPREAD

    @property
    def bound(self) -> float:
        """The upper end of the interval of the highest level that they carry an estimate of; 1 where there is none.

        Whoever comes to the goal has come to it before.
        """
        levels = [k for k in range(self.chances.shape[1]) if self.carried(k)]
        return student(self.chances[:, max(levels)]).high if levels else 1.0

    @property
    def gain(self) -> float:
        """Variance of plain Monte Carlo over that of this, for the same number of simulated steps."""
        p, variance = self.estimate.estimate, float(self.chances[:, -1].var(ddof=1)) / len(self.chances)
        return p * (1 - p) / (variance * self.work) if variance > 0 else np.nan

    @property
    def enough(self) -> int | None:
        """Paths a repetition that would carry an estimate, as the variance falls with 1 / paths; None: nobody knows."""
        spread = self.spread()
        if np.isnan(spread):
            return None
        return int(np.ceil(self.plan.paths * max(1.0, (spread / GOOD_SPREAD) ** 2) / 100) * 100)


def question_of(design: Design, column: str, count: int) -> dict[str, Any]:
    """What a repetition is a function of, its number apart."""
    asked = {"column": column, "count": count, "paths": design.base.rare.paths}
    return {"splitting": design.question, "ladder": rungs_of(column, count), **asked}


def answer(design: Design, folder: pathlib.Path, question: Mapping[str, Any]) -> Repetitions:
    """Compute the repetitions that a folder lacks and read all; raises `BadInput`, `Locked`, `DamagedResults`."""
    asked, point = design.base.rare, design.points[0]
    plan = Plan(paths=asked.paths, repetitions=asked.repetitions, seed=point.seed)
    process = climber(point, question["column"], question["count"], design.base.threads or os.cpu_count() or 1)
    with claimed(folder):
        _same_question(folder, question)
        missing = [k for k in range(plan.repetitions) if not file_of(folder, k).exists()]
        if missing:
            console().print(f"splitting: {len(missing)} repetitions of {plan.paths:,} paths into {folder}")
            with compiling(process.scenario, batch.whole_run), counting(len(missing), noun="repetitions") as progress:
                for number in missing:
                    atomic_write(file_of(folder, number), _written(_record(process, plan, number)))
                    progress.advance(1)
        kept = [read(file_of(folder, number)) for number in range(plan.repetitions)]
    return Repetitions(
        folder=folder,
        plan=plan,
        chances=np.array([one["chances"] for one in kept]),
        work=sum(one["steps"] for one in kept) / process.scenario.steps,
        paths=[
            {"repetition": number, "number": k} | path
            for number, one in enumerate(kept)
            for k, path in enumerate(one["paths"])
        ],
    )


def _record(process: Climb, plan: Plan, number: int) -> dict[str, Any]:
    """A repetition as it is kept."""
    process.steps = 0
    done: Repetition[Branched] = split(process, levels_of(process), plan, number)
    steps = process.steps
    first = {path.legs[0]: path for path in reversed(done.paths) if path.score >= GOAL}
    paths = [_told(process, path) for path in sorted(first.values(), key=lambda path: path.legs)[:TOLD_PATHS]]
    return {"chances": done.chances, "begun": done.begun, "rounds": done.rounds, "steps": steps, "paths": paths}


def _told(process: Climb, path: Branched) -> dict[str, Any]:
    """A path that came to the goal: its legs, when it came there, and the hash of its outcome at the horizon."""
    reached = float(path.marks[-1].state.now_min)
    digest = hashlib.sha256(finished(process, path).tobytes()).hexdigest()
    return {"legs": path.legs, "reached_min": reached, "outcome_sha256": digest}


def file_of(folder: pathlib.Path, number: int) -> pathlib.Path:
    """Where a repetition is kept."""
    return folder / f"repetition-{number:03}.json"


def _written(content: Mapping[str, Any]) -> bytes:
    """With the hash of its content, so that damage is noticed."""
    seal = hashlib.sha256(canonical(content).encode()).hexdigest()
    return (json.dumps({"content": content, "sha256": seal}, indent=1) + "\n").encode()


def read(file: pathlib.Path) -> dict[str, Any]:
    """A repetition as it was kept; raises `DamagedResults`."""
    try:
        there = json.loads(file.read_bytes())
        content, seal = there["content"], there["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedResults(f"{file} cannot be read ({error!r}); remove it, and it is computed again") from error
    if hashlib.sha256(canonical(content).encode()).hexdigest() != seal:
        raise DamagedResults(f"{file} is not as it was written; remove it, and it is computed again")
    return content


def _same_question(folder: pathlib.Path, question: Mapping[str, Any]) -> None:
    """The folder holds repetitions of this question, or none yet."""
    file, wanted = folder / QUESTION, json.loads(json.dumps(question))
    if not file.exists():
        atomic_write(file, (json.dumps(wanted, indent=1, sort_keys=True) + "\n").encode())
    elif json.loads(file.read_bytes()) != wanted:
        raise BadInput(f"{folder} holds the answer to another question; choose another folder with out=")
