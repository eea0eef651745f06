"""The run behind a page: an `EscalationModel` that is stepped, begun again and asked why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.errors import BadInput
from sim.rules.names import Principal
from sim.run.film import tension_of
from sim.run.model import EscalationModel
from sim.scenario import build
from sim.view.live import levers, picture

POINTS = 400  # of the lines over time, at most
MOST_H_AT_ONCE = 24.0 * 14  # that one request may ask for
AGAINST = (Principal.REGIME, Principal.MILITIA, Principal.HEZBOLLAH, Principal.RUSSIA)  # with the coalition, a dyad


class Standoff:
    """One run and what is shown of it.  `asked` are the overrides of the command."""

    def __init__(self, asked: Sequence[str] = ()) -> None:
        self.asked = tuple(asked)
        self.chosen: dict[str, Any] = {}
        self.complaint = ""
        self.begun = 0  # runs
        self.selected: int | None = None
        self._begin(self.chosen)

    def _begin(self, chosen: dict[str, Any]) -> None:
        config = levers.composed(self.asked, chosen)
        model = EscalationModel(build(config), rng=config.seed, collect="none")
        self.config, self.model, self.chosen = config, model, chosen
        self.menu = levers.menu(config, self.asked, chosen)
        self.selected = None
        self.begun += 1
        minutes = config.scenario.horizon_days * 1440.0
        self._every_min = max(60.0, minutes / POINTS)
        self.tensions = [self._tensions()]

    def reset(self) -> None:
        """The same run from its beginning."""
        self._begin(self.chosen)

    def choose(self, key: str, value: Any) -> None:
        """Set a preset, a lever or the seed and begin again; what cannot be set changes nothing but `complaint`."""
        try:
            self._begin({**levers.without(self.chosen, key), key: value})
            self.complaint = ""
        except BadInput as error:
            self.complaint = str(error)

    @property
    def over(self) -> bool:
        """The horizon has been reached."""
        return self.model.tick >= self.model.cfg.steps

    def advance(self, hours: float) -> None:
        """Go on for so many hours of the run, at least a step, at most two weeks."""
        until = float(self.model.state.now_min) + 60.0 * min(max(float(hours), 0.0), MOST_H_AT_ONCE)
        self._step()
        while not self.over and float(self.model.state.now_min) < until - 1e-6:
            self._step()

    def _step(self) -> None:
        if self.over:
            return
        self.model.step()
        if self.over or float(self.model.state.now_min) >= self.tensions[-1][0] + self._every_min - 1e-6:
            self.tensions.append(self._tensions())

    def _tensions(self) -> list[float]:
        """Minute, then the tension of each dyad."""
        tension = tension_of(self.model)
        return [float(self.model.state.now_min), *(round(float(tension[p]), 4) for p in AGAINST)]

    def select(self, row: Any) -> None:
        """Look at a unit by its row, at nobody with None; a row that there is not changes nothing."""
        known = isinstance(row, int) and not isinstance(row, bool) and 0 <= row < len(self.model.unit_agents)
        if row is None or known:
            self.selected = row

    def frame(self) -> dict[str, Any]:
        """Everything that changes from step to step, as JSON."""
        return {
            "clock": picture.clock_of(self.model, self.over),
            "units": picture.units(self.model),
            "marks": picture.marks(self.model),
            "ladder": picture.ladder(self.model, AGAINST),
            "tension": [*self.tensions, self._tensions()],
            "feed": picture.feed(self.model),
            "why": None if self.selected is None else picture.why(self.model, self.selected),
        }

    def ground(self) -> dict[str, Any]:
        """Everything on the map that stays as long as no setting changes, as JSON."""
        return picture.ground(self.model.cfg)

    def identity(self) -> str:
        """Which run this is, in words."""
        config = self.config
        names = f"scenario {config.scenario.name}, ROE {config.roe.name}, theory {config.theory.name}"
        return f"{names}, {config.scenario.horizon_days:g} days from {config.scenario.start_date}; seed {config.seed}"
