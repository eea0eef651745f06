"""The first use compiles the rule book, which takes about a minute: it is said beforehand, and how far it is."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.rules.compiling import KERNELS
from sim.run import batch
from sim.scenario import Scenario

NOTICE = "compiling the rule book ({about}, once)"
EVERY_S = 10.0  # seconds between two lines where there is no terminal to draw on


@contextmanager
def compiling(scenario: Scenario, *kernels: Any) -> Iterator[None]:
    """Tell on standard error how far compiling is, for as long as the context lasts; nothing where it is done already.

    `kernels` are what the context is going to call on the scenario; by default all that a sweep calls.
    """
    if batch.is_compiled(scenario, *kernels):
        yield
        return
    about = "a few seconds" if batch.is_compiled(scenario, batch.whole_run) else "about a minute"
    sys.stderr.write(f"{NOTICE.format(about=about)}\n")
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(over, sys.stderr), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(over: threading.Event, stream: Any) -> None:
    """How many parts are compiled, after how long: on a terminal one line that changes, else a line now and then."""
    start, screen = time.monotonic(), stream.isatty()
    while not over.wait(1.0 if screen else EVERY_S):
        told = f"{compiled_parts()} of {len(KERNELS)} parts, {time.monotonic() - start:.0f} s"
        stream.write(f"\r{told}  " if screen else f"{told}\n")
        stream.flush()
    if screen:
        stream.write("\r\033[K")


def compiled_parts() -> int:
    """How many entry points of the rule book have machine code by now."""
    return sum(bool(kernel.signatures) for kernel in KERNELS)
