"""The sweep: the same answer however often it is stopped, and one bad run costs one row."""

from __future__ import annotations

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import sys

import fake_engine
import numpy as np
import pytest
from rich.console import Console

from sim import results
from sim.errors import BadInput
from sim.study import runs, sweep, table

ASKED = ["roe.zone_radius_km=0,20,80", "seed=7", "replications=40"]
VOLATILE = "run_info.json"  # time and host


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


def content(path):
    """Every file of a folder with its bytes, but for the one that tells when and where."""
    files = (file for file in path.rglob("*") if file.is_file() and file.name != VOLATILE)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an uninterrupted sweep."""
    path = tmp_path_factory.mktemp("whole") / "a"
    with pytest.MonkeyPatch.context() as patch:
        fake_engine.install(patch)
        assert sweep.run([*ASKED, f"out={path}"]) == 0
    return path


def test_one_command_one_answer(whole, capsys):
    """If this failed, a researcher would get no table, or a table of other numbers than the folder's."""
    assert sweep.run([*ASKED, f"out={whole}"]) == 0
    told = capsys.readouterr()
    found = results.open(whole)
    for point in range(3):
        mine = found.outcomes[found.outcomes["point"] == point]
        assert len(mine) == 40
        if point:
            assert f"{100 * mine['strike_ground'].mean():.0f} [" in told.out
    assert "< 7.3" in told.out, "never seen in 40 runs: at most 1 - 0.05^(1/40)"
    assert "40 runs a point" in told.out
    assert told.out.endswith(f"done already: {whole}\n")


def test_the_answer_is_true(whole):
    """If this failed, the summary would not be about the runs, or not about the policies it names."""
    with (whole / "summary.csv").open() as file:
        rows = {(row["point"], row["outcome"]): row for row in csv.DictReader(file)}
    assert list(rows["0", "strike_ground"]) == [
        *("point", "roe.zone_radius_km", "outcome", "n", "events", "estimate", "low", "high", "kind")
    ]
    for point, radius in enumerate((0.0, 20.0, 80.0)):
        row = rows[str(point), "strike_ground"]
        assert float(row["roe.zone_radius_km"]) == radius
        assert float(row["low"]) <= radius / 100 <= float(row["high"])
        drawn = [np.random.default_rng([7, k]).random() < radius / 100 for k in range(40)]
        assert (int(row["n"]), int(row["events"])) == (40, sum(drawn))
    assert rows["0", "strike_ground"]["kind"] == "one-sided 95% upper bound"
    assert rows["1", "strike_ground"]["kind"] == "clopper-pearson 95%"
    assert rows["0", "strike_ground_first_min"]["estimate"] == "", "what never happened has no mean time"


@pytest.mark.parametrize("width", [60, 90, 200])
def test_the_table_fits_the_screen(whole, monkeypatch, width):
    """If this failed, intervals would be cut off on the screen of whoever reads them."""
    screen = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=width)
    monkeypatch.setattr(table, "Console", lambda **_: screen)
    told = table.render(results.open(whole))
    body = told[: told.index("40 runs a point")].splitlines()
    assert max(map(len, body)) <= width
    for name in ("Hezbollah", "air combat", "episode"):
        assert sum(name in line for line in body) == 1
    assert sum("[" in line for line in body) == 2, "one kind of clash was seen, at two points"


def test_run_numbers_interleave_the_points(whole):
    """If this failed, adding replications later would renumber the runs that are there."""
    rows = results.open(whole).outcomes
    assert (rows["replication"] * 3 + rows["point"] == np.arange(120)).all()
    manifest = json.loads((whole / "manifest.json").read_text())
    assert [(part["part"], part["rows"]) for part in manifest["parts"]] == [(k, 21) for k in range(5)] + [(5, 15)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("after", [1, 9, 14])
def test_stopped_and_continued_equals_uninterrupted(whole, tmp_path, engine, capsys, number, after):
    """If this failed, Ctrl-C or a cluster's time limit would change, or cost, the answer."""
    from experiments.__main__ import main

    calls = iter(range(1000))

    def stopping(*given, **settings):
        if next(calls) == after:
            os.kill(os.getpid(), number)
        return fake_engine.replicate(*given, **settings)

    out = tmp_path / "a"
    engine.setattr(runs.batch, "replicate", stopping)
    command = ["sweep", *ASKED, f"out={out}", "figures=false"]
    assert main(command) == 128 + number
    told = capsys.readouterr().err.splitlines()
    assert told[-2].endswith("the same command goes on:")
    assert set(told[-1].split()) == {"tanf", *command}
    engine.setattr(runs.batch, "replicate", fake_engine.replicate)
    assert main(command) == 0
    assert content(out) == content(whole)


KILLED = """
import sys, os, signal
sys.path[:0] = sys.argv[1:3]
import fake_engine
fake_engine.install(setattr)
from sim.study import sweep
from pathlib import Path
renames, replace = iter(range(1000)), Path.replace
def killing(path, target):
    if next(renames) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(path, target)
Path.replace = killing
sweep.run(sys.argv[4:])
"""


@pytest.mark.parametrize("moment", [0, 4, 14])
def test_killed_and_continued_equals_uninterrupted(whole, tmp_path, moment):
    """If this failed, the lights going out would leave a folder that lies or cannot go on."""
    tests, out = pathlib.Path(__file__).parent, tmp_path / "a"
    asked = [*ASKED, f"out={out}"]
    words = [sys.executable, "-c", KILLED, str(tests), str(tests.parent), str(moment), *asked]
    assert subprocess.run(words, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert sweep.run(asked) == 0
    assert content(out) == content(whole)


def test_one_bad_run_costs_one_row(whole, tmp_path, engine, capsys):
    """If this failed, one run in a million that breaks would cost the other 999,999, or go unnoticed."""
    bad = {(1, 5), (1, 6), (2, 39)}

    def breaking(config, *, first, replications, **settings):
        point = [0.0, 20.0, 80.0].index(config.roe.zone_radius_km)
        if bad & {(point, k) for k in range(first, first + replications)}:
            raise ValueError("log full")
        rows = fake_engine.replicate(config, first=first, replications=replications, **settings)
        if (point, first) == (0, 0) and replications > 3:
            rows["closest_km"][3] = np.inf
        return rows

    engine.setattr(runs.batch, "replicate", breaking)
    out = tmp_path / "a"
    asked = [*ASKED, f"out={out}"]
    assert sweep.run(asked) == 3
    assert "4 runs failed" in capsys.readouterr().err
    failures = [json.loads(line) for line in (out / "failures.jsonl").read_text().splitlines()]
    assert [(each["run"], each["seed"], each["status"]) for each in failures] == [
        ("0:3", 7, "not finite: closest_km"),
        ("1:5", 7, "ValueError: log full"),
        ("1:6", 7, "ValueError: log full"),
        ("2:39", 7, "ValueError: log full"),
    ]
    clean = results.open(whole).outcomes
    lost = [clean["replication"] * 3 + clean["point"] == 3 * k + p for p, k in [*bad, (0, 3)]]
    assert results.open(out).outcomes.tobytes() == clean[~np.any(lost, axis=0)].tobytes()
    assert sweep.run(asked) == 3, "done already, and still not whole"


def test_a_broken_model_is_not_a_thousand_failed_runs(tmp_path, engine):
    """If this failed, a bug in the rules would fill the folder with failures instead of being seen."""

    def broken(*_, **__):
        raise ZeroDivisionError("bug")

    engine.setattr(runs.batch, "replicate", broken)
    with pytest.raises(ZeroDivisionError):
        sweep.run([*ASKED, f"out={tmp_path / 'a'}"])


def test_bad_input_from_the_engine_is_not_a_failed_run(tmp_path, engine):
    """If this failed, an impossible question would be answered with a table of failures."""

    def refusing(*_, **__):
        raise BadInput("scripted units cannot be run in a batch")

    engine.setattr(runs.batch, "replicate", refusing)
    with pytest.raises(BadInput, match="scripted"):
        sweep.run([*ASKED, f"out={tmp_path / 'a'}"])


def test_figures_are_drawn_once_and_whole(tmp_path):
    """If this failed, a folder would show a half-drawn picture, or a picture of other runs."""
    out, drawn = tmp_path / "a", []

    def draw(_, found, folder):
        if (folder / "two.png").exists():
            return
        drawn.append(len(found.outcomes))
        (folder / "one.png").write_bytes(b"half")
        if len(drawn) == 1:
            raise KeyboardInterrupt
        (folder / "two.png").write_bytes(b"whole")

    asked = [*ASKED, f"out={out}"]
    assert sweep.run(asked, draw) == 130
    assert not (out / "figures").exists()
    assert [sweep.run(asked, draw), sweep.run(asked, draw)] == [0, 0]
    assert drawn == [120, 120]
    assert sorted(file.name for file in (out / "figures").iterdir()) == ["one.png", "sums.json", "two.png"]
    assert sweep.run([*ASKED, f"out={tmp_path / 'b'}", "figures=false"], draw) == 0
    assert drawn == [120, 120]


def test_the_default_folder_is_named_by_the_question(tmp_path, monkeypatch, capsys):
    """If this failed, the same question would be computed twice, or two questions share a folder."""
    monkeypatch.chdir(tmp_path)
    for asked in (ASKED, [*ASKED, "threads=1", "figures=false"], [*ASKED, "roe.inner_line_km=25"]):
        assert sweep.run(asked) == 0
    names = sorted(path.name for path in pathlib.Path("results").iterdir())
    assert len(names) == 2, "how it is computed is no part of the question; a parameter is"
    assert all(name.startswith("custom-") and len(name) == len("custom-") + 10 for name in names)


def test_says_first_what_it_is_about_to_do(tmp_path, capsys):
    """If this failed, a year of computing would start without a word."""
    assert sweep.run([*ASKED, f"out={tmp_path / 'a'}"]) == 0
    assert "3 points x 40 replications = 120 runs" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["/dev/null/x", "/proc/nobody"])
def test_unwritable_folder_before_anything_is_run(out, engine):
    """If this failed, an hour of computing would end in "permission denied"."""
    engine.setattr(runs.batch, "replicate", None)
    with pytest.raises(BadInput, match=f"out={out}"):
        sweep.run([*ASKED, f"out={out}"])


def test_threads_change_nothing(whole, tmp_path):
    """If this failed, a colleague's faster machine would find other probabilities."""
    for threads in (1, 3):
        assert sweep.run([*ASKED, f"out={tmp_path / str(threads)}", f"threads={threads}"]) == 0
        assert content(tmp_path / str(threads)) == content(whole)
