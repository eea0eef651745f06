"""A run looked at after every step: where every unit was, what it was doing, and why.

The Mesa engine is stepped, so the run is the one that a sweep computed, bit for bit, and every explanation is the one
that `agent.why()` gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from sim.run.batch import refuse_scripted
from sim.run.explanation import OPTION_NAMES, explain
from sim.run.model import EscalationModel
from sim.run.story import NOT_OUT, describe, tension_in
from sim.scenario import Scenario

SEEN = ("posture", "inside", "group", "rung", "explains")  # of every unit after every step
STRAIGHT_KM = 1e-9  # a leg's positions at three steps in a row lie on a line but for rounding


@dataclass(frozen=True)
class Film:
    """One run of a scenario, step by step.

    `events` has a row an event, `outcome` is one row under flat column names; `minutes` has shape (t,), one more than
    steps.  Of shape (t, units): `x_km` and `y_km` (east and north of the garrison) and the fields of `sim.rules.tables.
    Unit` named in `SEEN`.  `tension` has shape (t, principals): that between the coalition and each.  `decisions` are
    (step, row, sentences) whenever a unit has made another decision.
    """

    scenario: Scenario
    seed: int
    replication: int
    luck: Mapping[int, int]
    events: np.ndarray
    outcome: np.ndarray
    minutes: np.ndarray
    x_km: np.ndarray
    y_km: np.ndarray
    posture: np.ndarray
    inside: np.ndarray
    group: np.ndarray
    rung: np.ndarray
    explains: np.ndarray
    tension: np.ndarray
    decisions: tuple[tuple[int, int, tuple[str, ...]], ...]

    @cached_property
    def units(self) -> list[dict]:
        """Identity, name, kind and side of every unit."""
        return describe(self.scenario)

    @cached_property
    def log_sha256(self) -> str:
        """The hash of the event log: equal for equal runs, on whatever engine."""
        return log_sha256(self.events)

    @cached_property
    def out(self) -> np.ndarray:
        """Whether a unit was out, neither at its base nor destroyed: shape (t, units)."""
        return ~np.isin(self.posture, NOT_OUT)

    def bends(self, row: int) -> np.ndarray:
        """Steps at which a unit's motion changed, the first and the last with them: between, it went straight."""
        return bends(np.column_stack([self.x_km[:, row], self.y_km[:, row]]))

    def rung_against(self, side: int) -> np.ndarray:
        """The highest rung in use against any unit of a side that is out, shape (t,)."""
        rows = [row for row, unit in enumerate(self.scenario.state.units) if unit.principal == side]
        rows = [row for row in rows if row < self.rung.shape[1]]
        found: np.ndarray = np.where(self.out, self.rung, 0)[:, rows].max(axis=1, initial=0)
        return found


def log_sha256(events: np.ndarray) -> str:
    """The hash of a log, shape (n,)."""
    return hashlib.sha256(np.ascontiguousarray(events).tobytes()).hexdigest()


def bends(path: np.ndarray) -> np.ndarray:
    """Numbers of those points of a path, (t, k), that do not lie straight between their neighbours, and its ends."""
    turn = np.abs(np.diff(path, n=2, axis=0)).max(axis=1) > STRAIGHT_KM
    return np.array(sorted({0, *(np.flatnonzero(turn) + 1).tolist(), len(path) - 1}))


def changes(values: np.ndarray) -> np.ndarray:
    """Steps at which a value, shape (t,), became another; 0 with them."""
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def film(
    scenario: Scenario,
    *,
    seed: int = 0,
    replication: int = 0,
    luck: Mapping[int, int] = MappingProxyType({}),
) -> Film:
    """Run one replication and look at it after every step; `luck` as in `sim.run.story.tell`.

    Raises `BadInput` for an impossible seed or replication.
    """
    refuse_scripted(scenario)
    model = EscalationModel(scenario, rng=seed, replication=replication, collect="none")
    decisions: list[tuple[int, int, tuple[str, ...]]] = []
    frames = [_look(model)]
    told = _numbers_of_decisions(model)
    for step in range(scenario.steps):
        model.state.replication = luck.get(step, model.state.replication)
        model.advance()
        frames.append(_look(model))
        now = _numbers_of_decisions(model)
        decisions += _decided(model, np.flatnonzero((now != told).any(axis=1)))
        told = now
    model.finish()
    columns = {name: np.array([frame[name] for frame in frames]) for name in frames[0]}
    return Film(scenario, seed, replication, luck, model.events, model.outcome, decisions=tuple(decisions), **columns)


def _look(model: EscalationModel) -> dict[str, np.ndarray]:
    """What is kept of a state."""
    state = model.frozen_state()
    rows = slice(0, int(state.n_units))
    units = np.asarray(state.units)[rows]
    seen = {name: units[name].astype(np.int32) for name in SEEN}
    return seen | {
        "minutes": np.array(float(state.now_min)),
        "x_km": np.array(state.x_km[rows]),
        "y_km": np.array(state.y_km[rows]),
        "tension": tension_of(model),
    }


def tension_of(model: EscalationModel) -> np.ndarray:
    """Tension between the coalition and each principal now, shape (principals,): it halves every half-life."""
    return tension_in(model.frozen_state(), model.params)


def _numbers_of_decisions(model: EscalationModel) -> np.ndarray:
    """What tells each unit's last decision from its others, shape (units, 4)."""
    state = model.frozen_state()
    kept = np.asarray(state.units)["decision"][: int(state.n_units)]
    return np.column_stack([kept[name] for name in ("minute", "draw", "u", "chosen")])


def _decided(model: EscalationModel, rows: np.ndarray) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for row in rows:
        yield model.tick, int(row), explain(model.unit_agents[row], OPTION_NAMES).decision
