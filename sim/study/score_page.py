"""The score of the record and what is predicted, as Markdown and as rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sim.study.markdown import table
from sim.study.record import SCORED, Record
from sim.study.score import Nats, Predicted, Score
from sim.study.table import percent

TITLE = "## The logarithmic score of the record"
NO_RECORD = "Nothing is scored: no record of these days is shipped. Give one as `incidents=FILE.csv`."
NOTE = (
    "Natural logarithms of probabilities; nearer to 0 is better. The null draws each count by itself from a Poisson\n"
    "distribution with the model's own mean. Where the record may not tell of all, only whether there was any is\n"
    "scored. The null counts as one history more, so that nothing has probability 0."
)
QUANTILE_NAMES = ("q025", "q100", "median", "q900", "q975")


def score_part(found: Score | None, record: Record | None) -> str:
    """How well the record was foretold, each count by itself and all at once."""
    if not found or not record:
        return f"{TITLE}\n\n{NO_RECORD}"
    rows = [
        (scored.words, _observed(scored.only_whether, count), f"{model:.2f}", f"{null:.2f}")
        for scored, count, (model, null) in zip(SCORED, record.counts, found.each, strict=True)
    ]
    null = _nats(found.null)
    rows += [("all at once", "", _nats(found.joint), null), ("sum of the single ones", "", _nats(found.apart), null)]
    scores = table(("scored", "record", "model (nats)", "null (nats)"), rows, numbers=1)
    return f"{TITLE}\n\n{_window(record)}\n\n{scores}\n\n{_gain(found)}\n\n{NOTE}"


def _window(record: Record) -> str:
    return f"Incidents of {record.source}: {record.inside} in the window, {record.outside} outside it and not scored."


def _gain(found: Score) -> str:
    matching = f"{found.hits:,} of {found.histories:,} histories show just this record"
    return f"All at once, the model gains {_nats(found.gain)} nats on the null; {matching}."


def _observed(only_whether: bool, count: int) -> str:
    return ("some" if count else "none") if only_whether else str(count)


def _nats(value: Nats) -> str:
    return f"{value.value:.2f} [{value.low:.2f}, {value.high:.2f}]"


def predicted_part(told: Sequence[Predicted], record: Record | None) -> str:
    """What the runs say about each scored count."""
    observed = [str(count) for count in record.counts] if record else ["-"] * len(SCORED)
    rows = [(each.words, seen, *_cells(each)) for each, seen in zip(told, observed, strict=True)]
    heading = ("count in the window", "record", "at least one", "mean", "median", "central 80 %", "central 95 %")
    return f"## What is predicted\n\n{table(heading, rows, numbers=1)}"


def _cells(each: Predicted) -> tuple[str, ...]:
    q = [f"{value:.0f}" for value in each.quantiles]
    chance = f"{percent(each.any._asdict())} %"
    return chance, f"{each.mean:.3g}", q[2], f"{q[1]} to {q[3]}", f"{q[0]} to {q[4]}"


def score_rows(told: Sequence[Predicted], found: Score | None, record: Record | None) -> list[dict[str, Any]]:
    """Every scored count and the two totals: what was predicted, what the record says, both scores."""
    scores = found.each if found else [(math.nan, math.nan)] * len(SCORED)
    observed = record.counts if record else [math.nan] * len(SCORED)
    rows = [
        {
            "scored": each.words,
            "record": seen,
            "mean": each.mean,
            **dict(zip(QUANTILE_NAMES, each.quantiles, strict=True)),
            "model_nats": model,
            "null_nats": null,
        }
        for each, seen, (model, null) in zip(told, observed, scores, strict=True)
    ]
    return rows + (_totals(found, rows[0]) if found else [])


def _totals(found: Score, like: dict[str, Any]) -> list[dict[str, Any]]:
    totals = {"all at once": found.joint.value, "sum of the single ones": found.apart.value}
    scored = [{"scored": name, "model_nats": value, "null_nats": found.null.value} for name, value in totals.items()]
    return [{**dict.fromkeys(like, math.nan), **row} for row in scored]
