"""Stand-ins for opened results and for a told run, with what happened written out by hand."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim import scenario
from sim.rules.names import Act, Posture
from sim.rules.tables import Event
from sim.run.columns import FLAT
from sim.view.style import CLASHES

RUNS = 60
ROW = np.dtype([("point", "i8"), ("replication", "i8"), *FLAT.descr])
COLUMN, RUSSIAN_FLIGHTS = "regime column 1", "russian flight 1"


def results(points: list[dict[str, Any]], happened: dict[str, list[int]] | None = None) -> Any:
    """Results of 60 runs a point; `happened[outcome][point]` runs have the outcome, one a day from the first."""
    rows = np.zeros((len(points), RUNS), ROW)
    rows["point"], rows["replication"] = np.arange(len(points))[:, None], np.arange(RUNS)
    for name in CLASHES:
        rows[f"{name}_first_min"] = np.nan
    for name, counts in (happened or {}).items():
        for point, count in enumerate(counts):
            rows[name][point, :count] = 1
            rows[f"{name}_count"][point, :count] = 1
            rows[f"{name}_first_min"][point, :count] = 1440.0 * (1 + np.arange(count) % 27)
    return SimpleNamespace(
        folder=Path("results/by-hand"),
        axes=list(points[0]),
        settings={"scenario.horizon_days": 28.0},
        design=[{"point": number, **point} for number, point in enumerate(points)],
        outcomes=rows.reshape(-1),
    )


def story() -> Any:
    """A run of three days: a column enters, is called about, shown force, struck, and is answered for with rockets."""
    told = scenario.load("scenario.horizon_days=3")
    names = list(told.names)
    column, flight, team = (names.index(name) for name in (COLUMN, "strike flight 1", "hezbollah team 1"))
    minutes = np.arange(0.0, 3 * 1440.0 + 1, 15.0)
    x, y = (np.repeat(np.array(part)[None, :], len(minutes), axis=0) for part in _bases(told))
    postures = np.full(x.shape, int(Posture.RESTING))
    x[96:, column], y[96:, column] = -45.0, 16.0  # from the second day on it stands inside the ring
    postures[60:96, column], postures[96:, column] = Posture.MOVING, Posture.HELD
    x[60:96, column], y[60:96, column] = np.linspace(-68, -45, 36), np.linspace(34.6, 16.0, 36)
    events = _events(column, flight, team)
    return SimpleNamespace(
        scenario=told, seed=7, replication=3, luck={}, events=events, minutes=minutes, x_km=x, y_km=y,
        postures=postures, units=[_unit(told, row) for row in range(len(names))],
    )  # fmt: skip


def _bases(told: Any) -> tuple[list[float], list[float]]:
    units = told.state.units[: told.state.n_units]
    return [float(unit.base_x_km) for unit in units], [float(unit.base_y_km) for unit in units]


def _unit(told: Any, row: int) -> dict[str, Any]:
    from sim.rules.names import Kind, Principal

    unit = told.state.units[row]
    kind, side = Kind(unit.kind).name.lower(), Principal(unit.principal).name.lower()
    return {"id": row, "name": told.names[row], "kind": kind, "principal": side}


def _events(column: int, flight: int, team: int) -> np.ndarray:
    """(minute, act, actor, target, cause), killed by the strike 8."""
    lines = [
        (900.0, Act.LAUNCH, column, -1, -1),
        (1300.0, Act.ENTRY, column, -1, 0),
        (1310.0, Act.DETECTION, column, -1, 1),
        (1320.0, Act.LINE_CALL, 1000, column, 2),
        (1340.0, Act.GOES_ON, column, -1, 3),
        (1400.0, Act.SHOW_OF_FORCE, flight, column, 4),
        (1460.0, Act.STRIKE, flight, column, 5),
        (2000.0, Act.THREAT, 1007, 1000, 6),
        (3000.0, Act.ROCKETS, team, 0, 6),
    ]
    events = np.zeros(len(lines), Event.dtype_)
    for event, (minute, act, actor, target, cause) in zip(events, lines, strict=True):
        event["minute"], event["act"], event["actor"], event["target"] = minute, act, actor, target
        event["cause"], event["x_km"], event["y_km"] = cause, -45.0, 16.0
    events["value"][6] = 8.0
    return events
