"""The page of a replay, used: played, stepped, scrubbed, and asked by a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from replaying import SETTLED, go_to, look, step_of, told

from sim.rules.names import Act
from sim.run.causes import Chronicle
from sim.run.words import capital, named

if TYPE_CHECKING:
    pass

STEPS_A_DAY = 288


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
