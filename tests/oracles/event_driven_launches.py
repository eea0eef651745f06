"""The twin's launches: clocks that ring by the hazard gathered, and what a group is sent to do (odd.md 7.1, 7.2)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.rules.draws import Clock, Draw
from sim.rules.names import Act, Mission, Principal
from tests.oracles.event_driven_parts import COMMAND, DAY_MIN, RAIDS, SIDES, Group, Leg

WAYS = ((-0.93 * 38.0, 0.37 * 38.0), (0.0, 50.0), (0.90 * 65.0, 0.44 * 65.0))  # of patrols


class Launches:
    """Who leaves when, for what, by which road."""

    def value(self, step: Any) -> Any:
        """Value of the corridor: ISIS control and the fight for Raqqa fall exponentially."""
        e = self.config.environment
        days = step * self.dt / DAY_MIN
        raqqa = 0.0 if self.config.scenario.raqqa_taken else np.exp(-days / e.raqqa_days)
        growth = 1.0 - (1.0 - e.raqqa_weight) * np.exp(-days / e.isis_days) - e.raqqa_weight * raqqa
        return e.corridor_floor + (1.0 - e.corridor_floor) * growth

    def hazard(self, p: int) -> np.ndarray:
        """Hazard of a mission of a side gathered by the end of each step."""
        value = self.value(np.arange(self.steps + 1))
        urging = self.world.iranian_leash[p] * value - self.world.russian_leash[p]
        mood = np.exp(self.config.command.patron_weight * urging)
        per_step = self.world.missions_per_day[p] * value * mood * self.dt / DAY_MIN
        per_step[0] = 0.0
        return np.cumsum(per_step)

    def start_clocks(self) -> None:
        """The missions of three sides, and the patrols of the partner."""
        for p in SIDES:
            self.start_clock(Clock(p - Principal.REGIME), self.hazard(p), lambda p=p: self.launch(p), COMMAND)
        stake = self.config.environment.coalition_stake / 0.5
        per_day = self.config.command.patrols_per_day * self.config.scenario.patrol_activity * stake
        gathered = per_day * self.dt / DAY_MIN * np.arange(self.steps + 1)
        self.start_clock(Clock.PATROL, gathered, self.send_patrol, RAIDS)

    def start_clock(self, clock: Clock, gathered: np.ndarray, action: Callable[[], None], phase: int) -> None:
        """Rings whenever the hazard gathered reaches the sum of its budgets, at most once a step."""
        spent = 0.0

        def wind(after: int) -> None:
            nonlocal spent
            spent += self.dice.wait(1.0, after, 1000 + clock, Draw.CLOCK)
            step = max(after + 1, int(np.searchsorted(gathered, spent)))
            self.at(step, phase, int(clock), step * self.dt, ring)

        def ring() -> None:
            wind(self.step)
            action()

        wind(0)

    def launch(self, p: int) -> None:
        """A side sends the first row at rest, if there is one."""
        g = self.first_resting(self.columns, p)
        if g is None:
            return
        self.begin(g)
        g.mission = self.mission(g)
        route = self.route(g)
        g.road = [(float(self.world.route_x_km[route][k]), float(self.world.route_y_km[route][k])) for k in range(12)]
        g.goal, g.waypoint = self.goal(g), 1
        move = self.config.movement
        g.speed = move.dash_km_h if g.mission == Mission.DASH else (move.desert_km_h if route else move.road_km_h)
        g.explains = self.write(Act.LAUNCH, (g.row, -1), self.now, g.home, (float(g.mission), -1))
        if g.mission == Mission.BYPASS and self.front_from < 0:
            self.front_from = self.step
        g.life = self.life_of_column(g)
        self.go_on(g)

    def begin(self, g: Group) -> None:
        """Another group leaves in this row; nothing is known of it."""
        g.launches += 1
        g.leg = Leg(*g.home, *g.home, self.now, self.now)
        g.inside, g.tracked, g.seen, g.help_until, g.sensed = False, False, -1.0, -1.0, 0.0
        g.budget = self.dice.wait(1.0, self.step, g.row, Draw.DETECTION_BUDGET)
        g.settled = self.step - 1

    def mission(self, g: Group) -> Mission:
        """The mix of missions, without fear."""
        mix, value = self.config.command, self.value(self.step)
        pull = math.exp(mix.value_pull * (value - self.config.environment.corridor_floor))
        bypass = mix.bypass_share * pull * self.config.scenario.bypass_known
        weights = [mix.probe_share, mix.push_share * pull, mix.fortify_share, bypass]
        kinds = (Mission.PROBE, Mission.PUSH, Mission.FORTIFY, Mission.BYPASS)
        chosen = kinds[self.dice.pick(weights, self.step, g.row, Draw.MISSION)]
        if chosen == Mission.PUSH and self.dice.uniform(self.step, g.row, Draw.DASH) < mix.dash_share:
            return Mission.DASH
        return chosen

    def route(self, g: Group) -> int:
        """Bypasses take the bypass, dashes the highway, the others the shorter road more often."""
        if g.mission in {Mission.BYPASS, Mission.DASH}:
            return 2 if g.mission == Mission.BYPASS else 0
        lengths = []
        for route in (0, 1):
            k = int(self.world.route_length[route])
            x, y = self.world.route_x_km[route][:k], self.world.route_y_km[route][:k]
            lengths.append(float(np.hypot(np.diff(x), np.diff(y)).sum()))
        weights = [math.exp(-self.config.command.length_aversion * km) for km in lengths]
        return self.dice.pick(weights, self.step, g.row, Draw.ROUTE)

    def goal(self, g: Group) -> float:
        """How near it means to go; on the bypass, how far beyond its first point the front is."""
        mix = self.config.command
        if g.mission == Mission.BYPASS:
            advanced = 0 if self.front_from < 0 else self.step - self.front_from
            front = mix.bypass_km_per_day * advanced * self.dt / DAY_MIN
            return max(0.0, front - math.dist(g.home, g.road[1]))
        if g.mission in {Mission.PUSH, Mission.DASH}:
            return mix.stand_off_km
        mean = mix.probe_depth_km if g.mission == Mission.PROBE else mix.fortify_depth_km
        depth = self.dice.wait(mean, self.step, g.row, Draw.DEPTH)
        return max(mix.stand_off_km, self.ring * self.factor[g.side] - depth)

    def send_patrol(self) -> None:
        """A patrol leaves the garrison in one of three directions."""
        g = self.first_resting(self.patrols, Principal.PARTNER)
        if g is None:
            return
        self.begin(g)
        way = WAYS[self.dice.pick([1.0, 1.0, 1.0], self.step, g.row, Draw.PATROL)]
        g.speed, g.mission = self.config.movement.patrol_km_h, Mission.PATROL
        self.write(Act.LAUNCH, (g.row, -1), self.now, g.home, (float(g.mission), -1))
        g.life = self.life_of_patrol(g, way)
        self.go_on(g)
