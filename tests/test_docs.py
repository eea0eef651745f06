"""The documents say what is so: commands exist, examples run, sources are listed, versions agree."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import sim
from experiments.__main__ import FOLDER_VERBS, VERBS, asked_of
from experiments.list import SUBJECTS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "sim/data/PROVENANCE.md"]


def read(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a document in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(program: str) -> list[list[str]]:
    """What the documents tell people to type after a program's name, comments left out."""
    lines = [
        line
        for document in DOCUMENTS
        if document.parent.name != "tutorials"  # tests/test_tutorials.py does all that stands there
        for block in blocks(document.read_text("utf-8"), "sh")
        for line in block.splitlines()
    ]
    return [words[1:] for words in (shlex.split(line, comments=True) for line in lines) if words[:1] == [program]]


def sources(*patterns: str) -> str:
    """All files of the project under these patterns, as one text."""
    return "\n".join(file.read_text("utf-8") for pattern in patterns for file in sorted(ROOT.glob(pattern)))


def test_make_targets_exist() -> None:
    """The first command a newcomer types would fail."""
    told = {words[0] for words in commands("make")}
    assert {"sweep", "test"} <= told
    assert told <= set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("words", commands("tanf"), ids=" ".join)
def test_commands_are_understood(words: list[str]) -> None:
    """The documents would teach a command or a setting that is refused."""
    verb, *overrides = words
    assert verb in VERBS | FOLDER_VERBS
    assert importlib.util.find_spec(f"experiments.{verb}")
    if verb == "list":
        assert overrides[0] in SUBJECTS
    elif verb in VERBS:
        assert asked_of(verb, overrides)


def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The notebook example would fail, or a Mesa run would not be the row it claims to be."""
    from sim.study import sweep

    monkeypatch.chdir(tmp_path)
    assert (
        sweep.run(
            shlex.split(
                "roe.zone_radius_km=0,55 scenario.horizon_days=1 replications=4 figures=false out=results/radius"
            )
        )
        == 0
    )
    capsys.readouterr()
    said: dict = {}
    for block in blocks(read("README.md"), "python"):
        exec(re.sub(r"replications=\d+", "replications=5", block), said)  # noqa: S102 - our own README
    assert said["rows"][3]["strike_ground_count"] == said["model"].outcome["strike_ground_count"]
    printed = capsys.readouterr().out
    assert "runs with a ground strike: " in printed
    assert "zone radius 55 km: P(ground strike) = " in printed


def test_every_source_is_listed() -> None:
    """A number would point to a source that nobody can look up."""
    cited = set(re.findall(r"\bS\d{2,3}\b", sources("sim/config/groups.py", "sim/config/field.py", "conf/**/*.yaml")))
    listed = set(re.findall(r"^\| (S\d{2,3}) \|", read("docs/bibliography.md"), re.MULTILINE))
    assert cited
    assert cited - listed == set()


def test_every_document_named_in_code_exists() -> None:
    """A comment or a parameter's source would send the reader to a document that is not there."""
    named = set(re.findall(r"\b([\w/]+\.md)\b", sources("sim/**/*.py", "experiments/*.py", "conf/**/*.yaml")))
    there = {document.name for document in DOCUMENTS}
    assert {name for name in named if Path(name).name not in there} == set()


def test_every_section_of_the_model_named_in_code_exists() -> None:
    """A rule would claim to stand in the model's description and not be there."""
    named = set(re.findall(r"odd\.md (?:section )?(\d+(?:\.\d+)?)", sources("sim/**/*.py", "conf/**/*.yaml")))
    headings = set(re.findall(r"^#+ (\d+(?:\.\d+)?)\b", read("docs/odd.md"), re.MULTILINE))
    assert named
    assert named - headings == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_links_lead_somewhere(document: Path) -> None:
    """A reader would follow a link to nothing."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_versions_agree() -> None:
    """A citation would name a version that never was."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    cited = re.search(r"^version: (\S+)$", read("CITATION.cff"), re.MULTILINE)
    assert cited is not None
    assert cited[1] == project["version"]
    assert sim.__version__ == project["version"]
    assert f"## [{project['version']}]" in read("CHANGELOG.md")
    assert f"license: {project['license']}" in read("CITATION.cff")
