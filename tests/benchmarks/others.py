"""The small scenario as most people would write it: in Mesa, in AgentPy, and in NumPy over all replications at once.

Each draws from its own generator, so they agree with the rows in distribution and not to the bit.
"""

from __future__ import annotations

import math
import random
from typing import Any

import mesa
import numpy as np

from benchmarks.scenario import (
    FASTEST_KM_H,
    HALF_SIDE_KM,
    HAZARD_PER_MIN,
    REACH_KM,
    SLOWEST_KM_H,
    STEP_MIN,
    STEPS,
    UNITS,
)


class Walking:
    """What a walker does, whatever framework it is an agent of."""

    def begin(self, dice: random.Random) -> None:
        """A place to start from and a budget."""
        self.dice = dice
        self.x1, self.y1 = dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM), dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM)
        self.met, self.budget, self.seen_min = 0.0, dice.expovariate(1.0), -1.0
        self.set_out(0.0)

    def set_out(self, minute: float) -> None:
        """A new leg from where the last one ended."""
        self.x0, self.y0 = self.x1, self.y1
        self.x1 = self.dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM)
        self.y1 = self.dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM)
        speed = self.dice.uniform(SLOWEST_KM_H, FASTEST_KM_H)
        self.start, self.end = minute, minute + 60.0 * math.hypot(self.x1 - self.x0, self.y1 - self.y0) / speed

    def walk(self, now: float) -> None:
        """Move, and be seen or not."""
        if now >= self.end:
            self.set_out(self.end)
        share = (now - self.start) / (self.end - self.start)
        x = self.x0 + share * (self.x1 - self.x0)
        y = self.y0 + share * (self.y1 - self.y0)
        near = 1.0 - (x * x + y * y) / REACH_KM**2
        if near > 0.0:
            self.met += HAZARD_PER_MIN * STEP_MIN * near
            if self.met >= self.budget and self.seen_min < 0.0:
                self.seen_min = now


class Walker(Walking, mesa.Agent):
    """An ordinary Mesa agent."""

    def __init__(self, model: mesa.Model) -> None:
        super().__init__(model)
        self.begin(model.random)

    def step(self) -> None:
        """One step of the model's clock."""
        self.walk(self.model.now)


class Plain(mesa.Model):
    """An ordinary Mesa model."""

    def __init__(self, rng: Any = None) -> None:
        super().__init__(rng=rng)
        self.now = 0.0
        Walker.create_agents(self, UNITS)

    def step(self) -> None:
        """Five minutes."""
        self.now += STEP_MIN
        self.agents.shuffle_do("step")  # in random order, as tutorials have it


def in_mesa(count: int, first: int = 0) -> np.ndarray:
    """How many were seen in each run of an ordinary Mesa model."""
    seen = np.zeros(count, np.int64)
    for r in range(count):
        model = Plain(rng=first + r)
        for _ in range(STEPS):
            model.step()
        seen[r] = sum(agent.seen_min >= 0 for agent in model.agents)
    return seen


def in_agentpy(count: int, first: int = 0) -> np.ndarray:
    """The same as an ordinary AgentPy model; raises ImportError where AgentPy is not installed."""
    import agentpy

    class Agent(Walking, agentpy.Agent):
        def setup(self) -> None:
            self.begin(self.model.random)

        def step(self) -> None:
            self.walk(self.model.t * STEP_MIN)

    class Model(agentpy.Model):
        def setup(self) -> None:
            self.walkers = agentpy.AgentList(self, UNITS, Agent)

        def step(self) -> None:
            self.walkers.step()

        def end(self) -> None:
            self.report("seen", sum(agent.seen_min >= 0 for agent in self.walkers))

    told = (Model({"steps": STEPS, "seed": first + r}).run(display=False) for r in range(count))
    return np.array([int(one.reporters["seen"][0]) for one in told])


def in_numpy(count: int, first: int = 0) -> np.ndarray:
    """The same with arrays (replications, units): every replication steps at once."""
    dice = np.random.default_rng(first)
    shape = (count, UNITS)
    x1, y1 = dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM, shape), dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM, shape)
    x0, y0, start, end = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    met, budget, seen = np.zeros(shape), dice.exponential(1.0, shape), np.zeros(shape, bool)
    for step in range(STEPS):
        now = STEP_MIN * (step + 1)
        new = np.nonzero(now >= end)
        if len(new[0]):
            x0[new], y0[new], start[new] = x1[new], y1[new], end[new]
            x1[new], y1[new] = dice.uniform(-HALF_SIDE_KM, HALF_SIDE_KM, (2, len(new[0])))
            speed = dice.uniform(SLOWEST_KM_H, FASTEST_KM_H, len(new[0]))
            end[new] = start[new] + 60.0 * np.hypot(x1[new] - x0[new], y1[new] - y0[new]) / speed
        share = (now - start) / (end - start)
        x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
        met += HAZARD_PER_MIN * STEP_MIN * np.maximum(0.0, 1.0 - (x * x + y * y) / REACH_KM**2)
        seen |= met >= budget
    return np.asarray(seen.sum(axis=1))
