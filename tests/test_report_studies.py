"""Comparisons, sensitivity analyses and rare chances have reports of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.__main__ import main
from sim.results.checking import damages
from sim.results.folder import FIGURES
from tests.small_report import Parsed

COMMON = ["scenario.horizon_days=4", "seed=7"]


def answered(folder: Path, *words: str) -> str:
    """What a command's report says; made again from the folder alone it is the same."""
    assert main([*words, *COMMON, f"out={folder}"]) == 0
    report = folder / FIGURES / "report.html"
    before = report.read_bytes()
    assert main(["report", str(folder)]) == 0
    assert report.read_bytes() == before
    assert damages(folder) == []
    return Parsed(before.decode()).text


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A comparison of two radii."""
    folder = tmp_path_factory.mktemp("reports") / "radii"
    words = ["a.roe.zone_radius_km=55", "b.roe.zone_radius_km=20", "replications=40", "margin=0.03"]
    return folder, answered(folder, "compare", *words)


def test_comparison_tells_differences_and_twin(compared: tuple[Path, str]) -> None:
    """If this failed, the report of a comparison would be two columns without an answer."""
    _, text = compared
    assert "Is a clash likelier in b than in a?" in text
    assert "40 pairs of runs of 4 days" in text
    assert "within 3 points" in text  # the margin of the command that asked
    assert "One history twice: replication" in text
    assert "then they part" in text


def test_comparison_takes_another_margin_and_twin(compared: tuple[Path, str], tmp_path: Path) -> None:
    """If this failed, a reader with another margin in mind would have to simulate everything again."""
    folder, _ = compared
    file = tmp_path / "other.html"
    assert main(["report", str(folder), "margin=0.2", "twin=3", "outcome=isis_attack", f"out={file}"]) == 0
    text = Parsed(file.read_text("utf-8")).text
    assert "within 20 points" in text
    assert "One history twice: replication 3" in text
    assert "attack by ISIS in" in text
    assert main(["report", str(folder), "twin=40", f"out={tmp_path / 'none.html'}"]) == 2
    assert not (tmp_path / "none.html").exists()


def test_rare_chance_tells_its_method(tmp_path: Path) -> None:
    """If this failed, a reader would take a chance nobody saw come true for a count."""
    text = answered(tmp_path / "rare", "rare", "outcome=us_russia_air", "replications=30")
    assert "How likely is it: US-Russia air combat?" in text
    assert "Method: conditional Monte Carlo" in text
    assert "Plain runs: never in 30" in text


def test_many_of_a_kind_are_asked_about_in_words(tmp_path: Path) -> None:
    """If this failed, the title would be a column's name, and a reader would not know what is rare."""
    text = answered(tmp_path / "many", "rare", "outcome=strike_ground", "count=2", "replications=30")
    assert "How likely is it: ground strike, at least 2 in a run?" in text


def test_sensitivity_tells_what_matters(tmp_path: Path) -> None:
    """If this failed, the report of an analysis would be a table of points that nobody can read."""
    asked = ["roe.zone_radius_km=interval(0,60)", "line.dissuasion=interval(0,1)", "method=morris", "samples=4"]
    text = answered(tmp_path / "inputs", "sensitivity", *asked, "replications=20", "outcome=isis_attack")
    assert "attack by ISIS in 4 days hangs on" in text
    assert "mean absolute effect (mu*), points" in text
    assert "the floor:" in text


def test_a_comparison_by_another_model_is_refused_in_a_sentence(tmp_path, monkeypatch, capsys):
    """If this failed, arms would be told as what they were under other rules, or not at all, with a traceback."""
    asked = ["a.roe.zone_radius_km=20", "b.roe.zone_radius_km=55", "scenario.horizon_days=2", "replications=20"]
    assert main(["compare", *asked, "figures=false", f"out={tmp_path / 'old'}"]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sim.results.manifest.fingerprint", lambda: "another")
    assert main(["report", str(tmp_path / "old")]) == 2
    assert "another version of the model" in capsys.readouterr().err
