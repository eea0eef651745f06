"""Chances over two levers: every square is its point, and what is told apart is."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.differences import of_happening
from sim.view import heat, style
from sim.view.sample import read
from tests.fake_results import RUNS, results

GRID = [
    {"roe.zone_radius_km": radius, "line.dissuasion": share}
    for radius in (20.0, 40.0, 60.0)
    for share in (0.0, 0.5, 1.0)
]
HAPPENED = {"strike_ground": [0, 10, 20, 30, 31, 40, 50, 59, 60]}


def texts(drawn):
    """Everything that is written in a figure."""
    return [text.get_text() for axes in drawn.axes for text in axes.texts]


def test_every_square_is_its_point():
    """If this failed, a chance would stand at the settings of another point."""
    sample = read(results(GRID, HAPPENED))
    places = heat.placed(sample)
    for row, column in np.ndindex(places.shape):
        point = sample.points[places[row, column]]
        assert point["roe.zone_radius_km"] == sample.axes[0].values[column]
        assert point["line.dissuasion"] == sample.axes[1].values[row]
    with style.sheet():
        (drawn,) = heat.compose(sample)
    told = texts(drawn)
    assert told[0].startswith("<"), "never seen, so there is only a bound"
    assert f"{100 * 31 / RUNS:.2g}" in told
    words = " ".join(text.get_text() for text in drawn.texts).replace("\n", " ")
    for needed in ("Source: by-hand", f"n = {RUNS}", "95 %", "nearest to the baseline"):
        assert needed in words


def test_what_is_told_apart_is():
    """If this failed, noise would pass for an effect of two levers, or an effect for noise."""
    sample = read(results(GRID, HAPPENED))
    places = heat.placed(sample)
    here = heat.reference(sample)
    assert places[here] == GRID.index({"roe.zone_radius_km": 60.0, "line.dissuasion": 1.0}), "nearest to 55 km and 0.8"
    apart = heat.told_apart(sample, "strike_ground", places)
    base = np.arange(RUNS) < HAPPENED["strike_ground"][places[here]]
    for row, column in np.ndindex(places.shape):
        found = of_happening(base, np.arange(RUNS) < HAPPENED["strike_ground"][places[row, column]])
        assert apart[row, column] == (found.low > 0 or found.high < 0)
    assert not apart[here]
    assert apart.any()
    assert not apart.all()


@pytest.mark.parametrize("points", [GRID[:6], GRID[:8], [{"roe.zone_radius_km": radius} for radius in (1, 2, 3)]])
def test_other_designs_have_no_such_figure(points):
    """If this failed, a square would be drawn for a point that nobody has run, or for two values of a lever."""
    assert heat.compose(read(results(points, {}))) == []
