"""Tutorials do what they say: every command of each, in the order in which it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from experiments.__main__ import main
from sim.config import places
from sim.rules.compiling import INTERPRETED

ROOT = Path(__file__).parents[1]
TUTORIALS = sorted((ROOT / "docs/tutorials").glob("*.md"))
BLOCK = re.compile(r"^```(sh|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (conf/\S+\.yaml)\n")

pytestmark = pytest.mark.skipif(INTERPRETED, reason="needs compiled runs")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a copy of conf and of the tutorials' data, where commands are typed."""
    shutil.copytree(ROOT / "conf", tmp_path / "conf")
    shutil.copytree(ROOT / "docs/tutorials", tmp_path / "docs/tutorials")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    places.conf_folder.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    places.conf_folder.cache_clear()


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda file: file.stem)
def test_a_tutorial_works_as_it_stands(tutorial: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, the first thing that a newcomer types after reading would be an error."""
    for language, text in BLOCK.findall(tutorial.read_text("utf-8")):
        if language == "yaml":
            if named := FILE.match(text):
                (desk / named[1]).write_text(text[named.end() :], "utf-8")
            continue
        for line in text.splitlines():
            program, *words = shlex.split(line, comments=True)
            assert program == "tanf", line
            assert main(words) == 0, (line, capsys.readouterr().err)


def test_the_ground_of_the_tutorial_is_the_one_it_shows() -> None:
    """If this failed, the file that readers copy from the page would not be the one that they can run."""
    shown = dict(BLOCK.findall((ROOT / "docs/tutorials/own_geography.md").read_text("utf-8")))["yaml"]
    there = (ROOT / "docs/tutorials/two_rivers/geography.yaml").read_text("utf-8")
    assert shown.partition("\n")[2] == there.partition("\n")[2]
