"""What stands behind the equals sign, read by Hydra's own grammar.

`40`, `'a word'`, `true` are one value; `0,20,40`, `range(0,60,5)`, `choice(a,b)`, `glob(*)` are an axis, and so is
`interval(0,60)`, from which values are drawn.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, QuotedString, RangeSweep, Sweep
from hydra.errors import HydraException

from sim.config.check import shown

MOST_VALUES = 100_000  # of an axis
PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,18})(\.[0-9]{1,18})?")


class Interval(NamedTuple):
    """All values from one to another, of which some will be drawn."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"interval({self.low:g},{self.high:g})"


class NotAValue(Exception):
    """The text is no value; the message says what is most likely wrong with it."""


def values(given: str) -> tuple[list[Any], bool]:
    """The values a text names, and whether they form an axis; raises NotAValue.

    An interval is passed on as such, a pattern of names (`glob(*)`) as Hydra's Glob: only a group knows its names.  An
    axis that is too long is cut after MOST_VALUES + 1 values.
    """
    try:
        value = _parsed(given)
        if isinstance(value, IntervalSweep):
            return [Interval(value.start, value.end)], True
        if isinstance(value, (Sweep, Glob)):
            return list(itertools.islice(_swept(value), MOST_VALUES + 1)), True
        return [_bare(value)], False
    except (HydraException, ValueError, RecursionError) as error:
        raise NotAValue(_slip(given)) from error


@lru_cache(maxsize=4096)
def _parsed(given: str) -> Any:
    """As Hydra reads it; the plain numbers of a large design take a short way to the same value."""
    number = PLAIN_NUMBER.fullmatch(given)
    if number:
        return float(given) if number[2] else int(given)
    return _parser().parse_override(f"x={given}").value()


@cache
def _parser() -> OverridesParser:
    return OverridesParser.create()


def _swept(sweep: Any) -> Iterable[Any]:
    """The values of an axis, one by one."""
    if getattr(sweep, "shuffle", False):
        raise ValueError("shuffled: its points would be numbered differently each time")
    if isinstance(sweep, Glob):
        return [sweep]
    if isinstance(sweep, RangeSweep):
        return _range(sweep.start or 0, sweep.stop, sweep.step)
    if isinstance(sweep, ChoiceSweep):
        return map(_bare, sweep.list)
    raise ValueError("a sweep of a kind unknown here")


def _range(start: float, stop: float, step: float) -> Iterable[float]:
    """`range(start, stop, step)` for any numbers: multiples, since added steps drift past the end."""
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int):
        return range(start, stop, step)
    if step == 0 or not all(map(math.isfinite, (start, stop, step))):
        raise ValueError("a step of nothing, or to infinity")
    count = max(0, math.ceil((stop - start) / step - 1e-9))
    return (float(f"{start + k * step:.12g}") for k in range(count))


def _bare(value: Any) -> Any:
    return value.text if isinstance(value, QuotedString) else value


def _slip(given: str) -> str:
    """What is most likely wrong with a text the grammar does not take."""
    if any(given.count(left) != given.count(right) for left, right in ("[]", "()", "{}")):
        return f"unclosed bracket in {shown(given)}"
    if given.count("'") % 2 or given.count('"') % 2:
        return f"unclosed quote in {shown(given)}"
    if given.startswith("shuffle"):
        return f"{shown(given)} names no fixed list of values, as range(low,high,step) does"
    if given.startswith("interval"):
        return f"{shown(given)} is no interval(low,high)"
    if given.strip().startswith(",") or given.rstrip().endswith(","):
        return f"a value is missing beside a comma in {shown(given)}"
    return f"{shown(given)} is not a value"
