"""What is done with a folder that is there: further runs, further points, going on; always the same bytes."""

from __future__ import annotations

import json
import shutil

import fake_engine
import pytest
import small_sweep
from small_sweep import ASKED, VOLATILE, ask, content, counted, times

from sim import results
from sim.errors import BadInput
from sim.results import checking
from sim.study import keeping, runs, sweep
from sim.study.kept import design_of


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an uninterrupted sweep: 40 replications at three points, in parts of 7."""
    return small_sweep.uninterrupted(tmp_path_factory.mktemp("whole") / "a")


@pytest.mark.parametrize("first", [2, 7, 20, 35])
def test_further_replications_are_the_same_question(whole, tmp_path, engine, first):
    """If this failed, a study that needs more runs would be paid for twice, or say something else."""
    path = tmp_path / "a"
    assert ask(path, replications=first) == 0
    done = counted(engine)
    assert ask(path) == 0
    assert content(path) == content(whole)
    warmed_up = [0]
    assert len(done) - len(warmed_up) - 3 * (40 - first) <= 3 * 40 // 20, "a pilot, and only what was missing"


def test_asking_for_fewer_computes_nothing(whole, tmp_path, engine, capsys):
    """If this failed, a smaller number in a command would throw runs away or compute them again."""
    path = shutil.copytree(whole, tmp_path / "a")
    engine.setattr(runs.batch, "replicate", None)
    assert ask(path, replications=10) == 0
    told = capsys.readouterr()
    assert "40 replications of every point, more than the 10 asked for" in told.err
    assert "40 runs a point" in told.out
    assert content(path) == content(whole)


def test_the_name_of_a_folder_says_nothing_of_the_number_of_runs(tmp_path, monkeypatch):
    """If this failed, the same question asked with more runs would begin again in another folder."""
    monkeypatch.chdir(tmp_path)
    for replications in (3, 5):
        assert sweep.run([*ASKED, f"replications={replications}"]) == 0
    (path,) = (tmp_path / "results").iterdir()
    assert len(results.open(path).outcomes) == 15


def test_further_points_open_a_new_segment(tmp_path, engine):
    """If this failed, a value added to an axis would cost the whole sweep again, or renumber what is published."""
    path = tmp_path / "a"
    assert sweep.run(["roe.zone_radius_km=0,20", "seed=7", "replications=40", "figures=false", f"out={path}"]) == 0
    before, done = times(path), counted(engine)
    assert (
        sweep.run(["roe.zone_radius_km=0,10,20,80", "seed=7", "replications=40", "figures=false", f"out={path}"]) == 0
    )
    found = results.open(path)
    assert [row["roe.zone_radius_km"] for row in found.design] == [0.0, 20.0, 10.0, 80.0]
    assert before.items() <= times(path).items(), "no part of the first points was touched"
    assert len(done) < 40 * 2 + 20
    for row in found.design:
        mine = found.outcomes[found.outcomes["point"] == row["point"]]
        drawn = [fake_engine.np.random.default_rng([7, k]).random() for k in range(40)]
        assert list(mine["replication"]) == list(range(40))
        assert list(mine["strike_ground"]) == [u < row["roe.zone_radius_km"] / 100 for u in drawn]
    assert {row["point"] for row in found.summary} == {0, 1, 2, 3}
    assert checking.damages(path) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (["roe.zone_radius_km=0,20,80,90", "seed=8"], r"seed \(7 there, 8 here\)"),
        (["roe.zone_radius_km=0,20,90", "seed=7"], r"roe.zone_radius_km \(\[0.0, 20.0, 80.0\] there"),
        (["roe.zone_radius_km=0,20", "seed=7"], r"roe.zone_radius_km"),
        (["roe.zone_radius_km=0,20,80,90", "seed=7", "roe.inner_line_km=25"], r"roe.inner_line_km"),
        (["roe.zone_radius_km=0,20,80", "roe.inner_line_km=20,25", "seed=7"], r"axes"),
    ],
)
def test_another_question_is_not_mixed_in(whole, tmp_path, changed, named):
    """If this failed, a folder would hold the runs of two policies under one name."""
    path = shutil.copytree(whole, tmp_path / "a")
    with pytest.raises(BadInput, match=f"another question.*{named}"):
        sweep.run([*changed, "replications=40", f"out={path}"])
    assert content(path) == content(whole)


@pytest.mark.parametrize("kept", [1, 4])
def test_resume_needs_only_the_folder(whole, tmp_path, engine, kept):
    """If this failed, who has lost the command would have lost the study."""
    path, calls = tmp_path / "a", iter(range(10_000))

    def stopping(*given, **settings):
        if next(calls) == 3 * kept + 8:
            raise KeyboardInterrupt
        return fake_engine.replicate(*given, **settings)

    engine.setattr(runs.batch, "replicate", stopping)
    assert ask(path) == 130
    engine.setattr(runs.batch, "replicate", fake_engine.replicate)
    assert keeping.resume(path, ["threads=2", "figures=false"]) == 0
    assert content(path) == content(whole)
    for bad, named in (
        ["seed=8", "seed is not set here"],
        ["threads=0", "threads must be"],
        ["nonsense=1", "no setting"],
    ):
        with pytest.raises(BadInput, match=named):
            keeping.resume(path, [bad])


def test_the_design_is_kept_whole(whole):
    """If this failed, a resumed sweep would run other settings than the command set."""
    manifest = results.open(whole).manifest
    asked, kept = sweep.grid([*ASKED, "replications=40"]), design_of(manifest)
    assert kept.question == asked.question == manifest["question"]
    assert [point.labels for point in kept.points] == [point.labels for point in asked.points]
    for one, other in zip(kept.points, asked.points, strict=True):
        assert manifest["question"]["schema"] == asked.question["schema"]
        assert sweep_settings(one.config) == sweep_settings(other.config)


def sweep_settings(config):
    """What of a configuration decides the answer."""
    from sim.results.manifest import settings_of

    return settings_of(config) | {"replications": None}


def test_reading_needs_the_memory_of_one_part(whole):
    """If this failed, a large study could not be read where it was computed."""
    found = results.open(whole)
    tables = list(found.batches(["point", "strike_ground"]))
    assert [table.num_rows for table in tables] == [21] * 5 + [15]
    assert tables[0].column_names == ["point", "strike_ground"]
    assert sum(table.num_rows for table in found.batches()) == found.runs == 120
    assert not any(isinstance(value, list) and len(value) > 10 for value in vars(found).values())


def test_run_info_remembers_every_session(tmp_path):
    """If this failed, nobody could tell on which machines a study was computed."""
    for replications in (5, 10):
        assert ask(tmp_path / "a", replications=replications) == 0
    told = json.loads((tmp_path / "a" / VOLATILE).read_text())
    assert [told["runs_computed"], *(each["runs_computed"] for each in told["earlier"])] == [15, 15]
