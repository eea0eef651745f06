"""Rules of engagement drawn at random: what the checker says is held against the rules, kilometre by kilometre."""

from __future__ import annotations

import random

import pytest

from sim.config.compose import compose
from sim.rules import keys, roe
from sim.rules.names import Rung
from sim.study import ladder, situations
from sim.study.situations import CONDUCTS, MARKS, Situation, may_be_true, may_do, nearest_km
from tests.situated import staged

pytestmark = [pytest.mark.interpreted, pytest.mark.slow]

WEIGHTS = ("presence", "closing", "reach", "heavy", "fortify", "reinforce", "call")
WINDOWS = ("call_window_min", "show_window_min", "shots_window_min")
SWITCHES = ("line_call", "show_of_force", "warning_shots", "skip_for_urgency")


def drawn(seed: int) -> tuple[str, ...]:
    """Rules of engagement with weights, windows and switches at random."""
    luck = random.Random(seed)
    found = {f"roe.{name}_weight": luck.choice([0.0, 0.0, 0.3, 0.8]) for name in WEIGHTS}
    found |= {f"roe.{name}": luck.choice([5, 10, 60, 120]) for name in WINDOWS}
    found |= {f"roe.{name}": luck.choice(["true", "true", "false"]) for name in SWITCHES}
    found |= {
        "roe.threshold": round(luck.uniform(0.5, 2.5), 2),
        "roe.zone_radius_km": luck.choice([15, 30, 55, 80]),
        "roe.inner_line_km": luck.choice([5, 20, 40]),
        "roe.hezbollah_readiness": 1,
        "roe.hardening_days": 0,
        "roe.leaflet_skip": luck.choice([0, 1]),
        "scenario.leaflets_standing": luck.choice(["true", "false"]),
        "scenario.regime_columns": luck.choice([0, 2]),
        "engagement.rocket_range_km": luck.choice([8, 20]),
        "command.dash_share": 0,
        "command.dash_share_afraid": luck.choice([0, 0.3]),
    }
    return tuple(f"{key}={value}" for key, value in found.items())


@pytest.mark.parametrize("seed", range(60))
def test_no_rung_is_called_dead_that_a_unit_meets_somewhere(seed: int) -> None:
    """If this failed, a researcher would mend a sound ladder: the places looked at would miss the one that matters.

    Every conduct with marks at random, every half kilometre.  Seen to fail with three places only: the edge, as near as
    a unit comes, and half-way.
    """
    overrides, luck = drawn(seed), random.Random(1000 + seed)
    config = compose(*overrides)
    reached: dict[tuple, set[Rung]] = {}
    for at in situations.situations(config):
        reached.setdefault((at.conduct, *at.marks), {Rung.NONE}).update(p[-1].rung for p in ladder.paths(config, at))
    may_be = [mark for mark, is_so in may_be_true(config).items() if is_so]
    for conduct in [one for one in CONDUCTS if may_do(config, one) and not one.bypassing]:
        marks = dict.fromkeys((mark for mark in may_be if luck.random() < 0.2), True)
        if conduct.weapon or conduct == situations.DASHES:
            marks.pop("heavy", None)
        radius, nearest = config.roe.zone_radius_km, nearest_km(config, conduct)
        marks |= {"leaflets": True} if config.scenario.leaflets_standing else {}
        at = Situation(conduct, radius, **marks)
        state, params, i = staged(at, Rung.NONE, *overrides)
        for half_km in range(int(2 * nearest) + 1, int(2 * radius)):
            state.x_km[i] = -0.5 * half_km
            if keys.key_turns(state, params, i):
                for rung in range(Rung.NONE, Rung.STRIKE):
                    state.units[i].rung = rung
                    met = Rung(int(roe.next_rung(state, params, i)))
                    assert met in reached[at.conduct, *at.marks], (at, half_km, overrides)


def test_the_marks_of_a_situation_are_those_it_can_have() -> None:
    """If this failed, a mark would be added that the sample above never draws."""
    assert set(may_be_true(compose())) == set(MARKS)
