"""The live view as it is served: only here, only to whom it was shown, and gone at Ctrl-C."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.view.live.guard import MOST_SOCKETS
from tests.live_server import LACKING, REASON, Live, live

pytestmark = pytest.mark.skipif(bool(LACKING), reason=REASON)

SOCKET = "/jupyter/api/kernels/00000000-0000-4000-8000-{number:012d}/channels?session_id=a"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
TRAVERSALS = (  # CVE-2024-39903 and its kin
    "/static/nbextensions/#/../../../../../../etc/passwd",
    "/static/nbextensions/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/static/public/../../../../../../etc/passwd",
    "/static/public/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/assets/..%5c..%5c..%5cetc%5cpasswd",
    "/jupyter/nbextensions/../../../../../../etc/passwd",
    "/_solara/cdn/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/_solara/cdn/../../../../../../../../etc/passwd",
)

EAVESDROPPER = """
import sys

def hear(event, about):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.bind"):
        with open({log!r}, "a") as log:
            print(event, about[0] if event.endswith("getaddrinfo") else about[1][0], file=log)

sys.addaudithook(hear)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Live]:
    """One server for all tests of this file that leave it running."""
    with live("scenario.horizon_days=2") as served:
        yield served


def ask(server: Live, path: str = "/", cookie: bool = True, **headers: str) -> tuple[int, bytes]:
    """Status and body of a request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        kept = {"Cookie": server.cookie} if cookie else {}
        connection.request("GET", path, headers=kept | headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def open_socket(server: Live, number: int, origin: str | None, cookie: bool = True) -> tuple[int, socket.socket]:
    """Status of a web socket's handshake, and the connection, still open."""
    sent = {"Host": f"127.0.0.1:{server.port}", **UPGRADE}
    sent |= {"Origin": origin} if origin else {}
    sent |= {"Cookie": server.cookie} if cookie else {}
    lines = [f"GET {SOCKET.format(number=number)} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return int(connection.recv(4096).split()[1]), connection


def test_who_has_the_address_sees_the_page(server: Live) -> None:
    """If this failed, the printed address would not open the view."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", server.address.partition(str(server.port))[2])
    answer = connection.getresponse()
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert answer.headers["set-cookie"].startswith(server.cookie)
    connection.close()
    status, body = ask(server)
    assert status == 200
    assert b"<html" in body


@pytest.mark.parametrize("path", ["/", "/resourcez", "/readyz", "/_solara/cdn/requirejs@2.3.6/require.js", "/static/x"])
def test_nobody_else_sees_anything(server: Live, path: str) -> None:
    """If this failed, any page of the machine's browser could read the run, or what the server tells of itself."""
    assert ask(server, path, cookie=False)[0] == 403
    assert ask(server, path, Host="evil.example")[0] == 421
    assert ask(server, path, Origin="http://evil.example")[0] == 403


def test_a_socket_needs_origin_and_secret(server: Live) -> None:
    """If this failed, a page from anywhere could open the socket and steer the run."""
    own = f"http://127.0.0.1:{server.port}"
    for origin, cookie, expected in (
        ("http://evil.example", True, 403),
        (None, True, 403),
        (own, False, 403),
        (own, True, 101),
    ):
        status, connection = open_socket(server, 1, origin, cookie)
        connection.close()
        assert status == expected


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_of_the_machine(server: Live, path: str) -> None:
    """If this failed, the server would hand out files that are none of the page's."""
    status, body = ask(server, path)
    assert b"root:" not in body
    assert status in (200, 400, 403, 404, 500)


def test_it_listens_on_this_machine_alone(server: Live) -> None:
    """If this failed, everybody on the network could reach the view."""
    with contextlib.suppress(OSError):
        own = socket.gethostbyname(socket.gethostname())
        if not own.startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((own, server.port), timeout=5)
    with pytest.raises(OSError, match=r"refused|unreachable|assign|supported"):
        socket.create_connection(("::1", server.port), timeout=5)


def test_it_asks_nobody(tmp_path: Path) -> None:
    """If this failed, a library could tell its makers, or anybody on the way to them, that the view is looked at."""
    log = tmp_path / "heard"
    (tmp_path / "sitecustomize.py").write_text(EAVESDROPPER.format(log=str(log)), encoding="utf-8")
    with live("scenario.horizon_days=2", first=tmp_path) as server:
        assert ask(server)[0] == 200
        status, connection = open_socket(server, 1, f"http://127.0.0.1:{server.port}")
        assert status == 101
        time.sleep(1)
        connection.close()
        server.interrupt()
    heard = set(log.read_text("utf-8").splitlines())
    assert "socket.bind 127.0.0.1" in heard
    assert heard <= {"socket.bind 127.0.0.1", "socket.bind ::1"}  # the latter: a library tries whether there is IPv6


def test_so_many_sockets_and_no_more() -> None:
    """If this failed, a page that opens sockets in a loop would take all memory."""
    with live("scenario.horizon_days=2") as server:
        own = f"http://127.0.0.1:{server.port}"
        opened = [open_socket(server, number, own) for number in range(MOST_SOCKETS + 2)]
        assert [status for status, _ in opened] == [101] * MOST_SOCKETS + [503] * 2
        for _, connection in opened:
            connection.close()


def test_ctrl_c_ends_it() -> None:
    """If this failed, the command would hang, or end with a traceback, and leave a server behind."""
    with live("scenario.horizon_days=2") as server:
        status, connection = open_socket(server, 1, f"http://127.0.0.1:{server.port}")
        assert status == 101
        code, said = server.interrupt()
        connection.close()
        assert code == 0
        assert said.endswith("the live view has ended\n")
        assert "Traceback" not in said
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", server.port), timeout=5)
