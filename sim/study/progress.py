"""What a long computation tells on standard error: how far, how fast, how much longer."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

EVERY_S = 10.0  # seconds between two lines where there is no terminal to draw on


def console() -> Console:
    """Standard error, where everything goes that is not the answer."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


class Lines:
    """Progress as plain lines, for a log file; `advance` and `total` count runs."""

    def __init__(self, total: int) -> None:
        self.total, self.done = total, 0
        self.start = self.told = time.monotonic()

    def advance(self, runs: int) -> None:
        """`runs` more runs are done."""
        self.done += runs
        now = time.monotonic()
        if now - self.told >= EVERY_S:
            self.told = now
            rate = max(self.done, 1) / (now - self.start)
            left = duration((self.total - self.done) / rate)
            console().print(f"{self.done:,} of {self.total:,} runs, {rate:,.0f} runs/s, {left} left")


class Bar:
    """Progress as a moving bar, for a terminal."""

    def __init__(self, bar: Progress, total: int) -> None:
        self.bar, self.task = bar, bar.add_task("runs", total=total)

    def advance(self, runs: int) -> None:
        """`runs` more runs are done."""
        self.bar.advance(self.task, runs)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} runs/s" if task.speed else "")


@contextmanager
def counting(total: int) -> Iterator[Bar | Lines]:
    """Show the progress of `total` runs for as long as the context lasts."""
    if not sys.stderr.isatty():
        yield Lines(total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console()) as bar:
        yield Bar(bar, total)


def duration(seconds: float) -> str:
    """A length of time for people: "40 s", "3 min", "2.5 h", "4 d"."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:,.0f} d"
