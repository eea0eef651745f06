"""A second driver: it steps a world with the rules' own step, films it, and holds every step against the laws.

The laws stand in `tests/watch_laws.py` and `tests/watch_counts.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.rules import step as rule_book
from sim.rules.compiling import kernel
from sim.rules.tables import Event, Log, Params, State
from sim.run.batch import seeded
from tests import watch_counts, watch_laws
from tests.watch_film import Film

REEL = 96  # steps that are looked at together
LOG = 1 << 16  # events kept of a run
LAWS = watch_laws.law | watch_counts.law


def breaches(film: Film) -> dict[str, str]:
    """The laws that a film breaks: where first, in words."""
    found = {}
    for name, broken in LAWS.items():
        where = np.asarray(broken(film))
        if where.any():
            step, *rest = np.argwhere(where)[0]
            at = f" at {tuple(int(k) for k in rest)}" if rest else ""
            found[name] = f"step {int(film.after['step'][step])}{at}: {(broken.__doc__ or name).splitlines()[0]}"
    return found


def watch(scenario: Any, seed: int, replication: int = 0) -> State:
    """A whole run, every step of it held against every law; returns the last state, or fails with the breach."""
    params, log = scenario.params, np.zeros(LOG, Event.dtype_)
    reel = np.zeros(REEL + 1, State.dtype_)
    reel[0] = seeded(scenario.state, seed, replication)
    rule_book.run(reel[0], params, log, 0)  # what is drawn before the first step; drawn again, and alike, with it
    for first in range(0, scenario.steps, REEL):
        shot = reel[: min(REEL, scenario.steps - first) + 1]
        shoot(shot, params, log, 1)
        found = breaches(Film(shot, log, params))
        assert not found, found
        reel[0] = shot[-1]
    return reel[0]


@kernel
def shoot(reel: np.ndarray, params: Params, log: Log, steps: int) -> None:
    """Each state `steps` after the one before it; an argument, since a literal would be a type of its own."""
    for k in range(1, len(reel)):
        reel[k] = reel[k - 1]
        rule_book.run(reel[k], params, log, steps)
