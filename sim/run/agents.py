"""Mesa agents: named views of the rows of the rule book, one class for each kind of unit.

An agent keeps the number of its row, never the row itself, so copies of a model stay whole.  What an
agent changes in its row changes the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.rules.draws import Draw
from sim.rules.names import Kind, Mission, Posture, Principal, Response, Rung
from sim.rules.tables import Unit
from sim.run.explanation import Explanation, explain
from sim.run.orders import TakesOrders

if TYPE_CHECKING:
    from sim.run.model import EscalationModel

OPTION_NAMES = {
    Draw.MISSION: ("probe", "push", "fortify", "bypass"),
    Draw.ROUTE: ("highway M2", "northern track"),
    Draw.RESPONSE: tuple(answer.name.lower().replace("_", " ") for answer in Response),
    Draw.PATROL: ("north-west", "north", "north-east"),
}


class UnitAgent(mesa.Agent):
    """A unit of the order of battle."""

    model: EscalationModel

    def __init__(self, model: EscalationModel, row: int) -> None:
        self.row = row
        super().__init__(model)

    @property
    def unit(self) -> Unit:
        """The unit's row: every field of `sim.rules.tables.Unit`, to read and to change."""
        return self.model.state.units[self.row]

    @property
    def name(self) -> str:
        """Kind and number, as in "militia convoy 3"."""
        return self.model.cfg.names[self.row]

    @property
    def principal(self) -> Principal:
        """Whose unit it is."""
        return Principal(self.unit.principal)

    @property
    def posture(self) -> Posture:
        """What it is doing."""
        return Posture(self.unit.posture)

    @property
    def mission(self) -> Mission:
        """What it was sent to do."""
        return Mission(self.unit.mission)

    @property
    def pos(self) -> tuple[float, float] | None:
        """Where it is: km east and north of the garrison.  Set it to move the unit, leg and all."""
        return (float(self.model.state.x_km[self.row]), float(self.model.state.y_km[self.row]))

    @pos.setter
    def pos(self, where: tuple[float, float] | None) -> None:
        # Mesa sets None when an agent is made; a unit's place is its row's.
        if where is None:
            return
        unit, (x, y) = self.unit, self.pos or (0.0, 0.0)
        east, north = where[0] - x, where[1] - y
        unit.leg_x0_km, unit.leg_x1_km = unit.leg_x0_km + east, unit.leg_x1_km + east
        unit.leg_y0_km, unit.leg_y1_km = unit.leg_y0_km + north, unit.leg_y1_km + north
        self.model.state.x_km[self.row], self.model.state.y_km[self.row] = where
        self._meet_the_ring()

    def _meet_the_ring(self) -> None:
        """A ground unit that is set down inside the zone is inside from now on, and outside it is not."""

    @property
    def distance_km(self) -> float:
        """Distance from the garrison."""
        x, y = self.pos or (0.0, 0.0)
        return (x * x + y * y) ** 0.5

    def why(self, step: int | None = None, *, minute: float | None = None) -> Explanation:
        """Its last decision and what led to its present state, now or as it was after `step` steps or by `minute`.

        For an earlier step the run is simulated again up to it, and
        the explanation says so if that is not the same run.  Raises `BadInput` for a
        step or minute outside the run so far.
        """
        if step is None and minute is None:
            return explain(self, OPTION_NAMES)
        past, note = self.model.look_back(step, minute=minute)
        return explain(past.unit_agents[self.row], OPTION_NAMES, note)


class GroundUnit(TakesOrders, UnitAgent):
    """A pro-regime unit on the ground; a subclass that defines `decide()` is scripted."""

    def _meet_the_ring(self) -> None:
        unit, now = self.unit, self.model.state.now_min
        was_inside = bool(unit.inside)
        unit.inside = self.distance_km < self.model.params.roe.zone_radius_km and self.row in self.model.rows_out()
        if unit.inside and not was_inside:
            unit.entered_min = unit.static_min = now

    @property
    def rung(self) -> Rung:
        """The highest rung the coalition has used against it in this episode."""
        return Rung(self.unit.rung)

    @property
    def inside(self) -> bool:
        """Inside the deconfliction zone."""
        return bool(self.unit.inside)

    @property
    def tracked(self) -> bool:
        """The coalition knows where it is."""
        return bool(self.unit.tracked)


class Garrison(UnitAgent):
    """The garrison at al Tanf: advisers, trainees, ground sensors."""


class StrikeFlight(UnitAgent):
    """A pair of coalition fighters: patrol, show of force, warning shots, bombs."""

    @property
    def target(self) -> UnitAgent | None:
        """The unit it was sent against."""
        row = int(self.unit.target)
        return self.model.unit_agents[row] if row >= 0 else None


class SurveillanceOrbit(UnitAgent):
    """A persistent sensor over the garrison."""


class PartnerPatrol(UnitAgent):
    """Coalition-backed fighters on patrol: they report contact and call for help."""


class RegimeColumn(GroundUnit):
    """Regular forces with tanks, artillery and anti-aircraft weapons; splits under pressure."""


class MilitiaConvoy(GroundUnit):
    """Iran-backed militia, mostly technicals; splits under pressure."""


class HezbollahTeam(GroundUnit):
    """A small, capable team; may be sent to retaliate with rockets."""


class RussianFlight(UnitAgent):
    """A Russian pair: escorts columns, meets coalition flights."""


CLASSES: dict[Kind, type[UnitAgent]] = {
    Kind.GARRISON: Garrison,
    Kind.STRIKE_FLIGHT: StrikeFlight,
    Kind.SURVEILLANCE_ORBIT: SurveillanceOrbit,
    Kind.PARTNER_PATROL: PartnerPatrol,
    Kind.REGIME_COLUMN: RegimeColumn,
    Kind.MILITIA_CONVOY: MilitiaConvoy,
    Kind.HEZBOLLAH_TEAM: HezbollahTeam,
    Kind.RUSSIAN_FLIGHT: RussianFlight,
}
