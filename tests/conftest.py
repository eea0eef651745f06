"""What all tests share: which of them also run with the rules as plain Python and with checked indices."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("Agg")  # no screen is needed to draw

# The same examples on every machine, and no deadline: the first example may compile.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

RULES = {f"test_{module.stem}" for module in (Path(__file__).parents[1] / "sim" / "rules").glob("*.py")}
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT") == "1"


def pytest_configure() -> None:
    """A shell starts jobs in the background with interrupts ignored; tests that interrupt must be heard."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a module of the rule book also run as plain Python, where a wrong index is an error."""
    for item in items:
        if item.path.stem in RULES or item.path.stem.startswith("test_rules"):
            item.add_marker(pytest.mark.interpreted)


def pytest_report_header() -> str:
    """Say at the top how the rules are run."""
    checked = os.environ.get("NUMBA_BOUNDSCHECK") == "1"
    return f"rules: {'plain Python' if INTERPRETED else 'compiled'}{', indices checked' if checked else ''}"
