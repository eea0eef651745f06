"""Numbers move only on purpose: outcomes of a few scenarios against the committed baseline."""

from __future__ import annotations

import json

import pytest

from sim.rules.compiling import INTERPRETED
from tests.update_baseline import CASES, FILE, totals

pytestmark = pytest.mark.skipif(INTERPRETED, reason="forty runs of four weeks want compiled rules")


@pytest.mark.parametrize("case", CASES)
def test_results_are_those_of_the_baseline(case: str) -> None:
    """If this failed, published numbers would have changed without anybody saying so.

    Counts are compared exactly; times and distances to 1e-12, as mathematical libraries differ in the
    last digit.  If the change is meant: `make baseline`, and an entry marked [results] in the changelog.
    """
    expected = json.loads(FILE.read_text(encoding="utf-8"))[case]
    found = totals(CASES[case])
    assert expected.keys() == found.keys()
    for name, value in expected.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-12), name
        else:
            assert found[name] == value, name
