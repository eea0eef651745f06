"""A comparison: the runs of both arms paired by seed, the difference of every chance, and one seed told twice."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.config.settings import Config
from sim.errors import BadInput
from sim.results import Results
from sim.results.manifest import full_points
from sim.study import sweep
from sim.study.arms import arms
from sim.study.designs import Design
from sim.study.differences import Difference, of_happening, verdict
from sim.study.table import MAIN
from sim.study.twin import Twin, most_telling, twin
from sim.study.watching import watched


@dataclass(frozen=True)
class Comparison:
    """What a folder of two arms says: a difference an outcome, n pairs, the outcome it is about, and its twin.

    `left_out` pairs hold a run that failed; `twin` is None where every pair comes out the same to the last bit.
    """

    design: Design
    results: Results
    outcome: str
    pairs: int
    left_out: int
    differences: dict[str, Difference]
    twin: Twin | None


def run(overrides: Sequence[str], draw: sweep.Draw | None = None) -> int:
    """Compare two arms and return the exit code, as `sim.study.sweep.run`; raises as it does."""
    from sim.study.compare_page import render

    design = arms(overrides)
    refuse_what_does_not_fit(design.base)
    command = shlex.join(["tanf", "compare", *overrides])
    return sweep.answer(
        design, sweep.folder_of(design), command, draw, lambda results: render(compared(design, results))
    )


def refuse_what_does_not_fit(config: Config) -> None:
    """Raise `BadInput` for an outcome, a wait or a twin that a comparison cannot have."""
    outcome_of(config)
    if config.until.half_width is not None:
        raise BadInput("until.half_width is for `tanf sweep`; a comparison says how many pairs would settle it")
    if config.shard:
        raise BadInput("shard is for `tanf sweep`; a comparison is told whole, on as many threads as you like")
    if config.twin is not None and config.twin >= config.replications:
        raise BadInput(f"twin={config.twin} is not among the replications 0 to {config.replications - 1}; choose one")


def compared(design: Design, results: Results) -> Comparison:
    """The comparison that a complete folder of two points carries, without running more than the twin."""
    a, b = paired(results.outcomes, numbers(design, results))
    outcome = outcome_of(design.base)
    differences = differences_of(a, b, outcome)
    left_out = results.replications - len(a)
    return Comparison(design, results, outcome, len(a), left_out, differences, _twin(design, a, b, outcome))


def in_words(pairs: int, left_out: int) -> str:
    """'2,000 pairs of runs', and how many are missing."""
    if not left_out:
        return f"{pairs:,} pairs of runs"
    missing = f"in {left_out:,} a run failed, and the chances are of the others only"
    return f"{pairs:,} of {pairs + left_out:,} pairs of runs ({missing})"


def differences_of(a: np.ndarray, b: np.ndarray, outcome: str) -> dict[str, Difference]:
    """The difference of every main outcome, and of the one asked about, between paired runs, both of shape (n,)."""
    if len(a) < 2:
        raise BadInput(f"{len(a)} pair(s) of runs went well; at least 2 are needed, so raise replications=N")
    return {name: of_happening(a[name] != 0, b[name] != 0) for name in dict.fromkeys([*MAIN, outcome])}


def rows_of(differences: Mapping[str, Difference], margin: float) -> list[dict[str, Any]]:
    """The numbers of a comparison, a row an outcome, for a file; chances, and what may be said of them."""
    return [
        {
            "outcome": name,
            "pairs": one.n,
            "events_a": one.events[0],
            "events_b": one.events[1],
            "chance_a": one.chances[0],
            "chance_b": one.chances[1],
            "difference": None if one.bound else one.difference,
            "low": one.low,
            "high": one.high,
            "kind": "exact bounds apart" if one.bound else "mover clopper-pearson 95%",
            "low_90": one.inner[0],
            "high_90": one.inner[1],
            "pairs_differing": one.differing,
            "variance_saved": one.gain,
            "verdict": verdict(one, margin),
        }
        for name, one in differences.items()
    ]


def numbers(design: Design, results: Results) -> list[int]:
    """The numbers that a and b have in the folder, which may have been asked the other way round."""
    there = full_points(results.manifest["question"])
    return [there.index(arm) for arm in full_points(design.question)]


def paired(rows: np.ndarray, points: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """The runs of both points with the same replication, in order; one whose partner has failed is left out."""
    a, b = (rows[rows["point"] == point] for point in points)
    _, in_a, in_b = np.intersect1d(a["replication"], b["replication"], return_indices=True)
    return a[in_a], b[in_b]


def _twin(design: Design, a: np.ndarray, b: np.ndarray, outcome: str) -> Twin | None:
    """The replication asked for, or of those that differ in the outcome (or in anything) the most telling."""
    config_a, config_b = (point.config for point in design.points)
    if design.base.twin is not None:
        return twin(config_a, config_b, design.base.twin)
    pairs = a["replication"]
    apart = pairs[(a[outcome] != 0) != (b[outcome] != 0)]
    if len(apart):
        return twin(config_a, config_b, most_telling(config_a, config_b, outcome, apart.tolist()))
    changed = pairs[differing(a, b)]
    return twin(config_a, config_b, int(changed[0])) if len(changed) else None


def differing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Which pairs differ in anything, to the last bit, but the number of their point; shape (n,) as `a` and `b`."""
    there = b.copy()
    there["point"] = a["point"]
    rows_a, rows_b = (np.ascontiguousarray(rows).view(np.uint8).reshape(len(a), -1) for rows in (a, there))
    return np.asarray((rows_a != rows_b).any(axis=1))


def outcome_of(config: Config) -> str:
    """The outcome that a comparison is about; raises `BadInput` where there is none of the name."""
    return watched(config.outcome, "outcome")
