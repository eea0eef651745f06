"""What the event-driven twin is made of: its dice, its legs, and the groups that drive along them.

Philox is written down again from Salmon et al. (2011), on whole numbers of any size; crossings of a circle come from
the foot of the perpendicular and half a chord, not from the roots that `sim/rules/plane.py` solves for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.rules.names import NEVER, Mission, Posture, Principal

WORD = 0xFFFFFFFF
NOBODY_ELSE = 65535
DAY_MIN, SIDES = 1440.0, (Principal.REGIME, Principal.MILITIA, Principal.HEZBOLLAH)
ENVIRONMENT, COMMAND, RAIDS, MOVEMENT, SENSING = range(5)  # the order in which a step deals with what falls due in it
MOVING = {Posture.MOVING, Posture.WITHDRAWING}
IN_BOUNDS = {Mission.PROBE, Mission.PUSH, Mission.FORTIFY}


class Dice:
    """Numbers by name, as docs/odd.md section 4 addresses them: seed, replication, step, actor, purpose."""

    def __init__(self, seed: int, replication: int) -> None:
        self.key, self.replication = (seed & WORD, seed >> 32), replication

    def uniform(self, step: int, actor: int, draw: int, sub: int = 0) -> float:
        """One number in (0, 1)."""
        a, b, c, d = step, actor + 65536 * NOBODY_ELSE, self.replication, draw + 65536 * sub
        k, m = self.key
        for _ in range(10):
            p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
            a, b, c, d = (q >> 32) ^ b ^ k, q & WORD, (p >> 32) ^ d ^ m, p & WORD
            k, m = (k + 0x9E3779B9) & WORD, (m + 0xBB67AE85) & WORD
        return ((a << 20 | b >> 12) + 0.5) / 2.0**52

    def wait(self, mean: float, step: int, actor: int, draw: int, sub: int = 0) -> float:
        """An exponential time."""
        return -mean * math.log(self.uniform(step, actor, draw, sub))

    def bell(self, step: int, actor: int, draw: int) -> float:
        """A standard normal deviate."""
        radius = math.sqrt(-2.0 * math.log(self.uniform(step, actor, draw)))
        return radius * math.cos(2.0 * math.pi * self.uniform(step, actor, draw, 1))

    def pick(self, weights: list[float], step: int, actor: int, draw: int) -> int:
        """One of several, in proportion to its weight."""
        left = self.uniform(step, actor, draw) * sum(weights)
        for k, weight in enumerate(weights):
            left -= weight
            if left < 0.0:
                return k
        return max(k for k, weight in enumerate(weights) if weight > 0.0)


@dataclass
class Leg:
    """Straight from one place to another between two minutes; a stay is a leg that leads nowhere."""

    x0: float
    y0: float
    x1: float
    y1: float
    begins: float
    ends: float

    def place(self, minute: float) -> tuple[float, float]:
        """Where one is at a time."""
        if minute >= self.ends:
            return self.x1, self.y1
        share = (minute - self.begins) / (self.ends - self.begins)
        return self.x0 + share * (self.x1 - self.x0), self.y0 + share * (self.y1 - self.y0)

    def within(self, radius: float) -> tuple[float, float] | None:
        """From when to when one is nearer the garrison than a radius, begun at the earliest with the leg; or never."""
        length = math.hypot(self.x1 - self.x0, self.y1 - self.y0)
        if length == 0.0:
            return (self.begins, NEVER) if math.hypot(self.x0, self.y0) < radius else None
        u, v = (self.x1 - self.x0) / length, (self.y1 - self.y0) / length
        foot, aside = -(self.x0 * u + self.y0 * v), self.x0 * v - self.y0 * u
        if abs(aside) >= radius or foot + (half := math.sqrt(radius**2 - aside**2)) <= 0.0 or foot - half >= length:
            return None
        pace = (self.ends - self.begins) / length
        return self.begins + pace * max(0.0, foot - half), self.begins + pace * (foot + half)

    def gap(self, x: float, y: float) -> float:
        """How near the leg comes to a place."""
        length2 = (self.x1 - self.x0) ** 2 + (self.y1 - self.y0) ** 2
        along = (x - self.x0) * (self.x1 - self.x0) + (y - self.y0) * (self.y1 - self.y0)
        part = min(1.0, max(0.0, along / length2)) if length2 > 0.0 else 0.0
        return math.hypot(self.x0 + part * (self.x1 - self.x0) - x, self.y0 + part * (self.y1 - self.y0) - y)


@dataclass
class Group:
    """A column or a patrol, one row: what it is about, and what the coalition has gathered on it."""

    row: int
    side: int
    home: tuple[float, float]
    signature: float = 1.0
    posture: Posture = Posture.RESTING
    mission: Mission = Mission.NONE
    leg: Leg = field(default_factory=lambda: Leg(0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    life: Iterator[float] | None = None  # what it still has to do: gives the minute at which the present thing ends
    legs: int = 0
    launches: int = 0
    road: list[tuple[float, float]] = field(default_factory=list)
    waypoint: int = 1
    goal: float = 0.0
    speed: float = 0.0
    inside: bool = False
    stands_from: float = NEVER
    explains: int = -1
    sensed: float = 0.0
    budget: float = 0.0
    settled: int = 0  # the last step whose hazard has been gathered
    seen: float = -1.0
    tracked: bool = False
    help_until: float = -1.0
    version: int = 0  # of the glimpse that is foreseen

    @property
    def at(self) -> tuple[float, float]:
        """Where it is when its leg has ended."""
        return self.leg.x1, self.leg.y1

    @property
    def away(self) -> float:
        """How far from the garrison that is."""
        return math.hypot(self.leg.x1, self.leg.y1)

    def is_there(self) -> bool:
        """It has come as far as it meant to."""
        if self.mission == Mission.BYPASS:
            return self.goal <= 1e-6
        return self.away <= self.goal + 1e-6

    def to_waypoint(self) -> float:
        """Distance to the next point of its road."""
        x, y = self.road[self.waypoint]
        return math.hypot(x - self.leg.x1, y - self.leg.y1)
