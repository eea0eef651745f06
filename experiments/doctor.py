"""tanf doctor: is the ladder of these rules of engagement sound, and is this machine ready?

tanf doctor
tanf doctor roe=restrictive roe.promises_warning=true
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.ladder_faults import Fault

FAULTY = 2  # exit code: the configuration is to be changed
NOT_LOOKED_AT = (
    "Not looked at: a fallen garrison, past which units go on to the crossing; friends and strangers who are mistaken\n"
    "for pro-government units.  What is taken for ISIS inside is struck without warning, and a line call counts as a\n"
    "warning though it may not get through."
)


def main(overrides: list[str]) -> int:
    """Print what was found; returns 0 where all is well, 2 where the ladder has a fault (told on standard output)."""
    from sim.config.compose import compose
    from sim.rules.names import Rung
    from sim.study import ladder, ladder_faults, situations, surroundings

    config = compose(*overrides)
    looked_at = len(list(situations.situations(config)))
    found = ladder_faults.faults(config)
    state = f"{len(found)} to mend" if found else "sound"
    asked = "".join(f" {one}" for one in overrides if not one.startswith(("roe=", "scenario=")))
    print(f"Ladder of roe={config.roe.name}{asked} in {config.scenario.name}: {state} ({looked_at:,} situations)")
    for line in (line for number, fault in enumerate(found, 1) for line in told(number, fault)):
        print(line)
    if not situations.somebody_is_sent(config):
        print("No pro-government unit is sent in this scenario, so the ladder is not put to use.")
    shortest = ladder.shortest(config, Rung.STRIKE)
    if shortest:
        print("\nThe shortest way to force on intent:")
        print("\n".join(f"  {line}" for line in ladder.told(config, shortest)))
    print(NOT_LOOKED_AT)
    print("\nThis machine:")
    for check in surroundings.checks():
        print(f"  {check.what:12} {check.found}" + (f"  <- {check.advice}" if check.advice else ""))
    return FAULTY if found else 0


def told(number: int, fault: Fault) -> list[str]:
    """A fault, its shortest witness and what would mend it."""
    seen = [f"     {line}" for line in fault.witness]
    head = f"{number}. {fault.kind}: {fault.sentence}"
    return ["", head, "   to be seen so:", *seen, f"   look at {', '.join(fault.change)}"]


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["doctor", *sys.argv[1:]]))
