"""Nothing but data ties the model to al Tanf: another ground is a folder, and a bad one is refused."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

import sim
from experiments.__main__ import main
from sim import geography
from sim.errors import BadInput
from sim.rules.compiling import INTERPRETED
from sim.study.arms import arms

RIVERS = Path(__file__).parents[1] / "docs/tutorials/two_rivers"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the tutorial's ground, to be spoilt."""
    return Path(shutil.copytree(RIVERS, tmp_path / "ground"))


def changed(folder: Path, change) -> None:
    """Rewrite geography.yaml after `change(content)`."""
    file = folder / geography.ABOUT
    content = yaml.safe_load(file.read_text("utf-8"))
    change(content)
    file.write_text(yaml.safe_dump(content), "utf-8")


def test_the_shipped_ground_from_a_folder_is_the_shipped_ground(tmp_path: Path) -> None:
    """If this failed, something of al Tanf would be in the code and not in its data. Exact, bit for bit."""
    for name in (geography.PLACES, geography.ABOUT, geography.BORDERS):
        shutil.copy(geography.DATA / name, tmp_path / name)
    short = "scenario.horizon_days=3"
    here, there = sim.load(short), sim.load(short, f"scenario.geography={tmp_path}")
    assert bytes(here.params) == bytes(there.params)
    assert bytes(here.state) == bytes(there.state)
    assert here.ground.shipped
    assert not there.ground.shipped


@pytest.mark.skipif(INTERPRETED, reason="needs compiled runs")
def test_another_ground_is_another_standoff() -> None:
    """If this failed, units would still drive about al Tanf."""
    scenario = sim.load(f"scenario.geography={RIVERS}", "scenario.horizon_days=14")
    rows = sim.replicate(scenario, replications=60, seed=1)
    assert rows["entries"].sum() > 0
    assert rows["strike_ground"].any()
    base = scenario.ground.at("staging")
    assert 80 < math.hypot(*base) < 100
    assert base[0] > 0, "in the east, and not in the north-west as Zaza"
    at_al_tanf = sim.replicate(sim.load("scenario.horizon_days=14"), replications=60, seed=1)
    assert not np.array_equal(rows["closest_km"], at_al_tanf["closest_km"])


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "borders.geojson").unlink(), "borders.geojson is missing"),
        (lambda folder: (folder / "places.csv").write_text("name,lat\nford,1\n"), "cannot be read"),
        (lambda folder: (folder / "geography.yaml").write_text("roles: [\n"), "cannot be read"),
        (lambda folder: (folder / "borders.geojson").write_text("{}"), "cannot be read"),
        (lambda folder: changed(folder, lambda about: about["roles"].pop("camp")), "camp"),
        (
            lambda folder: changed(folder, lambda about: about["roles"].update(camp="nowhere")),
            "'nowhere', which is not in",
        ),
        (lambda folder: changed(folder, lambda about: about["roads"].update(track=["ridge", "ford"])), "must begin at"),
        (lambda folder: changed(folder, lambda about: about["roads"].update(bypass=["junction"] * 9)), "2 to 8 places"),
        (lambda folder: changed(folder, lambda about: about.update(patrols=[[1, 1]])), "3 directions"),
        (lambda folder: changed(folder, lambda about: about.update(name="a\x07b")), "1 to 64 characters"),
    ],
)
def test_a_ground_that_lacks_something_is_refused(folder: Path, spoil, told: str) -> None:
    """If this failed, a slip in a table would be a traceback, or a unit at the wrong end of the world."""
    spoil(folder)
    with pytest.raises(BadInput, match=r"\S") as refused:
        sim.load(f"scenario.geography={folder}")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_ground_that_was_changed_is_not_the_one_of_the_runs(folder: Path) -> None:
    """If this failed, a run would be replayed on other roads than it was made on, and be told as the same."""
    named = sim.load(f"scenario.geography={folder}").config.scenario.geography
    assert named.startswith(f"{folder}@")
    assert sim.load(f"scenario.geography={named}").ground.name == "Two Rivers"
    changed(folder, lambda about: about.update(name="Three Rivers"))
    assert sim.load(f"scenario.geography={folder}").ground.name == "Three Rivers"
    with pytest.raises(BadInput, match="are not as they were"):
        sim.load(f"scenario.geography={named}")


def test_two_grounds_may_be_compared(folder: Path) -> None:
    """If this failed, two standoffs could not stand in one table, or the folder not say of which files they are."""
    design = arms([f"a.scenario.geography={RIVERS}", f"b.scenario.geography={folder}", "replications=2"])
    named = [point.config.scenario.geography for point in design.points]
    assert [name.partition("@")[0] for name in named] == [str(RIVERS), str(folder)]
    assert all(len(name.rpartition("@")[2]) == geography.SHOWN_DIGITS for name in named)


@pytest.mark.skipif(INTERPRETED, reason="needs compiled runs")
def test_a_map_of_another_ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """If this failed, a picture would show other ground than the run's, or none of it."""
    from sim.view.windows import WHOLE, windows_of

    monkeypatch.chdir(tmp_path)
    asked = [f"scenario.geography={RIVERS}", "scenario.horizon_days=2", "seed=1"]
    assert main(["run", *asked, "out=here"]) == 0
    assert (tmp_path / "here/map.png").stat().st_size > 50_000
    scenario = sim.load(*asked[:2])
    whole, road = windows_of(scenario)
    shape = [(w.east[1] - w.east[0]) / (w.north[1] - w.north[0]) for w in (whole, WHOLE)]
    assert shape[0] == pytest.approx(shape[1])
    assert all(whole.holds(*scenario.ground.places[name]) for name in scenario.ground.roads["bypass"])
    assert road.enlarged
    assert json.loads((RIVERS / geography.BORDERS).read_text("utf-8"))["features"]
