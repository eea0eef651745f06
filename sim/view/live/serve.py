"""Serving the live view: on this machine alone, at a port the system chooses, for whoever has the printed address."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
import socket
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from sim.errors import BadInput
from sim.view.live.guard import Guard

LOOPBACK = "127.0.0.1"
NEEDED = ("solara", "ipyvuetify", "solara_assets", "uvicorn", "websockets")
INSTALL = "`tanf view` needs packages that are not installed ({}): pip install 'tanf-escalation[view]'"
ASKED: list[str] = []  # the overrides of the command, for every page that is opened
ENVIRONMENT = {
    "SOLARA_APP": "sim.view.live.page",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_PROXY": "true",  # scripts and fonts come from the package solara-assets ...
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # ... and what it lacks from nowhere, least of all the network
    "SOLARA_THEME_VARIANT": "light",  # its "auto" draws nothing; page.css goes by what the reader prefers
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",  # a run outlives its closed page for so long
    "SOLARA_KERNEL_MAX_COUNT": "40",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_SESSION_SAME_SITE": "strict",
}


def refuse_without_extra() -> None:
    """Raise `BadInput`, which says what to install, unless all that the page needs is there."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise BadInput(INSTALL.format(", ".join(missing)))


def serve(asked: Sequence[str], tell: Callable[[str], None] = print) -> None:
    """Serve until Ctrl-C; `tell` is given the address, which holds the secret, once the page can be opened."""
    refuse_without_extra()
    os.environ.update(ENVIRONMENT | {"SOLARA_SESSION_SECRET_KEY": secrets.token_hex(16)})
    ASKED[:] = asked
    warnings.filterwarnings("ignore", "Cookies with samesite", UserWarning)  # the secret's cookie is the guard's
    import uvicorn
    from solara.server.starlette import app

    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        port, token = listening.getsockname()[1], secrets.token_urlsafe(24)

        class Server(uvicorn.Server):
            """Says where it is when it is there, and ends at the first signal."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                tell(f"http://{LOOPBACK}:{port}/?token={token}")

            def capture_signals(self) -> AbstractContextManager[None]:
                return ended_by_signals(self.handle_exit)

        settings = uvicorn.Config(
            Guard(app, port, token), log_level="warning", access_log=False, proxy_headers=False, server_header=False,
            ws="auto", ws_max_size=1 << 20, timeout_graceful_shutdown=1,
        )  # fmt: skip
        Server(settings).run(sockets=[listening])


@contextmanager
def ended_by_signals(end: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """A first signal calls `end`, and once all is closed, what was to be done at it before is done.

    uvicorn would send the signal a second time instead, and a second Ctrl-C means: at once.
    """
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        end(number, frame)

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    first = before.get(signal.Signals(heard[0])) if heard else None
    if callable(first):
        first(heard[0], None)
