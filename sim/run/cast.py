"""Which class each unit of a model has: the kinds' own, or what a researcher puts in their place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from sim.errors import BadInput
from sim.rules.names import Kind
from sim.run.agents import CLASSES, GroundUnit, UnitAgent
from sim.scenario import Scenario

Agents = Iterable[type[UnitAgent]] | Mapping[str, type[UnitAgent]]


def cast(scenario: Scenario, agents: Agents = ()) -> list[type[UnitAgent]]:
    """A class for each row.

    `agents` are subclasses of the kinds' classes: a list puts each in the place of its kind, a mapping of
    names of units only in these places.  Raises `BadInput` for anything else.
    """
    units = scenario.state.units[: scenario.state.n_units]
    classes = [CLASSES[Kind(unit.kind)] for unit in units]
    if isinstance(agents, str) or not isinstance(agents, Iterable):
        raise BadInput(f"agents = {agents!r}: a list of classes is wanted, or a mapping of names of units to classes.")
    if isinstance(agents, Mapping):
        for name, given in agents.items():
            row = row_of(scenario, name)
            check(given, (classes[row],), name)
            classes[row] = given
        return classes
    taken: dict[type[UnitAgent], type[UnitAgent]] = {}
    for given in agents:
        own = check(given, tuple(CLASSES.values()), "agents")
        if own in taken:
            raise BadInput(f"agents: {taken[own].__name__} and {given.__name__} both stand for {own.__name__}.")
        taken[own] = given
    return [taken.get(own, own) for own in classes]


def check(given: type[UnitAgent], kinds: tuple[type[UnitAgent], ...], where: str) -> type[UnitAgent]:
    """The kind that a class stands for; `BadInput` if it stands for none, or is to decide where no orders are taken."""
    own = next((kind for kind in kinds if isinstance(given, type) and issubclass(given, kind)), None)
    name = getattr(given, "__name__", repr(given))
    if own is None:
        wanted = " or ".join(kind.__name__ for kind in kinds if len(kinds) == 1 or issubclass(kind, GroundUnit))
        raise BadInput(f"{where}: {name} is no subclass of {wanted}.")
    if hasattr(given, "decide") and not issubclass(given, GroundUnit):
        raise BadInput(f"{where}: {name} defines decide(), but only units on the ground take orders.")
    return own


def row_of(scenario: Scenario, name: str) -> int:
    """The row of a unit by its name; `BadInput` names the nearest one there is."""
    if name in scenario.names:
        return scenario.names.index(name)
    near = difflib.get_close_matches(str(name), scenario.names, 1, 0.0)
    raise BadInput(f"agents: no unit is called {name!r}; the nearest name is {near[0]!r}.")
