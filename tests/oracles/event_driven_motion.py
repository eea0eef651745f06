"""The twin's motion: what a group does from leaving base to coming home, told in order, and when it crosses the ring.

A life is a generator: it does something and gives the minute at which that ends (odd.md 7.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.rules.draws import Draw
from sim.rules.names import Act, Mission, Posture
from tests.oracles.event_driven_parts import DAY_MIN, IN_BOUNDS, SIDES, Group, Leg


class Motion:
    """Legs, bounds, halts, stays, and the way back."""

    def go_on(self, g: Group) -> None:
        """What a group did has ended, and the next thing begins."""
        if g.side in SIDES:
            self.settle(g)
        else:
            self.settle_all()
        ends = next(g.life, None)
        if ends is None:
            g.posture, g.mission, g.tracked, g.inside = Posture.RESTING, Mission.NONE, False, False
        else:
            self.due(ends, g.row, lambda: self.go_on(g))

    def life_of_patrol(self, g: Group, way: tuple[float, float]) -> Iterator[float]:
        """Out, a while there, and back."""
        yield self.drive(g, way)
        yield self.stay(g, Posture.HELD, 60.0 * self.config.command.patrol_hours, Draw.STATION)
        yield self.drive(g, g.home, Posture.WITHDRAWING)

    def life_of_column(self, g: Group) -> Iterator[float]:
        """To the last checkpoint, then by waypoints and bounds until it is there; what it does there; the way back."""
        mix = self.config.command
        yield self.drive(g, g.road[1])
        while not g.is_there():
            if g.to_waypoint() > 1e-6:
                yield self.stay(g, Posture.HALTED, mix.bound_min * (1.0 / mix.moving_share - 1.0), Draw.HALT, g.legs)
            else:
                g.waypoint += 1
                if g.waypoint == 2 and g.mission != Mission.DASH:
                    yield self.stay(g, Posture.MASSING, 60.0 * mix.massing_hours, Draw.MASSING)
            yield self.advance(g)
        if g.mission == Mission.FORTIFY:
            g.explains = self.write(Act.DIGS_IN, (g.row, -1), g.leg.ends, g.at, (0.0, g.explains))
            yield self.stay(g, Posture.DIGGING, 60.0 * mix.dig_hours, Draw.DIG)
        if g.mission == Mission.PROBE:
            yield self.stay(g, Posture.HELD, 60.0 * mix.look_hours, Draw.LOOK)
        else:
            yield self.stay(g, Posture.HELD, DAY_MIN * mix.hold_days, Draw.HOLD)
        self.end_stay(g, g.leg.ends)
        for k in range(max(0, g.waypoint - 1), -1, -1):
            yield self.drive(g, g.road[k], Posture.WITHDRAWING)

    def stay(self, g: Group, posture: Posture, mean: float, draw: Draw, sub: int = 0) -> float:
        """Stop for an exponential time."""
        begins = g.leg.ends
        ends = begins + self.dice.wait(mean, self.step, g.row, draw, sub)
        g.leg, g.posture, g.stands_from = Leg(*g.at, *g.at, begins, ends), posture, begins
        return ends

    def end_stay(self, g: Group, minute: float) -> None:
        """The longest time that anybody stood inside."""
        if g.posture == Posture.HELD and g.inside:
            self.longest_stay = max(self.longest_stay, (minute - g.stands_from) / 60.0)

    def advance(self, g: Group) -> float:
        """The next leg: to the waypoint, or as far as goal, front and bound allow."""
        (x, y), (u, v), length = g.at, g.road[g.waypoint], g.to_waypoint()
        far = length
        if g.mission == Mission.BYPASS:
            far = min(length, g.goal)
            g.goal -= far
        elif span := Leg(x, y, u, v, 0.0, length).within(g.goal):
            far = span[0]
        if g.mission in IN_BOUNDS:
            bound = self.dice.wait(self.config.command.bound_min, self.step, g.row, Draw.BOUND, g.legs)
            far = min(far, g.speed * bound / 60.0)
        return self.drive(g, (x + far / length * (u - x), y + far / length * (v - y)))

    def drive(self, g: Group, to: tuple[float, float], posture: Posture = Posture.MOVING) -> float:
        """A straight leg at the group's speed."""
        begins = g.leg.ends
        ends = begins + 60.0 * math.dist(g.at, to) / g.speed
        g.leg, g.posture, g.legs = Leg(*g.at, *to, begins, ends), posture, g.legs + 1
        if g.side in SIDES:
            self.cross(g)
        return ends

    def cross(self, g: Group) -> None:
        """When the leg takes a column into the ring and out of it, and at which look either is seen."""
        span = g.leg.within(self.ring)
        if span is None:
            if g.inside:
                self.foresee_exit(g, g.leg.begins)
            return
        comes, goes = span
        if not g.inside:
            if g.posture == Posture.WITHDRAWING:
                return
            look = self.look_after(g.leg, comes)
            if look >= goes:
                self.clipped += 1
                return
            self.due(look, g.row, lambda leg=g.leg: self.enter(g, comes, leg.place(look)), order=0)
        if goes < g.leg.ends:
            self.foresee_exit(g, goes)

    def look_after(self, leg: Leg, minute: float) -> float:
        """The first time from a minute on at which the model looks where one is: the end of a step, or of the leg."""
        return min(self.dt * math.ceil(minute / self.dt), leg.ends)

    def enter(self, g: Group, minute: float, place: tuple[float, float]) -> None:
        """It is seen to have come in, dated to the crossing."""
        g.inside, self.entries = True, self.entries + 1
        g.explains = self.write(Act.ENTRY, (g.row, -1), minute, place, (0.0, g.explains))

    def foresee_exit(self, g: Group, goes: float) -> None:
        """It is seen to have left, dated by the look."""
        look, leg = self.look_after(g.leg, goes), g.leg

        def leave() -> None:
            g.inside, g.help_until = False, -1.0
            g.explains = self.write(Act.EXIT, (g.row, -1), look, leg.place(look), (0.0, g.explains))

        self.due(look, g.row, leave, order=0)
