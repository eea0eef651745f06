"""A signal is answered within seconds, whatever the program is in the midst of.

Python hears a signal between two steps of its own, and one step of the compiler may take longer than people wait.
So a thread of its own hears it too: after four seconds, or at a second Ctrl-C, the process ends as it is.  What is
in a results folder is whole at every moment, so that costs no finished part.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 4.0
HEARD = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
SENTENCE = b"tanf: stopped in the midst of a step that could not be broken off; the same command goes on\n"


@contextmanager
def watchdog(patience_s: float = PATIENCE_S) -> Iterator[None]:
    """End the process with exit code 128 + n where signal n has not ended this context in time, or comes again."""
    hears, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    dog = threading.Thread(target=_wait, args=(hears, patience_s), daemon=True)
    dog.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        dog.join()
        hears.close()


def _wait(hears: socket.socket, patience_s: float) -> None:
    """Wait for a signal, then for a second one, or the end of the context, which closes the other end."""
    number = _next(hears)
    if number is None:
        return
    hears.settimeout(patience_s)
    try:
        number = _next(hears)
    except TimeoutError:
        os.write(2, SENTENCE)
    if number is not None:
        os._exit(128 + number)


def _next(hears: socket.socket) -> int | None:
    """The number of the next signal that ends programs; None at the end."""
    while heard := hears.recv(1):
        if heard[0] in HEARD:
            return heard[0]
    return None
