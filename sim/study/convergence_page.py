"""What halving the step has shown, told: a table of every headline outcome, and which of them the step biases."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.study.convergence import DEFAULT_MIN, HALVINGS, LONGEST_FITTED_MIN, Line, Order, Value, Values, line, order
from sim.study.markdown import table

SMALL = 0.01  # of the limit
BIASED, SMALLER, UNKNOWN = "**biased**", "below 1 %", "not told apart"
PICTURE = "![Every headline outcome by step, relative to its limit](convergence.png)"
ABOUT = f"""*Limit*: of a straight line in the step through the values at steps up to {LONGEST_FITTED_MIN:g} minutes,
weighted by their errors (Richardson's extrapolation for an error of the first order). *Bias*: what the default
step of {DEFAULT_MIN:g} minutes adds to it by that line. *Misfit*: the chance of values that lie as badly on a line,
were it one; small where the error is not of the first order. *Biased*: the interval of the bias leaves out zero.
*Below 1 %*: all of the interval lies within 1 % of the limit. *Not told apart*: neither, so these runs do not show
a bias, nor that there is none. Intervals are 95 %: of {{n}} outcomes luck alone biases about {{false}}."""
ORDERS = """log2 of the ratio of the differences of successive steps; 1 for an error of the first order. "-" where the
two differences do not have the same sign in nine of ten resamples: they are then no larger than their errors, and
the order is not resolved. It is also what an outcome without any bias shows."""


def verdict(found: Line) -> str:
    """Biased, not biased by as much as matters, or neither shown."""
    if math.isnan(found.bias.estimate):
        return UNKNOWN
    if found.bias.low > 0.0 or found.bias.high < 0.0:
        return BIASED
    most = SMALL * abs(found.limit.estimate)
    return SMALLER if -most <= found.bias.low and found.bias.high <= most else UNKNOWN


def page(found: Mapping[str, Values], runs: Mapping[float, int], command: str) -> str:
    """The page: the command, what is biased, values and limits, observed orders."""
    lines = {words: line(values) for words, values in found.items()}
    told = "; ".join(f"{n:,} runs at {step:g} min" for step, n in runs.items())
    about = ABOUT.format(n=len(found), false=f"{0.05 * len(found):.0f}")
    return "\n\n".join(
        [
            "# Does the answer depend on the step?",
            f"```sh\n{command}\n```",
            f"wrote this page. The default scenario; {told}; no two steps share any luck.",
            _summary(lines),
            PICTURE,
            "## Values, limit and bias",
            table(*_values(found, lines), numbers=1),
            about,
            "## Observed order of convergence",
            table(*_orders(found), numbers=1),
            ORDERS,
        ]
    ) + "\n"  # fmt: skip


def _summary(lines: Mapping[str, Line]) -> str:
    told = {word: [words for words, found in lines.items() if verdict(found) == word] for word in (BIASED, SMALLER)}
    biased = [f"* {words}: {_percent(lines[words])} of the limit" for words in told[BIASED]]
    some = f"Biased at the default step of {DEFAULT_MIN:g} minutes: {len(biased)} of {len(lines)} headline outcomes"
    if not biased:
        return f"**{some}.**"
    return f"**{some}:**\n\n" + "\n".join(biased)


def _values(found: Mapping[str, Values], lines: Mapping[str, Line]) -> tuple[list[str], list[list[str]]]:
    steps = list(next(iter(found.values())))
    heading = [
        "outcome",
        *(f"{step:g} min" for step in steps),
        "limit",
        "bias at 5 min",
        "relative",
        "misfit",
        "verdict",
    ]
    rows = []
    for words, values in found.items():
        mine = lines[words]
        digits = _digits(values[DEFAULT_MIN])
        shown = [_shown(values[step], digits) for step in steps]
        misfit = "-" if math.isnan(mine.misfit) else f"{mine.misfit:.2g}"
        more = [_shown(mine.limit, digits), _shown(mine.bias, digits), _percent(mine), misfit, verdict(mine)]
        rows.append([words, *shown, *more])
    return heading, rows


def _digits(value: Value) -> int:
    """Decimals that an interval's half width bears, with one to spare."""
    return max(0, 1 - math.floor(math.log10(value.error))) if value.error > 0 else 1


def _shown(value: Value, digits: int) -> str:
    if math.isnan(value.estimate):
        return "-"
    return f"{value.estimate:.{digits}f} [{value.low:.{digits}f}, {value.high:.{digits}f}]"


def _percent(found: Line) -> str:
    """The bias in per cent of the limit."""
    if math.isnan(found.bias.estimate) or found.limit.estimate == 0.0:
        return "-"
    parts = [100.0 * part / found.limit.estimate for part in found.bias[:3]]
    return f"{parts[0]:+.1f} % [{parts[1]:+.1f}, {parts[2]:+.1f}]"


def _orders(found: Mapping[str, Values]) -> tuple[list[str], list[list[str]]]:
    heading = ["outcome", *(", ".join(f"{step:g}" for step in halving) + " min" for halving in HALVINGS)]
    return heading, [[words, *(_order(order(values, one)) for one in HALVINGS)] for words, values in found.items()]


def _order(told: Order) -> str:
    return "-" if math.isnan(told.estimate) else f"{told.estimate:.1f} [{told.low:.1f}, {told.high:.1f}]"
