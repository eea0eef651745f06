"""Results written: whole or not at all, by one writer, never mixed."""

from __future__ import annotations

import errno
import multiprocessing
import os
import pathlib
import shutil

import pytest
import small_results
from small_results import content, fill, outcomes, question

from sim import results
from sim.errors import BadInput, DamagedResults, Locked, StorageError
from sim.results import checking, manifest, parts, storage
from sim.results.folder import writing


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    small_results.install(monkeypatch)


@pytest.mark.parametrize("kept", range(6))
def test_continued_equals_uninterrupted(tmp_path, kept):
    """If this failed, a power cut would change the answer."""
    whole, broken = fill(tmp_path / "whole"), fill(tmp_path / "broken", last=kept)
    if kept < 5:
        with pytest.raises(DamagedResults, match=f"{kept} of 5 parts"):
            results.open(broken)
    assert len(results.open(broken, partial=True).outcomes) == 20 * kept
    assert content(fill(broken)) == content(whole)


@pytest.mark.parametrize("name", ["thesis.tex", ".bashrc", "runs/part-00000.parquet"])
def test_a_foreign_folder_is_refused_and_untouched(tmp_path, name):
    """If this failed, a mistyped out= would scatter files among somebody's own."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(BadInput, match="not a results folder"):
        fill(tmp_path)
    assert content(tmp_path) == {name: b"mine"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"seed": 8}, r"seed \(7 there, 8 here\)"),
        ({"roe.inner_line_km": 25.0}, r"roe.inner_line_km \(absent there, 25.0 here\)"),
        ({"roe.zone_radius_km": 30.0}, "roe.zone_radius_km"),
    ],
)
def test_two_questions_never_share_a_folder(tmp_path, changed, named):
    """If this failed, half the runs of a table would belong to another policy."""
    path = fill(tmp_path / "a", last=2)
    before = content(path)
    with pytest.raises(BadInput, match=named), writing(path, question(**changed), 50):
        pass
    assert content(path) == before


def test_another_model_never_continues(tmp_path, monkeypatch):
    """If this failed, a changed rule would hide in the second half of a study."""
    path = fill(tmp_path / "a", last=2)
    monkeypatch.setattr(manifest, "fingerprint", lambda: "another")
    with pytest.raises(BadInput, match=r"fingerprint \(.* there, another here\)"):
        fill(path)


@pytest.mark.parametrize("place", ["/dev/null/x", "/proc/nobody/x"])
def test_an_unwritable_folder_is_bad_input(place):
    """If this failed, a sweep would compute for an hour before it found that it cannot write."""
    with pytest.raises(BadInput, match=rf"out={place} cannot be .*\(errno \d+\)"):
        fill(pathlib.Path(place))


def _hold(path, ready, leave):
    with storage.claimed(path):
        ready.set()
        leave.wait(20)


def test_one_writer_at_a_time(tmp_path):
    """If this failed, two terminals with the same command would write over each other."""
    context = multiprocessing.get_context("spawn")
    ready, leave = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, ready, leave))
    other.start()
    assert ready.wait(30)
    with pytest.raises(Locked, match=f"process {other.pid} on"):
        fill(tmp_path)
    other.kill()
    other.join()
    assert results.open(fill(tmp_path)).complete, "the lock of a dead process must be free"


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch, step):
    """If this failed, a full disk would take yesterday's results with it."""
    path = tmp_path / "summary.csv"
    storage.atomic_write(path, b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif step == "replace":
        monkeypatch.setattr(pathlib.Path, "replace", full)
    else:
        monkeypatch.setattr(storage, "_write_through", full)
    with pytest.raises(StorageError, match=rf"{path}.*No space left on device \(errno {errno.ENOSPC}\)"):
        storage.atomic_write(path, b"new")
    assert content(tmp_path) == {"summary.csv": b"old"}


def runs_seen(path):
    """How many runs a reader finds who wants the whole study; None where the folder says it is not whole."""
    try:
        return len(results.open(path).outcomes)
    except (BadInput, DamagedResults):
        return None


@pytest.mark.parametrize("fault", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_no_moment_of_writing_is_special(tmp_path, monkeypatch, fault):
    """If this failed, there would be an instant at which a crash leaves a folder that lies or cannot go on."""
    whole = content(fill(tmp_path / "whole"))
    fsync, calls = os.fsync, 0

    def failing(handle):
        nonlocal calls
        calls += 1
        if calls == moment:
            raise fault
        fsync(handle)

    for moment in range(1, 100):
        calls, path = 0, tmp_path / str(moment)
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", failing)
            try:
                fill(path)
            except (BadInput, StorageError, KeyboardInterrupt):
                assert runs_seen(path) in (None, 100)
            else:
                break
        assert content(fill(path)) == whole
    assert moment > 25, "six files and the manifest again for each part, all synced with their folders"


def test_litter_of_a_killed_process_is_removed(tmp_path):
    """If this failed, every crash would leave a half-written file for ever."""
    path = fill(tmp_path / "a", last=1)
    (path / "runs" / ".part-00001.parquet.99999.tmp").write_bytes(b"half")
    (path / ".figures.tmp").mkdir()
    assert content(fill(path)) == content(fill(tmp_path / "b"))
    assert not (path / ".figures.tmp").exists()


@pytest.mark.parametrize(
    ("replications", "points", "status", "named"),
    [
        (range(10, 20), range(1, -1, -1), "ok", "other runs than its place"),
        (range(11, 21), range(2), "ok", "other runs than its place"),
        (range(10, 20), range(2), "log full", "20 failed runs and the manifest says 0"),
    ],
)
def test_a_part_of_other_runs_is_found(tmp_path, replications, points, status, named):
    """If this failed, runs under wrong numbers would count for another policy, every hash being right."""
    path = fill(tmp_path / "a", last=1)
    rows, how = outcomes(replications)
    how[:] = status
    table = parts.table_from(0, replications.start, rows, how)
    if points.step < 0:
        table = table.take([k ^ 1 for k in range(20)])
    with writing(path, question(), 50) as folder:
        folder.put_part(folder.missing[0], parts.parquet_bytes(table), 20, 0)
    (found,) = checking.damages(path)
    assert found.file.startswith("runs/part-0-00001-")
    assert named in found.what


def test_a_part_that_is_listed_twice_is_found(tmp_path):
    """If this failed, runs that are there twice would count twice."""
    path = fill(tmp_path / "a")
    told = manifest.from_bytes((path / "manifest.json").read_bytes(), "manifest.json")
    told["parts"].append(told["parts"][0])
    (path / "manifest.json").write_bytes(manifest.to_bytes(told))
    assert [damage.what for damage in checking.damages(path)] == ["is listed twice or is no part of the question"]


@pytest.mark.parametrize("asked", [{"replications": 50}, {"asked": (0.0, 20.0, 40.0), "replications": 30}])
def test_no_moment_of_extending_is_special(tmp_path, monkeypatch, asked):
    """If this failed, who asks for more runs could lose those that are there."""
    wanted = {"asked": question(*asked.get("asked", ())), "replications": asked["replications"]}
    before = fill(tmp_path / "before", replications=25)
    whole = content(fill(shutil.copytree(before, tmp_path / "whole"), **wanted))
    fsync, calls = os.fsync, 0

    def failing(handle):
        nonlocal calls
        calls += 1
        if calls == moment:
            raise KeyboardInterrupt
        fsync(handle)

    for moment in range(1, 100, 3):
        calls, path = 0, shutil.copytree(before, tmp_path / str(moment))
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", failing)
            try:
                fill(path, **wanted)
            except KeyboardInterrupt:
                there = results.open(path, partial=True).outcomes
                assert set(there[there["point"] < 2]["replication"]) >= set(range(25))
            else:
                break
        assert content(fill(path, **wanted)) == whole
    assert moment > 10
