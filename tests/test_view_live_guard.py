"""The live view talks to nobody but the browser that was given its address."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from sim.view.live.guard import MOST_SOCKETS, Guard

PORT, TOKEN = 4711, "a-secret"
HOST, ORIGIN = f"127.0.0.1:{PORT}", f"http://127.0.0.1:{PORT}"
COOKIE = f"tanf_view_{PORT}={TOKEN}"


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    """The application behind the guard."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOWALL")]})
        await send({"type": "http.response.body", "body": b"hello"})
    elif scope["type"] == "websocket":
        await send({"type": "websocket.accept"})


def finished(work: Coroutine[Any, Any, None]) -> None:
    """Do it at once: nothing here waits, and an event loop of its own would not start beside that of a browser."""
    with pytest.raises(StopIteration):
        work.send(None)


def ask(guard: Guard, kind: str = "http", path: str = "/", **fields: str | list[str]) -> list[dict[str, Any]]:
    """What comes back; `fields` are headers, `query` apart."""
    query = str(fields.pop("query", ""))
    wanted = {"host": HOST, **fields}
    pairs = [
        (name.encode(), one.encode("latin-1"))
        for name, value in wanted.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    scope = {"type": kind, "path": path, "query_string": query.encode(), "headers": pairs}
    scope["extensions"] = {"websocket.http.response": {}}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    finished(guard(scope, receive, send))
    return sent


def status(sent: list[dict[str, Any]]) -> int:
    """The status of an answer; 101 for a web socket that is open."""
    return 101 if sent[0]["type"] == "websocket.accept" else sent[0]["status"]


GUARDED = [  # what is asked, and what must come back
    ("http", {}, 403),
    ("http", {"cookie": COOKIE}, 200),
    ("http", {"cookie": f"other=1; {COOKIE}"}, 200),
    ("http", {"cookie": f"tanf_view_{PORT}=wrong"}, 403),
    ("http", {"cookie": f"tanf_view_{PORT}="}, 403),
    ("http", {"cookie": "tanf_view_4712=" + TOKEN}, 403),
    ("http", {"cookie": "\u00ff;;==\x01"}, 403),
    ("http", {"cookie": COOKIE, "host": "localhost:4711"}, 200),
    ("http", {"cookie": COOKIE, "host": "evil.example:4711"}, 421),
    ("http", {"cookie": COOKIE, "host": "127.0.0.1"}, 421),
    ("http", {"cookie": COOKIE, "host": "127.0.0.1:4712"}, 421),
    ("http", {"cookie": COOKIE, "host": []}, 421),
    ("http", {"cookie": COOKIE, "host": [HOST, "evil.example"]}, 421),
    ("http", {"cookie": COOKIE, "origin": ORIGIN}, 200),
    ("http", {"cookie": COOKIE, "origin": "http://evil.example"}, 403),
    ("http", {"cookie": COOKIE, "origin": "null"}, 403),
    ("http", {"cookie": COOKIE, "origin": "http://localhost:4711"}, 403),
    ("http", {"query": "token=wrong"}, 403),
    ("http", {"query": f"token={TOKEN}", "path": "/resourcez"}, 403),
    ("http", {"query": f"token={TOKEN}", "host": "evil.example"}, 421),
    ("websocket", {"cookie": COOKIE, "origin": ORIGIN}, 101),
    ("websocket", {"cookie": COOKIE, "origin": "http://localhost:4711", "host": "localhost:4711"}, 101),
    ("websocket", {"cookie": COOKIE}, 403),
    ("websocket", {"cookie": COOKIE, "origin": "http://evil.example"}, 403),
    ("websocket", {"cookie": COOKIE, "origin": [ORIGIN, "http://evil.example"]}, 403),
    ("websocket", {"cookie": COOKIE, "origin": f"https://{HOST}"}, 403),
    ("websocket", {"origin": ORIGIN}, 403),
    ("websocket", {"origin": ORIGIN, "query": f"token={TOKEN}"}, 403),
    ("websocket", {"cookie": COOKIE, "origin": ORIGIN, "host": "evil.example"}, 421),
]


@pytest.mark.parametrize(("kind", "fields", "expected"), GUARDED)
def test_only_the_given_address_is_answered(kind: str, fields: dict[str, Any], expected: int) -> None:
    """If this failed, a page from anywhere could steer the view, or somebody with the address could not."""
    assert status(ask(Guard(_hello, PORT, TOKEN), kind, **fields)) == expected


def test_the_address_hands_over_a_cookie_once() -> None:
    """If this failed, the secret would stay in the address bar, or scripts and other sites could have the cookie."""
    sent = ask(Guard(_hello, PORT, TOKEN), query=f"token={TOKEN}")
    told = dict(sent[0]["headers"])
    assert (sent[0]["status"], told[b"location"]) == (303, b"/")
    assert told[b"set-cookie"].decode() == f"{COOKIE}; Path=/; HttpOnly; SameSite=Strict"


def test_the_page_is_kept_to_itself() -> None:
    """If this failed, another page could frame the view and steal clicks, or the view could ask the network."""
    told = dict(ask(Guard(_hello, PORT, TOKEN), cookie=COOKIE)[0]["headers"])
    policy = told[b"content-security-policy"].decode()
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert told[b"x-content-type-options"] == b"nosniff"
    assert told[b"referrer-policy"] == b"no-referrer"


def test_sockets_are_capped_and_given_back() -> None:
    """If this failed, a page in a loop could fill the memory, or closed pages would lock their reader out."""
    asked = {"cookie": COOKIE, "origin": ORIGIN}

    async def waits(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        if guard.sockets == MOST_SOCKETS:
            refused.append(guard.refusal(scope))
            sent: list[Any] = []

            async def keep(message: Any) -> None:
                sent.append(message)

            await guard(scope, receive, keep)
            refused.append(status(sent))
        else:
            await guard(scope, receive, send)

    refused: list[int] = []
    guard = Guard(waits, PORT, TOKEN)
    ask(guard, "websocket", **asked)
    assert refused == [0, 503]
    assert guard.sockets == 0


def test_a_server_that_cannot_say_why_still_refuses() -> None:
    """If this failed, a socket would stay half open wherever the server lacks an extension of ASGI."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", HOST.encode())]}
    finished(Guard(_hello, PORT, TOKEN)(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
