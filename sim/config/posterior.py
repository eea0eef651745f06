"""The shipped posterior: draws of theory and parameters that the record leaves possible (docs/calibration.md)."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sim.config.uncertain import uncertain
from sim.errors import BadInput

FOLDER = pathlib.Path(__file__).parents[1] / "data" / "posterior"
MEND = "`make posterior` makes it again"


class Drawn(NamedTuple):
    """One draw: its theory, and by how much each parameter is off (`sim.config.uncertain`)."""

    theory: str
    offsets: Mapping[str, float]


@cache
def about() -> dict[str, Any]:
    """What the posterior says of itself: model, record, command, what the record moved."""
    try:
        return json.loads((FOLDER / "posterior.json").read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"the posterior in {FOLDER} is missing or damaged; {MEND}") from error


@cache
def draws(theory: str | None = None) -> tuple[Drawn, ...]:
    """Every draw, or those of one theory, in order; raises `BadInput` where they are of other parameters."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.ParquetFile(FOLDER / "posterior.parquet").read(use_threads=False).to_pylist()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise BadInput(f"the posterior in {FOLDER} is missing or damaged; {MEND}") from error
    told = tuple(Drawn(row.pop("theory"), row) for row in rows)
    if any(tuple(one.offsets) != uncertain() for one in told[:1]):
        raise BadInput(f"the posterior in {FOLDER} is of other parameters than this model has; {MEND}")
    return tuple(one for one in told if theory in (None, one.theory))


def drawn(number: int, theory: str | None = None) -> Drawn:
    """One draw; raises `BadInput` where there are not so many."""
    there = draws(theory)
    if number >= len(there):
        which = f" of theory={theory}" if theory else ""
        raise BadInput(f"draw={number} is not there: the posterior has {len(there)} draws{which}, from 0")
    return there[number]
