"""What a scripted ground unit may look at and be told to do: `decide()` is a few lines of these.

A subclass of a kind of ground unit that defines `decide()` is scripted: it is asked before every step while
it is out, and answers signals as it is told, not by chance (docs/scripted_agents.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import BadInput
from sim.rules.names import Act, Mission, Order, Posture, Principal, Rung

if TYPE_CHECKING:
    from sim.run.agents import UnitAgent as Base
else:
    Base = object


class TakesOrders(Base):
    """Orders to a ground unit, and what it may want to know before it gives one."""

    def decide(self) -> None:
        """Called before every step while the unit is out.  Give at most one order; the last one counts."""

    @property
    def scripted(self) -> bool:
        """Its class defines `decide()`."""
        return type(self).decide is not TakesOrders.decide

    # ------------------------------------------------------------ what it knows
    @property
    def signal(self) -> Rung:
        """What the coalition signalled since the last step and wants an answer: NONE, or how far up its ladder."""
        return Rung(self.unit.signal)

    @property
    def to_zone_km(self) -> float:
        """Distance to the edge of the deconfliction zone; negative inside."""
        return self.distance_km - float(self.model.params.roe.zone_radius_km)

    @property
    def may_enter(self) -> bool:
        """It could be inside the zone after the next step: it is advancing, outside, and near enough."""
        reach = float(self.unit.speed_km_h * self.model.params.step_min) / 60.0
        advancing = self.posture in (Posture.MOVING, Posture.HALTED, Posture.MASSING)
        return advancing and not self.unit.inside and self.to_zone_km <= reach

    def strikes(self, *principals: Principal) -> list[int]:
        """Numbers of the ground strikes so far on units of these principals; of its own one if none is named."""
        whose = [int(principal) for principal in principals or (self.principal,)]
        units = self.model.cfg.state.units
        struck = self.model.numbers_of(Act.STRIKE).tolist()
        targets = self.model.events["target"][struck].tolist() if struck else []
        return [number for number, row in zip(struck, targets, strict=True) if int(units[row].principal) in whose]

    # ------------------------------------------------------------ what it may be told
    def withdraw(self, because: int | None = None) -> None:
        """Go back by the road it came.  `because` is the number of the event that is the reason, for the log."""
        if self.posture != Posture.WITHDRAWING:
            self._order(Order.WITHDRAW, because)

    def halt(self, because: int | None = None) -> None:
        """Stop where it is, and stand as long as any unit that stops does (`command.hold_days`) or until told."""
        if self.posture != Posture.HELD or self.signal > Rung.LINE_CALL:
            self._order(Order.HALT, because)

    def go_on(self, because: int | None = None) -> None:
        """Take no notice of a signal; a unit that stands or withdraws makes for its goal again.

        Without effect where it stands at its goal, and on work on the bypass, which is not taken up again.
        """
        stopped = self.posture in (Posture.HELD, Posture.WITHDRAWING)
        there = self.posture == Posture.HELD and self.distance_km <= float(self.unit.goal_km) + 1e-6
        if stopped and (there or self.mission == Mission.BYPASS):
            return
        if stopped or self.signal != Rung.NONE:
            self._order(Order.GO_ON, because)

    def answer_by_chance(self) -> None:
        """Leave the answer to a signal to the model, as if the unit were not scripted."""
        self.unit.order = Order.BY_CHANCE

    # ------------------------------------------------------------ how it is asked
    def ask(self) -> None:
        """Let it decide; a signal that it gives no order about is passed over."""
        unit = self.unit
        unit.order = Order.NONE
        self.decide()
        if int(unit.order) != Order.NONE or int(unit.signal) == Rung.NONE:
            return
        if self.posture == Posture.WITHDRAWING or (self.posture == Posture.HELD and self.signal == Rung.LINE_CALL):
            unit.signal, unit.mediated = 0, False  # it has done what a call can ask
        elif self.posture == Posture.HELD:
            self._order(Order.HALT, None)
        else:
            self._order(Order.GO_ON, None)

    def _order(self, order: Order, because: int | None) -> None:
        unit, so_far = self.unit, int(self.model.state.n_events)
        if because is not None and not 0 <= because < so_far:
            raise BadInput(f"because = {because}: the number of an event so far is wanted, from 0 to {so_far - 1}.")
        if because is not None:
            unit.signal_event = int(because)
        elif int(unit.signal) == Rung.NONE:
            unit.signal_event = unit.explains
        unit.order = order
