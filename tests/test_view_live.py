"""The live page shows the ordinary run, whatever is typed or clicked, and puts nobody's text into the page as code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.__main__ import main
from sim.errors import BadInput
from sim.rules import acts
from sim.rules.names import Principal
from sim.run.model import EscalationModel
from sim.run.story import tell
from sim.scenario import load
from sim.view.live import levers, picture, serve
from sim.view.live.standoff import AGAINST, Standoff

ROOM = Path(serve.__file__).parent
SHORT = ("scenario.horizon_days=6", "seed=7")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "</textarea><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "<!--<script>alert(1)//-->",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "'; DROP TABLE runs; --",
    "../../etc/passwd",
    "__import__('os').system('true')",
    "${oc.env:HOME}",
    "\u202egnp.exe",
    "\x00\x1b[31m",
)


@pytest.fixture(scope="module")
def played() -> Standoff:
    """A short run, played to its end in pieces; look, but do not touch."""
    standoff = Standoff(SHORT)
    while not standoff.over:
        standoff.advance(7.3)
        standoff.frame()
    return standoff


@pytest.fixture
def fresh() -> Standoff:
    """A short run at its beginning."""
    return Standoff(SHORT)


def test_it_is_the_ordinary_run(played: Standoff) -> None:
    """If this failed, the page would show another history than `tanf run` tells of the same seed."""
    told = tell(load(SHORT[0]), seed=7).events
    assert len(told) > 10
    assert played.model.events.tobytes() == told.tobytes()


def test_a_frame_is_json(played: Standoff) -> None:
    """If this failed, the browser would get nothing, or numbers it cannot read."""
    text = json.dumps([played.frame(), played.ground(), played.menu], allow_nan=False)
    assert len(text) < 100_000


def test_a_frame_shows_what_the_model_holds(played: Standoff) -> None:
    """If this failed, units would stand elsewhere, or events be missing that the model has."""
    frame, model = played.frame(), played.model
    assert frame["clock"]["over"]
    assert frame["clock"]["minute"] == float(model.state.now_min) == 6 * 1440
    assert len(frame["feed"]) == min(picture.FED, len(model.events))
    assert [told["number"] for told in frame["feed"]] != sorted(told["number"] for told in frame["feed"])
    for unit in frame["units"]:
        assert (unit["x"], unit["y"]) == pytest.approx(model.unit_agents[unit["row"]].pos, abs=0.006)


def test_step_is_one_step(fresh: Standoff) -> None:
    """If this failed, who steps through the decisive minutes would miss some."""
    fresh.advance(0)
    assert fresh.model.tick == 1
    fresh.advance(1)
    assert fresh.model.tick == 13


def test_hours_are_bounded(fresh: Standoff) -> None:
    """If this failed, one request could hold the server for as long as it likes."""
    for asked in (-5.0, float("nan")):
        fresh.reset()
        fresh.advance(asked)
        assert fresh.model.tick == 1
    long = Standoff(("scenario.horizon_days=60",))
    long.advance(1e9)
    assert float(long.model.state.now_min) == 14 * 1440


def test_after_the_end_nothing_moves(played: Standoff) -> None:
    """If this failed, a run would go on beyond its horizon, where nobody asked anything."""
    before = played.model.events.tobytes()
    played.advance(24)
    assert played.model.events.tobytes() == before


def test_start_again_is_the_same_history(fresh: Standoff) -> None:
    """If this failed, nobody could look twice at what they saw."""
    fresh.advance(72)
    seen = fresh.frame()
    fresh.reset()
    assert fresh.model.tick == 0
    fresh.advance(72)
    assert fresh.frame() == seen


def test_tension_is_the_rule_books(played: Standoff) -> None:
    """If this failed, the line over time would fade otherwise than the model's tension does."""
    model = played.model
    shown = played.frame()["tension"][-1]
    rule = getattr(acts.tension, "py_func", acts.tension)
    wanted = [rule(model.state, model.params, int(who), float(model.state.now_min)) for who in AGAINST]
    assert max(wanted) > 0
    assert shown == pytest.approx([6 * 1440, *wanted], abs=1e-4)


def test_long_runs_keep_short_lines() -> None:
    """If this failed, a year would send tens of thousands of points ten times a second."""
    year = Standoff(("scenario.horizon_days=365", "scenario=quiet"))
    for _ in range(3):
        year.advance(24 * 14)
    assert len(year.tensions) < 60


def test_the_ladder_is_what_stands_against_units(played: Standoff) -> None:
    """If this failed, a dyad would stand on a rung that no unit of it knows."""
    for entry in played.frame()["ladder"]:
        who = Principal[entry["side"].upper()]
        if who == Principal.RUSSIA:
            assert entry["now"] is None
            continue
        units = [played.model.unit_agents[row] for row in played.model.rows_out()]
        rungs = [int(agent.unit.rung) for agent in units if agent.principal == who]
        assert entry["now"] == max(rungs, default=0)
        assert entry["signals"][4] == "strike"


def test_why_is_what_the_agent_says(played: Standoff) -> None:
    """If this failed, a click would tell another reason than the notebook does."""
    decided = next(agent for agent in played.model.unit_agents if agent.why().decided)
    played.select(decided.row)
    told, why = played.frame()["why"], decided.why()
    assert told["lines"] == list(why.lines)
    assert why.state in told["state"]
    assert sum(option["p"] for option in told["options"]) == pytest.approx(1, abs=1e-3)
    assert [option["name"] for option in told["options"] if option["chosen"]] == [why.chosen.replace("_", " ")]


@pytest.mark.parametrize("row", [-1, 10_000, 1.5, True, "0", [], {}])
def test_a_unit_that_there_is_not(fresh: Standoff, row: Any) -> None:
    """If this failed, a wrong click could end the page with an error."""
    fresh.select(0)
    fresh.select(row)
    assert fresh.selected == 0
    fresh.select(None)
    assert fresh.frame()["why"] is None


def test_units_at_one_place_can_be_told_apart(fresh: Standoff) -> None:
    """If this failed, what stands on the garrison would hide beneath it and could not be clicked."""
    shown = [(unit["x"], unit["y"], *unit["aside"]) for unit in fresh.frame()["units"]]
    assert len(shown) > 1
    assert len(set(shown)) == len(shown)
    apart = [np.hypot(a[2] - b[2], a[3] - b[3]) for a in shown for b in shown if a is not b and a[:2] == b[:2]]
    assert min(apart) > 1.2


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


def test_every_side_has_a_colour() -> None:
    """If this failed, a side's units would be black on a dark page, or gone."""
    style = (ROOM / "page.css").read_text("utf-8")
    for who in Principal:
        name = who.name.lower()
        assert style.count(f"--{name}:") == 2, "light and dark"
        assert f".unit.{name} " in style
    drawing = (ROOM / "map.vue").read_text("utf-8")
    for shape in {*picture.SHAPES.values(), "square"}:
        assert f"{shape}: " in drawing


def test_without_the_extra_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, who installed the package alone would read a traceback, and not what to install."""
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda _: None)
    assert main(["view"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "pip install 'tanf-escalation[view]'" in told.err


def test_bad_input_before_anything_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, a misspelt setting would be found out in the browser, or not at all."""
    assert main(["view", "roe.zone_radius_km=-3"]) == 2
    assert "roe.zone_radius_km" in capsys.readouterr().err


def test_mesa_drives_it(fresh: Standoff) -> None:
    """If this failed, the page would run something else than the model of the notebooks."""
    assert type(fresh.model) is EscalationModel
