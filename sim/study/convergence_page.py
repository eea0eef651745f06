"""What halving the step has shown, told: a table of every headline outcome, and which of them the step biases."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

from scipy.special import ndtri

from sim.study.convergence import (
    DEFAULT_MIN,
    HALVINGS,
    HEADLINES,
    LONGEST_FITTED_MIN,
    SHORTEST_MIN,
    Line,
    Order,
    Series,
    Value,
    difference,
    line,
    order,
)
from sim.study.markdown import table

SMALL = 0.01  # of the limit
ERRORS_BY_LUCK = -float(ndtri(0.025 / len(HEADLINES)))  # Bonferroni: 5 % for one false alarm among all of them
BIASED, PERHAPS, UNSEEN = "**yes**", "perhaps", "no"
SMALLER, LARGER, OPEN = "yes", "**no**", "open"
PICTURE = "![Every headline outcome by step, relative to its limit](convergence.png)"
ABOUT = f"""Values with 95 % intervals. *Limit*: of a straight line in the step through the values at steps of up to
{LONGEST_FITTED_MIN:g} minutes, by generalised least squares (Richardson's extrapolation for an error of the
first order). *Bias*: what the default step of {DEFAULT_MIN:g} minutes adds to the limit by that line. *As
seen*: the value at {DEFAULT_MIN:g} less that at {SHORTEST_MIN:g} minutes, of paired runs, without any line;
it leaves out what is left of the bias at {SHORTEST_MIN:g} minutes. *Misfit*: the chance of values that lie
as badly on a line, were it one. Where it is below 0.01 the line is doubtful, and limit and bias with it.
The line leans on the step of ten minutes, whose difference is the largest: the bias is only as good as the
first order is. *Shown*: the bias differs from none, at 5 % for all {{n}} outcomes together (Bonferroni,
{{errors}} standard errors); "perhaps" if its own interval leaves out none, which luck alone brings about in
{{false}} of {{n}}; "no" is no proof that there is none. *Below 1 %*: of the limit, all of the interval of
the bias; "no" if none of it, "open" if these runs cannot tell. Outcomes are of the same runs and depend on
each other: what luck does to one it does to its kin."""
ORDERS = """log2 of the ratio of the differences of successive steps; 1 for an error of the first order. "-" where the
two differences do not have the same sign in nine of ten resamples: they are then no larger than their errors, and
the order cannot be told from noise. It is also what an outcome without any bias shows."""


def verdict(found: Line) -> str:
    """Whether a bias of the default step is shown."""
    if math.isnan(found.bias.estimate):
        return "-"
    if abs(found.bias.estimate) > ERRORS_BY_LUCK * found.bias.error:
        return BIASED
    return PERHAPS if found.bias.low > 0.0 or found.bias.high < 0.0 else UNSEEN


def smallness(found: Line) -> str:
    """Whether the bias of the default step lies within 1 % of the limit."""
    if math.isnan(found.bias.estimate):
        return "-"
    most = SMALL * abs(found.limit.estimate)
    if -most <= found.bias.low and found.bias.high <= most:
        return SMALLER
    return LARGER if found.bias.low > most or found.bias.high < -most else OPEN


def page(found: Mapping[str, Series], runs: Mapping[float, int], command: str) -> str:
    """The page: the command, what is biased, values and limits, observed orders."""
    lines = {words: line(mine) for words, mine in found.items()}
    told = "; ".join(f"{n:,} runs at {step:g} min" for step, n in runs.items())
    about = ABOUT.format(n=len(found), false=f"{0.05 * len(found):.0f}", errors=f"{ERRORS_BY_LUCK:.2f}")
    return "\n\n".join(
        [
            "# Does the answer depend on the step?",
            f"```sh\n{command}\n```",
            f"wrote this page. The default scenario; {told}.\nRun k of one step has the luck of run k of another, "
            f"of which little is left once they have parted: their outcomes correlate by {_shared(found)}.",
            _summary(lines),
            PICTURE,
            "## Bias of the default step",
            table(*_biases(found, lines), numbers=1),
            about,
            "## Values",
            table(*_values(found), numbers=1),
            "## Observed order of convergence",
            table(*_orders(found), numbers=1),
            ORDERS,
        ]
    ) + "\n"  # fmt: skip


def _shared(found: Mapping[str, Series]) -> str:
    """Correlation of runs at the default step with those at the next shorter one, least and most."""
    of = [mine.correlation[list(mine.values).index(5.0)][list(mine.values).index(2.5)] for mine in found.values()]
    return f"{round(min(of), 2) + 0.0:.2f} to {max(of):.2f} (5 with 2.5 min)"


def _doubt(line: Line) -> str:
    """What to add to a bias whose line does not fit."""
    return ", by a line that does not fit" if line.misfit < 0.01 else ""


def _summary(lines: Mapping[str, Line]) -> str:
    shown = [words for words, found in lines.items() if verdict(found) == BIASED]
    small = sum(smallness(found) == SMALLER for found in lines.values())
    doubtful = sum(found.misfit < 0.01 for found in lines.values())
    told = (
        f"**At the default step of {DEFAULT_MIN:g} minutes a bias is shown for {len(shown)} of {len(lines)} headline "
        f"outcomes.** For {small} all of\nits interval lies within 1 % of the limit. For {doubtful} a straight line "
        "does not fit (misfit below 0.01, which luck alone brings about for one in a hundred)."
    )
    return "\n".join(
        [
            told,
            "",
            *(f"* {words}: {_percent(lines[words], lines[words].bias)}{_doubt(lines[words])}" for words in shown),
        ]
    ).strip()


def _biases(found: Mapping[str, Series], lines: Mapping[str, Line]) -> tuple[list[str], list[list[str]]]:
    seen = f"as seen, {DEFAULT_MIN:g} - {SHORTEST_MIN:g} min"
    heading = ["outcome", "limit", f"bias at {DEFAULT_MIN:g} min", "relative", seen, "misfit", "shown", "below 1 %"]
    rows = []
    for words, mine in found.items():
        fitted, at_default = lines[words], mine.values[DEFAULT_MIN]
        shown = partial(_shown, digits=_digits(at_default))
        misfit = "-" if math.isnan(fitted.misfit) else f"{fitted.misfit:.2g}"
        apart = _percent(fitted, difference(mine, DEFAULT_MIN, SHORTEST_MIN))
        told = [shown(fitted.limit), shown(fitted.bias), _percent(fitted, fitted.bias), apart, misfit]
        rows.append([words, *told, verdict(fitted), smallness(fitted)])
    return heading, rows


def _values(found: Mapping[str, Series]) -> tuple[list[str], list[list[str]]]:
    heading = ["outcome", *(f"{step:g} min" for step in next(iter(found.values())).values)]
    rows = []
    for words, mine in found.items():
        digits = _digits(mine.values[DEFAULT_MIN])
        rows.append([words, *(_shown(told, digits) for told in mine.values.values())])
    return heading, rows


def _digits(value: Value) -> int:
    """Decimals that an interval's half width bears, with one to spare."""
    return max(0, 1 - math.floor(math.log10(value.error))) if value.error > 0 else 1


def _shown(value: Value, digits: int) -> str:
    if math.isnan(value.estimate):
        return "-"
    return f"{value.estimate:.{digits}f} [{value.low:.{digits}f}, {value.high:.{digits}f}]"


def _percent(found: Line, part: Value) -> str:
    """A bias or difference in per cent of the limit."""
    if math.isnan(part.estimate) or not found.limit.estimate > 0.0:
        return "-"
    parts = [100.0 * one / found.limit.estimate for one in part[:3]]
    return f"{parts[0]:+.1f} % [{parts[1]:+.1f}, {parts[2]:+.1f}]"


def _orders(found: Mapping[str, Series]) -> tuple[list[str], list[list[str]]]:
    heading = ["outcome", *(", ".join(f"{step:g}" for step in halving) + " min" for halving in HALVINGS)]
    return heading, [[words, *(_order(order(mine, one)) for one in HALVINGS)] for words, mine in found.items()]


def _order(told: Order) -> str:
    return "-" if math.isnan(told.estimate) else f"{told.estimate:.1f} [{told.low:.1f}, {told.high:.1f}]"
