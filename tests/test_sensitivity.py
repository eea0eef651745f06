"""`tanf sensitivity`: its points are an ordinary sweep, its refusals say how much would do, its folder goes on."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import fake_engine
import numpy as np
import pytest

import sim
from experiments.__main__ import main
from experiments.sensitivity import draw
from sim.config.settings import value_of
from sim.errors import BadInput
from sim.study import runs, sensitivity, sweep
from sim.study.sensitivity_design import study_of
from sim.study.sensitivity_page import render

RADIUS = "roe.zone_radius_km=interval(0,100)"
ASKED = [RADIUS, "line.dissuasion=interval(0,1)", "roe.show_of_force=true,false", "seed=3"]
SMALL = ["samples=32", "replications=8", "figures=false"]


# ---------------------------------------------------------------- the points
@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_every_place_is_its_point(method):
    """If this failed, the runs of one point would be taken for those of another."""
    study = study_of([*ASKED, "scenario.isis_raids=interval(0,3)", f"method={method}", *SMALL])
    assert study.inputs == [
        "roe.zone_radius_km",
        "line.dissuasion",
        "roe.show_of_force",
        "scenario.isis_raids",
    ]
    for matrix, row in np.ndindex(study.places.shape):
        config = study.design.points[study.places[matrix, row]].config
        u = study.unit[matrix, row]
        assert config.roe.zone_radius_km == pytest.approx(100 * u[0], rel=1e-9)
        assert config.line.dissuasion == pytest.approx(u[1], rel=1e-9, abs=1e-12)
        assert config.roe.show_of_force is bool(u[2] < 0.5)
        assert config.scenario.isis_raids == min(int(4 * u[3]), 3)
    settings = [tuple(point.labels.values()) for point in study.design.points]
    assert len(set(settings)) == len(settings), "two places with the same settings are one point"


def test_presets_are_inputs():
    """If this failed, the choice among policies could not be held against what nobody knows."""
    study = study_of(["roe=baseline_2017,restrictive,permissive", RADIUS, *SMALL])
    names = {value_of(point.config, "roe.name") for point in study.design.points}
    assert names == {"baseline_2017", "restrictive", "permissive"}
    assert {point.config.roe.zone_radius_km for point in study.design.points if point.labels["roe"] == "restrictive"}


def test_more_samples_keep_the_points():
    """If this failed, a larger sample would throw the smaller one away."""
    few, more = (study_of([*ASKED, f"samples={n}", "replications=8"]).design for n in (32, 64))
    assert [point.labels for point in more.points[: len(few.points)]] == [point.labels for point in few.points]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["samples=8"], "8 samples are too few for method=sobol; give samples=16 or more"),
        (["samples=3", "method=morris"], "give samples=4 or more"),
        (["samples=4", "method=pawn"], "8 points are too few for method=pawn"),
        (["replications=3"], "give 4 or more"),
        (["design=one_at_a_time"], "makes its own points"),
        (["sampling=latin_hypercube"], "makes its own points"),
        (["method=fast"], "method must be one of sobol, morris, pawn"),
        (["method=sobol,morris"], "method"),
        (["outcome=peace"], "outcome must be an outcome"),
        (["until.half_width=0.1"], "is for `tanf sweep`"),
        (["samples=100000"], "at most 100,000 are allowed"),
        (["replications=1000000000"], "lower"),
    ],
)
def test_what_is_no_analysis_is_refused(asked, told, capsys, tmp_path):
    """If this failed, a slip would cost an hour, or be answered as another question."""
    settled = {one.partition("=")[0] for one in asked}
    rest = [one for one in [*ASKED, *SMALL] if one.partition("=")[0] not in settled]
    assert main(["sensitivity", *rest, *asked, f"out={tmp_path / 'a'}"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_a_question_the_levers_are_asked(capsys):
    """If this failed, the bare command would ask nothing, or refuse without a hint."""
    assert main(["sensitivity", "--cfg", "job"]) == 0
    assert "name: levers" in capsys.readouterr().out
    with pytest.raises(BadInput, match="nothing varies"):
        study_of(["experiment=baseline"])


# ---------------------------------------------------------------- the whole, with a stand-in for the engine
@pytest.fixture
def engine(monkeypatch):
    """An engine in which the radius is the chance, and nothing else matters."""
    fake_engine.install(monkeypatch, runs_per_part=600)
    return monkeypatch


def ask(path, *more, replications=12):
    """Give the command."""
    settled = {one.partition("=")[0] for one in more}
    rest = [one for one in [*ASKED, "samples=32"] if one.partition("=")[0] not in settled]
    return main(["sensitivity", *rest, *more, f"replications={replications}", f"out={path}"])


def found_of(path, *more):
    """What a folder says."""
    study = study_of([*ASKED, "samples=32", "replications=12", *more])
    return sensitivity.analysed(study, sim.open(path), "strike_ground")


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_what_matters_is_above_what_does_not(engine, tmp_path, capsys, method):
    """If this failed, a command would not find the one setting that decides everything."""
    path = tmp_path / "a"
    assert ask(path, f"method={method}", "figures=false") == 0
    out = capsys.readouterr().out
    rows = [line for line in out.splitlines() if " [" in line and ("roe." in line or "line." in line)]
    assert rows[0].split()[0] == "roe.zone_radius_km"
    assert rows[0].endswith("above")
    assert all(row.endswith("not told from nothing") for row in rows[1:])
    for told in ("seed 3", "x 12 replications", "95 %", "coarse model", "dummy"):
        assert told in out
    found = found_of(path, f"method={method}")
    assert found.main[1:3, 0] == pytest.approx(0.0, abs=1e-12), "what changes nothing, common luck leaves at 0"


def test_going_on_computes_what_is_missing_and_nothing_else(engine, tmp_path, capsys):
    """If this failed, a stopped analysis would begin anew, or a larger one forget the smaller."""
    done = []

    def counting(*given, **settings):
        done.append(settings["replications"])
        return fake_engine.replicate(*given, **settings)

    engine.setattr(runs.batch, "replicate", counting)
    path = tmp_path / "a"
    assert ask(path, "samples=16", "figures=false", "threads=1") == 0
    first = sim.open(path).runs
    done.clear()
    assert ask(path, "samples=16", "figures=false", "threads=1") == 0
    assert done == []
    assert "done already" in capsys.readouterr().out
    assert ask(path, "figures=false", "threads=1") == 0
    whole = sim.open(path)
    assert whole.runs > first
    fresh = tmp_path / "b"
    assert ask(fresh, "figures=false", "threads=1") == 0
    study = study_of([*ASKED, "samples=32", "replications=12"])
    there = [sensitivity.runs_of(study.design, sim.open(one), "strike_ground") for one in (path, fresh)]
    assert (there[0] == there[1]).all()


def test_the_order_of_points_in_a_folder_is_of_no_account(engine, tmp_path):
    """If this failed, an index would be computed from the runs of other points."""
    study, path = study_of([*ASKED, "samples=32", "replications=12"]), tmp_path / "a"
    turned = dataclasses.replace(study.design, points=study.design.points[::-1])
    assert sweep.answer(turned, path, "") == 0
    assert ask(path, "figures=false") == 0
    results = sim.open(path)
    at = sensitivity.runs_of(study.design, results, "strike_ground")
    for k, point in enumerate(study.design.points):
        expected = fake_engine.replicate(point.config, replications=12, seed=point.seed)["strike_ground"]
        assert (at[k] == expected).all()


@pytest.mark.parametrize(
    ("reach", "told"),
    [("0,0.1", "at least replications="), ("99.9,100", "and 5 in which it does not")],
)
def test_too_few_events_are_refused_with_how_many_would_do(engine, tmp_path, capsys, reach, told):
    """If this failed, indices of two events would be drawn as if they were known."""
    path, asked = tmp_path / "a", f"roe.zone_radius_km=interval({reach})"
    assert ask(path, asked, "samples=16", replications=4) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "stays in" in error
    assert sim.open(path).complete


@pytest.mark.parametrize(
    ("events", "enough"), [(2, "about replications=50 "), (999, "about replications=100 "), (0, "replications=34 ")]
)
def test_so_many_replications_bring_enough_events(tmp_path, events, enough):
    """If this failed, somebody would pay for as many runs as were said, and be refused again."""
    results = SimpleNamespace(replications=20, folder=tmp_path)
    with pytest.raises(BadInput, match=enough):
        sensitivity.refuse_too_few_events("strike_ground", events, 1000, results)
    sensitivity.refuse_too_few_events("strike_ground", 5, 1000, results)


def test_a_chance_that_does_not_vary_is_not_divided_up(engine, tmp_path, capsys):
    """If this failed, noise would be divided by noise, and the quotient printed with two digits."""
    assert ask(tmp_path / "a", "roe.zone_radius_km=interval(50,50.01)") == 2
    assert "is not seen to vary over these intervals" in capsys.readouterr().err


def test_rows_with_failed_runs_are_left_out(engine, tmp_path, capsys):
    """If this failed, one failed run would make every index nan, or count as a run without a strike."""

    def failing(config, **settings):
        if config.roe.zone_radius_km > 97 and settings["first"] == 0:
            raise ArithmeticError("too wide")
        return fake_engine.replicate(config, **settings)

    engine.setattr(runs.batch, "replicate", failing)
    assert ask(tmp_path / "a", "samples=64", "figures=false", "max_failures=null") == 3
    assert "the others hold a failed run" in capsys.readouterr().out
    study = study_of([*ASKED, "samples=64", "replications=12"])
    found = sensitivity.analysed(study, sim.open(tmp_path / "a"), "strike_ground")
    hit = (study.unit[..., 0] > 0.97).any(axis=0)
    assert (found.left_out, found.rows) == (hit.sum(), (~hit).sum())
    assert np.isfinite(found.main).all()


def test_a_sweep_that_is_there_is_analysed(engine, tmp_path, capsys):
    """If this failed, runs that somebody has would have to be made again to be understood."""
    path = tmp_path / "a"
    words = [*ASKED, "samples=40", "replications=12", "figures=false", f"out={path}"]
    assert main(["sweep", *words]) == 0
    capsys.readouterr()
    assert main(["sensitivity", str(path), "figures=false"]) == 0
    given = capsys.readouterr().out
    assert "method pawn" in given
    assert main(["sensitivity", "method=pawn", *words]) == 0
    asked = capsys.readouterr().out
    assert "done already" in asked
    table = [line for line in given.splitlines() if " [" in line and "roe.zone" in line]
    assert table[0].endswith("above")
    assert [line.split()[-1] for line in asked.splitlines() if "roe.zone" in line and " [" in line] == ["above"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["method=sobol"], "needs points of its own"),
        (["seed=4"], "seed is not set here"),
        (["outcome=peace"], "outcome must be an outcome"),
    ],
)
def test_runs_that_are_there_are_asked_nothing_else(engine, tmp_path, capsys, words, told):
    """If this failed, a setting would be taken and silently change nothing."""
    path = tmp_path / "a"
    assert main(["sweep", *ASKED, "samples=16", "replications=4", "figures=false", f"out={path}"]) == 0
    assert main(["sensitivity", str(path), *words]) == 2
    assert told in capsys.readouterr().err


def test_no_folder_is_no_answer(tmp_path, capsys):
    """If this failed, a misspelt folder would end in a traceback."""
    assert main(["sensitivity", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_a_tornado_is_drawn_beside_what_is_there(engine, tmp_path, capsys, method):
    """If this failed, there would be no figure for a paper, or one would push out another."""
    path = tmp_path / "a"
    assert ask(path, f"method={method}") == 0
    there = {file.name for file in (path / "figures").iterdir()}
    assert {f"{method}-strike_ground.png", f"{method}-strike_ground.svg"} <= there
    found = dataclasses.replace(found_of(path, f"method={method}"), outcome="serious_episode")
    before = (path / "figures" / f"{method}-strike_ground.png").read_bytes()
    sensitivity.drawn(found, draw)
    assert (path / "figures" / f"{method}-serious_episode.svg").exists()
    assert (path / "figures" / f"{method}-strike_ground.png").read_bytes() == before
    assert main(["check", str(path)]) == 0
    assert "serious_episode" in render(found)
