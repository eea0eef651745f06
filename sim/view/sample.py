"""What a figure needs of a results folder: the axes, the runs of each point, counts with their intervals."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

import numpy as np

from sim.config.parameters import Parameters
from sim.study.estimate import clopper_pearson, upper_bound
from sim.view.style import CLASHES

HORIZON = "scenario.horizon_days"
GROUND = "scenario.geography"
NAMES = {name.lower(): name for name in ("Russian", "Russia", "Iran", "Hezbollah", "ISIS", "Raqqa")}
GROUPS = {"roe": "rules of engagement", "escalation": "severity scale"}
UNIT_ENDINGS = ("_km", "_min", "_hours", "_days", "_per_day", "_km_h")


@dataclass(frozen=True)
class Axis:
    """One lever of the design: its key, its words with unit, its values, and the value it has by default.

    `elsewhere` says that the runs are of another ground than al Tanf's.
    """

    key: str
    words: str
    values: tuple[Any, ...]
    baseline: Any
    elsewhere: bool = False

    @property
    def name(self) -> str:
        """The words without the unit."""
        return self.words.partition(" (")[0]

    def told(self, value: Any) -> str:
        """The lever at a value: "zone radius 55 km", "line call on"; a preset by its name alone."""
        if all(isinstance(each, str) for each in self.values):
            return words_of(value)
        unit = self.words.partition(" (")[2].removesuffix(")")
        return f"{self.name} {words_of(value)}" + (f" {unit}" if unit in ("km", "min", "h", "d") else "")

    @property
    def numeric(self) -> bool:
        """Whether the lever is a number."""
        return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in self.values)


@dataclass(frozen=True)
class Chance:
    """Estimated probabilities with 95 % Clopper-Pearson intervals.

    Where there was no event, `none` is true and `high` is the one-sided 95 % upper bound.
    """

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    none: np.ndarray


@dataclass(frozen=True)
class Sample:
    """The finished runs of a results folder, sorted into the points of its design."""

    folder: str
    axes: tuple[Axis, ...]
    points: tuple[dict[str, Any], ...]
    runs: np.ndarray  # outcome rows of finished runs
    point: np.ndarray  # the point of each
    horizon_days: float

    @property
    def n(self) -> np.ndarray:
        """Finished runs per point, shape (points,)."""
        return np.bincount(self.point, minlength=len(self.points))

    def events(self, happened: np.ndarray) -> np.ndarray:
        """Runs per point for which `happened` (one entry a run) is true."""
        return np.bincount(self.point[happened.astype(bool)], minlength=len(self.points))

    def chance(self, name: str) -> Chance:
        """P(outcome `name`) at each point."""
        return chance(self.events(self.runs[name]), self.n)

    def at(self, point: int) -> np.ndarray:
        """The runs of one point."""
        return self.runs[self.point == point]


def chance(events: np.ndarray, n: np.ndarray) -> Chance:
    """Proportions of n with their intervals; shapes as given.  Where n is 0 nothing is known: all nan."""
    events, n = np.broadcast_arrays(np.asarray(events), np.asarray(n))
    some, known = np.maximum(n, 1), n > 0
    low, high = clopper_pearson(events, some)
    none = (events == 0) & known
    high = np.where(none, np.vectorize(upper_bound)(some), high)
    estimate, low, high = (np.where(known, each, np.nan) for each in (events / some, low, high))
    return Chance(estimate, low, high, none)


def part(whole: Chance, points: Sequence[int]) -> Chance:
    """The same for some of the points, in this order."""
    chosen = list(points)
    return Chance(whole.estimate[chosen], whole.low[chosen], whole.high[chosen], whole.none[chosen])


def chances_of(sample: Sample) -> dict[str, Chance]:
    """P(outcome) at each point, for every clash type that figures show."""
    return {name: sample.chance(name) for name in CLASHES}


def read(results: Any) -> Sample:
    """Sort opened results (`sim.open`) into a sample."""
    points = tuple({key: _typed(value) for key, value in point.items()} for point in results.design)
    elsewhere = any(point.get(GROUND, results.settings.get(GROUND)) for point in points)
    axes = tuple(_axis(key, points, elsewhere=elsewhere) for key in results.axes)
    horizons = [point.get(HORIZON, results.settings.get(HORIZON)) for point in points]
    at = np.asarray(results.outcomes["point"], dtype=int)
    return Sample(results.folder.name, axes, points, results.outcomes, at, float(max(horizons)))


def _axis(key: str, points: Sequence[dict[str, Any]], *, elsewhere: bool) -> Axis:
    values = tuple(dict.fromkeys(point[key] for point in points))
    return Axis(key, label(key), values, _default(key), elsewhere)


def _default(key: str) -> Any:
    """The declared default of a setting; of a whole group, the name of its preset."""
    group, _, name = key.partition(".")
    return getattr(getattr(Parameters(), group, None), name or "name", None)


def _typed(value: Any) -> Any:
    """Numbers as numbers, true and false as such, whatever the design was stored as."""
    value = value.item() if isinstance(value, np.generic) else value
    if not isinstance(value, str):
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    try:
        return float(value)
    except ValueError:
        return value


def label(key: str) -> str:
    """The words of a configuration key, with its unit: 'roe.zone_radius_km' -> 'zone radius (km)'."""
    group, _, name = key.rpartition(".")
    words = name
    for ending in UNIT_ENDINGS:
        words = words.removesuffix(ending)
    unit = _unit(group, name)
    words = GROUPS.get(words) or " ".join(NAMES.get(word, word) for word in words.split("_"))
    return f"{words} ({unit})" if unit and unit != "true/false" else words


def _unit(group: str, name: str) -> str:
    declared = get_type_hints(Parameters).get(group)
    fields = {field.name: field for field in dataclasses.fields(declared)} if declared else {}
    return fields[name].metadata.get("unit", "") if name in fields else ""


def words_of(value: Any) -> str:
    """A lever's value as a reader would write it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value).replace("_", " ")


def runs_in_words(n: np.ndarray) -> str:
    """'n = 1,000 runs a point', or the range where points differ."""
    low, high = int(n.min()), int(n.max())
    each = " a point" if len(n) > 1 else ""
    return f"n = {low:,} runs{each}" if low == high else f"n = {low:,} to {high:,} runs{each}"
