"""Who may talk to the live view: the browser that was given the address, and nobody else.

A server on the loopback address is within reach of every page that is open on the same machine.  This wrapper
round an ASGI application therefore asks for the right host (against DNS rebinding), the right origin (against
other pages, whose web sockets no browser stops) and a secret, which the printed address carries once and a cookie
from then on.  It needs nothing but the standard library.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_SOCKETS = 20  # open at once; a page holds one
CALLED = ("127.0.0.1", "localhost")  # names this machine goes by
POLICY = (  # the page may ask nobody but this server; Vue compiles its templates, hence unsafe-eval
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
REASONS = {
    403: "403: open the address that `tanf view` printed; it holds a secret that this request lacks.",
    421: "421: this server answers under 127.0.0.1 and localhost only.",
    503: f"503: {MOST_SOCKETS} pages are open; close some.",
}


class Guard:
    """An ASGI application in front of another one, at a port of this machine, that lets in who knows the secret."""

    def __init__(self, app: App, port: int, token: str, most_sockets: int = MOST_SOCKETS) -> None:
        self.app, self.token, self.most_sockets = app, token, most_sockets
        self.hosts = {f"{name}:{port}" for name in CALLED}
        self.cookie = f"tanf_view_{port}"  # cookies do not tell ports apart
        self.sockets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "http":
            await self._page(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope) -> int:
        """The status of the refusal; 0 where there is none."""
        hosts = list(headers(scope, b"host"))
        if len(hosts) != 1 or hosts[0] not in self.hosts:
            return 421
        origins = list(headers(scope, b"origin"))
        expected = {f"http://{hosts[0]}"}
        if (origins or scope["type"] == "websocket") and set(origins) != expected:
            return 403
        return 0 if self._knows(scope) else 403

    def _knows(self, scope: Scope) -> bool:
        return self._same(self._in_address(scope)) or any(self._same(kept) for kept in self._kept(scope))

    def _same(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _in_address(self, scope: Scope) -> str:
        """The secret in the address, which only the front page takes."""
        if scope["type"] != "http" or scope["path"] != "/":
            return ""
        return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]

    def _kept(self, scope: Scope) -> Iterator[str]:
        for header in headers(scope, b"cookie"):
            try:
                found = SimpleCookie(header)
            except CookieError:
                continue
            if self.cookie in found:
                yield found[self.cookie].value

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self.refusal(scope)
        if refused:
            await answer(send, refused, REASONS[refused])
        elif self._in_address(scope):
            kept = f"{self.cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
            await answer(send, 303, "", [(b"location", b"/"), (b"set-cookie", kept.encode())])
        else:
            await self.app(scope, receive, protected(send))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self.refusal(scope) or (503 if self.sockets >= self.most_sockets else 0)
        if refused:
            await refuse_socket(scope, receive, send, refused)
            return
        self.sockets += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.sockets -= 1


def headers(scope: Scope, name: bytes) -> Iterator[str]:
    """The values of a header, which may stand there more than once."""
    return (value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)


def protected(send: Send) -> Send:
    """The same way out, with headers that keep the page to itself."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in HEADERS}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sent


async def answer(send: Send, status: int, words: str, more: list[tuple[bytes, bytes]] | None = None) -> None:
    """A short answer in plain text."""
    body = words.encode()
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    start = {"type": "http.response.start", "status": status, "headers": [*plain, *HEADERS, *(more or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Refuse the handshake of a web socket; servers that know no other way answer 403 to a close."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    body = REASONS[status].encode()
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "websocket.http.response.start", "status": status, "headers": plain})
    await send({"type": "websocket.http.response.body", "body": body})
