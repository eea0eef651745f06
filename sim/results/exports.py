"""Results for other programs: arrow, pandas, polars, EMA Workbench, SALib, and the list of `mesa.batch_run`.

Each is one table with a row a run, but for SALib, which wants one number a point.  Only runs that went well are in it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import BadInput
from sim.results.parts import OK, SCHEMA
from sim.run.columns import COLUMNS

if TYPE_CHECKING:
    from sim.results.reading import Results


def to_arrow(results: Results) -> pa.Table:
    """A row a run: point, replication, its value on each axis, then the outcomes; units in the columns' metadata."""
    batches = [batch.filter(pc.equal(batch["status"], OK)).drop_columns(["status"]) for batch in results.batches()]
    table = pa.concat_tables(batches) if batches else SCHEMA.empty_table().drop_columns(["status"])
    for place, axis in enumerate(results.axes):
        values = pa.array([row[axis] for row in results.design])
        table = table.add_column(2 + place, axis, values.take(table["point"].combine_chunks()))
    return table


def to_pandas(results: Results) -> Any:
    """The same as a pandas DataFrame."""
    library("pandas")
    return to_arrow(results).to_pandas()


def to_polars(results: Results) -> Any:
    """The same as a polars DataFrame."""
    return library("polars").from_arrow(to_arrow(results))


def to_ema(results: Results) -> tuple[Any, dict[str, np.ndarray]]:
    """`(experiments, outcomes)` as EMA Workbench has them: a DataFrame of inputs with a row a run, arrays (runs,).

    Groups of options (`roe`, `theory`) are the policy, drawn settings the uncertainties: PRIM and feature scoring take
    both as they are.
    """
    frame = to_pandas(results)
    groups = [axis for axis in results.axes if "." not in axis]
    experiments = frame[list(results.axes)].copy()
    told = frame[groups].astype(str).agg(" ".join, axis=1) if groups else "as asked"
    experiments = experiments.assign(scenario=frame["replication"], policy=told, model="al_tanf")
    return experiments, {name: frame[name].to_numpy() for name in COLUMNS}


def to_salib(results: Results, outcome: str) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """`problem`, `X` (points, axes) and `Y` (points,), the mean of an outcome at each point, as SALib takes them.

    Bounds are the least and the greatest value on each axis.  Raises `BadInput` for an outcome that does not exist, for
    axes that are not numbers, and where a point has no run that went well.
    """
    known_outcome(outcome)
    words = [axis for axis in results.axes if not all(isinstance(row[axis], (int, float)) for row in results.design)]
    if words or not results.axes:
        raise BadInput(f"SALib wants axes that are numbers, and {', '.join(words) or 'nothing'} varies here")
    x = np.array([[float(row[axis]) for axis in results.axes] for row in results.design])
    n, total = np.zeros(len(x)), np.zeros(len(x))
    np.add.at(n, results.outcomes["point"], 1.0)
    np.add.at(total, results.outcomes["point"], results.outcomes[outcome].astype(float))
    if not n.all():
        raise BadInput(f"point {int(np.argmin(n))} of {results.folder} has no run that went well, so it has no mean")
    bounds = [[float(column.min()), float(column.max())] for column in x.T]
    return {"num_vars": len(bounds), "names": list(results.axes), "bounds": bounds}, x, total / n


def to_batch_run(results: Results) -> list[dict[str, Any]]:
    """The list of dicts that `mesa.batch_run` returns: RunId, iteration, Step, the axes, the outcomes; a dict a run."""
    steps = [_steps(results.settings | row) for row in results.design]
    rows = to_arrow(results).to_pylist()
    return [
        {"RunId": number, "iteration": row.pop("replication"), "Step": steps[row["point"]], **row}
        for number, row in enumerate(rows)
    ]


def _steps(settings: dict[str, Any]) -> int:
    """How many steps a run has."""
    return round(settings["scenario.horizon_days"] * 1440.0 / settings["step_min"])


def known_outcome(name: str) -> None:
    """Raise `BadInput` for an outcome that does not exist."""
    from sim.config.check import nearest

    if name not in COLUMNS:
        close = nearest(name, COLUMNS)
        raise BadInput(
            f"there is no outcome {name!r}; {f'did you mean {close}? ' if close else ''}`tanf list outcomes`"
        )


def library(name: str) -> Any:
    """A library that is loaded only where it is wanted; raises `BadInput` where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise BadInput(f"this wants the package {name}, which is not installed; pip install {name}") from error
