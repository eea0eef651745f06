"""Whole scenarios, drawn: presets, and every declared parameter within its declared range, through the configuration.

A parameter that is declared tomorrow is drawn tomorrow.  Step and horizon are drawn together, so that they fit.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

import sim
from sim.config.places import groups, options
from sim.config.settings import Declared, declared
from sim.rules.outcome import Happening

NAMES = {"scenario.name", "roe.name", "theory.name", "escalation.name"}  # say what is so called, and nothing else
TOGETHER = {"step_min", "scenario.horizon_days"}
PRESETS = {group: options(group) for group in groups() if group != "experiment"}
COMBINATIONS = [  # composing files takes ten times as long as a run, so that few combinations are drawn by default
    {group: names[(k + shift * (group != "scenario")) % len(names)] for group, names in PRESETS.items()}
    for k in range(len(PRESETS["scenario"]))
    for shift in range(84 if "TANF_EXAMPLES" in os.environ else 1)
]
SHARES = tuple(f"command.{what}_share" for what in ("probe", "push", "fortify", "bypass"))
STEPS_MIN = (1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15)  # each divides a quarter of a day
QUARTER_MIN, MOST_STEPS = 360, 900
QUOTED = "'{}'".format
AGES = st.lists(st.floats(0, 365), max_size=3).map(lambda ages: "/".join(f"{age:.2f}" for age in ages))
ENDS = st.sampled_from(["", "", "", *(what.name.lower() for what in Happening)])
TWO_RIVERS = Path(__file__).parents[1] / "docs/tutorials/two_rivers"
TEXTS = {
    "scenario.start_date": st.dates().map(QUOTED),
    "scenario.strikes_before_days": AGES.map(QUOTED),
    "scenario.stop_after": ENDS.map(QUOTED),
    "scenario.geography": st.sampled_from(["", "", str(TWO_RIVERS)]).map(QUOTED),
}


def values_of(entry: Declared) -> st.SearchStrategy:
    """What a setting may be, as it is typed."""
    if entry.key in TEXTS:
        return TEXTS[entry.key]
    if entry.options:
        return st.sampled_from(entry.options)
    if entry.kind is bool:
        return st.booleans().map(lambda on: str(on).lower())
    assert entry.low is not None
    assert entry.high is not None
    if entry.kind is int:
        return st.integers(int(entry.low), int(entry.high)).map(str)
    return st.floats(entry.low, entry.high, allow_subnormal=False).map(repr)


DRAWN = {
    key: values_of(entry)
    for key, entry in declared().items()
    if entry.of_the_model and key not in NAMES and key not in TOGETHER
}


@st.composite
def worlds(draw: Any) -> dict[str, str]:
    """Overrides of a whole scenario: presets, with few, some or all parameters drawn anew."""
    dice, share = random.Random(draw(st.integers(0, 2**32 - 1))), draw(st.sampled_from((0.05, 0.3, 1.0)))
    world = draw(st.sampled_from(COMBINATIONS)).copy() if share < 1.0 else {}
    for key, values in DRAWN.items():
        if dice.random() < share:
            world[key] = draw(values)
    if all(float(world.get(key, 1)) == 0.0 for key in SHARES):
        del world[SHARES[0]]
    step = draw(st.sampled_from(STEPS_MIN))
    quarters = draw(st.integers(1, max(1, MOST_STEPS * step // QUARTER_MIN)))
    return world | {"step_min": str(step), "scenario.horizon_days": repr(quarters / 4)}


def load(world: dict[str, str]) -> Any:
    """The scenario of a drawn world."""
    return sim.load(*(f"{key}={value}" for key, value in world.items()))
