"""A page in a headless Chromium, and what it complained of and asked of the network.

Where Playwright or Chromium is missing, plain pytest skips these tests and says why; TANF_BROWSER=1, which
`make browser-test` sets, makes that a failure. The browser is Playwright's own, or else the system's.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
import replaying

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page

REQUIRED = os.environ.get("TANF_BROWSER") == "1"
SYSTEM = ("chromium", "chromium-browser", "google-chrome")
INSIDE = ("file:", "data:", "blob:", "about:")  # addresses that need no network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        _without("Playwright is not installed: pip install -e '.[browser]'")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_chromium(playwright.chromium), args=_flags())
        yield launched
        launched.close()


@pytest.fixture
def console_errors() -> list[str]:
    """What `page` wrote to its console as an error, and scripts that failed."""
    return []


@pytest.fixture
def requests() -> list[str]:
    """The addresses `page` asked the network for; files and data inside the page are no network."""
    return []


@pytest.fixture
def page(browser: Browser, console_errors: list[str], requests: list[str]) -> Iterator[Page]:
    """An empty page 1280 px wide, without a memory of other tests; it fills `console_errors` and `requests`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(message.text)

    def note(url: str) -> None:
        if not url.startswith(INSIDE):
            requests.append(url)

    opened.on("console", hear)
    opened.on("pageerror", lambda error: console_errors.append(str(error)))
    opened.on("request", lambda request: note(request.url))
    opened.on("websocket", lambda socket: note(socket.url))
    yield opened
    context.close()


@pytest.fixture(scope="session")
def shot() -> Any:
    """The film of a run with strikes."""
    return replaying.shot()


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Page:
    """The page of its replay, opened."""
    return replaying.opened_in(page, tmp_path)


def _chromium(known: BrowserType) -> str:
    """The browser to start: Playwright's own where it is installed, else the system's."""
    own = [known.executable_path] if Path(known.executable_path).is_file() else []
    found = own + [path for name in SYSTEM if (path := shutil.which(name))]
    if not found:
        _without("there is no Chromium: `playwright install chromium`, or the system's package chromium")
    return found[0]


def _flags() -> list[str]:
    """Chromium's own sandbox does not start for root, and in a container /dev/shm may be small."""
    return ["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else []


def _without(reason: str) -> NoReturn:
    if REQUIRED:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
