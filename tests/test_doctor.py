"""`tanf doctor` from the front door: what it says of a ladder, and of the machine it runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.__main__ import main
from sim.study import surroundings

pytestmark = pytest.mark.interpreted


def test_a_sound_ladder_ends_well_and_shows_its_shortest_way_to_force(capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, a researcher would not learn that the default rules may strike without a warning."""
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "Ladder of roe=baseline_2017 in may_june_2017: sound" in told
    assert "a unit dashes just inside the zone, 55 km away" in told
    assert "Not looked at: a fallen garrison" in told


def test_a_broken_ladder_is_named_with_its_witness_and_what_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, a script could not tell a broken ladder from a sound one, nor a reader mend it."""
    assert main(["doctor", "roe.promises_warning=true", "roe.closing_weight=1.2"]) == 2
    told = capsys.readouterr().out
    assert "roe.promises_warning=true roe.closing_weight=1.2 in may_june_2017: 2 to mend" in told
    assert told.index("1. unwarned") < told.index("without warning shots") < told.index("2. contradictory")
    assert "look at roe.promises_warning, roe.skip_for_urgency" in told


def test_bad_input_is_refused_as_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, a misspelt rule would be found sound."""
    assert main(["doctor", "roe.treshold=2"]) == 2
    assert "roe.threshold" in capsys.readouterr().err


def test_a_cache_that_cannot_be_written_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If this failed, every start would take a minute, and nobody would know why."""
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TANF_CACHE", str(tmp_path / "file" / "cache"))
    advice = {check.what: check.advice for check in surroundings.checks()}
    assert "TANF_CACHE" in advice["machine code"]
    monkeypatch.setenv("TANF_CACHE", str(tmp_path / "new"))
    assert {check.what: check.advice for check in surroundings.checks()}["machine code"] == ""
    assert not (tmp_path / "new").exists()


def test_a_missing_library_and_little_space_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, a sweep would end on a full disk, or on an import, after an hour."""
    monkeypatch.setattr(surroundings, "LIBRARIES", ("mesa", "no-such-library"))
    monkeypatch.setattr(surroundings, "ENOUGH_FREE_MB", 10**12)
    advice = {check.what: check.advice for check in surroundings.checks()}
    assert "pip install no-such-library" in advice["no-such-library"]
    assert "free" in advice["this folder"]
    assert advice["mesa"] == ""
