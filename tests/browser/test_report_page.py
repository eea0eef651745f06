"""The report as people see it: on a phone, at a desk, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from sim.results.folder import FIGURES
from tests.small_report import make

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, DESK, SHEET = 390, 1280, 680  # px; the last is A4 within its margins
CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  return Math.min(...[...document.querySelectorAll('p, th, td, small, a, li, dt, figcaption')].map(e => {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    return (a + .05) / (b + .05); })); }"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the report of a small sweep is."""
    folder = make(tmp_path_factory.mktemp("pages") / "radii", "question=How far should the zone reach?")
    return (folder / FIGURES / "report.html").as_uri()


@pytest.fixture
def report(page: Page, address: str) -> Iterator[Page]:
    """The report, opened."""
    page.goto(address)
    return page


def test_nothing_goes_wrong_and_nothing_leaves(report: Page, console_errors: list[str], requests: list[str]) -> None:
    """If this failed, the page would break its own content policy, or tell somebody that it is read."""
    for width in (PHONE, DESK):
        report.set_viewport_size({"width": width, "height": 900})
        report.mouse.wheel(0, 20_000)
    assert console_errors == []
    assert requests == []


@pytest.mark.parametrize("width", [PHONE, 768, DESK])
def test_page_does_not_scroll_sideways(report: Page, width: int) -> None:
    """If this failed, every line would have to be pulled to and fro."""
    report.set_viewport_size({"width": width, "height": 900})
    assert report.evaluate("document.documentElement.scrollWidth") == width


def test_wide_tables_scroll_by_themselves_on_a_phone(report: Page) -> None:
    """If this failed, the columns at the right could not be read on a phone, or rows would lose their names."""
    report.set_viewport_size({"width": PHONE, "height": 900})
    table = report.locator(".wide").first
    table.evaluate("box => box.scrollLeft = 10_000")
    assert table.evaluate("box => box.scrollLeft") > 0
    name, box = report.locator("tbody th").first.bounding_box(), table.bounding_box()
    assert name
    assert box
    assert abs(name["x"] - box["x"]) < 2
    last = report.locator("tbody tr").first.locator("td").last.bounding_box()
    assert last
    assert last["x"] + last["width"] <= PHONE


def test_every_image_shows(report: Page) -> None:
    """If this failed, a figure would be an empty frame with a caption."""
    sizes = report.evaluate("[...document.images].map(i => [i.complete, i.naturalWidth, i.clientWidth])")
    assert len(sizes) >= 5
    assert all(complete and natural > 600 and shown > 300 for complete, natural, shown in sizes)


def test_every_image_is_described(report: Page) -> None:
    """If this failed, who cannot see a figure would not learn what it shows, of how many runs."""
    told = report.evaluate("[...document.images].map(i => i.alt)")
    assert all("n = " in each for each in told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(report: Page, scheme: str) -> None:
    """If this failed, texts could not be read in bright sun or at night (WCAG 2.2 AA: 4.5 to 1)."""
    report.emulate_media(color_scheme=scheme)
    assert report.evaluate(CONTRAST) >= 4.5


def test_dark_page_is_dark(report: Page) -> None:
    """If this failed, a reader at night would be dazzled."""
    shade = "getComputedStyle(document.body).backgroundColor"
    report.emulate_media(color_scheme="light")
    assert report.evaluate(shade) == "rgb(255, 255, 255)"
    report.emulate_media(color_scheme="dark")
    assert report.evaluate(shade) == "rgb(22, 24, 27)"


def test_paper_is_white_and_wide_enough(report: Page) -> None:
    """If this failed, a printed table would lose its last columns, or drink a cartridge."""
    report.set_viewport_size({"width": SHEET, "height": 900})
    report.emulate_media(media="print", color_scheme="dark")
    assert report.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    right = report.evaluate(
        "Math.max(...[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right))"
    )
    assert right <= SHEET
    assert not report.locator("nav").is_visible()


def test_it_prints(report: Page) -> None:
    """If this failed, no reviewer could have it on paper."""
    assert report.pdf(format="A4").startswith(b"%PDF")


def test_contents_lead_to_their_parts(report: Page) -> None:
    """If this failed, a click on a heading of the contents would lead nowhere."""
    links = report.locator("nav a")
    assert links.count() == 7
    for number in range(links.count()):
        links.nth(number).click()
        part = report.locator(links.nth(number).get_attribute("href") or "")
        assert part.locator("h2").is_visible()


def test_question_is_the_title(report: Page) -> None:
    """If this failed, ten open reports could not be told apart."""
    assert report.title() == "How far should the zone reach?"
    assert report.locator("h1").inner_text() == "How far should the zone reach?"


def test_scripts_could_not_run(report: Page) -> None:
    """If this failed, what somebody might yet smuggle into a page would be obeyed."""
    report.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=data:x onerror=window.hit=1>')")
    report.wait_for_timeout(200)
    assert report.evaluate("window.hit === undefined")
