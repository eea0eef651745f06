"""Two worlds that differ in one thing, run with the same luck: what the metamorphic relations compare.

README.md lists the relations: exact, distributional, monotone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import numpy as np

import sim
from sim.config.settings import declared
from sim.rules import step as rule_book
from sim.rules.names import NEVER
from sim.rules.tables import Event, Params, State
from sim.run.batch import seeded

SEED = 1844
ROOM = 8192  # events
FALSE_ALARM_SD = 4.89  # standard errors: a false alarm in less than one of a million tests
Sort = Callable[[float], float]


@cache
def world(*overrides: str) -> sim.Scenario:
    """A scenario, built once."""
    return sim.load(*overrides)


def but(overrides: Iterable[str], *others: str) -> tuple[str, ...]:
    """Overrides, some of them replaced by others of the same key, or added to."""
    named = {override.partition("=")[0]: override for override in (*overrides, *others)}
    return tuple(named.values())


@cache
def rows(*overrides: str, runs: int, first: int = 0, seed: int = SEED) -> np.ndarray:
    """Outcomes of a world, computed once for all tests that want them."""
    return sim.replicate(world(*overrides), replications=runs, seed=seed, first=first)


def story(scenario: sim.Scenario, replication: int, steps: int | None = None) -> tuple[State, np.ndarray]:
    """One run: its last state and all its events."""
    log = np.zeros(ROOM, Event.dtype_)
    state = seeded(scenario.state, SEED, replication)
    rule_book.run(state, scenario.params, log, scenario.steps if steps is None else steps)
    assert state.n_events <= ROOM
    return state, log[: state.n_events].copy()


def twin(scenario: sim.Scenario, change: Callable[[Params, State], None]) -> sim.Scenario:
    """The same scenario but for what `change` does to its parameters and starting state, bounds or no bounds."""
    params = np.array([scenario.params], scenario.params.dtype)[0]
    state = np.array([scenario.state], State.dtype_)[0]
    change(params, state)
    return replace(scenario, params=params, state=state)


def scale_parameters(params: Params, factors: dict[str, float]) -> int:
    """Multiply every parameter by the factor of its declared unit; returns how many there were."""
    scaled = 0
    for setting in declared().values():
        group, _, name = setting.key.rpartition(".")
        if setting.unit in factors and group and name in params[group].dtype.names:
            params[group][name] *= factors[setting.unit]
            scaled += 1
    return scaled


def scale_times(state: State, factor: float, fields: Iterable[str]) -> None:
    """Multiply what units have due by a factor, where it is due at all."""
    for unit in np.asarray(state.units)[: state.n_units]:
        for name in fields:
            if abs(unit[name]) < NEVER:
                unit[name] *= factor


def paired_z(left: np.ndarray, right: np.ndarray) -> float:
    """Mean difference of two arms that share their luck, in its standard errors."""
    difference = left.astype(float) - right.astype(float)
    return float(difference.mean() / (difference.std(ddof=1) / np.sqrt(len(difference))))


def independent_z(left: np.ndarray, right: np.ndarray) -> float:
    """Difference of the means of two arms that share no luck, in its standard errors; 0 where both are the same."""
    error = np.sqrt(left.var(ddof=1) / len(left) + right.var(ddof=1) / len(right))
    difference = left.mean() - right.mean()
    return float(difference / error) if error > 0.0 else 0.0 if difference == 0.0 else np.inf


def total(found: np.ndarray, *columns: str) -> int:
    """How often something happened in all runs together."""
    return int(sum(found[column].sum() for column in columns))
