"""One seed under two sets of settings: up to where both histories are one, and what parts them."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import scenario
from sim.config.check import check
from sim.config.settings import Config, declared, put, value_of
from sim.errors import BadInput
from sim.rules import step as rule_book
from sim.rules.draws import Draw
from sim.rules.names import Act
from sim.rules.tables import Event
from sim.run.batch import no_log, seeded
from sim.run.story import Story, tell
from sim.study.described import acts
from sim.study.designs import seed_of

MIN_PER_DAY = 1440.0
HELD_UP = 20  # pairs looked at for the most telling one
TOLD_SETTINGS = 30  # settings tried one by one


@dataclass(frozen=True)
class Choice:
    """A decision made at the moment the histories part: about what, the draw, and the chance of each option."""

    about: str
    draw: float
    chances: tuple[float, ...]
    chosen: int


@dataclass(frozen=True)
class Twin:
    """Two histories of one seed.

    `first` is the number of the first event that is not the same in both, None where all are; `settings` the
    (name, value in a, value in b) of what differs, `alone` the names of those that part the histories at the same
    event and in the same way when nothing else is changed; `choices` the decisions made there, one an arm, and
    `modules` the files of the rule book that write such events.
    """

    replication: int
    stories: tuple[Story, Story]
    first: int | None
    settings: list[tuple[str, Any, Any]]
    alone: list[str]
    choices: tuple[Choice | None, Choice | None]
    modules: list[str]


def twin(a: Config, b: Config, replication: int) -> Twin:
    """Both histories of a replication, and what parts them; the seed is that of the configurations."""
    stories = _stories(a, b, replication)
    settings = [(key, value_of(a, key), value_of(b, key)) for key in declared() if _differs(a, b, key)]
    first = first_difference(stories[0].events, stories[1].events)
    if first is None:
        return Twin(replication, stories, None, settings, [], (None, None), [])
    alone = [key for key, *_ in settings[:TOLD_SETTINGS] if _parts_alike(a, key, b, stories, first)]
    choices = _choice(stories[0], first), _choice(stories[1], first)
    return Twin(replication, stories, first, settings, alone, choices, _modules(stories, first))


def _differs(a: Config, b: Config, key: str) -> bool:
    """Whether a setting is another one in b; the name of a preset is none."""
    return not key.endswith(".name") and bool(value_of(a, key) != value_of(b, key))


def first_difference(a: np.ndarray, b: np.ndarray) -> int | None:
    """The number of the first event that is not the same, to the last bit; None where the logs are the same."""
    both = min(len(a), len(b))
    bytes_a, bytes_b = (
        np.ascontiguousarray(log[:both]).view("i8").reshape(both, len(Event.dtype_.names or ())) for log in (a, b)
    )
    found = np.flatnonzero((bytes_a != bytes_b).any(axis=1))
    if len(found):
        return int(found[0])
    return None if len(a) == len(b) else both


def most_telling(a: Config, b: Config, outcome: str, pairs: Sequence[int]) -> int:
    """Of some replications that come out differently, the one with the shortest way from the parting to the outcome."""
    worlds = scenario.build(a), scenario.build(b)
    told = ((_told(worlds[0], a, pair), _told(worlds[1], b, pair)) for pair in pairs[:HELD_UP])
    ways = [_way_min(stories, outcome) for stories in told]
    return pairs[ways.index(min(ways))]


def _way_min(stories: tuple[Story, Story], outcome: str) -> float:
    """Minutes from the first event that differs to the first time that the outcome is seen in one arm only."""
    first = first_difference(stories[0].events, stories[1].events)
    seen = [float(story.outcome[f"{outcome}_first_min"]) for story in stories if story.outcome[outcome]]
    if first is None or not seen:
        return math.inf
    return min(seen) - parted_min(stories, first)


def parted_min(stories: tuple[Story, Story], first: int) -> float:
    """When two histories part, in minutes from the start."""
    return min(float(story.events[first]["minute"]) for story in stories if first < len(story.events))


def _stories(a: Config, b: Config, replication: int) -> tuple[Story, Story]:
    return _told(scenario.build(a), a, replication), _told(scenario.build(b), b, replication)


def _told(world: scenario.Scenario, config: Config, replication: int) -> Story:
    """The events of a run; of the positions only the first and the last."""
    whole_min = config.scenario.horizon_days * MIN_PER_DAY
    return tell(world, seed=seed_of(config), replication=replication, every_min=whole_min)


def _parts_alike(a: Config, key: str, b: Config, stories: tuple[Story, Story], first: int) -> bool:
    """Whether a with this one setting of b goes as b does up to and with the event at which they part."""
    changed = copy.deepcopy(a)
    put(changed, key, value_of(b, key))
    try:
        check(changed)
        events = _told(scenario.build(changed), changed, stories[0].replication).events
    except BadInput:  # the two settings do not go together
        return False
    return first_difference(events[: first + 1], stories[1].events[: first + 1]) is None


def _choice(story: Story, first: int) -> Choice | None:
    """The decision that the unit of an event, or the one it is done to, made in the same minute."""
    if first >= len(story.events):
        return None
    event, params = story.events[first], story.scenario.params
    state = seeded(story.scenario.state, story.seed, story.replication)
    rule_book.run(state, params, no_log(), math.floor(event["minute"] / params.step_min) + 1)
    for row in (int(event["target"]), int(event["actor"])):
        if 0 <= row < state.n_units and state.units[row].decision.draw >= 0:
            told = state.units[row].decision
            if told.minute == event["minute"]:
                about = Draw(told.draw).name.lower()
                return Choice(about, float(told.u), tuple(float(p) for p in told.p), int(told.chosen))
    return None


def _modules(stories: tuple[Story, Story], first: int) -> list[str]:
    """Files of the rule book that write the event at which the histories part: the earlier one of the two."""
    events = [story.events[first] for story in stories if first < len(story.events)]
    begun = min(event["minute"] for event in events)
    written = {Act(int(event["act"])).name.lower() for event in events if event["minute"] == begun}
    return [f"sim/rules/{module}.py" for module, names in acts().items() if written & set(names)]
