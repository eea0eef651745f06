"""The page of one replay for the tests in a browser, and how it is used there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sim
from sim.run.film import Film, film
from sim.scenario import Scenario
from sim.view.replay_page import page as page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOOK = """(id) => {
    const canvas = document.getElementById(id);
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let k = 0; k < data.length; k += 4) {
        sum = (sum * 31 + data[k] + 7 * data[k + 1] + 13 * data[k + 2]) % 1000000007;
    }
    return sum;
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@cache
def scenario() -> Scenario:
    """The standoff, 28 days."""
    return sim.load()


@cache
def shot() -> Film:
    """The film of a run with strikes."""
    return film(scenario(), replication=0)


@cache
def text() -> str:
    """Its page."""
    return page_of(shot(), "run 0:0 of baseline")


def opened_in(page: Page, folder: Path) -> Page:
    """The page, opened."""
    file = folder / "replay-0-0.html"
    file.write_text(text(), encoding="utf-8")
    page.goto(file.as_uri())
    return page


def go_to(page: Page, step: int) -> None:
    """Scrub to a step."""
    page.evaluate(
        "(n) => { const t = document.getElementById('time'); t.value = n; t.dispatchEvent(new Event('input')); }",
        step,
    )
    page.evaluate(SETTLED)


def step_of(page: Page) -> int:
    """The step that the page shows."""
    page.evaluate(SETTLED)
    return int(page.input_value("#time"))


def look(page: Page, canvas: str) -> int:
    """A number for what a canvas shows."""
    page.evaluate(SETTLED)
    return int(page.evaluate(LOOK, canvas))


def told(page: Page) -> list[str]:
    """The lines of the explanation that is shown."""
    page.evaluate(SETTLED)
    return page.locator("#why .line").all_text_contents()
