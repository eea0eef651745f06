"""Pictures of one run: where it happened, when, and what led to what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from sim.rules.names import Act, Principal
from sim.view import ground, map, style, telling, timeline
from tests.fake_results import COLUMN, story


@pytest.fixture(scope="module")
def told() -> Any:
    """The run that was written by hand; nobody changes it."""
    return story()


@pytest.fixture
def _styled() -> Iterator[None]:
    with style.sheet():
        yield


@pytest.mark.usefixtures("_styled")
@pytest.mark.parametrize("window", [ground.WHOLE, ground.CORRIDOR])
def test_places_are_named_inside_the_map_and_apart(told: Any, window: ground.Window) -> None:
    """A reader could not tell where on the road to the garrison a strike fell."""
    drawn = style.figure(7.2, 7.65)
    size = (0.5, 3.12, 6.6, 4.02) if window is ground.WHOLE else (0.5, 0.65, 3.7, 2.05)
    axes = style.axes_in(drawn, *size)
    boxes = {text.get_text(): _words_box(text) for text in ground.draw(axes, told.scenario, window)}
    assert len(boxes) == len(window.labels)
    frame = axes.get_window_extent()
    for name, box in boxes.items():
        assert frame.x0 <= box.x0, name
        assert box.x1 <= frame.x1, name
        assert frame.y0 <= box.y0, name
        assert box.y1 <= frame.y1, name
        assert not [other for other, there in boxes.items() if other != name and there.overlaps(box)]


def _words_box(label: Annotation) -> Bbox:
    """Where the words of a label stand, without the line that leads to its place."""
    label.get_window_extent()  # works out where the label goes
    return Text.get_window_extent(label)


@pytest.mark.parametrize("radius", [0, 10, 55, 80, 100])
@pytest.mark.usefixtures("_styled")
def test_map_is_drawn_for_any_ring(told: Any, radius: float) -> None:
    """A study of the radius would end without a picture of its extremes."""
    roe = told.scenario.config.roe
    kept, roe.zone_radius_km = roe.zone_radius_km, float(radius)
    try:
        assert map.compose(told).axes
        assert f"zone {radius} km" in telling.identity(told)
    finally:
        roe.zone_radius_km = kept


def test_tracks_are_those_of_units_that_left(told: Any) -> None:
    """A unit that never left its base would seem to have moved, or one that did would be missing."""
    ((row, x, y),) = map.tracks(told)
    assert told.units[row]["name"] == COLUMN
    assert np.isnan(x[:60]).all()
    assert (x[-1], y[-1]) == (-45.0, 16.0)


def test_a_day_inside_is_a_stand(told: Any) -> None:
    """Static presence, which the coalition tolerated for weeks, would not be seen on the map."""
    row = next(unit["id"] for unit in told.units if unit["name"] == COLUMN)
    assert map.stands(told, row) == [(-45.0, 16.0)]
    assert map.stands(told, 0) == []
    counts = timeline.inside_ring(told)
    assert counts[timeline.PRO_REGIME.index(Principal.REGIME), -1] == 1
    assert counts[:, 0].sum() == 0


def test_arrows_lead_from_the_nearest_cause_that_is_shown(told: Any) -> None:
    """A strike would seem to come from nowhere, or from what did not cause it."""
    rows = timeline.rows_of(told.events)
    pairs = {
        (Act(told.events["act"][a]).name, Act(told.events["act"][b]).name)
        for a, b in timeline.arrows(told.events, rows)
    }
    assert pairs == {
        ("ENTRY", "LINE_CALL"),  # over a detection, which is not shown
        ("LINE_CALL", "GOES_ON"),
        ("GOES_ON", "SHOW_OF_FORCE"),
        ("SHOW_OF_FORCE", "STRIKE"),
        ("STRIKE", "THREAT"),
        ("STRIKE", "ROCKETS"),
    }


def test_ladder_rises_from_entry_to_strike(told: Any) -> None:
    """Rungs out of order would hide that a warning was skipped."""
    rows = timeline.rows_of(told.events)
    ladder = [rows[act] for act in (Act.ENTRY, Act.LINE_CALL, Act.SHOW_OF_FORCE, Act.WARNING_SHOTS, Act.STRIKE)]
    assert ladder == sorted(ladder)
    assert Act.DETECTION not in rows
    assert Act.AIR_COMBAT not in rows


def test_an_act_has_the_colour_of_the_side_concerned(told: Any) -> None:
    """A strike on a regime column would be counted against another side."""
    sides = {Act(event["act"]).name: telling.concerned(told, event) for event in told.events}
    assert sides["STRIKE"] == sides["ENTRY"] == sides["LINE_CALL"] == Principal.REGIME
    assert sides["THREAT"] == sides["ROCKETS"] == Principal.HEZBOLLAH


def test_strikes_are_told(told: Any) -> None:
    """The map would show that something was struck, but not whom, when and at what cost."""
    assert telling.strike_lines(told) == "1  day 1.0, regime column 1, 48 km, 8 killed"
    assert "seed 7, replication 3" in telling.identity(told)


def test_hours_around_the_first_strike_begin_with_what_led_to_it(told: Any) -> None:
    """The enlarged hours would show a strike without the entry and the warnings before it."""
    start, end = timeline.around_first_strike(told.events)
    entry, strike = 1300.0, 1460.0
    assert start < entry
    assert end > strike
    assert end - start < 1440.0
    assert timeline.around_first_strike(told.events[:5]) is None


@pytest.mark.parametrize("draw", [map.draw_run, timeline.draw_run])
def test_pictures_of_a_run_are_the_same_bytes_every_time(told: Any, draw: Any, tmp_path: Path) -> None:
    """Nobody could tell a changed run from a changed time stamp."""
    first, second = draw(told, tmp_path / "one"), draw(told, tmp_path / "two")
    assert [path.suffix for path in first] == [".png", ".svg"]
    assert first[1].read_bytes() == second[1].read_bytes()


def test_a_run_in_which_nothing_happened_is_drawn(told: Any, tmp_path: Path) -> None:
    """The quiet scenario would end with an error in place of an empty map."""
    quiet = story()
    quiet.events = quiet.events[:0]
    quiet.postures[:] = 0
    assert all(path.stat().st_size for path in map.draw_run(quiet, tmp_path / "map"))
    assert all(path.stat().st_size for path in timeline.draw_run(quiet, tmp_path / "timeline"))
