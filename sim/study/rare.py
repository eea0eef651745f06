"""A rare outcome: how likely it is, by the cheapest method that applies, and by what paths it came about.

Plain runs come first, in an ordinary results folder.  Where they do not see the outcome often enough, its chance
is averaged instead of its coming (`sim.study.conditional`), or paths that have come far are branched
(`sim.study.splitting`), with lineages that no plain run has, so that the two estimates are independent.
"""

from __future__ import annotations

import pathlib
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.config.check import nearest, shown
from sim.config.settings import Config
from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import writing
from sim.results.manifest import question_hash
from sim.run.columns import COLUMNS
from sim.study import conditional as on_average
from sim.study import repetitions, sweep
from sim.study.conditional import Conditional, conditional
from sim.study.designs import Design, grid
from sim.study.differences import FEW
from sim.study.drawing import draw_beside
from sim.study.estimate import Estimate, probability
from sim.study.repetitions import Repetitions
from sim.study.summary import NOT_AVERAGED
from sim.study.watching import HAPPENINGS, HEADLINE

COUNTS = [name for name, kind in COLUMNS.items() if kind is int and not NOT_AVERAGED.match(name)]
FEWEST_RUNS = 2
ENOUGH = 100  # events that tell a chance to a fifth
RARE = 0.01  # of what is likelier, plain runs tell about as much for the same work (docs/rare.md)
CHOICE = "cheapest"


@dataclass(frozen=True)
class Asked:
    """The outcome asked about: its column in the outcome row, how often at least, and how it is called."""

    column: str
    count: int
    words: str


@dataclass(frozen=True)
class Found:
    """What a complete folder says; of `conditional` and `splitting` only the method that was chosen is there."""

    design: Design
    results: Results
    asked: Asked
    method: str
    why: str
    plain: Estimate
    conditional: Conditional | None
    splitting: Repetitions | None


Draw = Callable[[Found, pathlib.Path], object]


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Estimate and return the exit code, as `sim.study.sweep.run`; raises as it does.

    `draw(found, stem)` makes the figure and the file of its numbers.
    """
    from sim.study.rare_page import render

    design = grid(overrides)
    asked = ask(design)
    found: list[Found] = []

    def tell(results: Results) -> str:
        found.append(find(design, results, asked))
        return render(found[0])

    code = sweep.answer(design, sweep.folder_of(design), shlex.join(["tanf", "rare", *overrides]), tell=tell)
    if found and draw and design.base.figures:
        drawn(found[0], draw)
    return code


def drawn(found: Found, draw: Draw) -> None:
    """Draw the figure of this outcome and count beside those that are there."""
    results, name = found.results, f"rare-{found.asked.column}-{found.asked.count}"
    with writing(results.folder, results.manifest["question"], results.replications):
        draw_beside(results, lambda figures: draw(found, figures / name))


def ask(design: Design) -> Asked:
    """The outcome that a design asks about; raises `BadInput` for settings that do not fit."""
    config = design.base
    if len(design.points) > 1 or config.axes:
        raise BadInput(f"{design.axes[0]} has several values; `tanf rare` asks about one point: give it one value")
    if config.until.half_width is not None:
        raise BadInput("until.half_width is for `tanf sweep`; `tanf rare` says how many runs or paths would be enough")
    if config.shard:
        raise BadInput("shard is for `tanf sweep`; `tanf rare` computes a whole answer, on as many threads as you like")
    asked = outcome_of(config.outcome or HEADLINE, config.count)
    if config.replications < FEWEST_RUNS:
        raise BadInput(f"replications={config.replications} is too few for `tanf rare`; give {FEWEST_RUNS} or more")
    if config.rare.method == "conditional" and not _has_hazard(asked):
        raise BadInput(
            f"rare.method=conditional is for outcome={on_average.OUTCOME} with count=1, whose chance every meeting "
            "knows; leave rare.method out, and the cheapest that applies is taken"
        )
    return asked


def outcome_of(name: str, count: int) -> Asked:
    """The column that counts an outcome; raises `BadInput` where nothing of that name is counted."""
    column = f"{name}_count" if name in HAPPENINGS else name
    if column not in COUNTS:
        close = nearest(name, [*HAPPENINGS, *COUNTS])
        hint = f"did you mean {close}? " if close else ""
        raise BadInput(
            f"outcome must be something that is counted, not {shown(name)}; {hint}`tanf list outcomes` names them all"
        )
    return Asked(column, count, name if count == 1 and name in HAPPENINGS else f"{column} of at least {count}")


def find(design: Design, results: Results, asked: Asked) -> Found:
    """The answer of a complete folder of plain runs; what splitting has to compute goes to a folder beside it."""
    rows = results.outcomes
    plain = probability(int((rows[asked.column] >= asked.count).sum()), len(rows))
    method, why = chosen(design.base, asked, plain)
    return Found(
        design=design,
        results=results,
        asked=asked,
        method=method,
        why=why,
        plain=plain,
        conditional=_conditional(design.base, np.asarray(rows)) if method == "conditional" else None,
        splitting=_split(design, results.folder, asked) if method == "splitting" else None,
    )


def _conditional(config: Config, rows: np.ndarray) -> Conditional:
    return conditional(rows, may_be_heavy=on_average.may_be_heavy(config))


def chosen(config: Config, asked: Asked, plain: Estimate) -> tuple[str, str]:
    """The method, and why."""
    if config.rare.method != CHOICE:
        return config.rare.method, "asked for by rare.method"
    if _has_hazard(asked):
        return "conditional", "its chance is known at every meeting, so that no run has to see it come true"
    seen = f"{plain.events:,} of {plain.n:,} runs saw it"
    if plain.events >= ENOUGH:
        return "plain", f"{seen}, which is enough"
    likely = plain.estimate if plain.events >= FEW else plain.high
    if likely > RARE:
        return "plain", f"{seen}, and unless it is rarer than {RARE:g} more runs are as good as splitting"
    return "splitting", f"only {seen}"


def _has_hazard(asked: Asked) -> bool:
    return asked.column == f"{on_average.OUTCOME}_count" and asked.count == 1


def beside(design: Design, folder: pathlib.Path, asked: Asked) -> pathlib.Path:
    """The folder of the repetitions of splitting, which lies beside that of the plain runs."""
    question = repetitions.question_of(design, asked.column, asked.count)
    return folder.with_name(f"{folder.name}-splitting-{question_hash(question)}")


def _split(design: Design, folder: pathlib.Path, asked: Asked) -> Repetitions:
    """The repetitions of splitting, going on from those that are there."""
    question = repetitions.question_of(design, asked.column, asked.count)
    return repetitions.answer(design, beside(design, folder, asked), question)
