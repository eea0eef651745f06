"""Mesa agents: named views of the rows of the rule book, one class for each kind of unit.

An agent keeps the number of its row, never the row itself, so copies of a model stay whole.  What an
agent changes in its row changes the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.rules.names import Kind, Mission, Posture, Principal, Rung
from sim.rules.tables import Unit
from sim.run.explanation import OPTION_NAMES, Explanation, explain
from sim.run.orders import TakesOrders

if TYPE_CHECKING:
    from sim.run.model import EscalationModel


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


class Seen(UnitAgent):
    """A unit that the coalition looks for, and may mistake."""

    @property
    def inside(self) -> bool:
        """Inside the deconfliction zone."""
        return bool(self.unit.inside)

    @property
    def tracked(self) -> bool:
        """The coalition knows where it is."""
        return bool(self.unit.tracked)

    @property
    def believed(self) -> Principal:
        """Whose unit the coalition takes it for."""
        return Principal(self.unit.believed)


class Sent(UnitAgent):
    """A unit that is sent against, over or after another one."""

    @property
    def target(self) -> UnitAgent | None:
        """The unit it was sent for, None where there is none."""
        row = int(self.unit.target)
        return self.model.unit_agents[row] if row >= 0 else None


class Fights(UnitAgent):
    """A unit that fights on the ground, man against man."""

    @property
    def fighters(self) -> int:
        """Fighters it has left."""
        return int(self.unit.fighters)

    @property
    def enemy(self) -> UnitAgent | None:
        """The unit it is in a fight with, None out of one."""
        row = int(self.unit.enemy)
        return self.model.unit_agents[row] if row >= 0 else None


class GroundUnit(TakesOrders, Fights, Seen):
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


class Visitor(Seen, Sent):
    """A unit that comes and goes of its own accord: patrols, raids, jets, drones, civilians."""

    def _meet_the_ring(self) -> None:
        self.unit.inside = self.distance_km < self.model.params.roe.zone_radius_km


class Garrison(UnitAgent):
    """The garrison at al Tanf: advisers, trainees, ground sensors; a large ISIS raid may take it."""

    @property
    def fighters(self) -> int:
        """Its defenders that are left."""
        return int(self.unit.fighters)

    @property
    def lost(self) -> bool:
        """It has been overrun."""
        return bool(self.model.state.garrison_lost)


class StrikeFlight(Sent):
    """A pair of coalition fighters: patrol, show of force, warning shots, bombs, shots at drones and aircraft."""


class SurveillanceOrbit(UnitAgent):
    """A persistent sensor over the garrison."""


class PartnerPatrol(Fights, Visitor):
    """Fighters of the coalition's partner or of another group of the opposition, on patrol or on a raid.

    `principal` tells which; patrols of the partner report contact and call for help.
    """

    @property
    def advised(self) -> bool:
        """Coalition personnel are with it: whoever fires at it fires at the coalition."""
        return bool(self.unit.advised)


class RegimeColumn(GroundUnit):
    """Regular forces with tanks, artillery and anti-aircraft weapons; splits under pressure."""


class MilitiaConvoy(GroundUnit):
    """Iran-backed militia, mostly technicals; splits under pressure."""


class HezbollahTeam(GroundUnit):
    """A small, capable team; may be sent to retaliate with rockets."""


class RussianFlight(Visitor):
    """A Russian pair: flies over columns, bombs those who fight them, looks into the zone's airspace."""


class RegimeFlight(Visitor):
    """A Syrian pair: bombs partner and opposition outside the zone, looks into its airspace."""


class ProRegimeDrone(Visitor):
    """A drone of Hezbollah or the regime: follows patrols, and may drop weapons on one."""

    @property
    def weapons(self) -> int:
        """Weapons it still carries."""
        return int(self.unit.weapons)

    @property
    def released(self) -> int:
        """Weapons it has dropped on this sortie."""
        return int(self.unit.released)

    @property
    def seems_to_attack(self) -> bool:
        """The coalition takes it for one that attacks, rightly or wrongly."""
        return bool(self.unit.seems_to_attack)


class IsisRaid(Fights, Visitor):
    """An ISIS raiding party: comes out of the desert, with a car bomb, at garrison, patrols or militia."""


class CivilTraffic(Visitor):
    """Civilians between Zaza and Rukban; they decide nothing and may be taken for somebody else."""


CLASSES: dict[Kind, type[UnitAgent]] = {
    Kind.GARRISON: Garrison,
    Kind.STRIKE_FLIGHT: StrikeFlight,
    Kind.SURVEILLANCE_ORBIT: SurveillanceOrbit,
    Kind.PARTNER_PATROL: PartnerPatrol,
    Kind.REGIME_COLUMN: RegimeColumn,
    Kind.MILITIA_CONVOY: MilitiaConvoy,
    Kind.HEZBOLLAH_TEAM: HezbollahTeam,
    Kind.RUSSIAN_FLIGHT: RussianFlight,
    Kind.REGIME_FLIGHT: RegimeFlight,
    Kind.PRO_REGIME_DRONE: ProRegimeDrone,
    Kind.ISIS_RAID: IsisRaid,
    Kind.CIVIL_TRAFFIC: CivilTraffic,
}
