"""The results folder: whole or not at all, verified, never mixed."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim import results
from sim.errors import BadInput, DamagedResults, Locked, StorageError
from sim.results import fingerprint, manifest, parts, storage
from sim.results.folder import writing
from sim.run.columns import COLUMNS, FLAT

POINTS = [{"seed": 7, "replications": 50, "roe.zone_radius_km": radius} for radius in (0.0, 20.0)]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(manifest, "RUNS_PER_PART", 20)
    monkeypatch.setattr(manifest, "fingerprint", lambda: "model")


def question(**changed):
    """What is asked: 50 replications at two radii, in parts of 20 runs."""
    return manifest.question_of([point | changed for point in POINTS], ["roe.zone_radius_km"])


def design():
    """The design table of the same question."""
    return [{"point": k, "roe.zone_radius_km": point["roe.zone_radius_km"]} for k, point in enumerate(POINTS)]


def outcomes(replications: range):
    """Runs in which the strikes count the replications; the status of each run is ok."""
    rows = np.zeros((len(replications), 2), FLAT)
    rows["strike_ground"] = True
    rows["strike_ground_count"] = np.array(replications)[:, None] * 10 + np.arange(2)
    return rows, np.full(rows.shape, parts.OK, dtype=object)


def fill(path, last=None):
    """Write the folder, or its parts before number `last`."""
    with writing(path, question(), design()) as folder:
        for part in folder.missing[:last]:
            folder.add_part(part, *outcomes(folder.replications(part)))
    return path


def content(path):
    """Every file of a folder with its bytes."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_what_is_written_is_read_back(tmp_path):
    """If this failed, the numbers in a paper would not be the numbers that were simulated."""
    found = results.open(fill(tmp_path / "a"))
    assert found.complete
    assert found.axes == ["roe.zone_radius_km"]
    assert found.design == design()
    assert len(found.outcomes) == 100
    order = found.outcomes["replication"] * 2 + found.outcomes["point"]
    assert (order == np.arange(100)).all()
    assert (found.outcomes["strike_ground_count"] == found.outcomes["replication"] * 10 + found.outcomes["point"]).all()


def test_any_reader_finds_types_and_units(tmp_path):
    """If this failed, a colleague with another tool would read true/false as numbers and minutes as hours."""
    folder = fill(tmp_path / "a")
    table = pq.read_table(folder / "runs" / "part-00001.parquet")
    assert table.column_names == ["point", "replication", "status", *COLUMNS]
    assert table.schema.field("strike_ground").type == pa.bool_()
    assert table.schema.field("strike_ground_count").type == pa.int64()
    assert table.schema.field("strike_ground_first_min").metadata == {b"unit": b"min"}
    assert all(field.metadata for field in table.schema)
    assert table["replication"].to_pylist() == [10 + k // 2 for k in range(20)]


@pytest.mark.parametrize("kept", range(6))
def test_continued_equals_uninterrupted(tmp_path, kept):
    """If this failed, a power cut would change the answer."""
    whole, broken = fill(tmp_path / "whole"), fill(tmp_path / "broken", last=kept)
    if kept < 5:
        with pytest.raises(DamagedResults, match=f"{kept} of 5 parts"):
            results.open(broken)
    assert len(results.open(broken, partial=True).outcomes) == 20 * kept
    assert content(fill(broken)) == content(whole)


def test_the_manifest_knows_no_time_and_no_place(tmp_path):
    """If this failed, two groups that get the same answer could not see that they do."""
    one, other = fill(tmp_path / "one"), fill(tmp_path / "somewhere" / "else")
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    told = json.loads((one / "manifest.json").read_text())
    assert [part["first"] for part in told["parts"]] == [0, 20, 40, 60, 80]
    assert set(told) == {"format", "question", "design_sha256", "parts"}


def test_a_flipped_bit_is_found_and_the_part_named(tmp_path):
    """If this failed, a decaying disk would quietly move a probability."""
    path = fill(tmp_path / "a")
    part = path / "runs" / "part-00003.parquet"
    data = part.read_bytes()
    for place in np.random.default_rng(1).integers(8 * len(data), size=20):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << (place % 8)
        part.write_bytes(flipped)
        with pytest.raises(DamagedResults, match=r"part-00003\.parquet is damaged"):
            results.open(path)
    part.write_bytes(data)
    assert len(results.open(path).outcomes) == 100


def test_page_checksums_find_what_the_decoder_does_not():
    """If this failed, a part copied out of its folder would lose its only protection against bit rot."""
    rows, status = outcomes(range(500))
    rows["closest_km"] = np.random.default_rng(1).random(rows.shape)  # bytes that no decompressor can check
    data = parts.encode(0, rows, status)
    stored = pq.read_metadata(io.BytesIO(data)).row_group(0).column(3 + list(COLUMNS).index("closest_km"))
    end = stored.data_page_offset  # before it lie the column's values, some 8,000 bytes without a header
    for place in np.random.default_rng(2).integers(8 * (end - 6000), 8 * end, size=100):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << (place % 8)
        with pytest.raises(OSError, match="CRC"):
            parts.table_of(bytes(flipped))


def test_a_lost_or_swapped_part_is_found(tmp_path):
    """If this failed, a truncated copy of a folder would pass for the whole study."""
    path = fill(tmp_path / "a")
    first, second = (path / "runs" / f"part-0000{k}.parquet" for k in (0, 1))
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    with pytest.raises(DamagedResults, match="part-00000"):
        results.open(path)
    first.unlink()
    with pytest.raises(DamagedResults, match="part-00000"):
        results.open(path)
    fill(path)
    assert first.read_bytes() == data


def test_a_damaged_part_is_not_built_upon(tmp_path):
    """If this failed, going on would bury the damage under a complete-looking manifest."""
    path = fill(tmp_path / "a", last=2)
    with (path / "runs" / "part-00001.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedResults, match=r"part-00001.*delete that file"):
        fill(path)


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
        ({"replications": 60}, r"replications \(50 there, 60 here\)"),
        ({"roe.zone_radius_km": 30.0}, "roe.zone_radius_km"),
    ],
)
def test_two_questions_never_share_a_folder(tmp_path, changed, named):
    """If this failed, half the runs of a table would belong to another policy."""
    path = fill(tmp_path / "a", last=2)
    before = content(path)
    with pytest.raises(BadInput, match=named), writing(path, question(**changed), design()):
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
            except (StorageError, KeyboardInterrupt):
                assert runs_seen(path) in (None, 100)
            else:
                break
        assert content(fill(path)) == whole
    assert moment > 14, "seven files, each synced with its folder"


def test_litter_of_a_killed_process_is_removed(tmp_path):
    """If this failed, every crash would leave a half-written file for ever."""
    path = fill(tmp_path / "a", last=1)
    (path / "runs" / ".part-00001.parquet.99999.tmp").write_bytes(b"half")
    (path / ".figures.tmp").mkdir()
    assert content(fill(path)) == content(fill(tmp_path / "b"))
    assert not (path / ".figures.tmp").exists()


@pytest.mark.parametrize("n", [0, 1, 20])
def test_columns_keep_their_types_when_nothing_happens(n):
    """If this failed, a first part without a clash would make the whole sweep unreadable."""
    rows = np.zeros((n, 2), FLAT)
    table = parts.table_of(parts.encode(0, rows, np.full(rows.shape, parts.OK, dtype=object)))
    assert table.schema.equals(parts.SCHEMA, check_metadata=True)
    assert parts.rows_of([table]).dtype == parts.ROW
    assert len(parts.rows_of([table])) == 2 * n


def test_a_failed_run_keeps_its_row_and_no_outcome():
    """If this failed, a crashed run would count as a quiet one."""
    rows, status = outcomes(range(3))
    status[1, 0] = "ValueError: log full"
    table = parts.table_of(parts.encode(0, rows, status))
    assert parts.failures_of([table]) == [{"point": 0, "replication": 1, "status": "ValueError: log full"}]
    assert table["strike_ground_count"].to_pylist() == [0, 1, None, 11, 20, 21]
    assert len(parts.rows_of([table])) == 5


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-40],
        lambda text: text.replace('"seed": 7', '"seed": NaN'),
        lambda text: text.replace('"sha256"', '"sha255"'),
        lambda text: text[:0] + "[]",
        lambda text: text.replace('"format": 1', '"format": 2'),
    ],
)
def test_a_damaged_or_newer_manifest_is_refused(tmp_path, damage):
    """If this failed, a broken manifest would end in a traceback or, worse, be believed."""
    path = fill(tmp_path / "a") / "manifest.json"
    path.write_text(damage(path.read_text()))
    with pytest.raises(DamagedResults, match=r"manifest\.json"):
        results.open(tmp_path / "a")


def test_no_results_folder(tmp_path):
    """If this failed, a mistyped folder would read as an empty study."""
    with pytest.raises(BadInput, match=r"no manifest\.json"):
        results.open(tmp_path)


def test_fingerprint_ignores_words_and_notices_rules(tmp_path):
    """If this failed, a corrected comment would forbid, or a changed rule allow, to continue a study."""
    code = 'def rule(x):\n    """Doc."""\n    return x + 1  # why\n'
    reworded = '"""Module."""\n\n\ndef rule(x):\n\n    "Other."\n    # because\n    return x+1\n'
    assert list(fingerprint.tokens(code)) == list(fingerprint.tokens(reworded))
    for changed in ("x + 2", "x - 1", "y + 1"):
        assert list(fingerprint.tokens(code)) != list(fingerprint.tokens(code.replace("x + 1", changed)))
    kept = 'name = "not a docstring"\nf(f"{a} b", "text")\n'
    assert list(fingerprint.tokens(kept))[2] == '"not a docstring"'
    assert 'f"{a} b"' in list(fingerprint.tokens(kept))


def test_fingerprint_covers_rules_parameters_and_data(tmp_path, monkeypatch):
    """If this failed, results of different models would carry the same name."""
    rules, data = tmp_path / "rules", tmp_path / "data"
    rules.mkdir()
    data.mkdir()
    (rules / "a.py").write_text("x = 1\n")
    (tmp_path / "scenario.py").write_text("y = 1\n")
    (data / "places.csv").write_text("name\n")
    (data / "PROVENANCE.md").write_text("where from\n")
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path)
    found = [fingerprint.fingerprint()]
    (data / "PROVENANCE.md").write_text("reworded\n")
    assert fingerprint.fingerprint() == found[0]
    for path in (rules / "a.py", tmp_path / "scenario.py", data / "places.csv"):
        path.write_text("z = 2\n")
        found.append(fingerprint.fingerprint())
    monkeypatch.setattr(fingerprint, "parameter_schema", lambda: [["roe", "zone_radius_km", "km", 60.0, 0, 100]])
    found.append(fingerprint.fingerprint())
    assert len(set(found)) == 5
