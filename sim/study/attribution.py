"""Which decisions an outcome was due to: the links of its chain of causes cut one by one, under the same luck.

Of each run in which the outcome came about its first coming is looked at.  Every decision that led there is undone in
a simulation of its own, in which all draws are the same (odd.md 7.15): but-for causes in the sense of J. Y. Halpern
and J. Pearl (2005), Brit. J. Phil. Sci. 56, 843-887, for a model that can be run again.
"""

from __future__ import annotations

import math
import os
import pathlib
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import writing
from sim.results.manifest import question_hash
from sim.rules.names import Act
from sim.run.columns import COLUMNS
from sim.run.counterfactual import Change, Held, again, change_of, step_of
from sim.run.story import Story, tell
from sim.scenario import Scenario
from sim.study import sweep
from sim.study.compare import outcome_of
from sim.study.designs import Design, grid
from sim.study.drawing import draw_beside
from sim.study.estimate import Estimate, probability
from sim.study.pathways import chain_of, closing_event, decisions, pathway, word
from sim.study.progress import counting

FIRST_AND_LAST = 1e6  # minutes, longer than any run: the positions are of no interest
SAME_MIN = 360.0  # an outcome that comes within six hours of when it came is the same one (odd.md 9)


@dataclass(frozen=True)
class Cut:
    """What became of an outcome without an event: minutes until it came after all, negative for earlier; nan never."""

    number: int
    act: Act
    later_min: float

    @property
    def gone(self) -> bool:
        """It did not come within six hours of when it had come."""
        return not abs(self.later_min) <= SAME_MIN

    @property
    def never(self) -> bool:
        """It did not come at all."""
        return math.isnan(self.later_min)


@dataclass(frozen=True)
class Case:
    """A run in which the outcome came about.

    `way` and `words` are its way, event numbers and words, the closing event last; `cuts` what became of it without
    each decision that was cut, by event number; `beside` the same without another act of the kind that is not in its
    chain, one a kind.
    """

    replication: int
    closing: int
    way: tuple[int, ...]
    words: tuple[str, ...]
    cuts: dict[int, Cut]
    beside: tuple[Cut, ...]


@dataclass(frozen=True)
class Link:
    """A kind of act: in how many cases one was in the chain, how often the outcome was gone without the last of them.

    `never`: and did not come later either; `beside`: gone without an act of the kind that was not in the chain.
    """

    act: Act
    gone: Estimate
    never: Estimate
    beside: Estimate


@dataclass(frozen=True)
class Way:
    """A way that several runs took: how many, and of each step but the last how often the outcome was gone without."""

    words: tuple[str, ...]
    share: Estimate
    gone: tuple[Estimate, ...]


@dataclass(frozen=True)
class Found:
    """What was found: `told` is the case that is told in full, with its story."""

    design: Design
    results: Results
    outcome: str
    chance: Estimate
    cases: list[Case]
    links: list[Link]
    ways: list[Way]
    told: Case
    story: Story


Draw = Callable[[Found, pathlib.Path], object]
_looked_into: dict[tuple[object, ...], list[Case]] = {}  # what this process looked into last


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Attribute and return the exit code, as `sim.study.sweep.run`; raises as it does."""
    from sim.study.attribution_page import render

    design = grid(overrides)
    refuse_what_does_not_fit(design)
    found: list[Found] = []

    def say(results: Results) -> str:
        found.append(attributed(design, results))
        return render(found[0])

    code = sweep.answer(design, sweep.folder_of(design), shlex.join(["tanf", "attribute", *overrides]), tell=say)
    if draw and design.base.figures:
        results, outcome = found[0].results, found[0].outcome
        with writing(results.folder, results.manifest["question"], results.replications):
            draw_beside(results, lambda figures: draw(found[0], figures / f"attribute-{outcome}"))
    return code


def refuse_what_does_not_fit(design: Design) -> None:
    """Raise `BadInput` for settings that an attribution cannot have."""
    config = design.base
    if len(design.points) > 1 or config.axes:
        raise BadInput(f"{design.axes[0]} has several values; `tanf attribute` asks about one point: give it one value")
    if config.until.half_width is not None:
        raise BadInput("until.half_width is for `tanf sweep`; `tanf attribute` looks at attribute.cases runs at most")
    if config.shard:
        raise BadInput("shard is for `tanf sweep`; `tanf attribute` tells a whole answer")
    outcome = outcome_of(config)
    if COLUMNS.get(f"{outcome}_first_min") is None:
        raise BadInput(f"outcome={outcome} is a state and has no first time; ask about one with {outcome}_first_min")
    told = config.attribute.run
    if told is not None and told >= config.replications:
        raise BadInput(
            f"attribute.run={told} is not among the replications 0 to {config.replications - 1}; choose one of them"
        )


def attributed(design: Design, results: Results) -> Found:
    """Cut the links of the runs of a complete folder of one point.

    Raises `BadInput` where the outcome came about in none of them, or not in the one that is to be told.
    """
    config, outcome = design.base, outcome_of(design.base)
    rows = results.outcomes
    came = [int(number) for number in rows["replication"][rows[outcome] != 0]]
    if not came:
        raise BadInput(
            f"{outcome} came about in none of {len(rows):,} runs, so there is nothing to attribute; raise "
            "replications=N or ask about another outcome"
        )
    asked = config.attribute.run
    if asked is not None and asked not in came:
        raise BadInput(
            f"{outcome} did not come about in replication {asked}; it did in {', '.join(map(str, came[:8]))}"
        )
    looked_at = came[: config.attribute.cases]
    scenario, seed = design.points[0].scenario, design.points[0].seed
    numbers = looked_at if asked is None or asked in looked_at else [*looked_at, asked]
    key = (question_hash(design.question), outcome, *numbers)
    if key not in _looked_into:  # the report asks a second time
        _looked_into.clear()
        _looked_into[key] = _all_cases(scenario, seed, numbers, outcome, config.threads or os.cpu_count() or 1)
    cases = _looked_into[key]
    by_number = {case.replication: case for case in cases}
    cases = [by_number[number] for number in looked_at]
    ways = ways_of(cases)
    told = by_number[asked] if asked is not None else next(case for case in cases if case.words == ways[0].words)
    story = tell(scenario, seed=seed, replication=told.replication)
    full = case_of(scenario, seed, told.replication, outcome, whole=True)
    chance = probability(len(came), len(rows))
    return Found(design, results, outcome, chance, cases, links_of(cases), ways, full, story)


def attributed_runs(design: Design, numbers: Sequence[int], outcome: str) -> tuple[list[Link], list[Way]]:
    """Links and ways of replications of the one point of a design, in all of which the outcome came about."""
    (point,) = design.points
    cases = _all_cases(point.scenario, point.seed, numbers, outcome, design.base.threads or os.cpu_count() or 1)
    return links_of(cases), ways_of(cases)


def _all_cases(scenario: Scenario, seed: int, numbers: Sequence[int], outcome: str, threads: int) -> list[Case]:
    """A case for each replication, on threads; which thread does which changes nothing."""
    with ThreadPoolExecutor(threads) as pool, counting(len(numbers), noun="runs looked into") as progress:
        jobs = [pool.submit(case_of, scenario, seed, number, outcome) for number in numbers]
        try:
            return [_counted(job.result(), progress.advance) for job in jobs]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _counted(case: Case, advance: Callable[[int], object]) -> Case:
    advance(1)
    return case


def case_of(scenario: Scenario, seed: int, replication: int, outcome: str, *, whole: bool = False) -> Case:
    """A run in which an outcome came about, with the links of its chain cut.

    Cut are the steps of its way and, of calls and what Russia says of them, the last; `whole` cuts every decision.
    """
    story = tell(scenario, seed=seed, replication=replication, every_min=FIRST_AND_LAST)
    closing = closing_event(story, outcome)
    chain = chain_of(story, closing)
    decided = decisions(story, chain)
    way = pathway(story, chain, decided)
    last = {story.events[n]["act"]: n for n in decided}  # of each kind
    cut = decided if whole else sorted({*way[:-1], *last.values()})
    cuts = {n: _cut(story, n, outcome) for n in cut}
    others = (_another(story, n, chain) for n in last.values())
    beside = tuple(_cut(story, n, outcome) for n in others if n is not None)
    return Case(replication, closing, tuple(way), tuple(word(story, n) for n in way), cuts, beside)


def _cut(story: Story, number: int, outcome: str) -> Cut:
    """What becomes of an outcome without an event."""
    change = change_of(story, number)
    found = again(story.scenario, seed=story.seed, replication=story.replication, change=change)
    moment = f"{outcome}_first_min"
    return Cut(number, Act(int(story.events[number]["act"])), float(found[moment]) - float(story.outcome[moment]))


def _another(story: Story, number: int, chain: Sequence[int]) -> int | None:
    """Another act of the same kind before the last of a chain that is not in it, drawn at random, or None.

    One that would take an act of the chain with it, being withheld from the same unit, is no other.
    """
    act = story.events[number]["act"]
    alike = np.flatnonzero(story.events["act"][: chain[-1]] == act)
    mine = [(step_of(story, n), change_of(story, n)) for n in chain[:-1] if story.events[n]["act"] == act]
    free = [int(n) for n in alike if n not in chain and not _takes(change_of(story, int(n)), mine)]
    dice = np.random.default_rng([story.seed, story.replication, number])
    return int(dice.choice(free)) if free else None


def _takes(change: Change | None, mine: Sequence[tuple[int, Change | None]]) -> bool:
    """Whether a change would undo an act of a chain as well, or nothing at all."""
    if not isinstance(change, Held):
        return change is None
    return any(
        isinstance(own, Held) and own.who == change.who and change.first_step <= step <= change.last_step
        for step, own in mine
    )


def links_of(cases: Sequence[Case]) -> list[Link]:
    """Every kind of act in the chains, the commonest first; of a kind, the last of each case: cases are independent."""
    last: dict[Act, list[Cut]] = {}
    for case in cases:
        for cut in {cut.act: cut for cut in case.cuts.values()}.values():
            last.setdefault(cut.act, []).append(cut)
    beside = [cut for case in cases for cut in case.beside]
    return [
        Link(
            act,
            probability(sum(cut.gone for cut in cuts), len(cuts)),
            probability(sum(cut.never for cut in cuts), len(cuts)),
            _share([cut.gone for cut in beside if cut.act == act]),
        )
        for act, cuts in sorted(last.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def ways_of(cases: Sequence[Case]) -> list[Way]:
    """Every way that was taken, the commonest first."""
    taken = Counter(case.words for case in cases)
    return [
        _way(words, [case for case in cases if case.words == words], len(cases)) for words, _ in taken.most_common()
    ]


def _way(words: tuple[str, ...], cases: Sequence[Case], of: int) -> Way:
    steps = range(len(words) - 1)
    gone = tuple(_share([case.cuts[case.way[k]].gone for case in cases]) for k in steps)
    return Way(words, probability(len(cases), of), gone)


def _share(found: Sequence[bool]) -> Estimate:
    return probability(sum(found), len(found))
