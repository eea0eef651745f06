"""The live page shows the ordinary run: its map, ladder, tension, events and reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.__main__ import main
from sim.rules import acts
from sim.rules.names import Principal
from sim.run.model import EscalationModel
from sim.run.story import tell
from sim.scenario import load
from sim.view.live import picture, serve
from sim.view.live.standoff import AGAINST, Standoff

ROOM = Path(serve.__file__).parent
SHORT = ("scenario.horizon_days=6", "seed=7")


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
