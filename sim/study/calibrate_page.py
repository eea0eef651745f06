"""What a calibration found, as a page, as tables and as the posterior that other commands read."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from sim.config.settings import declared, figure
from sim.config.uncertain import drawn, uncertain
from sim.results.manifest import MANIFEST
from sim.results.parts import parquet_bytes
from sim.study.markdown import table, to_csv
from sim.study.record_seen import SEEN
from sim.study.self_check import BINS, LEVELS
from sim.study.verdicts import FAILS, HOLDS
from sim.study.verify_page import bound, told

if TYPE_CHECKING:
    from sim.study.calibrate import Answer

Row = dict[str, Any]
PAGE = "calibrate.md"
TABLES = ("parameters.csv", "theories.csv", "patterns.csv", "table.parquet", "posterior.parquet", "posterior.json")
OURS = {MANIFEST, PAGE, "calibrate.png", "calibrate.svg", *TABLES}
MOVED, ASSUMPTION = "moved", "assumption"
PICTURE = "![Prior and posterior of the parameters that the record moves, or that come nearest to it](calibrate.png)"
NONE_MOVED = "None. These come nearest to it:\n\n"
NOT_EVIDENCE = (
    "A weight says how well a theory, with the parameters uncertain, foretold these few numbers, next to the others "
    "that were asked. A factor of less than three between two theories is not worth a mention (H. Jeffreys 1961)."
)


def files(answer: Answer) -> dict[str, bytes]:
    """Every file of the folder but the picture, by name."""
    shipped = _posterior(answer)
    return {
        PAGE: page(answer).encode(),
        "parameters.csv": to_csv(parameter_rows(answer)),
        "theories.csv": to_csv(theory_rows(answer)),
        "patterns.csv": to_csv(pattern_rows(answer)),
        "table.parquet": _table(answer),
        "posterior.parquet": shipped,
        "posterior.json": _about(answer, shipped),
    }


def page(answer: Answer) -> str:
    """The page: what was asked, what moved, the theories, the patterns, the checks."""
    parts = [_opening(answer), _moved(answer), _theories(answer), _patterns(answer), _checks(answer), _record(answer)]
    return "\n\n".join([*parts, _assumptions(answer)]) + "\n"


def _opening(answer: Answer) -> str:
    moved, of = int(answer.movement.moved.sum()), len(uncertain())
    held = [one.verdict.word for one in answer.findings].count(HOLDS)
    sentence = f"**The record moves {moved} of {of} uncertain parameters; {of - moved} are assumptions.**"
    drawn_from = f"{len(answer.table.theories):,} draws of the prior, one history of 28 days each; the"
    kept = f"{len(answer.kept.rows):,} nearest to the record are kept (worth {answer.kept.effective:,.0f})"
    checks = f"{held} of {len(answer.findings)} parts of the patterns hold for the posterior."
    return f"# What the record says\n\n```sh\n{answer.asked.command}\n```\n\n{sentence} {checks} {drawn_from} {kept}."


def parameter_rows(answer: Answer) -> list[Row]:
    """A row a parameter: declared, prior and posterior median and central 90 %, how far it moved, its label."""
    offsets, moves = answer.offsets, answer.movement
    rows: list[Row] = []
    for k, key in enumerate(uncertain()):
        entry = declared()[key]
        prior = [drawn(entry, entry.default, z) for z in (-1.645, 0.0, 1.645)]
        after = [drawn(entry, entry.default, float(u)) for u in np.quantile(offsets[:, k], (0.05, 0.5, 0.95))]
        names = ("low", "median", "high")
        rows.append(
            {"parameter": key, "unit": entry.unit, "label": MOVED if moves.moved[k] else ASSUMPTION}
            | {f"prior_{name}": value for name, value in zip(names, prior, strict=True)}
            | {f"posterior_{name}": value for name, value in zip(names, after, strict=True)}
            | {"shift_prior_sd": float(moves.shift[k]), "width_prior_sd": float(moves.width[k])}
            | {"gained_nats": float(moves.gained[k]), "chance_nats": float(moves.chance[k])}
        )
    return rows


def _moved(answer: Answer) -> str:
    every = parameter_rows(answer)
    rows = [every[k] for k in answer.movement.shown]
    told_rows = [
        (str(row["parameter"]), *(_span(row, which) for which in ("prior", "posterior")), str(row["unit"]),
         f"{row['shift_prior_sd']:+.2f}", f"{row['width_prior_sd']:.2f}",
         f"{row['gained_nats']:.2f}", f"{row['chance_nats']:.2f}")
        for row in rows
    ]  # fmt: skip
    heading = ("parameter", "prior", "posterior", "unit", "shift", "width", "gained", "chance")
    found = ("" if answer.movement.moved.any() else NONE_MOVED) + table(heading, told_rows, 4)
    below = (
        "Medians and central 90 %, for a parameter that stands where it is declared. Shift and width are in standard "
        "deviations of the prior, on the logit scale within the declared range; gained is information in nats, and "
        "chance is what the luckiest of its family gains in 1 of 40 analyses of histories that tell nothing (families: "
        "those of which docs/odd.md says beforehand that data can move them, and all others). Shifts of less than 0.25 "
        "without a tenth less width are not called moved."
    )
    return f"## Moved by the record\n\n{PICTURE}\n\n{found}\n\n{below}"


def _span(row: Row, which: str) -> str:
    low, median, high = (figure(_short(row[f"{which}_{name}"])) for name in ("low", "median", "high"))
    return f"{median} ({low} to {high})"


def _short(value: float) -> float:
    return float(f"{value:.3g}")


def theory_rows(answer: Answer) -> list[Row]:
    """A row a theory: weight with its interval."""
    rows: list[Row] = []
    for number, name in enumerate(answer.asked.theories):
        weight, low, high = answer.weight(number)
        rows.append({"theory": name, "weight": weight, "low": low, "high": high})
    return rows


def _theories(answer: Answer) -> str:
    rows, check = theory_rows(answer), answer.check
    if len(rows) == 1:
        return f"## Theories\n\nOnly {answer.asked.theories[0]} was asked about."
    prior = 1 / len(rows)
    told_rows = [
        (str(row["theory"]), f"{100 * prior:.0f}", f"{100 * row['weight']:.0f}",
         f"{100 * row['low']:.0f}-{100 * row['high']:.0f}", f"{row['weight'] / prior:.2f}")
        for row in sorted(rows, key=lambda row: -row["weight"])
    ]  # fmt: skip
    heading = ("theory", "prior, %", "weight, %", "Monte-Carlo 95 %", "times the prior")
    first, truth = check.truth_first, check.weight_of_truth
    guessing = f"guessing: {100 * prior:.0f} %"
    little = (
        f"How little three strikes say: of {first.n} made-up records whose theory is known, it had the greatest weight "
        f"in {100 * first.estimate:.0f} % ({100 * first.low:.0f}-{100 * first.high:.0f}; {guessing}), "
        f"and on average {100 * truth.estimate:.0f} % of the weight."
    )
    return f"## Theories\n\n{table(heading, told_rows, 1)}\n\n{NOT_EVIDENCE} {little}"


def pattern_rows(answer: Answer) -> list[Row]:
    """A row a part of a pattern, over the posterior."""
    return [
        {
            "pattern": one.check.pattern,
            "what": one.check.what,
            "record": one.check.observed,
            "verdict": one.verdict.word,
        }
        | one.found._asdict()
        for one in answer.findings
    ]


def _patterns(answer: Answer) -> str:
    rows = [
        (one.check.pattern, one.check.what, one.check.observed, bound(one.check), told(one), _word(one.verdict.word))
        for one in answer.findings
    ]
    heading = ("", "pattern", "record", "bound", "predicted", "verdict")
    below = "Predicted by runs over the posterior draws, theories by weight; the bounds are those of `tanf verify`."
    return f"## Patterns over the posterior\n\n{table(heading, rows)}\n\n{below}"


def _word(word: str) -> str:
    return f"**{word}**" if word == FAILS else word


def _checks(answer: Answer) -> str:
    check, moved = answer.check, answer.movement.moved
    n, worst = len(check.places), float(check.p_uniform.min())
    rows = []
    for which, words in ((moved, "moved parameters"), (~moved, "assumptions")):
        if which.any():
            found = [check.coverage(level, which) for level in LEVELS]
            rows.append((words, *(f"{100 * e.estimate:.1f} % ({100 * e.low:.1f}-{100 * e.high:.1f})" for e in found)))
    heading = ("intervals that held the truth", *(f"of {100 * level:.0f} %" for level in LEVELS))
    ranks = (
        f"{n} histories near the record, with known parameters, stood in for it. Of {check.places.shape[1]} rank "
        f"histograms ({BINS} bins) the least even has p = {worst:.2g}; with all ranks uniform the least of so many is "
        f"about {1 / check.places.shape[1]:.2g}."
    )
    return f"## Does the method find what is so?\n\n{table(heading, rows)}\n\n{ranks}"


def _record(answer: Answer) -> str:
    seen = answer.table.seen
    rows = [
        (one.words, one.told, one.source, f"{np.nanmean(column):.2f}", f"{one.value:.2f}",
         f"+-{one.give:.2g}" if one.give else "exact", f"{100 * np.isnan(column).mean():.0f}")
        for one, column in zip(SEEN, seen.T, strict=True)
    ]  # fmt: skip
    heading = ("what", "record", "source", "prior mean", "record as compared", "give", "absent, %")
    below = "Counts are compared by their square roots."
    return f"## The record, and what the prior foretells\n\n{table(heading, rows)}\n\n{below}"


def _assumptions(answer: Answer) -> str:
    names = [key for key, moved in zip(uncertain(), answer.movement.moved, strict=True) if not moved]
    told = f"The record does not move: {', '.join(names)}. Each differs from its prior by no more than chance gives."
    return f"## Assumptions\n\n{told}"


def _table(answer: Answer) -> bytes:
    """Theory and summaries of every draw; offsets follow from the seed."""
    columns = {"theory": pa.array(answer.table.theories.astype(np.int8))}
    seen = zip(SEEN, answer.table.seen.T, strict=True)
    return parquet_bytes(pa.table(columns | {one.words: pa.array(c.astype(np.float32)) for one, c in seen}))


def _posterior(answer: Answer) -> bytes:
    """The posterior draws: theory, and the offset of each parameter."""
    names = pa.array([answer.asked.theories[k] for k in answer.theories])
    offsets = zip(uncertain(), answer.offsets.T, strict=True)
    return parquet_bytes(pa.table({"theory": names} | {key: pa.array(c.astype(np.float32)) for key, c in offsets}))


def _about(answer: Answer, shipped: bytes) -> bytes:
    """What the posterior is: the model, record and command it came from, what moved, its own hash."""
    question = answer.asked.question
    weights = {name: round(answer.weight(k)[0], 4) for k, name in enumerate(answer.asked.theories)}
    told_of = {
        "command": answer.asked.command,
        "fingerprint": question["fingerprint"],
        "record": question["record"],
        "seed": answer.asked.config.seed,
        "prior_draws": len(answer.table.theories),
        "kept": len(answer.kept.rows),
        "draws": len(answer.theories),
        "weights": weights,
        "moved": [key for key, moved in zip(uncertain(), answer.movement.moved, strict=True) if moved],
        "sha256": hashlib.sha256(shipped).hexdigest(),
    }
    return (json.dumps(told_of, indent=1) + "\n").encode()
