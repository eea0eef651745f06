"""The browser the pages are tested in tells what a page does wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_a_page_that_fails_and_calls_home_is_noticed(
    page: Page, tmp_path: Path, console_errors: list[str], requests: list[str]
) -> None:
    """If this failed, tests of pages would find no error and no request, whatever a page did."""
    faulty = tmp_path / "faulty.html"
    faulty.write_text("<img src='http://127.0.0.1:9/seen.png'><script>throw new Error('it broke')</script>")
    page.goto(faulty.as_uri())
    assert "it broke" in console_errors
    assert requests == ["http://127.0.0.1:9/seen.png"]
