"""What a long computation tells on standard error: how far, how fast, how much longer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

EVERY_S = 10.0  # seconds until the first line where there is no terminal to draw on; each wait is twice the last
MOST_EVERY_S = 300.0
LOOK_S = 1.0  # seconds between two looks at what is known: an interval takes a millisecond
Told = Callable[[], str]

RUNS = "runs"


def console() -> Console:
    """Standard error, where everything goes that is not the answer."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


class Lines:
    """Progress as plain lines, for a log file; `advance` and `total` count runs, `told` says what is known so far."""

    def __init__(self, total: int, told: Told | None = None, noun: str = RUNS) -> None:
        self.total, self.done, self.what, self.noun = total, 0, told, noun
        self.start = self.told = time.monotonic()
        self.every_s = EVERY_S

    def advance(self, runs: int) -> None:
        """`runs` more runs are done."""
        self.done += runs
        now = time.monotonic()
        if now - self.told >= self.every_s:
            self.told, self.every_s = now, min(2 * self.every_s, MOST_EVERY_S)
            rate = max(self.done, 1) / (now - self.start)
            left = duration((self.total - self.done) / rate)
            known = f"; {self.what()}" if self.what else ""
            speed = f", {rate:,.0f} runs/s" if self.noun == RUNS else ""
            console().print(f"{self.done:,} of {self.total:,} {self.noun}{speed}, {left} left{known}")


class Bar:
    """Progress as a moving bar, for a terminal; what is known so far stands below it."""

    def __init__(self, bar: Progress, total: int, told: Told | None = None, noun: str = RUNS) -> None:
        self.bar, self.what, self.looked = bar, told, time.monotonic()
        self.task = bar.add_task(noun, total=total, known="")

    def advance(self, runs: int) -> None:
        """`runs` more runs are done."""
        self.bar.advance(self.task, runs)
        now = time.monotonic()
        if self.what and now - self.looked >= LOOK_S:
            self.looked = now
            self.bar.update(self.task, known=self.what())


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} runs/s" if task.speed and task.description == RUNS else "")


@contextmanager
def counting(total: int, told: Told | None = None, noun: str = RUNS) -> Iterator[Bar | Lines]:
    """Show the progress of `total` runs, or of what else they are called, for as long as the context lasts; `told()`
    says what is known so far.
    """
    if not sys.stderr.isatty():
        yield Lines(total, told, noun)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[known]}"), console=console()) as bar:
        yield Bar(bar, total, told, noun)


def duration(seconds: float) -> str:
    """A length of time for people: "40 s", "3 min", "2.5 h", "4 d"."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:,.0f} d"
