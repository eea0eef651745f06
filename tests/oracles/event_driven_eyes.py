"""The twin's sensing: when the hazard gathered will have spent a budget, foreseen and revised (odd.md 7.4).

A glimpse is foreseen from what is known of everybody's legs.  Whatever changes that (a leg ends, a flight is relieved,
a patrol leaves, the sun sets) first gathers what the old state of things gave, then has the eye look ahead anew.
Where nobody within reach moves, hazard is constant and the glimpse is found by a division.
"""

from __future__ import annotations

import math

from sim.rules.draws import Draw
from sim.rules.names import Act, Posture
from tests.oracles.event_driven_parts import MOVING, SENSING, Group


class Eyes:
    """What orbit, garrison, flights and patrols see of the columns."""

    def settle_all(self) -> None:
        """Something that concerns every column is about to change."""
        for g in self.columns:
            self.settle(g)

    def settle(self, g: Group) -> None:
        """The step before this one was the last of the old state of things; look ahead anew in this one."""
        if g.posture != Posture.RESTING:
            self.gather(g, self.step - 1)
        self.foresee(g, self.step)

    def gather(self, g: Group, until: int) -> None:
        """Add the hazard of all steps up to one."""
        if until > g.settled and self.is_steady(g):
            g.sensed += (until - g.settled) * self.hazards(g, until)[0] * self.dt
        elif until > g.settled:
            g.sensed += sum(self.hazards(g, step)[0] * self.dt for step in range(g.settled + 1, until + 1))
        g.settled = max(g.settled, until)

    def is_steady(self, g: Group) -> bool:
        """It stands, and no patrol comes by."""
        reach = self.config.sensing.patrol_km
        passes = any(p.posture in MOVING and p.leg.gap(*g.at) <= reach for p in self.patrols)
        return g.posture not in MOVING and not passes

    def hazards(self, g: Group, step: int) -> tuple[float, float, int]:
        """Hazard per minute at the end of a step, the part of it that is the patrols', and the last of these."""
        look, minute = self.config.sensing, step * self.dt
        x, y = g.leg.place(minute)

        def closeness(reach: float, u: float = 0.0, v: float = 0.0) -> float:
            return max(0.0, 1.0 - ((x - u) ** 2 + (y - v) ** 2) / reach**2)

        ours = closeness(look.garrison_km) + closeness(look.orbit_km) + self.flying * closeness(look.flight_km)
        theirs, last = 0.0, -1
        for p in self.patrols:
            if p.posture != Posture.RESTING and (share := closeness(look.patrol_km, *p.leg.place(minute))) > 0.0:
                theirs, last = theirs + share, p.row
        visible = look.hazard_per_min * g.signature * (1.0 if self.is_day else look.night_factor)
        visible *= 1.0 if g.posture in MOVING else look.static_signature
        return visible * (ours + theirs), visible * theirs, last

    def foresee(self, g: Group, step: int) -> None:
        """Look at a column in a step; whatever was foreseen before is void."""
        g.version += 1
        version = g.version
        self.at(step, SENSING, g.row, step * self.dt, lambda: self.look(g) if g.version == version else None)

    def look(self, g: Group) -> None:
        """See it now, or foresee when."""
        if g.posture == Posture.RESTING:
            return
        step = self.next_glimpse(g)
        if step == self.step:
            self.see(g)
            step = self.next_glimpse(g)
        if step is not None:
            self.foresee(g, step)

    def next_glimpse(self, g: Group) -> int | None:
        """The step in which the budget will be spent, if that comes before the next change that is known of."""
        if self.is_steady(g):
            per_step = self.hazards(g, g.settled + 1)[0] * self.dt
            return g.settled + max(1, math.ceil((g.budget - g.sensed) / per_step)) if per_step > 0.0 else None
        ends = [p.leg.ends for p in (g, *self.patrols) if p.posture in MOVING]
        gathered = g.sensed
        for step in range(g.settled + 1, min(self.steps + 1, math.ceil(min(ends) / self.dt))):
            gathered += self.hazards(g, step)[0] * self.dt
            if gathered >= g.budget:
                return step
        return None

    def see(self, g: Group) -> None:
        """A glimpse: a track begins or goes on, and a patrol near by may call for help."""
        total, by_patrol, patrol = self.hazards(g, self.step)
        followed, is_new = self.is_followed(g, self.step - 1), g.seen < 0.0
        g.settled, g.sensed, g.seen, g.tracked = self.step, 0.0, self.now, True
        g.budget = self.dice.wait(1.0, self.step, g.row, Draw.DETECTION_BUDGET, 1)
        place = g.leg.place(self.now)
        if not followed:
            if g.posture == Posture.HELD and not is_new:
                return
            g.explains = self.write(Act.DETECTION, (g.row, -1), self.now, place, (0.0, g.explains))
        may_call = g.inside and g.posture != Posture.WITHDRAWING and self.now >= g.help_until
        if may_call and self.dice.uniform(self.step, g.row, Draw.CONTACT) < by_patrol / total:
            g.help_until = self.now + self.config.sensing.help_min
            g.explains = self.write(Act.CONTACT_REPORT, (patrol, g.row), self.now, place, (0.0, g.explains))

    def is_followed(self, g: Group, step: int) -> bool:
        """It has been seen, and not too long before the end of a step."""
        return g.tracked and step * self.dt - g.seen <= self.config.sensing.track_min
