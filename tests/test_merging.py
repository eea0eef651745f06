"""The shares of several machines put together: the same bytes in whatever order."""

from __future__ import annotations

import fake_engine
import pytest
import small_sweep
from small_sweep import ASKED, VOLATILE, ask, content, times

from sim import results
from sim.errors import BadInput, DamagedResults
from sim.results import checking, folder, manifest
from sim.study import keeping, runs, sweep


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an uninterrupted sweep: 40 replications at three points, in parts of 7."""
    return small_sweep.uninterrupted(tmp_path_factory.mktemp("whole") / "a")


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
