"""The patient rule induction method: a box of settings in which cases of interest lie close together.

J. H. Friedman and N. I. Fisher (1999), Statistics and Computing 9, 123-143, as it is used for scenario discovery by
B. P. Bryant and R. J. Lempert (2010), Technological Forecasting and Social Change 77, 34-49.  The search is that of the
ema-workbench (extra `discover`): it peels thin slices off the box of all points, whichever raises the density of cases
of interest most for the points lost, and pastes back what was too much.
"""

from __future__ import annotations

import importlib.util
import inspect
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.errors import BadInput

SLICE = 0.05  # share of the points in the box that one peeling takes
SMALLEST = 0.05  # share of all points that a box holds at least
INSTALL = "method=prim wants the package ema-workbench, which is not installed; pip install 'tanf-escalation[discover]'"


class Box(NamedTuple):
    """A box: what it holds of each limited input, and how surely each limit is one.

    `limits` are (low, high) of an input of numbers, or the words kept; `quasi_p` the quasi-p values of both ends (nan
    where an end is free), or of the words the one of leaving the others out.
    """

    limits: dict[str, tuple[float, float] | frozenset]
    quasi_p: dict[str, tuple[float, float]]

    def holds(self, columns: Mapping[str, Sequence[Any]], points: int) -> np.ndarray:
        """Which of so many points lie in it, (points,); `columns` are where they stand on each input."""
        inside = np.ones(points, bool)
        for key, kept in self.limits.items():
            column = columns[key]
            if isinstance(kept, frozenset):
                inside &= np.array([value in kept for value in column])
            else:
                numbers = np.asarray(column, float)
                inside &= (numbers >= kept[0]) & (numbers <= kept[1])
        return inside


def refuse_without_extra() -> None:
    """Raise `BadInput`, which says what to install, unless the ema-workbench is there."""
    if importlib.util.find_spec("ema_workbench") is None:
        raise BadInput(INSTALL)


def trajectory(columns: Mapping[str, Sequence[Any]], interest: np.ndarray) -> list[Box]:
    """The boxes that PRIM goes through, the one of all points first; `interest` (points,) says which cases are.

    There must be cases of interest and others.  Raises `BadInput` without the extra.
    """
    refuse_without_extra()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries behind, about one another
        import pandas as pd
        from ema_workbench.analysis.prim import Prim

        logging.getLogger("EMA").setLevel(logging.ERROR)
        table = pd.DataFrame({key: _column(values) for key, values in columns.items()})
        least: dict[str, Any] = {"threshold": 1e-9} if "threshold" in inspect.signature(Prim).parameters else {}
        found = Prim(table, interest.astype(int), peel_alpha=SLICE, mass_min=SMALLEST, **least).find_box()
    surely = found.qp if "qp" in vars(found) else found.p_values  # release 2, release 3
    return [
        _box(limits, quasi_p, columns, found.box_lims[0])
        for limits, quasi_p in zip(found.box_lims, surely, strict=True)
    ]


def _column(values: Sequence[Any]) -> np.ndarray:
    """A column as PRIM wants it: numbers, or things that are told apart."""
    if isinstance(values[0], bool | str):
        return np.array([str(value) for value in values], object)
    return np.asarray(values, float)


def _box(limits: Any, quasi_p: Mapping[str, Any], columns: Mapping[str, Sequence[Any]], whole: Any) -> Box:
    """A box of the ema-workbench in our words; inputs that it leaves free are left out."""
    kept: dict[str, tuple[float, float] | frozenset] = {}
    surely: dict[str, tuple[float, float]] = {}
    for key, values in columns.items():
        ends, all_of_it = list(limits[key]), list(whole[key])
        if ends == all_of_it:
            continue
        if isinstance(values[0], bool | str):
            kept[key] = frozenset(value for value in values if str(value) in ends[0])
        else:
            kept[key] = (float(ends[0]), float(ends[1]))
        low, high = (float(p) if p >= 0 else np.nan for p in quasi_p.get(key, (-1, -1)))
        surely[key] = (low, high)
    return Box(kept, surely)
