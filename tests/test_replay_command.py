"""`tanf replay`: which files it makes, and which it leaves alone."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from experiments.__main__ import main
from sim.view import replay_files

ASKED = ["scenario.horizon_days=2", "replications=4", "seed=11", "figures=false"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A small sweep."""
    path = tmp_path_factory.mktemp("swept") / "a"
    assert main(["sweep", *ASKED, f"out={path}"]) == 0
    return path


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """The folder in which the commands are given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def content(path):
    """Every file of a folder with the hash of its bytes."""
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def test_a_page_beside_you_and_nothing_in_the_folder(swept, here, capsys):
    """If this failed, a look at a run would change the results, or leave no page."""
    before = content(swept)
    assert main(["replay", str(swept), "0:3"]) == 0
    assert capsys.readouterr().out.endswith("html: replay-0-3.html\n")
    assert [file.name for file in here.iterdir()] == ["replay-0-3.html"]
    first = (here / "replay-0-3.html").read_bytes()
    assert b"Replay of run 0:3 of a<" in first
    assert str(swept.parent).encode() not in first  # a page that is sent says nothing of the machine
    assert main(["replay", str(swept), "0:3"]) == 0
    assert (here / "replay-0-3.html").read_bytes() == first
    assert content(swept) == before


def test_files_as_asked(swept, here):
    """If this failed, a format that was asked for would be missing, or be replaced the second time by nothing."""
    for _ in range(2):
        assert main(["replay", str(swept), "0:1", "format=html,csv,geojson,gif", "out=x.csv"]) == 0
    assert {file.name for file in here.iterdir()} == {"x.html", "x.csv", "x.geojson", "x.gif"}
    assert all(replay_files.is_ours(form, here / f"x.{form}") for form in ("html", "csv", "geojson", "gif"))
    assert main(["replay", str(swept), "0:1", "out=only.csv"]) == 0
    assert not (here / "only.html").exists()


@pytest.mark.parametrize("form", ["html", "csv", "geojson", "gif"])
def test_a_file_of_somebody_else_stays(swept, here, capsys, form):
    """If this failed, a replay would write over somebody's notes."""
    mine = here / f"mine.{form}"
    mine.write_text("made with tanf replay? no, <b>mine</b>" if form in ("html", "geojson") else "mine,alone\n1,2\n")
    before = mine.read_bytes()
    assert main(["replay", str(swept), "0:1", f"out={mine.name}"]) == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "out=FILE" in told.err
    assert not told.out
    assert mine.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["format=pdf"], "format=pdf is not offered"),
        (["format="], "is not offered"),
        (["format=html,mp4"], "needs the program ffmpeg"),
        (["out=x.txt"], "ends in .html"),
        (["out=x"], "ends in .html"),
        (["out=x.gif", "format=html"], "none of format=html"),
        (["out=nowhere/x.html"], "cannot be written"),
        (["out=link.html"], "is there"),
        (["out=folder.html"], "is there"),
        (["out=a.html", "out=b.html"], "twice"),
        (["speed=2"], "takes out=FILE"),
    ],
)
def test_what_cannot_be_made_is_said_at_once(swept, here, monkeypatch, capsys, words, said):
    """If this failed, a typing error would cost the time of a simulation, or end in a traceback."""
    (here / "target").write_text("mine")
    (here / "link.html").symlink_to(here / "target")
    (here / "folder.html").mkdir()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    before = content(here)
    assert main(["replay", str(swept), "0:1", *words]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert not told.out
    assert content(here) == before


def test_nothing_is_written_into_results(swept, capsys, monkeypatch):
    """If this failed, `tanf check` would find a foreign file in the folder after a look at it."""
    before = content(swept)
    assert main(["replay", str(swept), "0:1", f"out={swept / 'runs' / 'x.html'}"]) == 2
    monkeypatch.chdir(swept)
    assert main(["replay", ".", "0:1"]) == 2
    assert "which stays as it is" in capsys.readouterr().err
    assert content(swept) == before
