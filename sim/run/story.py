"""One run, told: every event, and where every unit was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.rules import step as rule_book
from sim.rules.acts import COALITION, N
from sim.rules.names import Kind, Posture, Principal
from sim.rules.tables import Event, Params, State
from sim.run.batch import refuse_scripted, seeded
from sim.run.columns import flat
from sim.scenario import Scenario

AT_BASE = (Posture.RESTING, Posture.TURNAROUND)
NOT_OUT = (*AT_BASE, Posture.DESTROYED)
FIRST_LOG = 1024  # events; a run that needs more is told again with room for twice as many


@dataclass(frozen=True)
class Story:
    """One run of a scenario.

    `events` has a row an event (fields of `sim.rules.tables.Event`); `minutes` has shape (t,);
    `x_km`, `y_km` and `postures` have shape (t, units).  `luck` is empty but for a path of `sim.run.splitting`.
    """

    scenario: Scenario
    seed: int
    replication: int
    events: np.ndarray
    minutes: np.ndarray
    x_km: np.ndarray
    y_km: np.ndarray
    postures: np.ndarray
    units: list[dict]
    outcome: np.ndarray
    luck: Mapping[int, int]


def tell(
    scenario: Scenario,
    *,
    seed: int = 0,
    replication: int = 0,
    every_min: float = 15.0,
    luck: Mapping[int, int] = MappingProxyType({}),
) -> Story:
    """Run one replication and keep its events, and all positions every `every_min` minutes.

    From each step in `luck` on, the draws are those of another replication, the one it names there.
    """
    state, log, frames = watched(scenario, _look, seed=seed, replication=replication, every_min=every_min, luck=luck)
    n = state.n_units
    minutes, x, y, postures = (np.array(part) for part in zip(*frames, strict=True))
    return Story(
        scenario=scenario,
        seed=seed,
        replication=replication,
        events=log,
        minutes=minutes,
        x_km=x,
        y_km=y,
        postures=postures,
        units=describe(scenario)[:n],
        outcome=flat(np.array([state.outcome]))[0],
        luck=luck,
    )


def watched(
    scenario: Scenario,
    look: Callable[[State], Any],
    *,
    seed: int,
    replication: int,
    every_min: float,
    luck: Mapping[int, int] = MappingProxyType({}),
) -> tuple[State, np.ndarray, list[Any]]:
    """The last state of a run, its events, and what `look` saw at the start, every `every_min` minutes, and at the end.

    `look` must copy what it keeps.  `luck` as in `tell`.
    """
    refuse_scripted(scenario)
    stride = max(1, round(every_min / float(scenario.params.step_min)))
    room = FIRST_LOG
    while True:
        log = np.zeros(room, Event.dtype_)
        state = seeded(scenario.state, seed, replication)
        seen = [look(there) for there in _walk(scenario, state, log, stride, luck)]
        if state.n_events <= room:
            return state, log[: state.n_events], seen
        room *= 2


def _walk(
    scenario: Scenario,
    state: State,
    log: np.ndarray,
    stride: int,
    luck: Mapping[int, int],
) -> Iterator[State]:
    """Go through a run, stopping every `stride` steps to look round."""
    for stop in sorted({*range(0, scenario.steps, stride), *luck, scenario.steps}):
        rule_book.run(state, scenario.params, log, stop - int(state.step))
        state.replication = luck.get(stop, state.replication)
        if stop % stride == 0 or stop == scenario.steps:
            yield state


def _look(state: State) -> tuple:
    n = state.n_units
    return (
        float(state.now_min),
        np.array(state.x_km[:n]),
        np.array(state.y_km[:n]),
        np.asarray(state.units)["posture"][:n].copy(),
    )


def tension_in(state: State, params: Params) -> np.ndarray:
    """Tension between the coalition and each principal in a state, shape (principals,): it halves every half-life."""
    kept = np.asarray(state.dyads)[COALITION * N : COALITION * N + N]
    half_life_min = 1440.0 * float(params.escalation.tension_half_life_days)
    faded: np.ndarray = kept["tension"] * 0.5 ** ((float(state.now_min) - kept["tension_min"]) / half_life_min)
    return np.where(kept["tension"] > 0, faded, 0.0)


def describe(scenario: Scenario) -> list[dict]:
    """Identity, name, kind and side of every unit."""
    units = scenario.state.units[: scenario.state.n_units]
    return [
        {
            "id": int(u.id),
            "name": name,
            "kind": Kind(u.kind).name.lower(),
            "principal": Principal(u.principal).name.lower(),
        }
        for u, name in zip(units, scenario.names, strict=True)
    ]
