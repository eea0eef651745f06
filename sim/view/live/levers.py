"""What can be set on the page: presets, the main levers as sliders, and the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.config.compose import compose
from sim.config.overrides import read
from sim.config.places import groups, opening, options
from sim.config.settings import Config, declared, value_of
from sim.errors import BadInput

PRESETS = {"scenario": "scenario", "roe": "rules of engagement", "theory": "theory of how strikes work on others"}


@dataclass(frozen=True)
class Lever:
    """A slider: the setting it moves, what it is called, and the ends and step of the slider."""

    key: str
    words: str
    low: float
    high: float
    step: float


LEVERS = (
    Lever("roe.zone_radius_km", "radius of the zone", 0, 100, 5),
    Lever("roe.threshold", "signs of hostile intent before force", 0.1, 3, 0.1),
    Lever("roe.call_window_min", "median wait after a call over the line", 5, 480, 5),
    Lever("line.dissuasion", "what a call over the line achieves", 0, 1, 0.05),
    Lever("leash.russian_control", "Russia’s control of its allies", 0, 1.5, 0.05),
    Lever("air.encounter_km", "how close aircraft are when they meet", 20, 100, 5),
)
SETTABLE = (*PRESETS, *(lever.key for lever in LEVERS), "seed")


def composed(asked: Sequence[str], chosen: Mapping[str, Any]) -> Config:
    """The configuration of what was typed with the command and what was then chosen on the page, which wins.

    Raises `BadInput` for anything that cannot be set on the page, or not to that.
    """
    for key in chosen:
        if key not in SETTABLE:
            raise BadInput(f"{key!r} cannot be set on the page; it takes {', '.join(SETTABLE)}")
    moved = [f"{key}={plain(key, value)}" for key, value in chosen.items()]
    kept = [override for override in asked if _key(override) not in chosen and not _overruled(override, chosen)]
    return compose(*kept, *moved)


def plain(key: str, value: Any) -> str:
    """A value that came from the page, as it is typed; `BadInput` for what is no choice and no number."""
    if key in PRESETS:
        if value not in options(key):
            raise BadInput(f"{key} is one of {', '.join(options(key))}")
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 30:
        raise BadInput(f"{key} takes a number")
    return str(value)


def _key(override: str) -> str:
    return read(override).key


def _overruled(override: str, chosen: Mapping[str, Any]) -> bool:
    """A preset that is chosen on the page brings its own values with it."""
    group = _key(override).partition(".")[0]
    return group in PRESETS and group in chosen


def without(chosen: Mapping[str, Any], preset: str) -> dict[str, Any]:
    """The choices that stay when a preset is chosen: those of other groups."""
    return {key: value for key, value in chosen.items() if not key.startswith(f"{preset}.")}


def menu(config: Config, asked: Sequence[str], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What the page offers and what is set now, for the controls."""
    return {
        "presets": [_preset(group, words, asked, chosen) for group, words in PRESETS.items() if group in groups()],
        "levers": [_lever(config, lever) for lever in LEVERS],
        "seed": str(config.seed),  # as text: a seed may be larger than a number of a browser
    }


def _preset(group: str, words: str, asked: Sequence[str], chosen: Mapping[str, Any]) -> dict[str, Any]:
    typed = [str(read(override).values[0]) for override in asked if _key(override) == group]
    now = chosen.get(group) or (typed or [_ordinary(group)])[-1]
    offered = [{"name": name, "about": " ".join(opening(group, name))} for name in options(group)]
    return {"key": group, "words": words, "now": now, "options": offered}


def _ordinary(group: str) -> str:
    """The preset of the group where nothing is said."""
    return str(value_of(compose(), f"{group}.name"))


def _lever(config: Config, lever: Lever) -> dict[str, Any]:
    entry, now = declared()[lever.key], float(value_of(config, lever.key))
    return {
        "key": lever.key,
        "words": lever.words,
        "unit": entry.unit,
        "about": entry.about,
        "low": min(lever.low, now),
        "high": max(lever.high, now),
        "step": lever.step,
        "now": now,
    }
