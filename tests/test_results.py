"""Results read back: verified, typed, told apart by the model that made them."""

from __future__ import annotations

import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small_results
from small_results import design, fill, outcomes, part_file

from sim import results
from sim.errors import BadInput, DamagedResults
from sim.results import fingerprint, parts
from sim.run.columns import COLUMNS, FLAT


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    small_results.install(monkeypatch)


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
    table = pq.read_table(part_file(folder, 1))
    assert table.column_names == ["point", "replication", "status", *COLUMNS]
    assert table.schema.field("strike_ground").type == pa.bool_()
    assert table.schema.field("strike_ground_count").type == pa.int64()
    assert table.schema.field("strike_ground_first_min").metadata == {b"unit": b"min"}
    assert all(field.metadata for field in table.schema)
    assert table["replication"].to_pylist() == [10 + k // 2 for k in range(20)]


def test_the_manifest_knows_no_time_and_no_place(tmp_path):
    """If this failed, two groups that get the same answer could not see that they do."""
    one, other = fill(tmp_path / "one"), fill(tmp_path / "somewhere" / "else")
    assert (one / "manifest.json").read_bytes() == (other / "manifest.json").read_bytes()
    told = json.loads((one / "manifest.json").read_text())
    assert [(part["part"], part["rows"]) for part in told["parts"]] == [(k, 20) for k in range(5)]
    assert set(told) == {"format", "question", "replications", "segments", "parts", "files", "seal"}


def test_a_flipped_bit_is_found_and_the_part_named(tmp_path):
    """If this failed, a decaying disk would quietly move a probability."""
    path = fill(tmp_path / "a")
    part = part_file(path, 3)
    data = part.read_bytes()
    for place in np.random.default_rng(1).integers(8 * len(data), size=20):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << (place % 8)
        part.write_bytes(flipped)
        with pytest.raises(DamagedResults, match=r"part-0-00003-\w+\.parquet is damaged"):
            results.open(path)
    part.write_bytes(data)
    assert len(results.open(path).outcomes) == 100


def test_page_checksums_find_what_the_decoder_does_not():
    """If this failed, a part copied out of its folder would lose its only protection against bit rot."""
    rows, status = outcomes(range(500))
    rows["closest_km"] = np.random.default_rng(1).random(rows.shape)  # bytes that no decompressor can check
    data = parts.parquet_bytes(parts.table_from(0, 0, rows, status))
    stored = pq.read_metadata(io.BytesIO(data)).row_group(0).column(3 + list(COLUMNS).index("closest_km"))
    end = stored.data_page_offset + stored.total_compressed_size  # before it lie the column's values
    for place in np.random.default_rng(2).integers(8 * (end - 6000), 8 * end, size=100):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << (place % 8)
        with pytest.raises(OSError, match="CRC"):
            parts.table_of(bytes(flipped))


def test_a_lost_or_swapped_part_is_found(tmp_path):
    """If this failed, a truncated copy of a folder would pass for the whole study."""
    path = fill(tmp_path / "a")
    first, second = (part_file(path, k) for k in (0, 1))
    data = first.read_bytes()
    first.write_bytes(second.read_bytes())
    with pytest.raises(DamagedResults, match="part-0-00000"):
        results.open(path)
    first.unlink()
    with pytest.raises(DamagedResults, match="part-0-00000"):
        results.open(path)
    fill(path)
    assert first.read_bytes() == data


def test_a_damaged_part_is_not_built_upon(tmp_path):
    """If this failed, going on would bury the damage under a complete-looking manifest."""
    path = fill(tmp_path / "a", last=2)
    with part_file(path, 1).open("ab") as file:
        file.write(b"x")
    with pytest.raises(DamagedResults, match=r"part-0-00001.*tanf repair"):
        fill(path)


@pytest.mark.parametrize("n", [0, 1, 20])
def test_columns_keep_their_types_when_nothing_happens(n):
    """If this failed, a first part without a clash would make the whole sweep unreadable."""
    rows = np.zeros((n, 2), FLAT)
    quiet = parts.table_from(0, 0, rows, np.full(rows.shape, parts.OK, dtype=object))
    table = parts.table_of(parts.parquet_bytes(quiet))
    assert table.schema.equals(parts.SCHEMA, check_metadata=True)
    assert parts.rows_of([table]).dtype == parts.ROW
    assert len(parts.rows_of([table])) == 2 * n


def test_a_failed_run_keeps_its_row_and_no_outcome():
    """If this failed, a crashed run would count as a quiet one."""
    rows, status = outcomes(range(3))
    status[1, 0] = "ValueError: log full"
    table = parts.table_of(parts.parquet_bytes(parts.table_from(0, 0, rows, status)))
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
        lambda text: text.replace('"format": 2', '"format": 3'),
        lambda text: text.replace("20.0", "30.0"),
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
