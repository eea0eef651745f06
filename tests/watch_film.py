"""A film: consecutive states of a run, laid out so that a law can look at all steps at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np

from sim.rules.names import Act, Posture, Principal
from sim.rules.outcome import Happening, Outcome

OFF_STAGE = (Posture.RESTING, Posture.DESTROYED)


class Side:
    """All rows of one end of the steps: `film.now.fighters` has shape (steps, rows)."""

    def __init__(self, film: Film, part: slice) -> None:
        self._film, self._part = film, part

    def __getattr__(self, name: str) -> np.ndarray:
        return self._film.column(name)[self._part]


@dataclass
class Film:
    """Consecutive states of a run, one more than steps, and the log so far."""

    reel: np.ndarray
    log: np.ndarray
    params: Any
    _columns: dict[str, np.ndarray] = field(default_factory=dict)

    def column(self, name: str) -> np.ndarray:
        """A field of all rows in all frames, shape (frames, rows)."""
        if name not in self._columns:
            rows = int(self.reel[0]["n_units"])
            of_state = name in {"x_km", "y_km"}
            self._columns[name] = np.ascontiguousarray((self.reel if of_state else self.reel["units"])[name][:, :rows])
        return self._columns[name]

    @cached_property
    def was(self) -> Side:
        """Rows as each step found them."""
        return Side(self, slice(None, -1))

    @cached_property
    def now(self) -> Side:
        """Rows as each step left them."""
        return Side(self, slice(1, None))

    @property
    def before(self) -> np.ndarray:
        """States as each step found them."""
        return self.reel[:-1]

    @property
    def after(self) -> np.ndarray:
        """States as each step left them."""
        return self.reel[1:]

    @cached_property
    def minute(self) -> np.ndarray:
        """The end of each step, to be compared with rows."""
        return self.after["now_min"][:, None]

    @cached_property
    def kind(self) -> np.ndarray:
        """What each row is."""
        return self.column("kind")[0]

    @cached_property
    def is_out(self) -> np.ndarray:
        """Rows that are on the stage, in all frames."""
        return ~np.isin(self.column("posture"), OFF_STAGE)

    @cached_property
    def same(self) -> np.ndarray:
        """Rows that hold the same group of men before and after a step."""
        return self.was.group == self.now.group

    @cached_property
    def events(self) -> tuple[np.ndarray, np.ndarray]:
        """The events of these steps, as far as they were kept, and in which of the steps each was written."""
        numbers = np.minimum(self.reel["n_events"], len(self.log))
        return self.log[numbers[0] : numbers[-1]], np.repeat(np.arange(len(numbers) - 1), np.diff(numbers))

    @cached_property
    def sent(self) -> np.ndarray:
        """Rows that left base in a step, by the log."""
        told, steps = self.events
        leaving = np.isin(told["act"], (Act.LAUNCH, Act.SORTIE))
        sent = np.zeros(self.same.shape, bool)
        sent[steps[leaving], told["actor"][leaving]] = True
        return sent

    @cached_property
    def involved(self) -> np.ndarray:
        """Rows whose men can be followed through a step: those that were out, and parts that left them."""
        return (self.is_out[:-1] & self.same) | (~self.same & ~self.sent)

    @cached_property
    def lost_sight(self) -> np.ndarray:
        """Steps in which a row went home and was used again at once, shape (steps, principals): men are not counted."""
        return per_side(self, self.is_out[:-1] & ~self.same) > 0

    def tally(self, what: Happening) -> np.ndarray:
        """How often something has happened by the end of each step."""
        return self.after["outcome"]["happenings"]["count"][:, what]

    def acts(self, act: Act) -> np.ndarray:
        """How many events of a kind have been written by the end of each step."""
        return self.after["outcome"]["acts"][:, act]

    @cached_property
    def words(self) -> np.ndarray:
        """The outcome of all frames as whole numbers of eight bytes, shape (frames, numbers)."""
        return np.ascontiguousarray(self.reel["outcome"]).view("i8").reshape(len(self.reel), -1)


def per_side(film: Film, of_rows: np.ndarray) -> np.ndarray:
    """Sums over the rows of each principal, shape (steps, principals)."""
    belongs = film.column("principal")[0][:, None] == np.arange(len(Principal))
    return of_rows.astype("i8") @ belongs.astype("i8")


def is_over(film: Film) -> np.ndarray:
    """Steps that found the run ended by what it was to stop after."""
    last = int(film.params.world.stops_after)
    if last < 0:
        return np.zeros(len(film.before), bool)
    return film.before["outcome"]["happenings"]["happened"][:, last] != 0


@cache
def counters() -> list[int]:
    """Which numbers of an outcome count something; what describes single strikes does not."""
    found: list[int] = []
    for name in Outcome.dtype_.names:
        kind, start = Outcome.dtype_.fields[name][:2]
        if name == "happenings":
            tally = kind.base
            counts = [tally.fields[part][1] for part in ("happened", "count")]
            found += [(start + k * tally.itemsize + at) // 8 for k in range(len(Happening)) for at in counts]
        elif name != "strikes" and kind.base.kind == "i":
            found += [start // 8 + k for k in range(kind.itemsize // 8)]
    return found


class Book(dict[str, Callable[[Film], np.ndarray]]):
    """Laws by name: each says where it is broken, steps first."""

    def __call__(self, broken: Callable[[Film], np.ndarray]) -> Callable[[Film], np.ndarray]:
        """Write a law into the book."""
        self[broken.__name__] = broken
        return broken
