"""The answer of a sweep over the posterior: each chance with luck alone, and with the parameters uncertain too."""

from __future__ import annotations

from typing import Any

from sim.config import posterior
from sim.config.uncertain import uncertain
from sim.results import Results
from sim.study.markdown import table, to_csv
from sim.study.parameter_uncertainty import Spread, spreads
from sim.study.table import MAIN, percent, written

HEADING = ("% of runs with", "luck alone", "parameters too", "sd over draws", "of it theory, %")
CAVEAT = "One history and a coarse model: an interval holds nothing of what the model leaves out."


def render(results: Results) -> str:
    """A table for each place on the other axes, and what the intervals hold, as text."""
    parts = []
    for place, found in spreads(results):
        where = ", ".join(f"{key}={written(value)}" for key, value in place.items()) or "at draws of the posterior"
        parts.append(f"{where}\n\n{table(HEADING, map(list, cells(found)), 1)}")
    return "\n\n".join([*parts, "\n".join(notes(results))]) + "\n"


def cells(found: dict[str, Spread]) -> list[tuple[str, ...]]:
    """A row an outcome: its words, then the columns of `HEADING`."""
    return [(MAIN[name].replace("\n", " "), *_told(one)) for name, one in found.items()]


def _told(one: Spread) -> tuple[str, ...]:
    luck = {"n": 1, "kind": "", "estimate": one.mean, "low": one.low, "high": one.high}
    if one.mean == 0:
        return f"< {100 * one.high:.2g}", f"< {100 * one.high:.2g}", "-", "-"
    wide = luck | {"low": one.lowest, "high": one.highest}
    theory = "-" if one.of_theory != one.of_theory else f"{100 * one.of_theory:.0f}"
    return percent(luck), percent(wide), f"{100 * one.sd:.2g}", theory


def notes(results: Results) -> list[str]:
    """What the intervals hold, and which parameters are assumptions."""
    draws = len({point["draw"] for point in results.design})
    moved = set(posterior.about()["moved"])
    assumed = [key for key in uncertain() if key not in moved]
    return [
        f"{draws} draws of the posterior x {results.replications:,} runs. Luck alone: 95 % interval of the mean over "
        "draws. Parameters too: central 95 % of the chance over draws, luck taken out (beta distribution, moments); of "
        "its variance, the part that lies between theories. <: never seen, one-sided 95 % upper bound.",
        f"Moved by the record: {', '.join(key for key in uncertain() if key in moved) or 'none'}. The other "
        f"{len(assumed)} uncertain parameters are *assumptions*: their spread is judged, not learnt "
        "(docs/calibration.md lists them).",
        CAVEAT,
    ]


def rows_of(results: Results) -> list[dict[str, Any]]:
    """A row for each place and outcome, for the file uncertainty.csv."""
    return [
        {**place, "outcome": name, **one._asdict()} for place, found in spreads(results) for name, one in found.items()
    ]


def csv_of(results: Results) -> bytes:
    """The same as CSV."""
    return to_csv(rows_of(results))
