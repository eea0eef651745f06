"""The whole way with the real engine: command, folder, reader."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from experiments.__main__ import main
from sim.run.batch import replicate
from sim.scenario import load
from sim.study import bench

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
    """If this failed, the one command would answer without the figure it promises."""
    names = {file.name for file in (swept / "figures").iterdir()}
    assert {"probability.png", "probability.svg"} <= names


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
    names = (
        "step_us",
        "plain_step_us",
        "plain_ratio",
        "one_thread_runs_per_s",
        "two_threads_runs_per_s",
        "scaling_ratio",
    )
    names += ("import_s", "run_s", "run_ratio", "run_with_pictures_s", "cold_compile_s")
    told = bench.lines({name: 10.0 + k for k, name in enumerate(names)})
    assert len(told) == len(names)
    assert all(any(f" {10 + k}" in line for line in told) for k in range(len(names)))
