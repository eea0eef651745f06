"""What the ladder checker found, as lines of text."""

from __future__ import annotations

from sim.config.parameters import Parameters
from sim.rules.names import Rung
from sim.study import ladder, situations
from sim.study.ladder_faults import Fault

NOT_LOOKED_AT = (
    "Not looked at: a fallen garrison, past which units go on to the crossing; friends and strangers who are mistaken\n"
    "for pro-government units.  What is taken for ISIS inside is struck without warning, and a line call counts as a\n"
    "warning though it may not get through."
)


def lines(config: Parameters, found: list[Fault]) -> list[str]:
    """Faults with their witnesses, the shortest way to force, and what was not looked at."""
    told = [line for number, fault in enumerate(found, 1) for line in of_fault(number, fault)]
    if not situations.somebody_is_sent(config):
        told.append("No pro-government unit is sent in this scenario, so the ladder is not put to use.")
    shortest = ladder.shortest(config, Rung.STRIKE)
    if shortest:
        told += ["", "The shortest way to force on intent:", *(f"  {line}" for line in ladder.told(config, shortest))]
    return [*told, NOT_LOOKED_AT]


def of_fault(number: int, fault: Fault) -> list[str]:
    """A fault, its shortest witness and the settings to look at."""
    seen = [f"     {line}" for line in fault.witness]
    head = f"{number}. {fault.kind}: {fault.sentence}"
    return ["", head, "   to be seen so:", *seen, f"   look at {', '.join(fault.change)}"]
