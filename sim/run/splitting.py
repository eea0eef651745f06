"""Paths of the model that can be branched: runs that leave a copy of their state each time they come higher.

A path is one run whose luck changes at its branches: up to each of them the draws are those of one lineage, from
there on those of another.  A lineage stands in the counter of a draw where an ordinary run has its replication, with
bit 31 set (architecture: one layout of random numbers), so that neither can ever meet the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.errors import BadInput
from sim.rules.compiling import kernel
from sim.rules.step import run as whole_run
from sim.rules.tables import Params, State
from sim.run.batch import no_log, refuse_scripted, seeded
from sim.run.columns import COLUMNS, FLAT, flat
from sim.scenario import Scenario

LINEAGE = 2**31  # the bit that tells a lineage from a replication
Leg = tuple[int, int]  # the step after which a lineage begins, and the lineage
Rung = tuple[str, int, int]  # a column of the outcome that counts up, what each count weighs, the most that counts


@kernel
def climb(
    marks: np.ndarray, words: np.ndarray, ladder: np.ndarray, worth: np.ndarray, params: Params, log: np.ndarray
) -> int:
    """Run `marks[0]` on and copy it behind, from marks[1], each time its score rises; returns how many copies.

    `marks` are State rows, `words` the same bytes as eight-byte numbers (rows, words of a state), `ladder` rows of
    (word, weight, most), `worth` the score by height and step.  It is over at the last step or at the greatest height.
    """
    goal, steps = worth.shape[0] - 1, worth.shape[1] - 1
    height = height_of(words[0], ladder, goal)
    count, best = 0, worth[height, marks[0].step]
    while marks[0].step < steps and height < goal:
        whole_run(marks[0], params, log, min(1, steps))  # a bare 1 would be a type of its own, and compiled anew
        height = height_of(words[0], ladder, goal)
        if worth[height, marks[0].step] > best:
            best = worth[height, marks[0].step]
            count += 1
            marks[count] = marks[0]
    return count


@kernel
def height_of(words: np.ndarray, ladder: np.ndarray, goal: int) -> int:
    """How high a state stands: its counts, each up to its most, times their weights, and `goal` at most."""
    height = 0
    for k in range(len(ladder)):
        height += ladder[k, 1] * min(words[ladder[k, 0]], ladder[k, 2])
    return min(height, goal)


@dataclass(frozen=True)
class Mark:
    """A state that came higher than any before it on its path."""

    score: float
    state: State


@dataclass(frozen=True)
class Branched:
    """A path: the legs it is made of, and the states in which it came higher: where its last leg began, and on it."""

    legs: tuple[Leg, ...]
    marks: tuple[Mark, ...]

    @property
    def score(self) -> float:
        """The highest score it has come to."""
        return self.marks[-1].score

    def above(self, level: float) -> Mark:
        """Its first state with a score > `level`; such a one must be there."""
        return next(mark for mark in self.marks if mark.score > level)


class Climb:
    """A scenario as a process that can be split.

    Its height counts rungs (column of the outcome, weight, most), and its score is `worth`, (goal + 1, steps + 1), at
    that height and step; never more at a later step of the same height.  A path is over at the horizon or when it comes
    to the goal.  Raises `BadInput` for a column that does not count.
    """

    def __init__(
        self, scenario: Scenario, rungs: Sequence[Rung], worth: np.ndarray, seed: int, threads: int = 1
    ) -> None:
        refuse_scripted(scenario)
        self.scenario, self.worth, self.threads = scenario, worth, threads
        self.goal = len(worth) - 1
        self.start = seeded(scenario.state, seed, 0)
        self.ladder = np.array([(word_of(column), weight, most) for column, weight, most in rungs], np.int64)
        self.steps = 0  # taken so far, by all paths

    def begun(self, lineages: range) -> list[Branched]:
        """A path from the start of the scenario for each lineage."""
        start = Mark(float(self.worth[0, 0]), self.start)
        return self._all([(start, ((0, lineage),)) for lineage in lineages])

    def branched(self, parents: Sequence[Branched], above: float, lineages: range) -> list[Branched]:
        """Each parent up to its first state with a score > `above`, and from there on with its lineage."""
        found = []
        for parent, lineage in zip(parents, lineages, strict=True):
            mark = parent.above(above)
            kept = tuple(leg for leg in parent.legs if leg[0] < mark.state.step)
            found.append((mark, (*kept, (int(mark.state.step), lineage))))
        return self._all(found)

    def _all(self, jobs: Sequence[tuple[Mark, tuple[Leg, ...]]]) -> list[Branched]:
        with ThreadPoolExecutor(self.threads) as pool:
            done = list(pool.map(lambda job: self._one(*job), jobs))
        self.steps += sum(steps for _, steps in done)
        return [path for path, _ in done]

    def _one(self, start: Mark, legs: tuple[Leg, ...]) -> tuple[Branched, int]:
        """A path from a state on, and the steps it took."""
        rows = np.zeros(2 + self.goal, State.dtype_)  # it can come higher so often at most
        rows[0] = start.state
        rows[0].replication = LINEAGE | legs[-1][1]
        words = rows.view(np.int64).reshape(len(rows), -1)
        count = climb(rows, words, self.ladder, self.worth, self.scenario.params, no_log())
        risen = [Mark(self._score(rows[k], words[k]), rows[k].copy()) for k in range(1, count + 1)]
        return Branched(legs, (start, *risen)), int(rows[0].step - start.state.step)

    def _score(self, state: State, words: np.ndarray) -> float:
        return float(self.worth[height_of(words, self.ladder, self.goal), state.step])


def word_of(column: str) -> int:
    """Where in a State a column of the outcome stands, in eight-byte words; `BadInput` for one that does not count."""
    if COLUMNS.get(column) not in (int, bool):
        raise BadInput(f"{column} is no count of the outcome; `tanf list outcomes` names the columns")
    return (State.dtype_.fields["outcome"][1] + FLAT.fields[column][1]) // 8  # type: ignore[index]


def replayed(scenario: Scenario, seed: int, legs: Iterable[Leg], log: np.ndarray | None = None) -> State:
    """The final state of the run with these legs, in the ordinary engine from its first step.

    Events go to `log` as far as it can hold them.
    """
    state = seeded(scenario.state, seed, 0)
    starts = [*legs, (scenario.steps, 0)]
    for (_, lineage), (until, _) in pairwise(starts):
        state.replication = LINEAGE | lineage
        whole_run(state, scenario.params, no_log() if log is None else log, until - int(state.step))
    return state


def finished(process: Climb, path: Branched) -> np.ndarray:
    """The outcome of a path that came to the goal, run on from there to the horizon: one flat row, shape (1,)."""
    state = path.marks[-1].state.copy()
    state.replication = LINEAGE | path.legs[-1][1]
    whole_run(state, process.scenario.params, no_log(), process.scenario.steps - int(state.step))
    return flat(np.array([state.outcome]))
