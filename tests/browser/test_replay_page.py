"""The page of a replay: what it shows, on a desk and on a telephone, and what it lets nobody do."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
import replaying
from replaying import go_to, told

from sim.run.model import EscalationModel
from sim.view.replay_page import page as page_of
from tests.hostile import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCRUB = """async (times) => {
    const time = document.getElementById("time"), took = [];
    for (let k = 0; k < times; k++) {
        const began = performance.now();
        time.value = String((k * 7919) % Number(time.max));
        time.dispatchEvent(new Event("input"));
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        took.push((performance.now() - began) / 2);
    }
    return took.sort((a, b) => a - b)[times >> 1];
}"""


def test_it_opens_without_a_complaint_and_asks_nobody(opened, console_errors, requests):
    """If this failed, the page would be broken, or tell somebody that it is being looked at."""
    assert opened.title() == "Replay of run 0:0 of baseline"
    for step in (0, 3000, 8064):
        go_to(opened, step)
    opened.click("#play")
    opened.wait_for_timeout(300)
    assert not console_errors
    assert not requests


def test_no_script_but_its_own_may_run(opened, console_errors):
    """If this failed, a script that came into the page by whatever way would run."""
    opened.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.harmed = 1';
            document.body.append(script);
        }"""
    )
    assert opened.evaluate("() => window.harmed") is None
    assert any("Content Security Policy" in told for told in console_errors)


def test_it_gives_the_reasons_that_the_model_gives(opened, shot):
    """If this failed, the page would explain a unit's state otherwise than `agent.why()` does."""
    decided = [(step, row) for step, row, _ in shot.decisions]
    moments = [
        decided[0],
        decided[len(decided) // 2],
        decided[-1],
        (4500, decided[-1][1]),
        (8064, decided[5][1]),
        (700, 0),
    ]
    model = EscalationModel(shot.scenario, rng=0, replication=0, collect="none")
    for step, row in sorted(moments):
        while model.tick < step:
            model.advance()
        go_to(opened, step)
        opened.select_option("#unit", str(row))
        assert "\n".join(told(opened)) == str(model.unit_agents[row].why()), (step, row)


def test_the_strips_show_one_time(opened):
    """If this failed, rung and tension would be compared at different moments."""
    go_to(opened, 3000)
    go_to(opened, 6000)
    columns = """(id) => {
        const canvas = document.getElementById(id), pen = canvas.getContext("2d"), found = [];
        for (const y of [2, 31]) {
            const row = pen.getImageData(0, y, canvas.width, 1).data;
            for (let x = 100; x < canvas.width; x++) {
                if (row[4 * x] === 11 && row[4 * x + 1] === 98 && row[4 * x + 2] === 163) found.push(x);
            }
        }
        return found;
    }"""
    rungs, tension = (opened.evaluate(columns, name) for name in ("rungs", "tension"))
    assert rungs == tension
    assert max(rungs) - min(rungs) <= 2  # and one only: no cursor of an earlier moment is left


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_it_fits(opened, console_errors, width, colours):
    """If this failed, the page could not be read on a telephone or at night."""
    opened.emulate_media(color_scheme=colours)
    opened.set_viewport_size({"width": width, "height": 844})
    go_to(opened, 2700)
    assert opened.evaluate("() => document.documentElement.scrollWidth") <= width
    for name in ("#map", "#play", "#forth", "#events", "#unit", "#rungs", "#tension"):
        box = opened.locator(name).bounding_box()
        assert box["width"] > 60, name
        assert box["x"] + box["width"] <= width + 1, name
    if width == 390:
        assert opened.locator("#play").bounding_box()["height"] >= 40
    page_colour = opened.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert page_colour == ("rgb(255, 255, 255)" if colours == "light" else "rgb(22, 24, 27)")
    assert not console_errors


def test_it_scrubs_smoothly(opened):
    """If this failed, a hand on the slider would wait for the picture, or the page be too large to send."""
    assert len(replaying.text()) < 300_000
    median_ms = opened.evaluate(SCRUB, 200)
    assert 1000 / median_ms >= 30


def test_names_are_only_names(page: Page, shot, tmp_path, console_errors, requests):
    """If this failed, who names a folder or a unit could run a script in the browser of whoever opens the replay."""
    names = tuple(f"{HOSTILE[row % len(HOSTILE)]} {row}" for row, _ in enumerate(shot.scenario.names))
    hostile = dataclasses.replace(shot, scenario=dataclasses.replace(shot.scenario, names=names))
    file = tmp_path / "hostile.html"
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for words in HOSTILE:
        file.write_text(page_of(hostile, f"run 0:0 of {words}"), encoding="utf-8")
        page.goto(file.as_uri())
        page.check("#routine")
        page.select_option("#unit", "8")
        go_to(page, 3000)
        assert page.evaluate("() => window.harmed") is None, words
        assert page.locator("img, iframe, svg, math, base, a, b").count() == 0, words
        assert page.locator("script").count() == 2, words
    assert any("<script>" in told for told in page.locator("#unit option").all_text_contents())
    assert not dialogs
    assert not console_errors
    assert not requests
