"""The small scenario is one scenario, whoever writes it: else its timings would compare nothing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from benchmarks import others, page, rows, twin

from sim.rules.compiling import INTERPRETED

pytestmark = pytest.mark.skipif(INTERPRETED, reason="thousands of runs want compiled rules")
DOCS = Path(__file__).parents[1] / "docs"
FALSE_ALARM_Z = 5.0  # two-sided 6e-7


@pytest.mark.skipif(twin.compiler() is None, reason="no C compiler here: `make bench` leaves the twin out too")
@pytest.mark.parametrize("layout", twin.LAYOUTS)
def test_the_twin_in_c_sees_the_same_units_at_the_same_minutes(layout, tmp_path):
    """If this failed, "as fast as C" would compare two different things.

    500 runs of 60 units: counts and minutes, to the bit.
    """
    ours, theirs = rows.simulate(500, first=7), twin.built(tmp_path, layout)(500, first=7)
    assert np.array_equal(ours[0], theirs[0])
    assert ours[1].tobytes() == theirs[1].tobytes()
    assert 0 < ours[0].mean() < 60


@pytest.mark.parametrize(("write", "runs"), [(others.in_mesa, 12), (others.in_agentpy, 12), (others.in_numpy, 2000)])
def test_others_see_as_many_on_average(write, runs):
    """If this failed, a framework would be slower, or faster, for doing other work.

    Units are independent and alike: the difference of means is held against five standard errors of the counts'
    spread; seeds are fixed, false alarm 6e-7 were they not.
    """
    if write is others.in_agentpy:
        pytest.importorskip("agentpy", reason="AgentPy is not installed: `make bench` leaves it out too")
    ours, theirs = rows.simulate(4000)[0], write(runs)
    error = math.hypot(ours.std() / math.sqrt(len(ours)), ours.std() / math.sqrt(runs))
    assert abs(ours.mean() - theirs.mean()) < FALSE_ALARM_Z * error


def test_a_slower_sensor_would_be_noticed(monkeypatch):
    """If this failed, the test above could not fail."""
    ours = rows.simulate(4000)[0]
    monkeypatch.setattr(others, "HAZARD_PER_MIN", 0.009)
    theirs = others.in_numpy(2000)
    error = math.hypot(ours.std() / math.sqrt(len(ours)), ours.std() / math.sqrt(2000))
    assert abs(ours.mean() - theirs.mean()) > FALSE_ALARM_Z * error


def test_the_page_is_made_of_what_was_measured():
    """If this failed, a figure on docs/performance.md would be nobody's."""
    kept = json.loads((DOCS / "performance.json").read_text())
    assert (DOCS / "performance.md").read_text(encoding="utf-8") == page.page(kept, "performance.json")
