"""What led to what: a log as sentences, and the chain of causes of any of its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sim.rules.names import Act
from sim.run.sentences import sentence
from sim.run.words import beginning, clock
from sim.scenario import Scenario

ROUTINE = (Act.DETECTION, Act.LINE_CALL, Act.CALL_LOST, Act.DISSUASION)  # what repeats while a unit stands about
FOLDED = 3  # routine steps in a row of a chain that are told one by one; of more, the first and the last


@dataclass(frozen=True)
class Chronicle:
    """The events of a run, shape (n,), with all that is needed to tell them: names by unit id, local start."""

    events: np.ndarray
    names: Mapping[int, str]
    begin: datetime

    @classmethod
    def of(cls, scenario: Scenario, events: np.ndarray) -> Chronicle:
        """The chronicle of a run of this scenario."""
        return cls(events, dict(enumerate(scenario.names)), beginning(scenario))

    def when(self, number: int) -> str:
        """Local day and time of an event."""
        return clock(self.begin, self.events[number]["minute"])

    def sentence(self, number: int) -> str:
        """An event in plain words, without the full stop."""
        return sentence(self.events[number], self.names)

    def chain(self, number: int) -> list[int]:
        """An event and what led to it, root first; nothing for -1."""
        found: list[int] = []
        while number >= 0:
            found.append(number)
            number = int(self.events[number]["cause"])
        return found[::-1]

    def chain_lines(self, number: int) -> Iterator[str]:
        """The chain as numbered lines that read on; long runs of sightings and calls are cut short."""
        steps = self.chain(number)
        for first, last in self._pieces(steps):
            told = range(first, last) if last - first <= FOLDED else (first, last - 1)
            for place in told:
                if place == last - 1 and len(told) < last - first:
                    yield f"     ... {last - first - 2} more sightings and calls ..."
                yield self._line(place, steps[place])

    def _line(self, place: int, number: int) -> str:
        words = self.sentence(number)
        led = f"-> because of that {words}" if place else f"- {words} (no earlier event led to this)"
        return f"{place + 1:3}. {self.when(number)} {led}"

    def _pieces(self, steps: list[int]) -> Iterator[tuple[int, int]]:
        """Stretches [first, last) of a chain: routine in a row, or a single other step."""
        first = 0
        while first < len(steps):
            last = first
            while last < len(steps) and self.events[steps[last]]["act"] in ROUTINE:
                last += 1
            last = max(last, first + 1)
            yield first, last
            first = last
