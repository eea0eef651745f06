"""What many runs did on the way: known answers by counting, and figures that say what was counted."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import sim
from experiments.__main__ import main
from sim import scenario
from sim.config.compose import compose
from sim.errors import BadInput, DamagedResults
from sim.rules.names import Principal, Rung
from sim.run.film import film
from sim.study import histories as gatherer
from sim.study.histories import Cells, gather, histories, rows_of
from sim.view import density, occupancy, pathways
from sim.view.histories import draw
from sim.view.report.page import NAME

RUNS = 12
KINDS = ("occupancy", "pathways", "fans", "density")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A sweep of six days at two radii, twelve runs each."""
    path = tmp_path_factory.mktemp("histories") / "radii"
    asked = ["roe.zone_radius_km=20,55", "scenario.horizon_days=6", f"replications={RUNS}", "seed=7"]
    assert main(["sweep", *asked, f"out={path}"]) == 0
    return path


@pytest.fixture(scope="module")
def found(folder):
    """All runs of its second point."""
    return histories(sim.open(folder), 1)


def test_strikes_on_the_map_are_those_that_were_counted(folder, found):
    """If this failed, the map of strikes would show others than the table counts."""
    rows = rows_of(sim.open(folder), 1, None)
    assert found.runs == RUNS == len(rows)
    assert found.strikes.total == rows["acts_strike"].sum() > 0


def test_every_run_stands_somewhere_at_every_look(found):
    """If this failed, shares of the runs would not add up to one."""
    assert (found.rung.sum(axis=2) == RUNS).all()
    assert (found.level.sum(axis=2) == RUNS).all()
    assert found.share_of_time.sum(axis=2) == pytest.approx(1)
    assert found.minutes[-1] == 6 * 1440


def test_rungs_and_tension_are_those_of_the_film(folder, found):
    """If this failed, the figures would be of other runs than a replay shows."""
    rungs = np.zeros(found.rung.shape[:2], int)
    for number in range(RUNS):
        shot = film(found.scenario, seed=7, replication=number)
        at = np.searchsorted(shot.minutes, found.minutes)
        rungs += np.column_stack([shot.rung_against(side)[at] == Rung.LINE_CALL for side in gatherer.SIDES])
        tension = shot.tension[at][:: gatherer.DRAWN_H, list(gatherer.FACING)]
        assert found.tension[number] == pytest.approx(tension)
    assert rungs.sum() > 0
    assert (found.rung[:, :, Rung.LINE_CALL] == rungs).all()


def test_the_level_at_the_end_is_the_outcome(folder, found):
    """If this failed, hostility would stand at another level than in the tables."""
    rows = rows_of(sim.open(folder), 1, None)
    for number, side in enumerate(gatherer.FACING):
        stored = np.bincount(rows[f"highest_level_{side.name.lower()}"].astype(int), minlength=gatherer.LEVELS)
        assert found.level[-1, number].tolist() == stored.tolist()


def test_occupancy_of_runs_written_by_hand():
    """If this failed, a share of runs would be that of another rung or another moment."""
    world = scenario.build(compose("scenario.horizon_days=1"))
    made = gatherer.empty(world, 0, np.arange(2))
    nowhere = np.zeros((0, 2))
    for number, climbs in enumerate((6, 12)):  # hours until the militia is called; strikes follow six hours later
        seen = [
            (
                np.array([0, 0 if hour < climbs else 1 if hour < climbs + 6 else 4, 0]),
                np.array([1, 1 if hour < climbs + 6 else 4, 1, 1]),
                np.full(4, float(hour)),
                np.array([[-52.4, 20.1]]) if number else nowhere,
            )
            for hour in range(25)
        ]
        gatherer._take_in(made, number, seen)
    militia = gatherer.SIDES.index(Principal.MILITIA)
    assert made.rung[[0, 6, 12, 18], militia].tolist() == [
        [2, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [0, 1, 0, 0, 1],
        [0, 0, 0, 0, 2],
    ]
    assert occupancy.reached(made.rung[[12], militia])[0].tolist() == [2, 2, 1, 1, 1]
    assert made.share_of_time[:, militia, Rung.LINE_CALL].tolist() == [0.25, 0.25]
    assert made.share_of_time[:, militia, Rung.STRIKE].tolist() == [0.5, 0.25]
    assert made.tension[0, :, 0].tolist() == [0, 6, 12, 18, 24]
    assert made.stood.sums.keys() == {(-11, 4)}
    assert made.stood.total == 24


def test_squares_count_what_falls_in_them():
    """If this failed, a strike would be drawn five kilometres from where it fell."""
    cells = Cells()
    cells.add(np.array([-0.1, 0.0, 4.9, 5.0]), np.array([0.0, 0.0, 4.9, 0.0]))
    cells.add(np.array([1.0]), np.array([1.0]))
    cells.add(np.array([]), np.array([]))
    assert {cell: sums.tolist() for cell, sums in cells.sums.items()} == {
        (-1, 0): [1, 1, 1],
        (0, 0): [3, 5, 2],
        (1, 0): [1, 1, 1],
    }
    assert cells.mean((0, 0), 3)[:3] == (3, 3, 1.0)
    assert cells.mean((1, 0), 3).low == 0  # Student's would begin below
    assert density.middle((-1, 0)) == (-2.5, 2.5)


def test_a_tree_holds_the_chains_shown(found):
    """If this failed, streams would be wider or thinner than the chains they stand for."""
    root = pathways.tree(found.paths)
    shown = [found.paths.ends[leaf.path] for leaf in pathways._leaves(root)]
    assert sum(shown) <= root.flow <= found.paths.forced
    assert len(shown) <= pathways.SHOWN
    for child in root.children.values():
        assert child.flow >= sum(grandchild.flow for grandchild in child.children.values())


def test_runs_in_which_nothing_happened_are_drawn(tmp_path):
    """If this failed, a world at peace would end in a traceback."""
    world = scenario.build(compose("scenario.horizon_days=1"))
    quiet = gatherer.empty(world, 3, np.arange(4))
    quiet.rung[:, :, 0] = quiet.level[:, :, 1] = 4
    quiet.share_of_time[:, :, 0] = 1.0
    written = draw(quiet, tmp_path, "peace")
    assert {file.name for file in written} == {f"{kind}-3.{end}" for kind in KINDS for end in ("png", "svg", "csv")}
    assert (tmp_path / "pathways-3.csv").read_text() == "n_runs\n4\n"


def test_the_command_draws_beside_the_other_figures(folder, capsys):
    """If this failed, a user would not find the figures, or `tanf check` would call them damage."""
    assert main(["histories", str(folder), "1", "runs=4"]) == 0
    figures = folder / "figures"
    assert "occupancy-1" in capsys.readouterr().out
    assert (figures / "probability.png").exists()
    for kind in KINDS:
        for ending in ("png", "svg", "csv"):
            assert (figures / f"{kind}-1.{ending}").stat().st_size > 100
    assert main(["check", str(folder)]) == 0
    page = (figures / NAME).read_text("utf-8")
    assert page.count("Runs of point 1") == 2 * len(KINDS)  # below each picture, and for who cannot see it
    with (figures / "density-1.csv").open(encoding="utf-8") as file:
        strikes = [int(row["count"]) for row in csv.DictReader(file) if row["what"] == "strikes"]
    assert sum(strikes) == rows_of(sim.open(folder), 1, 4)["acts_strike"].sum()


@pytest.mark.parametrize("words", ["2", "x", "0 runs=1", "0 runs=13", "0 runs=x", "0 n=3", ""])
def test_what_is_not_there_is_refused(folder, capsys, words):
    """If this failed, a slip of the pen would end in a traceback, or in figures of other runs than were asked for."""
    before = sorted(folder.rglob("*"))
    assert main(["histories", str(folder), *words.split()]) == BadInput.exit_code
    told = capsys.readouterr().err
    assert told.startswith("tanf: ")
    assert told.count("\n") == 1
    assert sorted(folder.rglob("*")) == before


def test_a_run_that_comes_out_otherwise_is_refused(folder, found):
    """If this failed, figures would show runs that are not those of the table."""
    rows = rows_of(sim.open(folder), 1, 2).copy()
    rows["entries"][1] += 1
    with pytest.raises(DamagedResults, match=r"run 1:1 .*entries"):
        gather(found.scenario, 7, 1, rows)
