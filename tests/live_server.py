"""`tanf view` as a process of its own, for tests that talk to it."""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.view.live.serve import NEEDED

ROOT = Path(__file__).parents[1]
LACKING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
REASON = f"the extra `view` is not installed (pip install -e '.[view]'): {', '.join(LACKING)} missing"


@dataclass(frozen=True)
class Live:
    """A server: its process, its address with the secret, and the parts of that."""

    process: subprocess.Popen[str]
    address: str
    port: int
    token: str

    @property
    def cookie(self) -> str:
        """What a browser that was let in sends."""
        return f"tanf_view_{self.port}={self.token}"

    def interrupt(self, patience_s: float = 15) -> tuple[int, str]:
        """Ctrl-C; the exit code and what was still said."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(patience_s)
        return code, self.process.stdout.read() if self.process.stdout else ""


@contextmanager
def live(*overrides: str, patience_s: float = 120, first: Path = ROOT) -> Iterator[Live]:
    """A running `tanf view`, which looks for modules in the folder `first` first; it is gone afterwards."""
    command = [sys.executable, "-m", "experiments", "view", *overrides]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONPATH": f"{first}{os.pathsep}{ROOT}"},
    )  # fmt: skip
    try:
        address = _address(process, patience_s)
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]{20,})", address)
        assert found, address
        yield Live(process, address, int(found[1]), found[2])
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def _address(process: subprocess.Popen[str], patience_s: float) -> str:
    """The address as it was printed; waits for it, as compiling may come first."""
    said: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            said.put(line.strip())
            if line.startswith("http"):
                return
        said.put("ended")

    threading.Thread(target=listen, daemon=True).start()
    told = []
    while not told or not told[-1].startswith("http"):
        told.append(said.get(timeout=patience_s))
        assert told[-1] != "ended", "\n".join(told)
    return told[-1]
