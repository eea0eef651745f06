"""Damage found and mended: the same bytes again, and nothing computed that is whole."""

from __future__ import annotations

import shutil

import fake_engine
import pytest
import small_sweep
from small_sweep import ASKED, ask, content, counted

from sim import results
from sim.errors import BadInput, DamagedResults
from sim.results import checking, manifest
from sim.study import keeping, sweep


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an uninterrupted sweep: 40 replications at three points, in parts of 7."""
    return small_sweep.uninterrupted(tmp_path_factory.mktemp("whole") / "a")


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


def flip(file, share=0.5):
    """Change one bit of a file, so far from its beginning."""
    data = bytearray(file.read_bytes())
    data[int(share * len(data))] ^= 4
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
    flip(path / "manifest.json")
    (path / "design.parquet").write_bytes((whole / "design.parquet").read_bytes()[:-9])
    before = content(path)
    with pytest.raises(DamagedResults, match=r"neither manifest.json nor .*: tanf sweep .*seed=7"):
        keeping.repair(path)
    assert content(path) == before


@pytest.mark.parametrize("share", [k / 12 for k in range(12)])
def test_a_damaged_design_is_never_believed(whole, tmp_path, share):
    """If this failed, a manifest could be made again from a design that is not what was asked."""
    path = shutil.copytree(whole, tmp_path / "a")
    (path / "manifest.json").unlink()
    flip(path / "design.parquet", share)
    try:
        assert keeping.repair(path, ["figures=false"]) == []
    except DamagedResults:
        assert not (path / "manifest.json").exists()
    else:
        assert content(path) == content(whole)


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
