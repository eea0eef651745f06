"""Results in other programs: the same numbers, under the names those programs know."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import mesa
import numpy as np
import pytest
from SALib.analyze import rbd_fast

import sim
from experiments.__main__ import main
from sim.errors import BadInput
from sim.results import Results, exports
from sim.run.columns import COLUMNS
from tests import small_results

LENGTH = {"scenario.horizon_days": 28.0, "step_min": 5.0}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Results:
    """50 replications at two radii; the strikes count the replications."""
    small_results.install(monkeypatch)
    small_results.fill(tmp_path / "small", asked=small_results.question(**LENGTH))
    return sim.open(tmp_path / "small")


def test_every_table_has_the_runs_of_the_folder(results: Results) -> None:
    """If this failed, a figure made in pandas or polars would not be that of the sweep."""
    rows = results.outcomes
    for frame in (results.to_pandas(), results.to_polars(), results.to_arrow()):
        columns = {name: np.asarray(frame[name]) for name in ("point", "replication", "strike_ground_count")}
        assert all(np.array_equal(values, rows[name]) for name, values in columns.items())
        radii = np.asarray(frame["roe.zone_radius_km"])
        assert np.array_equal(radii, np.array(small_results.RADII)[rows["point"]])


def test_the_parts_are_read_by_a_database(results: Results) -> None:
    """If this failed, a sweep larger than memory could not be asked questions in SQL."""
    parts = f"{results.folder}/runs/*.parquet"
    found = duckdb.sql(f"select point, count(*), sum(strike_ground_count) from '{parts}' group by point order by point")
    expected = [(k, 50, sum(10 * n + k for n in range(50))) for k in range(2)]
    assert found.fetchall() == expected


@pytest.mark.filterwarnings("ignore")  # of the workbench, about the newest pandas
def test_experiments_and_outcomes_have_the_form_of_the_workbench(results: Results) -> None:
    """If this failed, PRIM and feature scoring could not be used on a sweep."""
    experiments, outcomes = results.to_ema()
    assert list(experiments) == ["roe.zone_radius_km", "scenario", "policy", "model"]
    assert set(outcomes) == set(COLUMNS)
    assert {len(values) for values in outcomes.values()} == {len(experiments)} == {100}
    prim = pytest.importorskip("ema_workbench.analysis.prim", reason="EMA Workbench is not installed")
    inside = experiments[["roe.zone_radius_km"]].assign(noise=np.arange(100) % 7)
    box = prim.Prim(inside, inside["roe.zone_radius_km"].to_numpy() > 10.0, threshold=0.8).find_box()
    assert float(box.peeling_trajectory["coverage"].iloc[-1]) == 1.0


def test_means_go_to_salib_point_by_point(results: Results) -> None:
    """If this failed, a sensitivity index would be of the wrong points, or of runs in place of means."""
    problem, x, y = results.to_salib("strike_ground_count")
    assert problem == {"num_vars": 1, "names": ["roe.zone_radius_km"], "bounds": [[0.0, 20.0]]}
    assert x.tolist() == [[0.0], [20.0]]
    assert y.tolist() == [245.0, 246.0]
    many = np.repeat(x, 60, axis=0) + np.arange(120)[:, None]
    assert set(rbd_fast.analyze(problem, many, np.repeat(y, 60))) >= {"S1"}
    with pytest.raises(BadInput, match="strike_ground_count"):
        results.to_salib("strike_grund_count")


def test_the_list_is_that_of_mesa(results: Results) -> None:
    """If this failed, a notebook written for `mesa.batch_run` would not run on a sweep."""

    class Counting(mesa.Model):
        def __init__(self, radius: float = 0.0, **_: object) -> None:
            super().__init__()
            self.radius = radius
            self.datacollector = mesa.DataCollector(model_reporters={"radius_seen": "radius"})

        def step(self) -> None:
            self.datacollector.collect(self)

    theirs = mesa.batch_run(Counting, {"radius": [0.0, 20.0]}, iterations=1, max_steps=1, display_progress=False)
    ours = results.to_batch_run()
    assert {"RunId", "iteration", "Step"} <= set(theirs[0]) & set(ours[0])
    assert [row["RunId"] for row in ours] == list(range(100))
    assert ours[3]["strike_ground_count"] == 11
    assert {row["Step"] for row in ours} == {28 * 288}
    assert (ours[3]["roe.zone_radius_km"], ours[3]["iteration"]) == (20.0, 1)


def test_a_missing_library_is_named(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, somebody without polars would see a traceback."""
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(BadInput, match="pip install polars"):
        exports.to_polars(results)


def read(file: Path) -> list[dict[str, str]]:
    """A CSV file, row by row."""
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def exported(results: Results, *words: str) -> int:
    """`tanf export` of the folder, once it has a summary."""
    return main(["export", str(results.folder), *words])


def test_an_export_is_whole_and_explained(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, a colleague without Python would get other numbers, or columns that nobody explains."""
    monkeypatch.setattr(Results, "summary", [{"point": 0, "outcome": "strike_ground", "kind": "=cmd|x", "n": 50}])
    assert exported(results, f"out={tmp_path / 'out'}") == 0
    runs = read(tmp_path / "out" / "runs.csv")
    assert [int(row["strike_ground_count"]) for row in runs] == results.outcomes["strike_ground_count"].tolist()
    assert [float(row["roe.zone_radius_km"]) for row in runs[:2]] == list(small_results.RADII)
    told = {(row["table"], row["column"]) for row in read(tmp_path / "out" / "dictionary.csv")}
    for table in ("runs", "points", "summary"):
        assert {(table, column) for column in read(tmp_path / "out" / f"{table}.csv")[0]} <= told
    assert all(row["meaning"] and row["type"] for row in read(tmp_path / "out" / "dictionary.csv"))
    assert read(tmp_path / "out" / "summary.csv")[0]["kind"] == "'=cmd|x"  # no spreadsheet computes it


def test_an_export_harms_nothing_that_is_there(
    results: Results, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If this failed, a folder of somebody's would be overwritten, or left half-written."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    for words, told in (
        ([f"out={tmp_path / 'mine'}"], "is there already"),
        (["format=xlsx"], "format=csv or format=parquet"),
        (["form=csv"], "no form"),
    ):
        assert exported(results, *words) == 2
        assert told in capsys.readouterr().err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine", "small"]
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years"
