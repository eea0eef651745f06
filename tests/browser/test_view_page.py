"""The live view in a real browser: it plays, steps, begins again, is steered, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import REQUIRED
from tests.hostile import HOSTILE
from tests.live_server import LACKING, REASON, Live, live

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAYABLE = [text for text in HOSTILE if text.isprintable() and "${" not in text and "\\" not in text]  # may be asked
QUESTION = " | ".join(text.replace("'", "`") for text in SAYABLE)


@pytest.fixture(scope="module")
def server() -> Iterator[Live]:
    """One server for all pages; each page has a run of its own."""
    if LACKING:
        pytest.fail(REASON, pytrace=False) if REQUIRED else pytest.skip(REASON)
    with live("seed=7", f"question='{QUESTION}'") as served:
        yield served


@pytest.fixture
def view(page: Page, server: Live) -> Page:
    """The page as it opens."""
    page.goto(server.address)
    page.wait_for_selector("[data-do=play]")
    return page


def day(view: Page) -> float:
    """The day that the page shows."""
    return float(view.inner_text("[data-is=day]"))


def comes(view: Page, script: str) -> bool:
    """Whether the page comes to something within a minute."""
    from playwright.sync_api import TimeoutError as TooLate

    try:
        view.wait_for_function(script, timeout=60_000)
    except TooLate:
        return False
    return True


def play_to(view: Page, wanted: float) -> None:
    """Play until a day, then pause."""
    view.select_option("[data-do=speed]", "24")
    view.click("[data-do=play]")
    assert comes(view, f"+document.querySelector('[data-is=day]').textContent >= {wanted}")
    view.click("[data-do=play]")
    still(view)


def still(view: Page) -> None:
    """Wait until nothing moves any more."""
    assert comes(view, "document.querySelector('[data-do=play]').textContent.includes('Play')")
    view.wait_for_timeout(300)


def overflow(view: Page) -> int:
    """By how many pixels anything is wider than the window; a drawing scales what is in it."""
    wide = "[...document.querySelectorAll('*:not(svg *)')].map(element => element.scrollWidth)"
    return view.evaluate(f"Math.max(...{wide}) - innerWidth")


def test_it_opens_without_complaint(view: Page, console_errors: list[str]) -> None:
    """If this failed, the page would open broken."""
    assert view.inner_text("h1").startswith("A live standoff around al Tanf")
    assert "no planning aid" in view.inner_text(".limits")
    assert day(view) == 0
    assert console_errors == []


def test_nothing_is_asked_of_others(view: Page, server: Live, requests: list[str]) -> None:
    """If this failed, somebody else's server would know who looks at what."""
    play_to(view, 2)
    own = re.compile(rf"(http|ws)://127\.0\.0\.1:{server.port}/")
    assert requests
    assert [url for url in requests if not own.match(url)] == []


def test_the_secret_leaves_the_address_bar(view: Page, server: Live) -> None:
    """If this failed, a picture of the screen would hand the view to others."""
    assert view.url == f"http://127.0.0.1:{server.port}/"
    assert server.token not in view.content()


def test_play_and_pause(view: Page, console_errors: list[str]) -> None:
    """If this failed, the run would not start, or not stop."""
    view.click("[data-do=play]")
    assert comes(view, "+document.querySelector('[data-is=day]').textContent > 0.5")
    view.click("[data-do=play]")
    still(view)
    seen = day(view)
    view.wait_for_timeout(500)
    assert day(view) == seen < 28
    assert console_errors == []


def test_step(view: Page) -> None:
    """If this failed, the decisive minutes could not be looked at one after the other."""
    assert view.inner_text("[data-is=local]") == "12 May 00:00"
    view.click("[data-do=step]")
    assert comes(view, "document.querySelector('[data-is=local]').textContent === '12 May 00:05'")
    view.click("[data-do=step]")
    assert comes(view, "document.querySelector('[data-is=local]').textContent === '12 May 00:10'")


def test_run_to_the_end_and_start_again(view: Page, console_errors: list[str]) -> None:
    """If this failed, the outcome could not be seen without waiting, or a run not be seen twice."""
    view.click("[data-do=end]")
    view.wait_for_selector("[data-is=over]", timeout=60_000)
    assert comes(view, "+document.querySelector('[data-is=day]').textContent === 28")
    assert comes(view, "document.querySelector('[data-do=play]').disabled")
    assert comes(view, "document.querySelectorAll('.feed li').length > 20")
    view.click("[data-do=reset]")
    assert comes(view, "document.querySelector('[data-is=day]').textContent === '0.0'")
    assert comes(view, "document.querySelectorAll('.feed li').length === 0")
    assert console_errors == []


def test_a_slider_moves_the_zone(view: Page) -> None:
    """If this failed, who asks what a smaller zone would do would look at the old one."""
    play_to(view, 1)
    assert view.get_attribute(".zone", "r") == "55"
    view.focus("input[data-key='roe.zone_radius_km']")
    view.keyboard.press("ArrowLeft")
    assert comes(view, "document.querySelector('.zone').getAttribute('r') === '50'")
    assert comes(view, "document.querySelector('[data-is=day]').textContent === '0.0'")
    assert comes(view, "document.querySelector('.settings .levers label:first-child').innerText.includes('50 km')")


def test_rules_of_engagement_are_chosen(view: Page) -> None:
    """If this failed, the page would name rules that do not hold in the run."""
    view.select_option("select[data-key=roe]", "restrictive")
    assert comes(view, "document.querySelector('.head').textContent.includes('ROE restrictive')")
    assert comes(view, "document.querySelector(`input[data-key='roe.call_window_min']`).value === '240'")


def test_a_scenario_is_chosen(view: Page) -> None:
    """If this failed, the scenarios could only be seen from the command line."""
    view.select_option("select[data-key=scenario]", "after_8_june")
    assert comes(view, "document.querySelector('.head').textContent.includes('scenario after_8_june')")
    assert comes(view, "document.querySelector('[data-is=local]').textContent.includes(' Jun ')")


def test_what_cannot_be_set_is_said(view: Page, console_errors: list[str]) -> None:
    """If this failed, a wrong seed would be ignored in silence, or be drawn as code."""
    view.fill("input[data-key=seed]", "<b id=x>seed</b>")
    view.press("input[data-key=seed]", "Enter")
    view.wait_for_selector("[role=alert]")
    assert "seed" in view.inner_text("[role=alert]")
    assert view.locator("#x").count() == 0
    assert console_errors == []


def test_a_click_on_a_unit_says_why(view: Page, console_errors: list[str]) -> None:
    """If this failed, the page would show what happens and not why."""
    play_to(view, 12)
    unit = view.locator(".unit.militia").first
    name = str(unit.get_attribute("aria-label")).split(",")[0]
    unit.locator(".hit").click()
    view.wait_for_selector("[data-is=why]")
    told = view.inner_text("[data-is=why]")
    assert told.startswith(name)
    assert "Its last decision" in told
    assert "What led to this" in told
    assert comes(view, "document.querySelectorAll('.why tr.chosen').length === 1")
    assert comes(view, "document.querySelectorAll('.unit .halo').length === 1")
    assert console_errors == []


def test_a_line_of_the_feed_selects_its_unit(view: Page) -> None:
    """If this failed, the way from an event to its reasons would be a search on the map."""
    play_to(view, 4)
    view.locator(".feed a").first.click()
    view.wait_for_selector("[data-is=why]")
    assert comes(view, "document.querySelector('[data-do=unit]').value !== ''")


def test_units_are_reached_by_keyboard(view: Page) -> None:
    """If this failed, who uses no mouse would never learn why."""
    view.focus(".unit[data-row='0']")
    view.keyboard.press("Enter")
    view.wait_for_selector("[data-is=why]")
    assert view.inner_text("[data-is=why]").startswith("The garrison")


def test_ladder_and_tension_follow(view: Page) -> None:
    """If this failed, the strips would stand still while the map moves."""
    before = view.get_attribute("polyline.tension >> nth=3", "points")
    play_to(view, 14)
    assert len(str(view.get_attribute("polyline.tension >> nth=3", "points"))) > len(str(before))
    assert view.locator(".ladder tbody tr").count() == 4
    assert view.locator(".ladder tbody th").all_inner_texts() == ["regime", "militia", "Hezbollah", "Russia"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(page: Page, server: Live, width: int, scheme: Any) -> None:
    """If this failed, a phone's reader would have to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(server.address)
    page.wait_for_selector("[data-do=play]")
    play_to(page, 12)
    page.locator(".unit.militia .hit").first.click()
    page.wait_for_selector("[data-is=why]")
    assert overflow(page) <= 0
    assert page.locator(".feed").bounding_box() is not None


def test_dark_is_dark(page: Page, server: Live) -> None:
    """If this failed, a reader at night would be blinded, or read black on black."""
    page.emulate_media(color_scheme="dark")
    page.goto(server.address)
    page.wait_for_selector("[data-do=play]")
    style = "getComputedStyle(document.querySelector('.standoff'))"
    assert page.evaluate(f"{style}.backgroundColor") == "rgb(22, 24, 27)"
    assert page.evaluate(f"{style}.color") == "rgb(232, 230, 225)"


def test_hostile_words_stay_words(view: Page, console_errors: list[str]) -> None:
    """If this failed, a question from somebody else's file could run as code in the reader's browser."""
    assert len(SAYABLE) >= 16
    assert view.evaluate("() => window.harmed") is None
    assert view.text_content(".question") == QUESTION
    assert view.locator(".question *").count() == 0
    assert view.title() == "A live standoff around al Tanf, May–June 2017"
    assert console_errors == []


def test_two_pages_are_two_runs(view: Page, server: Live) -> None:
    """If this failed, one reader's click would change what another one sees."""
    other = view.context.new_page()
    other.goto(server.address)
    other.wait_for_selector("[data-do=play]")
    play_to(view, 3)
    assert day(view) >= 3
    assert day(other) == 0
