"""Random numbers by name: every draw is a pure function of who draws what, when, in which run.

Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
doi 10.1145/2063384.2063405) turns a 128-bit counter and a 64-bit key into 128 random bits.

    key      the two halves of the seed
    counter  step | actor id + 65536 x other id | replication | draw number + 65536 x sub-index

No order of execution, thread or chunk enters, and neither does the parameter point: two points of a
sweep meet the same luck.  Rules draw only through `chance`, `choice`, `exponential`, `normal` and
`poisson`, and never compare a uniform themselves.
"""

from __future__ import annotations

import math

from sim.rules.compiling import rule
from sim.rules.draws import Draw
from sim.rules.names import OPTIONS
from sim.rules.tables import State, Unit

NOBODY = 65535
WORD = 0xFFFFFFFF


@rule
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox4x32 on 32-bit words held in wider integers."""
    for _ in range(10):
        # The low words of both products; the high words come from 16-bit halves because a product
        # of two 32-bit words overflows a signed 64-bit integer.
        high0, low0 = _product(0xD2511F53, c0)
        high1, low1 = _product(0xCD9E8D57, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 = (k0 + 0x9E3779B9) & WORD
        k1 = (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


@rule
def _product(a: int, b: int) -> tuple[int, int]:
    """High and low 32-bit words of the product of two 32-bit words."""
    upper = (a >> 16) * b
    lower = (a & 0xFFFF) * b + ((upper & 0xFFFF) << 16)
    return (upper >> 16) + (lower >> 32), lower & WORD


@rule
def uniform(state: State, actor: int, other: int, draw: int, sub: int) -> float:
    """A number in the open interval (0, 1) with 53 random bits.  Only this file may call it."""
    a, b, _, _ = philox(
        state.step & WORD,
        actor + 65536 * other,
        state.replication,
        draw + 65536 * sub,
        state.seed_low,
        state.seed_high,
    )
    return (float((a << 20) | (b >> 12)) + 0.5) * (1.0 / 4503599627370496.0)


@rule
def is_forced(state: State, actor: int, draw: Draw) -> bool:
    """Whether an experiment makes this decision (odd.md 7.15); the number is drawn all the same, or not needed."""
    made = state.forced
    return made.step == state.step and made.actor == actor and made.draw == draw


@rule
def chance(state: State, p: float, actor: int, other: int, draw: Draw, sub: int = 0) -> bool:
    """True with probability p, unless an experiment has it otherwise."""
    if p <= 0.0:
        return False
    if is_forced(state, actor, draw):
        return state.forced.option == 1
    return uniform(state, actor, other, draw, sub) < p


@rule
def choice(state: State, unit: Unit, weights: tuple, other: int, draw: Draw) -> int:
    """One of up to six options, in proportion to its weight; the unit remembers how it came about.

    `weights` is a tuple of six non-negative numbers, zero where there is no such option.
    """
    total = weights[0] + weights[1] + weights[2] + weights[3] + weights[4] + weights[5]
    u = uniform(state, unit.id, other, draw, 0)
    told = unit.decision
    told.minute, told.draw, told.other, told.u = state.now_min, draw, other, u
    told.chosen = -1
    sum_so_far = 0.0
    for k in range(OPTIONS):
        told.p[k] = weights[k] / total
        sum_so_far += told.p[k]
        if told.chosen < 0 and told.p[k] > 0.0 and u < sum_so_far:
            told.chosen = k
    if told.chosen < 0:  # rounding left the sum a hair below one
        for k in range(OPTIONS):
            if told.p[k] > 0.0:
                told.chosen = k
    if is_forced(state, unit.id, draw):
        told.chosen = state.forced.option
    return told.chosen


@rule
def exponential(state: State, mean: float, actor: int, other: int, draw: Draw, sub: int = 0) -> float:
    """A waiting time with the given mean, by inversion."""
    return -mean * math.log(uniform(state, actor, other, draw, sub))


@rule
def normal(state: State, actor: int, other: int, draw: Draw, sub: int = 0) -> float:
    """A standard normal deviate (Box and Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(uniform(state, actor, other, draw, 2 * sub)))
    return radius * math.cos(2.0 * math.pi * uniform(state, actor, other, draw, 2 * sub + 1))


@rule
def lognormal(state: State, median: float, sigma: float, actor: int, other: int, draw: Draw, sub: int = 0) -> float:
    """A lognormal deviate with the given median; `sigma` is the sd of its logarithm."""
    return median * math.exp(sigma * normal(state, actor, other, draw, sub))


@rule
def poisson(state: State, mean: float, actor: int, other: int, draw: Draw, sub: int = 0) -> int:
    """A Poisson count, by inversion; `mean` of at most a few hundred."""
    u = uniform(state, actor, other, draw, sub)
    term = math.exp(-mean)
    total = term
    count = 0
    while u > total and count < 1000:
        count += 1
        term *= mean / count
        total += term
    return count
