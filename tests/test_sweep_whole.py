"""The whole way with the real engine: command, folder, reader."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sim
from experiments.__main__ import main
from sim.run.batch import replicate
from sim.scenario import load
from sim.study import bench, performance
from sim.view import map, telling

SHORT = "scenario.horizon_days=4"


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A small sweep of two radii, 30 replications each."""
    path = tmp_path_factory.mktemp("swept") / "a"
    command = ["sweep", "roe.zone_radius_km=20,55", SHORT, "replications=30", "seed=11", f"out={path}"]
    assert main(command) == 0
    return path


@pytest.mark.parametrize(("point", "radius"), [(0, 20), (1, 55)])
def test_the_folder_holds_the_runs_of_the_engine(swept, point, radius):
    """If this failed, the table would be about other runs than those that can be replayed by their number."""
    found = sim.open(swept).outcomes
    found = found[found["point"] == point]
    expected = replicate(load(SHORT, f"roe.zone_radius_km={radius}"), replications=30, seed=11)
    for name in expected.dtype.names:
        assert np.array_equal(found[name], expected[name], equal_nan=expected[name].dtype.kind == "f"), name


def test_pictures_are_there(swept):
    """If this failed, the one command would answer without the figures, or without the map of one run, it promises."""
    pictures = ("probability", "incidence", "distributions", "run_map", "run_timeline")
    names = {file.name for file in (swept / "figures").iterdir()}
    assert {f"{picture}.{kind}" for picture in pictures for kind in ("png", "svg")} <= names


def test_the_run_that_is_drawn_is_one_of_the_sweep(swept):
    """If this failed, the map would show a history that is not among those counted in the table."""
    drawn = sim.tell(load(SHORT, "roe.zone_radius_km=55"), seed=11, replication=0)
    found = sim.open(swept).outcomes
    row = found[(found["point"] == 1) & (found["replication"] == 0)][0]
    assert all(np.array_equal(row[name], drawn.outcome[name], equal_nan=True) for name in drawn.outcome.dtype.names)
    assert "zone 55 km" in telling.identity(drawn)
    again = swept.parent / "again.svg"
    map.draw_run(drawn, again.with_suffix(""))
    assert again.read_bytes() == (swept / "figures" / "run_map.svg").read_bytes()


def test_the_same_command_says_done_already(swept, capsys):
    """If this failed, a finished study would be computed again, or overwritten."""
    command = ["sweep", "roe.zone_radius_km=20,55", SHORT, "replications=30", "seed=11", f"out={swept}"]
    before = {file: file.stat().st_mtime_ns for file in swept.rglob("*")}
    assert main(command) == 0
    assert capsys.readouterr().out.endswith(f"done already: {swept}\n")
    assert {file: file.stat().st_mtime_ns for file in swept.rglob("*")} == before


def test_another_question_is_one_sentence_and_exit_code_2(swept, capsys):
    """If this failed, the user would see a traceback, or the runs of two policies in one folder."""
    assert main(["sweep", "roe.zone_radius_km=20,60", SHORT, "replications=30", "seed=11", f"out={swept}"]) == 2
    told = capsys.readouterr().err
    assert "roe.zone_radius_km ([20.0, 55.0] there, [20.0, 60.0] here)" in told
    assert told.count("\n") == 1


@pytest.mark.slow
def test_bench_measures_speeds():
    """If this failed, the speeds in the README would not be those of the rules."""
    found = bench.speeds([SHORT], rounds=1, round_s=0.1)
    assert found["plain_step_us"] == pytest.approx(found["plain_ratio"] * found["step_us"])
    assert found["one_thread_runs_per_s"] == pytest.approx(1e6 / (found["step_us"] * load(SHORT).steps))
    assert found["plain_ratio"] > 10, "compiled rules, however short the measurement and busy the machine"


def test_bench_tells_every_figure():
    """If this failed, a measured figure would be lost on its way to the reader."""
    found = {name: 10.0 + k for k, name in enumerate(performance.ROWS)}
    told = performance.lines(found)
    kept = {"command": "tanf bench", "rounds": 5, "machine": performance.machine(), "measured": found}
    page = performance.page(kept, "a.json")
    assert len(told) == len(found)
    for k in range(len(found)):
        assert any(f" {10 + k}" in line for line in told)
        assert f"| {10 + k}" in page


def test_bench_measures_what_it_tells(monkeypatch, tmp_path, capsys):
    """If this failed, four minutes of measuring would end in an error, or leave out a figure."""
    monkeypatch.setattr(bench, "speeds", lambda _: dict.fromkeys(list(performance.ROWS)[:7], 2.0))
    monkeypatch.setattr(bench, "_timed", lambda _: 3.0)
    monkeypatch.setattr(bench, "_python", lambda *_, **__: "1.0")
    assert main(["bench", SHORT, f"out={tmp_path / 'speed.json'}"]) == 0
    kept = json.loads((tmp_path / "speed.json").read_text())
    assert set(kept["measured"]) == set(performance.ROWS)
    assert kept["command"] == f"tanf bench {SHORT} out={tmp_path / 'speed.json'}"
    assert kept["command"] in (tmp_path / "speed.md").read_text()
    assert "compiled is faster by a factor of" in capsys.readouterr().out


@pytest.mark.parametrize("out", ["speed.md", "nowhere/speed.json", "/proc/speed.json"])
def test_bench_refuses_at_once(monkeypatch, tmp_path, capsys, out):
    """If this failed, the measuring would be done before it is found that it cannot be kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bench, "measure", None)
    assert main(["bench", f"out={out}"]) == 2
    assert f"out={out}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
