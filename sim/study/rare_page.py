"""A rare outcome as text: the estimate and its method, plain runs beside it, the paths, what would be enough."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.config.settings import figure
from sim.study.conditional import FEWEST, HEAVY, Conditional
from sim.study.estimate import UPPER_BOUND, Estimate
from sim.study.rare import RARE, Found
from sim.study.repetitions import Repetitions
from sim.study.splitting import FEWEST_REPETITIONS

NAMES = {
    "plain": "plain Monte Carlo",
    "conditional": "conditional Monte Carlo",
    "splitting": "adaptive multilevel splitting",
}
FEW = 5  # events or runs below which only a bound is told
SHOWN_PATHS = 3
ALLOWED = 4.1  # (1 + HEAVY) times the exact bound of none in n runs at half of 5 %, times n
CAVEAT = "One history and a coarse model: the chance is the model's, and its size hangs on priors nobody could measure."


def render(found: Found) -> str:
    """The whole answer."""
    return "\n".join(lines(found)) + "\n"


def lines(found: Found) -> Iterator[str]:
    """The answer line by line."""
    config, n = found.design.base, found.plain.n
    days, seed = figure(config.scenario.horizon_days), found.design.points[0].seed
    yield f"P({found.asked.words}) in {days} days; {n:,} plain runs, seed {seed}"
    yield f"method: {NAMES[found.method]}: {found.why}"
    if found.conditional:
        yield from _conditional(found.conditional)
    elif found.splitting:
        yield from _splitting(found, found.splitting)
    yield f"plain runs: {_plain(found.plain)}"
    if found.method == "plain" and found.plain.events < FEW:
        wanted = _rounded(math.log(20) / RARE)
        yield f"replications={wanted:,} would tell whether it is rarer than {RARE:g}; rare.method=splitting asks beyond"
    yield CAVEAT


def _conditional(found: Conditional) -> Iterator[str]:
    if not found.carried:
        more = f"about replications={_rounded(found.enough):,}" if found.enough else "nobody knows how many"
        yield (
            f"estimate: none, these runs carry only the bound below: the sum rests on {found.effective:.2g} runs, "
            f"{FEWEST:.0f} are wanted; {more} would be enough"
        )
        return
    yield f"estimate: {told(found.conditional)}, n = {found.plain.n:,} runs, {found.conditional.kind}"
    yield (
        f"variance of plain runs over that of this, for the same work: {_times(found.gain)}"
        f"{' (of the estimate; the upper limit gains nothing)' if found.allowed else ''}; the sum rests on "
        f"{found.effective:,.0f} runs"
    )
    if found.allowed:
        yield (
            f"{found.heavy} runs gathered {HEAVY:g} or more, for which one meeting with a flight that has used force "
            f"is enough; for such runs the upper limit allows {found.allowed:.2g} "
            f"({ALLOWED:g} / replications while none is seen)"
        )


def _splitting(found: Found, split: Repetitions) -> Iterator[str]:
    n, paths = len(split.chances), split.plan.paths
    how = f"n = {n} independent repetitions of {paths:,} paths, work of {split.work:,.0f} runs"
    if split.carried():
        yield f"estimate: {told(split.estimate)}, {how}, {split.estimate.kind}"
        yield f"variance of plain runs over that of this, for the same work: {_times(split.gain)} (by simulated steps)"
    else:
        enough = (
            f"about rare.paths={split.enough}" if split.enough else f"nobody knows how many above rare.paths={paths}"
        )
        yield f"estimate: none, {how}: {_why_not(split)}; {enough} would be enough"
        yield _bound(split, found.plain)
    yield from _paths(split)


def _why_not(split: Repetitions) -> str:
    came = int((split.chances[:, -1] > 0).sum())
    if came < FEW:
        return f"{came} of them came so far, {FEW} are wanted of {FEWEST_REPETITIONS} or more"
    return f"they spread by {split.spread():.1f} of their mean, at most 1 is wanted"


def _times(gain: float) -> str:
    """'447 x', '0.6 x'."""
    return f"{gain:,.0f} x" if gain >= 10 else f"{gain:.1f} x"


def _bound(split: Repetitions, plain: Estimate) -> str:
    """It is no likelier than what must come before it, or than plain runs allow."""
    if plain.high <= split.bound:
        return f"bound: at most {plain.high:.2g}, as plain runs say below"
    return (
        f"bound: at most {split.bound:.2g}, the upper end of the 95 % interval of coming as far as is seen well enough"
    )


def _paths(split: Repetitions) -> Iterator[str]:
    """Some of the paths, and where all of them are."""
    if not split.paths:
        return
    yield f"{len(split.paths)} paths that came there are in {split.folder}; the first:"
    for path in split.paths[:SHOWN_PATHS]:
        which = f"{path['repetition']}:{path['number']}"
        branched = f"{len(path['legs']) - 1} times branched"
        yield f"  on day {1 + int(path['reached_min'] // 1440)}, {branched}: tanf replay {split.folder} {which}"


def _plain(plain: Estimate) -> str:
    enough = _rounded(FEW * plain.n / plain.events) if plain.events else None
    if plain.kind == UPPER_BOUND:
        return f"never in {plain.n:,}, so at most {plain.high:.2g} (one-sided 95 % upper bound)"
    few = f"; fewer than {FEW} events, about replications={enough} would show {FEW}" if plain.events < FEW else ""
    middle = f"at most {plain.high:.2g}" if plain.events < FEW else told(plain)
    return f"{plain.events:,} of {plain.n:,}: {middle} ({plain.kind}){few}"


def told(found: Estimate) -> str:
    """An estimate with its interval, with as many digits as the interval bears."""
    if not 0 < found.low < found.high or not found.estimate:
        return f"{found.estimate:.2g} [{found.low:.2g}, {found.high:.2g}]"
    digits = max(2, 2 - math.floor(math.log10((found.high - found.low) / found.estimate)))
    return f"{found.estimate:.{digits}g} [{found.low:.{digits}g}, {found.high:.{digits}g}]"


def _rounded(count: float) -> int:
    """Up to two significant digits."""
    unit = 10 ** max(0, math.floor(math.log10(max(count, 1))) - 1)
    return math.ceil(count / unit) * unit
