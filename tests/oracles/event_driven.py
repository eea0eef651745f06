"""An event-driven twin of launches, motion and sensing: a queue of what comes next, and no step in between.

Written from docs/odd.md 7.2 to 7.4 and the docstrings, for worlds in which nobody acts upon anybody.  It shares
with the model the configuration, the roads with their rates and leashes (`World`), the numbers of `Draw`, `Clock` and
the other names, and how a draw is addressed.  The generator, the clocks, legs, crossings, stays, glimpses and tracks
are its own.  What the model does by the step is taken over as its *definition*, not as its code: a thing that is due
within a step is dealt with in that step and draws under its number; an entry is seen only at the end of a leg or of a
step, and dated to the crossing; an exit is dated by that look; hazard counts by the step.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from typing import Any

from sim.geography import geography
from sim.rules.draws import Draw
from sim.rules.names import Act, Posture
from tests.oracles.event_driven_eyes import Eyes
from tests.oracles.event_driven_launches import Launches
from tests.oracles.event_driven_motion import Motion
from tests.oracles.event_driven_parts import DAY_MIN, ENVIRONMENT, MOVEMENT, SIDES, Dice, Group


class Twin(Launches, Motion, Eyes):
    """One run: `log` is a list of (act, actor, target, minute, x, y, value, cause), as the model writes them."""

    def __init__(self, scenario: Any, seed: int, replication: int) -> None:
        self.config, self.world, self.dt = scenario.config, scenario.params.world, float(scenario.params.step_min)
        self.dice, self.steps, self.ring = Dice(seed, replication), scenario.steps, self.config.roe.zone_radius_km
        self.queue: list[tuple] = []
        self.log: list[tuple] = []
        self.step = self.clipped = self.entries = self.serial = self.lacking = 0
        self.front_from, self.longest_stay, self.is_day = -1, 0.0, False
        self.order_of_battle()
        self.flying = self.rota()
        self.turn_of_day()
        error = self.config.command.ring_error
        self.factor = {p: max(0.0, 1.0 + error * self.dice.bell(0, p, Draw.RADIUS)) for p in SIDES}
        self.start_clocks()
        self.run()

    # ------------------------------------------------------------ the queue
    def at(self, step: int, phase: int, row: int, minute: float, action: Callable[[], None], order: int = 1) -> None:
        """Something is to be dealt with: by step, phase and row, within a row by the minute."""
        self.serial += 1
        heapq.heappush(self.queue, (step, phase, row, minute, order, self.serial, action))

    def due(self, minute: float, row: int, action: Callable[[], None], order: int = 1) -> None:
        """The same for what falls due at a minute: the movement phase of the step that holds it."""
        self.at(max(self.step, math.ceil(minute / self.dt)), MOVEMENT, row, minute, action, order)

    def run(self) -> None:
        """Until nothing is left, or the horizon has come."""
        while self.queue and self.queue[0][0] <= self.steps:
            self.step, *_, action = heapq.heappop(self.queue)
            action()
        self.step = self.steps
        for g in self.columns:
            self.end_stay(g, self.now)

    @property
    def now(self) -> float:
        """The end of the present step."""
        return self.step * self.dt

    def write(self, act: Act, who: tuple[int, int], minute: float, place: tuple[float, float], more: tuple) -> int:
        """A line of the log; returns its number."""
        self.log.append((int(act), *who, minute, *place, *more))
        return len(self.log) - 1

    # ------------------------------------------------------------ who is there
    def order_of_battle(self) -> None:
        """Rows in the order of `tanf list scenarios`: garrison, orbit, flights, patrols, columns of three sides."""
        have, look = self.config.scenario, self.config.sensing
        self.patrols = [Group(2 + have.strike_flights + k, 1, (0.0, 0.0)) for k in range(have.partner_patrols)]
        pools = (have.regime_columns, have.militia_convoys, have.hezbollah_teams)
        signatures, self.columns = (1.0, look.convoy_signature, look.team_signature), []
        row = 2 + have.strike_flights + have.partner_patrols
        for p, count, signature in zip(SIDES, pools, signatures, strict=True):
            self.columns += [Group(row + k, p, geography().places["zaza"], signature) for k in range(count)]
            row += count

    def first_resting(self, groups: list[Group], side: int) -> Group | None:
        """The first row of a side that is at base."""
        found = next((g for g in groups if g.side == side and g.posture == Posture.RESTING), None)
        self.lacking += found is None
        return found

    def rota(self) -> int:
        """Coalition flights come and go, evenly spread over their cycle; returns how many are up at the start."""
        air, n, up = self.config.air, self.config.scenario.strike_flights, 0
        on, off = 60.0 * air.flight_station_h, 60.0 * air.flight_away_h
        for k in range(n):
            since = k * (on + off) / n
            up += since < on
            self.relieve(k, (on if since < on else on + off) - since, since < on, (on, off))
        return up

    def relieve(self, k: int, minute: float, is_up: bool, cycle: tuple[float, float]) -> None:
        """A flight that is up goes, one that is away comes, and so on."""

        def change() -> None:
            self.settle_all()
            self.flying += -1 if is_up else 1
            self.relieve(k, minute + cycle[1 if is_up else 0], not is_up, cycle)

        self.due(minute, 2 + k, change)

    def turn_of_day(self) -> None:
        """Day is from 5:30 to 19:30; a step belongs to the light at its end."""
        start = self.config.scenario.start_hour
        self.is_day = 5.5 <= start % 24.0 < 19.5

        def turn(to_day: bool) -> None:
            self.settle_all()
            self.is_day = to_day

        for day in range(-1, math.ceil(self.steps * self.dt / DAY_MIN) + 1):
            for hour, to_day in ((5.5, True), (19.5, False)):
                step = math.ceil((24.0 * day + hour - start) * 60.0 / self.dt)
                if step > 0:
                    self.at(step, ENVIRONMENT, 0, step * self.dt, lambda to_day=to_day: turn(to_day))
