"""Parameters of which nobody knows the value: which they are, and where a draw puts them.

A parameter stands where it is declared, or where a preset puts it.  A draw moves it by u, standard normal in the prior,
on the logit scale within its declared range: x = low + (high - low) / (1 + exp(-(z + SPREAD u))), with z the logit of
where it stood.  So the prior's median is what is declared, two draws of three lie within a factor 1.65 of it (near the
middle of a range: of its odds), and none leaves the range.  What stands at an end of its range is switched off and
stays so.  The spread is a judgement: there are more than two hundred parameters, and they are all off at once.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Mapping
from functools import cache

from sim.config.settings import Config, Declared, declared, put, value_of

KNOWN = {  # what was there, and what words mean: no draw moves them
    "step_min": "how finely the clock is cut",
    "roe.zone_radius_km": "published",
    "escalation.clash_hours": "what a clash is",
    "escalation.clash_km": "what a clash is",
    "escalation.exchange_hours": "what an exchange is",
    "escalation.episode_clashes": "what a serious episode is",
}
SPREAD = 0.5  # standard deviation of the prior on the logit scale
KNOWN_GROUPS = ("scenario",)  # order of battle, dates, switches of a world


@cache
def uncertain() -> tuple[str, ...]:
    """The parameters that draws move, in the order of declaration."""
    return tuple(key for key, entry in declared().items() if _is_uncertain(entry))


def _is_uncertain(entry: Declared) -> bool:
    if not entry.of_the_model or entry.kind not in (int, float) or entry.low is None or entry.high is None:
        return False
    group = entry.key.partition(".")[0]
    if entry.key in KNOWN or group in KNOWN_GROUPS:
        return False
    return entry.low < entry.default < entry.high


def drawn(entry: Declared, stands: float, u: float) -> float | int:
    """Where a parameter comes to stand that stood at `stands` and is moved by u."""
    assert entry.low is not None
    assert entry.high is not None
    if not entry.low < stands < entry.high:
        return stands
    odds = (stands - entry.low) / (entry.high - stands) * math.exp(SPREAD * u)
    value = entry.low + (entry.high - entry.low) * odds / (1 + odds)
    return round(value) if entry.kind is int else min(max(value, entry.low), entry.high)


def with_draw(start: Config, offsets: Mapping[str, float], fixed: Collection[str] = ()) -> Config:
    """A copy of a configuration with each parameter moved by its offset, except those that somebody `fixed`."""
    config = copy.copy(start)
    for group in {key.partition(".")[0] for key in offsets}:
        setattr(config, group, copy.copy(getattr(start, group)))
    for key, u in offsets.items():
        if key not in fixed:
            put(config, key, drawn(declared()[key], value_of(start, key), u))
    return config
