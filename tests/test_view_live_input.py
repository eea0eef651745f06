"""What is typed and clicked steers the live page, and nobody's text becomes code of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.errors import BadInput
from sim.view.live import levers, serve
from sim.view.live.standoff import Standoff
from tests.hostile import HOSTILE

ROOM = Path(serve.__file__).parent
SHORT = ("scenario.horizon_days=6", "seed=7")


@pytest.fixture
def fresh() -> Standoff:
    """A short run at its beginning."""
    return Standoff(SHORT)


def test_a_lever_begins_a_new_run(fresh: Standoff) -> None:
    """If this failed, a slider would move and the world would not, or in the middle of a history."""
    fresh.advance(24)
    fresh.choose("roe.zone_radius_km", 30)
    assert (fresh.model.tick, float(fresh.model.params.roe.zone_radius_km)) == (0, 30.0)
    assert fresh.ground()["zone_km"] == 30.0
    assert next(lever for lever in fresh.menu["levers"] if lever["key"] == "roe.zone_radius_km")["now"] == 30.0


def test_a_preset_brings_its_own_values(fresh: Standoff) -> None:
    """If this failed, the page would name one ROE and run another."""
    fresh.choose("roe.call_window_min", 60)
    fresh.choose("line.dissuasion", 0.25)
    fresh.choose("roe", "restrictive")
    assert fresh.config.roe.name == "restrictive"
    assert fresh.config.roe.call_window_min == 240
    assert fresh.config.line.dissuasion == 0.25
    assert "ROE restrictive" in fresh.identity()
    assert next(preset for preset in fresh.menu["presets"] if preset["key"] == "roe")["now"] == "restrictive"


def test_what_was_typed_counts_until_it_is_moved() -> None:
    """If this failed, the overrides of the command would be lost on the page, or could not be moved there."""
    standoff = Standoff((*SHORT, "roe=restrictive", "roe.zone_radius_km=40"))
    assert (standoff.config.roe.name, standoff.config.roe.zone_radius_km) == ("restrictive", 40)
    standoff.choose("roe.zone_radius_km", 45.0)
    assert (standoff.config.roe.name, standoff.config.roe.zone_radius_km) == ("restrictive", 45)
    standoff.choose("roe", "permissive")
    assert (standoff.config.roe.name, standoff.config.roe.zone_radius_km) == ("permissive", 55)
    assert standoff.config.scenario.horizon_days == 6


def test_every_offered_preset_can_be_chosen(fresh: Standoff) -> None:
    """If this failed, the page would offer what it then refuses."""
    for preset in fresh.menu["presets"]:
        for option in preset["options"]:
            fresh.choose(preset["key"], option["name"])
            assert fresh.complaint == ""


def test_a_seed_that_no_browser_can_count_to(fresh: Standoff) -> None:
    """If this failed, a large seed would be rounded, and the run be another one."""
    fresh.choose("seed", str(2**64 - 1))
    assert (fresh.config.seed, fresh.menu["seed"]) == (2**64 - 1, "18446744073709551615")


@pytest.mark.parametrize("key", [*levers.SETTABLE, "out", "question"])
@pytest.mark.parametrize("value", [*HOSTILE, None, True, [], {}, float("nan"), 1e400, "1,2", "range(0,9)"])
def test_what_cannot_be_set_changes_nothing(fresh: Standoff, key: str, value: Any) -> None:
    """If this failed, a forged click could set what the page does not offer, or end it with an error."""
    before = fresh.config, fresh.model
    fresh.choose(key, value)
    assert fresh.complaint
    assert (fresh.config, fresh.model) == before


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_names(text: str) -> None:
    """If this failed, text of a stranger's file could stand on the page as the name of a scenario or a ROE."""
    for key in ("scenario.name", "roe.name", "theory.name"):
        with pytest.raises(BadInput):
            Standoff((f"{key}='{text}'",))


def test_text_is_drawn_as_text() -> None:
    """If this failed, somebody's words could become code of the page: Vue and Solara escape all but these."""
    drawings = {file.name: file.read_text("utf-8") for file in ROOM.glob("*.vue")}
    assert len(drawings) >= 6
    for name, source in drawings.items():
        for way in (
            "v-html",
            "innerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "Function(",
            "v-runtime-template",
        ):
            assert way not in source, name
    page = (ROOM / "page.py").read_text("utf-8")
    assert not re.search(r"Markdown|HTML|CommandConsole", page)


def test_nothing_comes_from_elsewhere() -> None:
    """If this failed, whoever looks at a run would be seen doing so by somebody else's server."""
    for file in (*ROOM.glob("*.vue"), *ROOM.glob("*.css")):
        assert not re.search(r"https?:|//\w+\.\w|@import|url\((?!#)", file.read_text("utf-8")), file.name
    assert serve.ENVIRONMENT["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert serve.ENVIRONMENT["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1:9/")
    assert serve.LOOPBACK == "127.0.0.1"
