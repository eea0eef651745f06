"""Calibration: what the record up to 8 June 2017 says of the parameters, and what it leaves open."""

from __future__ import annotations

import hashlib
import pathlib
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim import scenario
from sim.config.compose import compose
from sim.config.places import options
from sim.config.settings import Config
from sim.config.uncertain import SPREAD, uncertain
from sim.errors import BadInput
from sim.results.fingerprint import fingerprint
from sim.results.manifest import question_hash, settings_of
from sim.results.parts import schema_hash
from sim.run import batch
from sim.study import calibrate_page, verify_files
from sim.study.abc_regression import Kept, Lens, adjusted, lens, nearest, resampled
from sim.study.estimate import clopper_pearson
from sim.study.first_use import compiling
from sim.study.moved import NAMED, Movement, movement
from sim.study.patterns import DAYS, START_DATE, Finding, findings
from sim.study.progress import console, counting
from sim.study.record import SHIPPED
from sim.study.record_seen import OBSERVED, SEEN
from sim.study.reference_table import BLOCK, Draws, histories, made
from sim.study.self_check import SelfCheck, checked

KEPT_SHARE, FEWEST_KEPT = 0.03, 500  # of the draws
SHIPPED_DRAWS, PREDICTED_RUNS = 500, 20  # posterior draws that are written, and runs of each in the predictions
NOT_IN_THE_COMMAND = ("out=", "threads=", "figures=")
Draw = Callable[["Answer", pathlib.Path], object]


@dataclass(frozen=True)
class Asked:
    """What is to be calibrated: the model under each theory, and how many draws of the prior."""

    command: str
    theories: list[str]
    starts: list[Config]  # one for each theory

    @property
    def config(self) -> Config:
        """The configuration of the first theory, for everything that is the same in all."""
        return self.starts[0]

    @cached_property
    def model(self) -> dict[str, Any]:
        """What the table is a function of, its length apart."""
        points = [{k: v for k, v in settings_of(one).items() if k != "replications"} for one in self.starts]
        seen = [[one.words, one.value, one.give] for one in SEEN]
        own = {"fingerprint": fingerprint(), "schema": schema_hash(), "uncertain": list(uncertain()), "spread": SPREAD}
        return {"calibrate": points, "seen": seen, **own}

    @property
    def question(self) -> dict[str, Any]:
        """What is asked; the answer is a function of it."""
        return self.model | {"draws": self.config.draws, "record": record_hash()}


@dataclass(frozen=True)
class Answer:
    """What was found."""

    asked: Asked
    table: Draws
    lens: Lens
    kept: Kept
    movement: Movement
    check: SelfCheck
    theories: np.ndarray  # of the posterior draws
    offsets: np.ndarray  # of the posterior draws (draws, parameters)
    findings: list[Finding]  # patterns over the posterior

    def weight(self, theory: int) -> tuple[float, float, float]:
        """Posterior weight of a theory and its 95 % Monte-Carlo interval (Clopper-Pearson of the effective draws)."""
        share = float(self.kept.weights[self.table.theories[self.kept.rows] == theory].sum())
        n = self.kept.effective
        low, high = clopper_pearson(np.asarray(share * n), np.asarray(n))
        return share, float(low), float(high)


def record_hash() -> str:
    """The SHA-256 of the shipped table of incidents."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def ask(overrides: Sequence[str]) -> Asked:
    """The question that overrides ask; raises `BadInput`."""
    asked = list(overrides)
    config = compose(*asked)
    if config.axes:
        raise BadInput(f"{config.axes[0].partition('=')[0]} varies; `tanf calibrate` asks about one model")
    if (config.scenario.start_date, config.scenario.horizon_days) != (START_DATE, DAYS):
        told = f"{config.scenario.start_date} and {config.scenario.horizon_days:g} days"
        raise BadInput(f"the record that is calibrated to covers {START_DATE} and {DAYS:g} days, not {told}")
    chosen = [one for one in asked if one.startswith("theory=")]
    theories = [config.theory.name] if chosen else options("theory")
    starts = [compose(*asked, *([] if chosen else [f"theory={name}"])) for name in theories]
    command = shlex.join(["tanf", "calibrate", *(one for one in asked if not one.startswith(NOT_IN_THE_COMMAND))])
    return Asked(command, theories, starts)


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Answer and return the exit code: 0, 128 + n stopped by signal n; the table goes on where it stopped.

    `draw(answer, stem)` makes the figure.  Raises `BadInput` before anything is run, `Locked`, `StorageError`,
    `DamagedResults`.
    """
    asked = ask(overrides)
    path = pathlib.Path(asked.config.out or f"results/calibrate-{question_hash(asked.question)}")
    try:
        with verify_files.writing(path, asked.question, calibrate_page.PAGE, calibrate_page.OURS) as folder:
            if not folder.done:
                blocks = path / f".table-{question_hash(asked.model)}"
                answer = find(asked, blocks)
                folder.fill(calibrate_page.files(answer), _painted(answer, draw))
                shutil.rmtree(blocks)
            sys.stdout.write(folder.page())
            sys.stdout.write(f"{'done already: ' if folder.done else ''}{folder.path}\n")
            return 0
    except KeyboardInterrupt as stop:
        console().print(f"\nstopped; the same command goes on:\n  {shlex.join(['tanf', 'calibrate', *overrides])}")
        return getattr(stop, "exit_code", 128 + signal.SIGINT)


def _painted(answer: Answer, draw: Draw | None) -> Callable[[pathlib.Path], object] | None:
    if draw is None or not answer.asked.config.figures:
        return None
    return lambda stem: draw(answer, stem.with_name("calibrate"))


def find(asked: Asked, blocks: pathlib.Path) -> Answer:
    """Draw, run, compare, check; progress goes to standard error, blocks of the table into a folder."""
    start = scenario.build(asked.config)
    with compiling(start):
        batch.replicate(start, replications=1, threads=1)
    draws = asked.config.draws
    console().print(f"{draws:,} draws of the prior, {len(uncertain())} parameters and {len(asked.starts)} theories")
    with counting(-(-draws // BLOCK) * BLOCK) as progress:
        table = made(asked.starts, draws, blocks, progress.advance)
    return _found(asked, table)


def _found(asked: Asked, table: Draws) -> Answer:
    """Everything that follows from the table."""
    seen = lens(table.seen, targets(table, len(asked.starts)))
    places = seen.see(table.seen)
    keep = kept_of(len(places))
    kept = nearest(places, seen.see(OBSERVED[None])[0], keep)
    mine = table.offsets[kept.rows]
    moves = movement(mine, kept, np.isin(uncertain(), NAMED))
    check = checked(places, table.offsets, table.theories, kept)
    dice = np.random.default_rng([asked.config.seed, len(places)])
    picks = resampled(kept.weights, SHIPPED_DRAWS, dice)
    theories = table.theories[kept.rows][picks]
    offsets = adjusted(mine, kept)[picks]
    told = findings(_predicted(asked, theories, offsets, len(places)))
    return Answer(asked, table, seen, kept, moves, check, theories, offsets, told)


def kept_of(draws: int) -> int:
    """How many of the draws are kept."""
    return min(max(round(KEPT_SHARE * draws), FEWEST_KEPT), draws // 2)


def targets(table: Draws, theories: int) -> np.ndarray:
    """What the lens looks for: offsets, and which theory it was where there are several."""
    flags = np.eye(theories)[table.theories] if theories > 1 else np.zeros((len(table.theories), 0))
    return np.column_stack([table.offsets, flags])


def _predicted(asked: Asked, theories: np.ndarray, offsets: np.ndarray, first: int) -> np.ndarray:
    """Outcomes of runs of the posterior draws, with luck that the table has not seen."""
    times = PREDICTED_RUNS
    console().print(f"{times * len(theories):,} runs of the posterior, for the patterns")
    with counting(times * len(theories)) as progress:
        return histories(
            asked.starts,
            np.tile(theories, times),
            np.tile(offsets, (times, 1)),
            first,
            asked.config.threads,
            progress.advance,
        )
