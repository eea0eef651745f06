"""The terminal: a reader that goes away stops nothing, a signal stops politely."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from experiments.watchdog import watchdog

STOPPED_BY_KEYBOARD = 128 + signal.SIGINT


class Stopped(KeyboardInterrupt):
    """A signal other than Ctrl-C has asked the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class Patient:
    """A stream for as long as somebody reads it; then nowhere."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.failed: OSError | None = None  # where somebody reads, and what was said did not get there

    def _give_up(self, error: OSError) -> None:
        if not isinstance(error, BrokenPipeError):
            self.failed = error
        self._lead_nowhere()

    def write(self, text: str) -> int:
        """Write; what nobody reads is lost without a word."""
        try:
            self.stream.write(text)
        except OSError as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Flush likewise."""
        try:
            self.stream.flush()
        except OSError as error:
            self._give_up(error)

    def _lead_nowhere(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def patient(stream: Any) -> Patient:
    """The stream, made so that nothing a terminal or a pipe does to it ends a computation."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter shows its number
    return Patient(io.StringIO() if stream is None else stream)


@contextmanager
def patient_output() -> Iterator[None]:
    """Make standard output and standard error patient."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = patient(sys.stdout), patient(sys.stderr)
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout, sys.stderr = before


def lost_output() -> OSError | None:
    """Why what was said on standard output did not get where it was sent: its disk is full, for one."""
    sys.stdout.flush()
    return getattr(sys.stdout, "failed", None)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the program as Ctrl-C does: files are left whole, the exit code is 128 + n."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with watchdog():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
