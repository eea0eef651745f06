"""The page of a replay, used: played, stepped, scrubbed, asked why, on a desk and on a telephone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from hostile_words import HOSTILE

import sim
from sim.rules.names import Act
from sim.run.causes import Chronicle
from sim.run.film import film
from sim.run.model import EscalationModel
from sim.run.words import capital, named
from sim.view.replay_page import page as page_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

STEPS_A_DAY = 288
LOOK = """(id) => {
    const canvas = document.getElementById(id), data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    let sum = 0;
    for (let k = 0; k < data.length; k += 4) sum = (sum * 31 + data[k] + 7 * data[k + 1] + 13 * data[k + 2]) % 1000000007;
    return sum;
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
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


@pytest.fixture(scope="module")
def scenario():
    """The standoff, 28 days."""
    return sim.load()


@pytest.fixture(scope="module")
def shot(scenario):
    """The film of a run with strikes."""
    return film(scenario, replication=0)


@pytest.fixture(scope="module")
def file(shot, tmp_path_factory):
    """Its page."""
    made = tmp_path_factory.mktemp("replay") / "replay-0-0.html"
    made.write_text(page_of(shot, "run 0:0 of baseline"), encoding="utf-8")
    return made


@pytest.fixture
def opened(page: Page, file):
    """The page, opened."""
    page.goto(file.as_uri())
    return page


def go_to(page: Page, step: int) -> None:
    """Scrub to a step."""
    page.evaluate(
        "(n) => { const t = document.getElementById('time'); t.value = n; t.dispatchEvent(new Event('input')); }", step
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
        "() => { const s = document.createElement('script'); s.textContent = 'window.harmed = 1'; document.body.append(s); }"
    )
    assert opened.evaluate("() => window.harmed") is None
    assert any("Content Security Policy" in told for told in console_errors)


def test_it_plays_and_pauses(opened):
    """If this failed, nobody could watch a run."""
    opened.click("#play")
    opened.wait_for_function("() => Number(document.getElementById('time').value) > 10")
    assert opened.text_content("#play") == "Pause"
    opened.click("#play")
    held = step_of(opened)
    opened.wait_for_timeout(200)
    assert (opened.text_content("#play"), step_of(opened)) == ("Play", held)


def test_a_faster_speed_gets_further(opened):
    """If this failed, the choice of speed would do nothing."""
    reached = []
    for speed in ("0.5", "24"):
        go_to(opened, 0)
        opened.select_option("#speed", speed)
        opened.click("#play")
        opened.wait_for_timeout(500)
        opened.click("#play")
        reached.append(step_of(opened))
    assert reached[1] > 5 * max(1, reached[0])


def test_it_stops_at_the_end_and_begins_anew(opened):
    """If this failed, it would play on into a time of which nothing is known."""
    go_to(opened, 8060)
    opened.select_option("#speed", "24")
    opened.click("#play")
    opened.wait_for_function("() => document.getElementById('play').textContent === 'Play'")
    assert step_of(opened) == 8064
    opened.click("#play")
    opened.wait_for_function("() => Number(document.getElementById('time').value) < 4000")


def test_steps(opened):
    """If this failed, nobody could look at one moment after the other."""
    go_to(opened, 500)
    opened.click("#forth")
    opened.click("#forth")
    assert step_of(opened) == 502
    opened.click("#back")
    assert step_of(opened) == 501
    assert opened.text_content("#clock") == "day 1.74 · 13 May 17:45"


def test_keys(opened):
    """If this failed, who uses no mouse could not use the page."""
    opened.focus("#map")
    for key, expected in (
        ("End", 8064), ("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 13), ("ArrowLeft", 12),
        ("PageDown", 12 + STEPS_A_DAY), ("PageUp", 12),
    ):  # fmt: skip
        opened.keyboard.press(key)
        assert step_of(opened) == expected, key
    opened.keyboard.press("Space")
    assert opened.text_content("#play") == "Pause"
    opened.keyboard.press("Space")
    assert opened.text_content("#play") == "Play"
    opened.keyboard.press("+")
    assert opened.input_value("#speed") == "24"


def test_scrubbing_moves_the_map(opened):
    """If this failed, the picture would not be of the time that is shown."""
    go_to(opened, 2690)
    before = look(opened, "map")
    go_to(opened, 5000)
    after = look(opened, "map")
    go_to(opened, 2690)
    assert before == look(opened, "map") != after


def test_an_event_jumps(opened, shot):
    """If this failed, a strike could not be looked at without searching for it."""
    number = next(k for k, event in enumerate(shot.events) if event["act"] == Act.STRIKE)
    words = Chronicle.of(shot.scenario, shot.events).sentence(number)
    strike = opened.locator("#events button", has_text=words[1:]).first
    strike.click()
    opened.evaluate(SETTLED)
    assert strike.get_attribute("aria-current") == "true"
    assert step_of(opened) == -(-shot.events[number]["minute"] // 5)
    assert words[1:] in opened.text_content("#latest")


def test_the_next_event_and_the_one_before(opened):
    """If this failed, nobody could go through a run event by event."""
    go_to(opened, 2000)
    opened.click("#next")
    first = step_of(opened)
    opened.click("#next")
    second = step_of(opened)
    opened.click("#before")
    assert 2000 < first < second
    assert step_of(opened) == first


def test_all_events_are_there_when_asked_for(opened, shot):
    """If this failed, the list would hide events and not say so."""
    few = opened.locator("#events button").count()
    opened.check("#routine")
    assert 0 < few < opened.locator("#events button").count() == len(shot.events)


def told(page: Page) -> list[str]:
    """The lines of the explanation that is shown."""
    page.evaluate(SETTLED)
    return page.locator("#why .line").all_text_contents()


def test_it_gives_the_reasons_that_the_model_gives(opened, scenario, shot):
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
    model = EscalationModel(scenario, rng=0, replication=0, collect="none")
    for step, row in sorted(moments):
        while model.tick < step:
            model.advance()
        go_to(opened, step)
        opened.select_option("#unit", str(row))
        assert "\n".join(told(opened)) == str(model.unit_agents[row].why()), (step, row)


def test_a_cause_jumps(opened, shot):
    """If this failed, the chain of causes could be read but not looked at."""
    chronicle = Chronicle.of(shot.scenario, shot.events)
    step, row, _ = max(shot.decisions, key=lambda told: len(chronicle.chain(shot.explains[told[0], told[1]])))
    root = chronicle.chain(shot.explains[step, row])[0]
    go_to(opened, step)
    opened.select_option("#unit", str(row))
    opened.evaluate(SETTLED)
    opened.locator("#why button").first.click()
    assert step_of(opened) == -(-shot.events[root]["minute"] // 5) < step


def test_a_click_on_the_map_selects_the_nearest_unit(opened, shot):
    """If this failed, a unit that is seen could only be found by its name."""
    step, row = next((s, r) for s, r, _ in shot.decisions if shot.out[s, r] and -100 < shot.x_km[s, r] < -60)
    go_to(opened, step)
    box = opened.locator("#map").bounding_box()
    scale = box["width"] / 213
    x = box["width"] / 2 + (shot.x_km[step, row] - 0.5) * scale
    y = box["height"] / 2 - (shot.y_km[step, row] - 19.5) * scale
    opened.locator("#map").click(position={"x": x, "y": y})
    opened.evaluate(SETTLED)
    chosen = int(opened.input_value("#unit"))
    assert chosen >= 0
    away = abs(shot.x_km[step, chosen] - shot.x_km[step, row]) + abs(shot.y_km[step, chosen] - shot.y_km[step, row])
    assert away * scale < 2
    assert capital(named(shot.units[chosen]["name"])) in told(opened)[0]


@pytest.mark.parametrize("strip", ["rungs", "tension"])
def test_a_click_on_a_strip_jumps(opened, strip):
    """If this failed, a rise of rung or tension could not be looked at on the map."""
    box = opened.locator(f"#{strip}").bounding_box()
    opened.locator(f"#{strip}").click(position={"x": 96 + (box["width"] - 100) / 2, "y": 20})
    assert abs(step_of(opened) - 4032) <= 10


def test_the_strips_show_one_time(opened):
    """If this failed, rung and tension would be compared at different moments."""
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
    assert rungs
    assert rungs == tension


def test_closer_farther_and_back(opened):
    """If this failed, units that stand close together could not be told apart."""
    whole = look(opened, "map")
    opened.click("#closer")
    closer = look(opened, "map")
    opened.click("#whole")
    assert closer != whole == look(opened, "map")
    box = opened.locator("#map").bounding_box()
    opened.mouse.move(box["x"] + 300, box["y"] + 200)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 360, box["y"] + 240, steps=3)
    opened.mouse.up()
    assert look(opened, "map") != whole
    assert opened.input_value("#unit") == "-1"  # a drag selects nothing


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
    corner = opened.evaluate(
        "() => [...document.getElementById('rungs').getContext('2d').getImageData(100, 1, 1, 1).data]"
    )
    assert corner[3] == 0 or sum(corner[:3]) > 0
    assert not console_errors


def test_it_scrubs_smoothly(opened, file):
    """If this failed, a hand on the slider would wait for the picture, or the page be too large to send."""
    assert file.stat().st_size < 300_000
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
