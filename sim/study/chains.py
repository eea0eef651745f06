"""Chains of acts, each caused by the one before, on their way to a use of force: how often, and how likely from there.

A chain begins with an act that no other caused, or after a use of force between the coalition and an adversary, and
ends with the next such use of force.  A second bomb or shot is none.  Sightings, and what repeats at once, are left
out, so that it can be read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.rules.force import is_adversary
from sim.rules.names import Act
from sim.study.estimate import clopper_pearson

Path = tuple[str, ...]
FORCE = (
    Act.STRIKE, Act.SHOOT_DOWN, Act.FIRES, Act.ROCKETS, Act.MISSILES, Act.DRONE_ATTACK, Act.OFF_MAP_ATTACK,
    Act.AIR_SUPPORT, Act.AIR_COMBAT, Act.CONTACT,
)  # fmt: skip
PASSED_OVER = (Act.DETECTION, Act.CONTACT_REPORT, Act.CALL_LOST, Act.DISSUASION)
AFTER = "after "  # begins the name of a first step that is the use of force before


@dataclass
class Paths:
    """Sums over runs for every path: n chains of a run came along it, k of them went on to force.

    `sums[path]` are n, k, n n, n k, k k, and the number of runs that had it; `ends[path]` counts the chains that were
    this path and no longer, its last step being the use of force.
    """

    runs: int = 0
    sums: dict[Path, np.ndarray] = field(default_factory=dict)
    ends: Counter[Path] = field(default_factory=Counter)

    def add(self, events: np.ndarray, kinds: Sequence[str]) -> None:
        """Take in the events of one run, shape (n,); `kinds` are those of the units by their id."""
        came, forced, ends = chains(events, kinds)
        self.runs += 1
        self.ends += ends
        for path, n in came.items():
            k = forced[path]
            self.sums.setdefault(path, np.zeros(6))
            self.sums[path] += (n, k, n * n, n * k, k * k, 1)

    def chance(self, path: Path) -> tuple[float, float, float]:
        """The chance that a chain which has come along a path goes on to force, with its 95 % interval."""
        return clustered(self.sums[path], self.runs)

    @property
    def forced(self) -> int:
        """Uses of force: each ends a chain."""
        return self.ends.total()


def is_force(events: np.ndarray) -> np.ndarray:
    """Which events, shape (n,), are a use of force between the coalition and an adversary."""
    against = np.array([0 <= dyad < 10 and is_adversary(int(dyad)) for dyad in events["dyad"]], bool)
    found: np.ndarray = np.isin(events["act"], FORCE) & against
    return found


def chains(events: np.ndarray, kinds: Sequence[str]) -> tuple[Counter[Path], Counter[Path], Counter[Path]]:
    """Of one run: how many chains came along each path, how many of these went on to force, how they ended."""
    events = joined(events)
    force = is_force(events)
    paths = _paths(events, kinds, force)
    led = _led_on(events, force)
    came: Counter[Path] = Counter()
    forced: Counter[Path] = Counter()
    ends: Counter[Path] = Counter()
    for number, mine in enumerate(paths):
        path = mine
        if force[number]:
            ends[path] += 1
            path = (AFTER + path[-1],)
        elif path == _before(paths, int(events["cause"][number]), force):
            continue
        came[path] += 1
        forced[path] += led[number]
    return came, forced, ends


def joined(events: np.ndarray) -> np.ndarray:
    """The events without those that go on with a use of force, as a second bomb or shot does; causes renumbered."""
    force, causes = is_force(events), events["cause"]
    onward = np.zeros(len(events), bool)
    stands_for = np.arange(len(events))
    for number in np.flatnonzero(force & (causes >= 0)):
        cause = int(causes[number])
        if force[cause] and events["act"][number] == events["act"][cause]:
            onward[number], stands_for[number] = True, stands_for[cause]
    numbers = np.cumsum(~onward) - 1
    kept = events[~onward].copy()
    caused = kept["cause"] >= 0
    kept["cause"][caused] = numbers[stands_for[kept["cause"][caused]]]
    return kept


def _paths(events: np.ndarray, kinds: Sequence[str], force: np.ndarray) -> list[Path]:
    """The path that ends in each event."""
    found: list[Path] = []
    for number, event in enumerate(events):
        before, step = _before(found, int(event["cause"]), force), step_of(event, kinds)
        same = event["act"] in PASSED_OVER or (before and before[-1] == step)
        found.append(before if same and not force[number] else (*before, step))
    return found


def _before(paths: Sequence[Path], cause: int, force: np.ndarray) -> Path:
    """The path that an act caused by this event goes on from; none where no event caused it."""
    if cause < 0:
        return ()
    return (AFTER + paths[cause][-1],) if force[cause] else paths[cause]


def _led_on(events: np.ndarray, force: np.ndarray) -> np.ndarray:
    """Whether each event led to a use of force with none between."""
    led = np.zeros(len(events), bool)
    for number in range(len(events) - 1, -1, -1):
        cause = int(events["cause"][number])
        if cause >= 0 and (force[number] or led[number]):
            led[cause] = True
    return led


def step_of(event: np.void, kinds: Sequence[str]) -> str:
    """An act as a step of a chain; of units that set out, their kind as well."""
    act = Act(int(event["act"]))
    name = act.name.lower()
    return f"{name} {kinds[int(event['actor'])]}" if act == Act.LAUNCH and 0 <= event["actor"] < len(kinds) else name


def clustered(sums: np.ndarray, runs: int) -> tuple[float, float, float]:
    """A share of chains, and its 95 % interval, though chains of one run share its luck.

    Clopper and Pearson's interval for as many independent chains as would tell as much: E. L. Korn and B. I. Graubard
    (1998), Survey Methodology 24, 193-201.  Where all or none went on, the runs that had any are counted.
    """
    n, k, nn, nk, kk, with_any = map(float, sums)
    share = k / n
    worth = with_any
    if 0 < k < n and runs > 1:
        spread = max(0.0, kk - 2 * share * nk + share**2 * nn) * runs / (runs - 1) / n**2
        worth = min(n, share * (1 - share) / spread) if spread > 0 else n
    low, high = clopper_pearson(np.asarray(share * worth), np.asarray(worth))
    return share, min(share, float(low)), max(share, float(high))


def most_frequent(ends: Mapping[Path, int], most: int, longest: int = sys.maxsize) -> list[Path]:
    """The paths to force of at most so many steps that most chains took; of equals the shorter, then by name."""
    return sorted((path for path in ends if len(path) <= longest), key=lambda path: (-ends[path], len(path), path))[
        :most
    ]
