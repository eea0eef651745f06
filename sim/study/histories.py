"""What many runs of a point did on the way: rungs, levels and tension by the hour, chains of acts, and where.

The runs are those of a results folder, simulated again with their logs and held against the rows that are stored.  Each
is looked at and forgotten, so memory does not grow with the length of the logs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim import scenario
from sim.errors import BadInput, DamagedResults
from sim.results import Results
from sim.rules.names import Act, Kind, Principal, Rung
from sim.rules.tables import State
from sim.run.columns import COLUMNS, flat
from sim.run.story import NOT_OUT, describe, tension_in, watched
from sim.scenario import Scenario
from sim.study.chains import Paths
from sim.study.designs import seed_of
from sim.study.estimate import Estimate, mean_of
from sim.study.keeping import refuse_other_model
from sim.study.kept import config_of
from sim.study.progress import counting

RUNS = 300  # looked at where nothing else is asked
FEWEST = 2  # of one run, no spread is known
LOOK_MIN = 60.0
DRAWN_H = 6  # hours between the looks that are kept run by run
CELL_KM = 5.0  # side of the squares of a map: no finer, on purpose
SIDES = (Principal.REGIME, Principal.MILITIA, Principal.HEZBOLLAH)  # that the ladder is used against
FACING = (*SIDES, Principal.RUSSIA)  # that clash with the coalition
COLUMNS_OF = (Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM)
LEVELS = 5  # hostility levels of Militarized Interstate Disputes: none yet, 1 to 4
Cell = tuple[int, int]


@dataclass
class Cells:
    """Sums over runs by square of `CELL_KM`: (n, n n, runs with any); a square is named by its south-west corner."""

    sums: dict[Cell, np.ndarray] = field(default_factory=dict)

    def add(self, x_km: np.ndarray, y_km: np.ndarray) -> None:
        """Take in what one run had, at places of shape (n,)."""
        corners = np.floor(np.column_stack([x_km, y_km]) / CELL_KM).astype(int)
        for corner, n in zip(*np.unique(corners, axis=0, return_counts=True), strict=True):
            cell = (int(corner[0]), int(corner[1]))
            self.sums[cell] = self.sums.get(cell, np.zeros(3)) + np.array([n, n * n, 1])

    @property
    def total(self) -> int:
        """All that was counted, over squares and runs."""
        return int(sum(each[0] for each in self.sums.values()))

    def mean(self, cell: Cell, runs: int) -> Estimate:
        """The number a run in a square, with Student's interval over the runs, from 0 at least."""
        n, squares, _ = self.sums[cell]
        found = mean_of(runs, int(n), n / runs, squares - n * n / runs, counted=True)
        return found._replace(low=max(0.0, found.low))


@dataclass
class Histories:
    """What `runs` runs of a point did.

    `minutes` has shape (t,).  `rung` (t, sides, rungs) and `level` (t, facing, levels) count the runs in which the
    highest rung in use against a side's units, and the highest hostility level that was ever reached, were these.
    `kept_min` has shape (k,): of these looks `tension` (runs, k, facing) is kept run by run.  `share_of_time` has shape
    (runs, sides, rungs).  `stood` counts unit-hours of columns that are out, `strikes` the strikes in the logs.
    """

    scenario: Scenario
    point: int
    minutes: np.ndarray
    rung: np.ndarray
    level: np.ndarray
    tension: np.ndarray
    share_of_time: np.ndarray
    replications: np.ndarray
    paths: Paths = field(default_factory=Paths)
    stood: Cells = field(default_factory=Cells)
    strikes: Cells = field(default_factory=Cells)

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.replications)

    @property
    def kept_min(self) -> np.ndarray:
        """Minutes of the looks at which tension is kept."""
        return self.minutes[::DRAWN_H]


def histories(results: Results, point: int, runs: int | None = None) -> Histories:
    """The first `runs` runs of a point of a results folder; by default 300, or all where there are fewer.

    Raises `BadInput` for a point or runs that are not there and for another model, `DamagedResults` where a run comes
    out otherwise than is stored.
    """
    rows = rows_of(results, point, runs)
    refuse_other_model(results.folder, results.manifest)
    config = config_of(results.manifest, point)
    world, seed = scenario.build(config), seed_of(config)
    with counting(len(rows)) as progress:
        return gather(world, seed, point, rows, progress.advance)


def rows_of(results: Results, point: int, runs: int | None) -> np.ndarray:
    """The stored rows of the first runs of a point that went well, in order; raises `BadInput` as `histories`."""
    if not 0 <= point < len(results.design):
        raise BadInput(f"{results.folder} has no point {point}; it has 0 to {len(results.design) - 1}")
    mine = results.outcomes[results.outcomes["point"] == point]
    mine = mine[np.argsort(mine["replication"], kind="stable")]
    wanted = min(RUNS, len(mine)) if runs is None else runs
    if not FEWEST <= wanted <= len(mine):
        there = f"{results.folder} holds {len(mine):,} runs of point {point}"
        raise BadInput(f"runs={wanted}: {there}, and {FEWEST} at least are wanted; give another runs=N")
    return mine[:wanted]


def gather(
    world: Scenario, seed: int, point: int, rows: np.ndarray, advance: Callable[[int], None] = lambda _: None
) -> Histories:
    """Simulate the runs of these stored rows again and take in each; `advance(1)` is called after every run."""
    found = empty(world, point, rows["replication"])
    kinds = [unit["kind"] for unit in describe(world)]
    for number, row in enumerate(rows):
        state, events, seen = watched(
            world, lambda state: _look(world, state), seed=seed, replication=int(row["replication"]), every_min=LOOK_MIN
        )
        _refuse_other(row, flat(np.array([state.outcome]))[0])
        _take_in(found, number, seen)
        found.paths.add(events, kinds)
        struck = events[events["act"] == Act.STRIKE]
        found.strikes.add(struck["x_km"], struck["y_km"])
        advance(1)
    return found


def empty(world: Scenario, point: int, replications: np.ndarray) -> Histories:
    """Room for these runs of a scenario."""
    stride = max(1, round(LOOK_MIN / float(world.params.step_min)))
    minutes = np.array(sorted({*range(0, world.steps, stride), world.steps})) * float(world.params.step_min)
    looks, runs = len(minutes), len(replications)
    return Histories(
        world,
        point,
        minutes,
        rung=np.zeros((looks, len(SIDES), len(Rung)), np.int64),
        level=np.zeros((looks, len(FACING), LEVELS), np.int64),
        tension=np.zeros((runs, len(minutes[::DRAWN_H]), len(FACING))),
        share_of_time=np.zeros((runs, len(SIDES), len(Rung))),
        replications=np.asarray(replications, int),
    )


def _look(world: Scenario, state: State) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rungs (sides,), levels and tension (facing,), and where columns are that are out, (n, 2)."""
    rows = slice(0, int(state.n_units))
    units = np.asarray(state.units)[rows]
    out = ~np.isin(units["posture"], NOT_OUT)
    rungs = [units["rung"][out & (units["principal"] == side)].max(initial=0) for side in SIDES]
    columns = out & np.isin(units["kind"], COLUMNS_OF)
    where = np.column_stack([np.array(state.x_km[rows])[columns], np.array(state.y_km[rows])[columns]])
    levels = np.asarray(state.dyads)["level"][list(FACING)].copy()
    return np.array(rungs), levels, tension_in(state, world.params)[list(FACING)], where


def _take_in(found: Histories, number: int, seen: list[tuple]) -> None:
    """Add what was seen of a run."""
    rungs, levels, tension, where = zip(*seen, strict=True)
    looks = np.arange(len(seen))[:, None]
    found.rung[looks, np.arange(len(SIDES)), np.array(rungs)] += 1
    found.level[looks, np.arange(len(FACING)), np.array(levels)] += 1
    found.tension[number] = np.array(tension)[::DRAWN_H]
    hours = np.array(rungs[:-1])  # a look stands for the hour after it
    for rung in Rung:
        found.share_of_time[number, :, rung] = (hours == rung).mean(axis=0)
    found.stood.add(*np.concatenate(where[:-1]).T)


def _refuse_other(stored: np.void, now: np.void) -> None:
    both = {name: (stored[name], now[name]) for name in COLUMNS}
    names = [name for name, (one, other) in both.items() if one != other and not (np.isnan(one) and np.isnan(other))]
    if names:
        run = f"{stored['point']}:{stored['replication']}"
        raise DamagedResults(f"run {run} comes out otherwise than is stored: {', '.join(names[:5])}; see `tanf check`")
