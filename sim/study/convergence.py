"""Does the answer depend on the step of the clock?  The same question at steps from 15 to 1.25 minutes.

`python -m sim.study.convergence` runs it (about ten minutes on two cores) and writes every value to convergence.csv,
and convergence.md, which `sim.study.convergence_page` makes of them; `make convergence` draws the figure as well.

Run k at one step is compared with run k at another: both have the same seed.  Draws are addressed by the number of
the step, so the two soon part, and little luck is shared but that of the clocks; what is shared is taken into account.

Where an error is of the first order in the step h, an outcome is v(0) + b h: a straight line through the steps of up
to ten minutes, fitted by generalised least squares (A. C. Aitken 1936, Proc. R. Soc. Edinb. 55, 42-48), gives the
limit v(0) of L. F. Richardson (1911, Phil. Trans. A 210, 307-357) and the bias b h of a step.  The order itself is
log2 of the ratio of successive differences of halved steps.
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

RUNS = {15.0: 10_000, 10.0: 20_000, 5.0: 20_000, 2.5: 20_000, 1.25: 15_000}  # step in minutes: replications
DEFAULT_MIN, SHORTEST_MIN, LONGEST_FITTED_MIN = 5.0, 1.25, 10.0
HALVINGS = ((10.0, 5.0, 2.5), (5.0, 2.5, 1.25))
SEED = 1911
TENTH = 0.1  # a difference of the other sign in this share of the resamples leaves the order unknown
RESAMPLES = 10_000
NORMAL_95 = 1.959964
FORTNIGHT_H = 14 * 24.0
OUT, FILE = "build/convergence", "convergence.csv"
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
    "P(coalition-regime exchange)": _whether("coalition_regime_exchange"),
    "P(coalition-militia exchange)": _whether("coalition_militia_exchange"),
    "P(coalition-Hezbollah exchange)": _whether("coalition_hezbollah_exchange"),
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
    """An estimate, its 95 % interval, its standard error."""

    estimate: float
    low: float
    high: float
    error: float


class Series(NamedTuple):
    """An outcome at each step (minutes), and how far the errors of its estimates go together (steps, steps)."""

    values: Mapping[float, Value]
    correlation: np.ndarray

    def of(self, *steps: float) -> tuple[np.ndarray, np.ndarray]:
        """Estimates at these steps, and the covariance of their errors."""
        where = [list(self.values).index(step) for step in steps]
        told, error = (np.array([self.values[step][k] for step in steps]) for k in (0, 3))
        return told, self.correlation[np.ix_(where, where)] * np.outer(error, error)


class Line(NamedTuple):
    """A straight line through an outcome's values by step."""

    limit: Value  # at step 0
    bias: Value  # of the default step
    misfit: float  # chance of a misfit as large, were the line true


class Order(NamedTuple):
    """An observed order of convergence with its 95 % interval; nan where the differences do not tell it."""

    estimate: float
    low: float
    high: float


def measure(overrides: Sequence[str], runs: Mapping[float, int]) -> dict[str, Series]:
    """Every headline outcome at every step, run k of each with the same luck."""
    told: dict[str, dict[float, np.ndarray]] = {words: {} for words in HEADLINES}
    for step_min, replications in runs.items():
        sys.stderr.write(f"step of {step_min:g} min: {replications:,} runs\n")
        scenario = load(f"step_min={step_min:g}", *overrides)
        rows = replicate(scenario, replications=replications, seed=SEED)
        for words, column in HEADLINES.items():
            told[words][step_min] = column(rows)
    return {words: series(mine) for words, mine in told.items()}


def series(told: Mapping[float, np.ndarray]) -> Series:
    """Estimates at each step from the outcomes of its runs, of which run k is run k at every other step."""
    columns = list(told.values())
    correlation = np.array([[_shared(a, b) for b in columns] for a in columns])
    return Series({step: value(column) for step, column in told.items()}, correlation)


def _shared(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of the errors of two means of which the shorter sample's runs are paired, the others not."""
    if a is b:
        return 1.0
    fewer, more = sorted((len(a), len(b)))
    left, right = a[:fewer].astype(float), b[:fewer].astype(float)
    if left.std() == 0.0 or right.std() == 0.0:
        return 0.0
    return float(np.corrcoef(left, right)[0, 1] * np.sqrt(fewer / more))


def value(told: np.ndarray) -> Value:
    """A share, with Clopper's and Pearson's interval, or a mean, with Student's."""
    shares = told.dtype == np.bool_
    found: Estimate = probability(int(told.sum()), len(told)) if shares else mean(told)
    error = float(told.astype(float).std(ddof=1) / np.sqrt(len(told)))
    return Value(found.estimate, found.low, found.high, error)


def line(found: Series, longest_min: float = LONGEST_FITTED_MIN) -> Line:
    """The straight line through the values of all steps up to `longest_min`, by generalised least squares.

    A step at which a thing was never seen has no error to weigh it by and is left out; under three, no line.
    """
    steps = [step for step, one in found.values.items() if step <= longest_min and one.error > 0.0]
    if len(steps) < 3:
        nothing = Value(*[np.nan] * 4)
        return Line(nothing, nothing, np.nan)
    told, covariance = found.of(*steps)
    weight = np.linalg.inv(covariance)
    design = np.stack([np.ones(len(steps)), np.array(steps) / DEFAULT_MIN], axis=1)
    spread = np.linalg.inv(design.T @ weight @ design)
    at_zero, bias = spread @ design.T @ weight @ told
    left = told - design @ (at_zero, bias)
    return Line(
        _normal(float(at_zero), float(np.sqrt(spread[0, 0]))),
        _normal(float(bias), float(np.sqrt(spread[1, 1]))),
        float(gammaincc((len(steps) - 2) / 2, float(left @ weight @ left) / 2)),
    )


def difference(found: Series, longer_min: float, shorter_min: float) -> Value:
    """What a longer step adds to a shorter one, as it was seen: no line is supposed."""
    told, covariance = found.of(longer_min, shorter_min)
    variance = covariance[0, 0] + covariance[1, 1] - 2.0 * covariance[0, 1]
    return _normal(float(told[0] - told[1]), float(np.sqrt(variance)))


def _normal(estimate: float, error: float) -> Value:
    return Value(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)


def order(found: Series, halving: tuple[float, float, float]) -> Order:
    """log2 of the ratio of two successive differences; its interval by resampling the three values.

    nan where the two differ in sign, or a tenth of the resamples do: then the order is not resolved.
    """
    dice = np.random.default_rng(SEED)
    told, covariance = found.of(*halving)
    drawn = dice.multivariate_normal(told, covariance, RESAMPLES)
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = np.log2(_ratio(told))
        resampled = np.log2(_ratio(drawn))
    lost = ~np.isfinite(resampled)
    if not np.isfinite(seen) or lost.mean() > TENTH:
        return Order(np.nan, np.nan, np.nan)
    low, high = np.quantile(resampled[~lost], (0.025, 0.975))
    return Order(float(seen), float(low), float(high))


def _ratio(told: np.ndarray) -> np.ndarray:
    return (told[..., 0] - told[..., 1]) / (told[..., 1] - told[..., 2])


def rows_of(found: Mapping[str, Series], runs: Mapping[float, int]) -> list[dict[str, object]]:
    """One dict for every outcome at every step, as in the CSV; `r_5` is the correlation with the error at 5 min."""
    return [
        {"outcome": words, "step_min": step, "n": runs[step], **mine.values[step]._asdict()}
        | {f"r_{other:g}": float(mine.correlation[k, m]) for m, other in enumerate(mine.values)}
        for words, mine in found.items()
        for k, step in enumerate(mine.values)
    ]


def read(file: pathlib.Path) -> tuple[dict[str, Series], dict[float, int]]:
    """The values of a CSV written before, and the runs at each step."""
    kept: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))):
        kept.setdefault(row["outcome"], []).append(row)
    runs = {float(row["step_min"]): int(row["n"]) for rows in kept.values() for row in rows}
    return {words: _read(rows) for words, rows in kept.items()}, runs


def _read(rows: Sequence[Mapping[str, str]]) -> Series:
    values = {float(row["step_min"]): Value(*(float(row[name]) for name in Value._fields)) for row in rows}
    return Series(values, np.array([[float(row[f"r_{other:g}"]) for other in values] for row in rows]))


def main(words: Sequence[str]) -> int:
    """Run, and write the values and the page; `out=FOLDER` says where, other overrides change the question."""
    from sim.study.convergence_page import page

    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), OUT))
    asked = [word for word in words if not word.startswith("out=")]
    found = measure(asked, RUNS)
    atomic_write(out / FILE, to_csv(rows_of(found, RUNS)))
    command = shlex.join(["python", "-m", "sim.study.convergence", *asked]) if asked else "make convergence"
    atomic_write(out / "convergence.md", page(found, RUNS, command).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
