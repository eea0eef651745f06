"""What is done with a folder that is there: further runs, further points, shares, repair; always the same bytes."""

from __future__ import annotations

import json
import shutil

import fake_engine
import pytest

from sim import results
from sim.errors import BadInput, DamagedResults
from sim.results import checking, folder, manifest
from sim.study import keeping, runs, sweep
from sim.study.kept import design_of

ASKED = ["roe.zone_radius_km=0,20,80", "seed=7", "figures=false"]
VOLATILE = "run_info.json"  # time and host


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


def ask(path, *more, replications=40):
    """Give the command of a sweep."""
    return sweep.run([*ASKED, f"replications={replications}", f"out={path}", *more])


def content(path):
    """Every file of a folder with its bytes, but for the one that tells when and where."""
    files = (file for file in path.rglob("*") if file.is_file() and file.name != VOLATILE)
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def times(path):
    """When each part was written."""
    return {file.name: file.stat().st_mtime_ns for file in (path / "runs").iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an uninterrupted sweep: 40 replications at three points, in parts of 7."""
    path = tmp_path_factory.mktemp("whole") / "a"
    with pytest.MonkeyPatch.context() as patch:
        fake_engine.install(patch)
        assert ask(path) == 0
    return path


def counted(engine):
    """The runs that are computed from now on."""
    done = []

    def counting(*given, **settings):
        done.extend([settings["first"] + k for k in range(settings["replications"])])
        return fake_engine.replicate(*given, **settings)

    engine.setattr(runs.batch, "replicate", counting)
    return done


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


def shares(tmp_path, of=3, replications=40):
    """The folders of the shares of a sweep."""
    for k in range(1, of + 1):
        assert ask(tmp_path / f"s{k}", f"shard={k}/{of}", replications=replications) == 0
    return [tmp_path / f"s{k}" for k in range(1, of + 1)]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0, 0, 1]])
def test_shares_put_together_in_any_order_are_the_whole(whole, tmp_path, order):
    """If this failed, the answer would depend on which machine was done first."""
    parts = shares(tmp_path)
    places = [{p["part"] for p in results.open(part, partial=True).manifest["parts"]} for part in parts]
    assert places == [{1, 4}, {2, 5}, {0, 3}]
    assert keeping.merge(tmp_path / "m", [parts[k] for k in order]) == 0
    assert content(tmp_path / "m") == content(whole)
    before = times(tmp_path / "m")
    assert keeping.merge(tmp_path / "m", parts) == 0
    assert (content(tmp_path / "m"), times(tmp_path / "m")) == (content(whole), before)
    assert checking.damages(tmp_path / "m") == []


def test_a_merge_of_some_shares_goes_on(whole, tmp_path, capsys):
    """If this failed, a machine that dies would cost its share for ever."""
    parts = shares(tmp_path)
    assert keeping.merge(tmp_path / "m", parts[:2]) == 0
    assert f"tanf resume {tmp_path / 'm'}" in capsys.readouterr().out
    with pytest.raises(DamagedResults, match="4 of 6 parts"):
        results.open(tmp_path / "m")
    assert keeping.resume(tmp_path / "m", ["figures=false"]) == 0
    assert content(tmp_path / "m") == content(whole)


def test_shorter_and_longer_folders_merge(whole, tmp_path):
    """If this failed, a colleague's larger sweep of the same question could not replace one's own."""
    assert ask(tmp_path / "short", replications=10) == 0
    for target, source in (("short", whole), ("new", tmp_path / "short")):
        assert keeping.merge(tmp_path / target, [source, whole]) == 0
        assert content(tmp_path / target) == content(whole)


def test_two_questions_are_not_merged(whole, tmp_path):
    """If this failed, one table would tell the runs of two seeds, or of two models, as one."""
    assert sweep.run([*ASKED, "replications=40", f"out={tmp_path / 'b'}", "roe.inner_line_km=25"]) == 0
    with pytest.raises(BadInput, match=r"different questions: roe.inner_line_km \(.* there, .* here\)"):
        keeping.merge(tmp_path / "m", [whole, tmp_path / "b"])
    assert not (tmp_path / "m").exists()
    with pytest.raises(BadInput, match="different questions"):
        keeping.merge(tmp_path / "b", [whole])


def test_another_model_is_not_merged(whole, tmp_path, engine):
    """If this failed, runs of changed rules would hide among those of the old ones."""
    engine.setattr(manifest, "fingerprint", lambda: "changed")
    assert ask(tmp_path / "b") == 0
    with pytest.raises(BadInput, match=r"fingerprint \(changed there, stand-in here\)|fingerprint \(stand-in there"):
        keeping.merge(tmp_path / "m", [tmp_path / "b", whole])


def test_the_same_runs_with_other_outcomes_are_seen(whole, tmp_path, engine):
    """If this failed, whichever machine came last would decide what is true."""

    def other(*given, **settings):
        rows = fake_engine.replicate(*given, **settings)
        rows["closest_km"] += 1.0
        return rows

    engine.setattr(runs.batch, "replicate", other)
    assert ask(tmp_path / "b") == 0
    with pytest.raises(DamagedResults, match="same runs with other outcomes"):
        keeping.merge(tmp_path / "m", [whole, tmp_path / "b"])


def test_other_versions_are_told(whole, tmp_path, capsys):
    """If this failed, a last digit that differs between two libraries would be hunted for in the rules."""
    parts = shares(tmp_path)
    info = folder.unsealed((parts[0] / VOLATILE).read_bytes(), VOLATILE)
    info["versions"]["numpy"] = "1.0"
    (parts[0] / VOLATILE).write_bytes(folder.sealed(info))
    assert keeping.merge(tmp_path / "m", parts) == 0
    assert "numpy 1.0 in" in capsys.readouterr().err


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


def test_another_model_does_not_resume_or_repair(whole, tmp_path, engine):
    """If this failed, a changed rule would hide in what is computed again."""
    path = shutil.copytree(whole, tmp_path / "a")
    next((path / "runs").iterdir()).write_bytes(b"damaged")
    engine.setattr(manifest, "fingerprint", lambda: "changed")
    before = content(path)
    for verb in (keeping.resume, keeping.repair):
        with pytest.raises(BadInput, match="another version of the model"):
            verb(path)
    assert content(path) == before


def flip(file):
    """Change one bit in the middle of a file."""
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


@pytest.mark.parametrize(
    "names",
    [
        ["part-0-00002"],
        ["part-0-00000", "part-0-00005"],
        ["design.parquet"],
        ["summary.csv"],
        ["summary.parquet", "run_info.json"],
        ["manifest.json"],
        ["manifest.json", "part-0-00003", "summary.csv"],
    ],
)
@pytest.mark.parametrize("harm", [flip, lambda file: file.unlink()])
def test_repair_restores_the_bytes(whole, tmp_path, engine, names, harm):
    """If this failed, one bad sector would cost the whole study, or its numbers."""
    path = shutil.copytree(whole, tmp_path / "a")
    hurt = [next(file for file in path.rglob("*") if file.name.startswith(name)) for name in names]
    for file in hurt:
        harm(file)
    named = {damage.file.rpartition("/")[2] for damage in checking.damages(path)}
    lost = sum("part-" in name for name in names)
    if "manifest.json" in names:
        assert "manifest.json" in named
    else:
        assert named == {file.name for file in hurt}
    done = counted(engine)
    assert keeping.repair(path, ["figures=false"]) == []
    if harm is flip or "manifest.json" not in names:
        assert content(path) == content(whole)
        assert len(done) <= lost * 21 + 2 * bool(lost), "only what is damaged, a warm-up and a pilot run"
    else:  # nobody knows of a part whose file and whose entry are gone
        assert keeping.resume(path, ["figures=false"]) == 0
        assert content(path) == content(whole)


def test_repair_is_honest_about_what_it_cannot(whole, tmp_path):
    """If this failed, somebody would believe that a folder without its question is still good for something."""
    path = shutil.copytree(whole, tmp_path / "a")
    for name in ("manifest.json", "design.parquet"):
        flip(path / name)
    before = content(path)
    with pytest.raises(DamagedResults, match=r"neither manifest.json nor .*: tanf sweep .*seed=7"):
        keeping.repair(path)
    assert content(path) == before


def test_what_is_not_ours_is_named_and_left(whole, tmp_path):
    """If this failed, a note that somebody put beside the results would be deleted, or pass for a result."""
    path = shutil.copytree(whole, tmp_path / "a")
    (path / "notes.txt").write_text("mine")
    (path / "runs" / "copy.parquet").write_bytes(b"mine")
    assert {damage.file for damage in checking.damages(path)} == {"notes.txt", "runs/copy.parquet"}
    assert {damage.file for damage in keeping.repair(path)} == {"notes.txt", "runs/copy.parquet"}
    assert (path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["runs", "manifest.json", "design.parquet", "summary.csv"])
def test_links_are_refused(whole, tmp_path, name):
    """If this failed, what a folder says would change when a file somewhere else does."""
    path, aside = shutil.copytree(whole, tmp_path / "a"), tmp_path / "aside"
    (path / name).rename(aside)
    (path / name).symlink_to(aside)
    assert checking.damages(path)[0].file == name
    with pytest.raises((BadInput, DamagedResults), match="symbolic link"):
        results.open(path)
    with pytest.raises((BadInput, DamagedResults), match="symbolic link"):
        ask(path)
    assert keeping.repair(path, ["figures=false"]) == []
    if name != "runs":
        assert content(path) == content(whole)
    assert aside.exists()


def test_figures_are_checked_and_drawn_again(tmp_path):
    """If this failed, a picture in a paper could be half a picture."""
    path, asked = tmp_path / "a", [*ASKED[:2], "replications=10"]

    def draw(design, found, folder):
        (folder / "one.png").write_bytes(f"{len(found.outcomes)} runs, {len(design.points)} points".encode())

    assert sweep.run([*asked, f"out={path}"], draw) == 0
    before = content(path)
    flip(path / "figures" / "one.png")
    assert [damage.file for damage in checking.damages(path)] == ["figures/one.png"]
    assert keeping.repair(path, draw=draw) == []
    assert content(path) == before
    assert sweep.run([*asked[:2], "replications=20", f"out={path}"], draw) == 0
    assert (path / "figures" / "one.png").read_bytes() == b"60 runs, 3 points", "of the runs that are there now"


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
