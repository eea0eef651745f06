"""Does the answer depend on the step of the clock?  The same question at steps from 15 to 1.25 minutes.

`python -m sim.study.convergence out=docs/convergence` runs it (about a quarter of an hour on two cores) and
writes every value to convergence.csv, and convergence.md, which `sim.study.convergence_page` makes of them.

Where an error is of the first order in the step h, an outcome is v(0) + b h: a weighted straight line through
the steps of up to ten minutes gives the limit v(0) of L. F. Richardson (1911, Phil. Trans. A 210, 307-357)
and the bias b h of a step.  The order itself is log2 of the ratio of successive differences of halved steps.
"""

from __future__ import annotations

import csv
import io
import pathlib
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import gammaincc

from sim.results.storage import atomic_write
from sim.run.batch import replicate
from sim.scenario import load
from sim.study.estimate import Estimate, mean, probability
from sim.study.markdown import to_csv

RUNS = {15.0: 10_000, 10.0: 10_000, 5.0: 10_000, 2.5: 5_000, 1.25: 3_000}  # step in minutes: replications
DEFAULT_MIN, LONGEST_FITTED_MIN = 5.0, 10.0
HALVINGS = ((10.0, 5.0, 2.5), (5.0, 2.5, 1.25))
SEED = 1911  # and one more for each step: the steps share no luck
TENTH = 0.1  # a difference of the other sign in this share of the resamples leaves the order unknown
RESAMPLES = 10_000
NORMAL_95 = 1.959964
FORTNIGHT_H = 14 * 24.0
FILE = "convergence.csv"
Column = Callable[[np.ndarray], np.ndarray]


def _whether(name: str) -> Column:
    return lambda rows: rows[name] > 0


def _how_much(name: str) -> Column:
    return lambda rows: rows[name]


def _killed(rows: np.ndarray) -> np.ndarray:
    return rows["killed_regime"] + rows["killed_militia"] + rows["killed_hezbollah"]


HEADLINES: dict[str, Column] = {  # in words: a share where the column tells whether, else a mean
    "ground strikes per run": _how_much("strike_ground_count"),
    "P(ground strike)": _whether("strike_ground"),
    "P(attack on the coalition)": _whether("attack_on_coalition"),
    "P(attack by drone)": _whether("attack_by_drone"),
    "P(coalition-regime clash)": _whether("coalition_regime_exchange"),
    "P(coalition-militia clash)": _whether("coalition_militia_exchange"),
    "P(coalition-Hezbollah clash)": _whether("coalition_hezbollah_exchange"),
    "P(threat by Hezbollah)": _whether("hezbollah_threat"),
    "P(drone shot down)": _whether("drone_shootdown"),
    "P(serious episode)": _whether("serious_episode"),
    "P(general escalation)": _whether("general_escalation"),
    "P(partner ground combat)": _whether("partner_militia"),
    "partner ground combats per run": _how_much("partner_militia_count"),
    "P(air strike on partner)": _whether("strike_on_partner"),
    "P(attack by ISIS)": _whether("isis_attack"),
    "P(mistaken strike)": _whether("misidentified_strike"),
    "intercepts per run": _how_much("intercept_count"),
    "expected US-Russian air combats": _how_much("us_russia_air_hazard"),
    "entries into the ring per run": _how_much("entries"),
    "warning shots per run": _how_much("signals_warning_shots"),
    "pro-regime fighters killed per run": _killed,
    "longest stay inside unstruck (h)": _how_much("static_unstruck_h"),
    "P(static presence of 14 days)": lambda rows: rows["static_unstruck_h"] >= FORTNIGHT_H,
    "P(border reached)": _whether("border_reached"),
}


class Value(NamedTuple):
    """An outcome at one step: estimate, 95 % interval, standard error."""

    estimate: float
    low: float
    high: float
    error: float


class Line(NamedTuple):
    """A weighted straight line through an outcome's values by step."""

    limit: Value  # at step 0
    bias: Value  # of the default step
    misfit: float  # chance of a misfit as large, were the line true


class Order(NamedTuple):
    """An observed order of convergence with its 95 % interval; nan where the differences do not tell it."""

    estimate: float
    low: float
    high: float


Values = Mapping[float, Value]  # by step in minutes


def measure(overrides: Sequence[str], runs: Mapping[float, int]) -> dict[str, dict[float, Value]]:
    """Every headline outcome at every step."""
    found: dict[str, dict[float, Value]] = {words: {} for words in HEADLINES}
    for k, (step_min, replications) in enumerate(runs.items()):
        sys.stderr.write(f"step of {step_min:g} min: {replications:,} runs\n")
        scenario = load(f"step_min={step_min:g}", *overrides)
        rows = replicate(scenario, replications=replications, seed=SEED + k)
        for words, column in HEADLINES.items():
            found[words][step_min] = value(column(rows))
    return found


def value(told: np.ndarray) -> Value:
    """A share, with Clopper's and Pearson's interval, or a mean, with Student's."""
    shares = told.dtype == np.bool_
    found: Estimate = probability(int(told.sum()), len(told)) if shares else mean(told)
    error = float(told.astype(float).std(ddof=1) / np.sqrt(len(told)))
    return Value(found.estimate, found.low, found.high, error)


def line(values: Values, longest_min: float = LONGEST_FITTED_MIN) -> Line:
    """The straight line through the values of all steps up to `longest_min`, each weighted by its error."""
    steps = np.array([step for step in values if step <= longest_min])
    told = np.array([values[step].estimate for step in steps])
    error = np.array([values[step].error for step in steps])
    error = np.where(error > 0, error, np.inf)  # never seen at a step: it says nothing of a slope
    if np.isfinite(error).sum() < 3:
        nothing = Value(*[np.nan] * 4)
        return Line(nothing, nothing, np.nan)
    design = np.stack([np.ones(len(steps)), steps], axis=1) / error[:, None]
    covariance = np.linalg.inv(design.T @ design)
    at_zero, slope = covariance @ design.T @ (told / error)
    misfit = float((((told - at_zero - slope * steps) / error) ** 2).sum())
    bias, width = slope * DEFAULT_MIN, np.sqrt(covariance[1, 1]) * DEFAULT_MIN
    freedom = int(np.isfinite(error).sum()) - 2
    return Line(
        _normal(float(at_zero), float(np.sqrt(covariance[0, 0]))),
        _normal(float(bias), float(width)),
        float(gammaincc(freedom / 2, misfit / 2)),
    )


def _normal(estimate: float, error: float) -> Value:
    return Value(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)


def order(values: Values, halving: tuple[float, float, float]) -> Order:
    """log2 of the ratio of two successive differences; its interval by resampling the three values.

    nan where the two differ in sign, or a tenth of the resamples do: then the order is not resolved.
    """
    dice = np.random.default_rng(SEED)
    told = np.array([values[step].estimate for step in halving])
    error = np.array([values[step].error for step in halving])
    drawn = told + error * dice.standard_normal((RESAMPLES, 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log2(_ratio(told))
        resampled = np.log2(_ratio(drawn))
    lost = ~np.isfinite(resampled)
    if not np.isfinite(found) or lost.mean() > TENTH:
        return Order(np.nan, np.nan, np.nan)
    low, high = np.quantile(resampled[~lost], (0.025, 0.975))
    return Order(float(found), float(low), float(high))


def _ratio(told: np.ndarray) -> np.ndarray:
    return (told[..., 0] - told[..., 1]) / (told[..., 1] - told[..., 2])


def rows_of(found: Mapping[str, Values], runs: Mapping[float, int]) -> list[dict[str, object]]:
    """One dict for every outcome at every step, as in the CSV."""
    return [
        {"outcome": words, "step_min": step, "n": runs[step], **told._asdict()}
        for words, values in found.items()
        for step, told in values.items()
    ]


def read(file: pathlib.Path) -> tuple[dict[str, dict[float, Value]], dict[float, int]]:
    """The values of a CSV written before, and the runs at each step."""
    found: dict[str, dict[float, Value]] = {}
    runs: dict[float, int] = {}
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        told = Value(*(float(row[name]) for name in Value._fields))
        found.setdefault(row["outcome"], {})[float(row["step_min"])] = told
        runs[float(row["step_min"])] = int(row["n"])
    return found, runs


def main(words: Sequence[str]) -> int:
    """Run, and write the values and the page; `out=FOLDER` says where, other overrides change the question."""
    from sim.study.convergence_page import page

    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), "docs/convergence"))
    found = measure([word for word in words if not word.startswith("out=")], RUNS)
    atomic_write(out / FILE, to_csv(rows_of(found, RUNS)))
    command = shlex.join(["python", "-m", "sim.study.convergence", *words])
    atomic_write(out / "convergence.md", page(found, RUNS, command).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
