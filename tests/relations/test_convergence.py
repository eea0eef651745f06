"""The arithmetic of step halving, where the answer is known, and the committed page against its own numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.study.convergence import (
    FILE,
    HALVINGS,
    HEADLINES,
    RUNS,
    Series,
    Value,
    difference,
    line,
    order,
    read,
    rows_of,
    series,
    value,
)
from sim.study.convergence_page import BIASED, LARGER, OPEN, SMALLER, UNSEEN, page, smallness, verdict
from sim.study.markdown import to_csv

COMMITTED = Path(__file__).parents[2] / "docs" / "convergence"
STEPS = tuple(RUNS)


def seen(told: np.ndarray, error: float, shared: float = 0.0) -> Series:
    """Values at all steps, with one standard error and one correlation of any two."""
    values = {step: Value(one, one - 2 * error, one + 2 * error, error) for step, one in zip(STEPS, told, strict=True)}
    return Series(values, shared + (1.0 - shared) * np.eye(len(STEPS)))


def known(power: float, slope: float, error: float) -> Series:
    """An outcome of 2 with an error of the step of this order."""
    return seen(2.0 + slope * np.array(STEPS) ** power, error)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_a_known_order_is_observed(power: float) -> None:
    """If this failed, the page would tell of another order than the one the values have.

    Seen to fail with the two differences exchanged in `_ratio`.
    """
    for halving in HALVINGS:
        told = order(known(power, 0.3, 1e-6), halving)
        assert told.low < power < told.high
        assert told.estimate == pytest.approx(power, abs=1e-3)


def test_a_known_bias_and_limit_are_found() -> None:
    """If this failed, the default step would be cleared or blamed wrongly.

    Seen to fail with the bias taken at one minute instead of the default step.
    """
    found = line(known(1.0, 0.3, 1e-3))
    assert found.limit.estimate == pytest.approx(2.0)
    assert found.bias.estimate == pytest.approx(1.5)
    assert found.misfit > 0.999
    assert verdict(found) == BIASED
    assert smallness(found) == LARGER
    small, nothing = line(known(1.0, 0.0, 1e-3)), line(known(1.0, 0.0, 0.5))
    assert (verdict(small), smallness(small)) == (UNSEEN, SMALLER)
    assert (verdict(nothing), smallness(nothing)) == (UNSEEN, OPEN)
    assert difference(known(1.0, 0.3, 1e-3), 5.0, 1.25).estimate == pytest.approx(0.3 * 3.75)
    assert line(known(2.0, 0.3, 1e-3)).misfit < 1e-6, "no straight line"


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_what_luck_alone_shows_has_no_order_and_a_fair_interval(shared: float) -> None:
    """If this failed, an outcome without any bias would be given one, or an order of convergence.

    The interval of a bias of 0 must hold 0 in 95 of 100 cases, whatever luck the steps share: of 2,000 drawn ones
    within 4.89 standard errors.  Seen to fail with the interval of the bias half as wide, and with the correlation of
    the steps left out of `Series.of`.
    """
    dice = np.random.default_rng(3)
    held, resolved, cases = 0, 0, 2000
    for case in range(cases):
        common = np.sqrt(shared) * dice.standard_normal()
        own = np.sqrt(1.0 - shared) * dice.standard_normal(len(STEPS))
        found = seen(2.0 + 0.01 * (common + own), 0.01, shared)
        bias = line(found).bias
        held += bias.low <= 0.0 <= bias.high
        resolved += case < 50 and bool(np.isfinite(order(found, HALVINGS[0]).estimate))
    assert abs(held - 0.95 * cases) < 4.89 * np.sqrt(cases * 0.95 * 0.05)
    assert resolved < 15


def test_shared_luck_of_samples_of_several_sizes_is_known() -> None:
    """If this failed, a difference of steps would be told with another error than it has: within 6 standard errors.

    Means of 40 and of the first 10 of runs that share half their variance, drawn 4,000 times.
    Seen to fail with `fewer / more` left out of the correlation.
    """
    dice = np.random.default_rng(5)
    common = dice.standard_normal((4000, 40))
    long, short = common + dice.standard_normal((4000, 40)), (common + dice.standard_normal((4000, 40)))[:, :10]
    apart = long.mean(axis=1) - short.mean(axis=1)
    many = dice.standard_normal(40_000)
    of = series({5.0: many + dice.standard_normal(40_000), 1.25: (many + dice.standard_normal(40_000))[:10_000]})
    told = difference(of, 5.0, 1.25).error * np.sqrt(1000.0)
    assert told == pytest.approx(apart.std(), rel=6.0 / np.sqrt(2 * 4000))


def test_values_come_with_the_intervals_of_everything_else() -> None:
    """If this failed, a share would be told with another interval here than in every other table."""
    share = value(np.arange(100) < 30)
    assert (share.estimate, share.error) == (0.3, pytest.approx(np.sqrt(0.21 / 99)))
    assert (share.low, share.high) == (pytest.approx(0.2124, abs=1e-3), pytest.approx(0.3998, abs=1e-3))
    mean = value(np.arange(100))
    assert mean.estimate == 49.5
    assert mean.low < mean.estimate < mean.high


def test_the_committed_page_is_about_the_committed_numbers() -> None:
    """If this failed, the page would say of the default step what its own table of values does not."""
    found, runs = read(COMMITTED / FILE)
    assert list(found) == list(HEADLINES)
    assert runs == RUNS
    assert to_csv(rows_of(found, runs)) == (COMMITTED / FILE).read_bytes()
    written = (COMMITTED / "convergence.md").read_text(encoding="utf-8")
    command = written.split("```sh\n")[1].partition("\n```")[0]
    assert written == page(found, runs, command)


def test_the_figure_has_a_panel_for_every_outcome() -> None:
    """If this failed, an outcome would be left out of the picture, biased or not."""
    from sim.view.convergence import draw

    drawn = draw(*read(COMMITTED / FILE))
    assert [axes.get_title(loc="left") for axes in drawn.axes] == list(HEADLINES)
