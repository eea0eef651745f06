"""tanf doctor: is the ladder of these rules of engagement sound, and is this machine ready?

tanf doctor
tanf doctor roe=restrictive roe.promises_warning=true
"""

from __future__ import annotations

import sys

FAULTY = 2  # exit code: the configuration is to be changed


def main(overrides: list[str]) -> int:
    """Print what was found; returns 0 where all is well, 2 where the ladder has a fault (told on standard output)."""
    from sim.config.compose import compose
    from sim.study import ladder_report, situations, surroundings
    from sim.study.ladder_faults import faults

    config = compose(*overrides)
    looked_at = len(list(situations.situations(config)))
    found = faults(config)
    state = f"{len(found)} to mend" if found else "sound"
    asked = "".join(f" {one}" for one in overrides if not one.startswith(("roe=", "scenario=")))
    print(f"Ladder of roe={config.roe.name}{asked} in {config.scenario.name}: {state} ({looked_at:,} situations)")
    print("\n".join(ladder_report.lines(config, found)))
    print("\nThis machine:")
    for check in surroundings.checks():
        print(f"  {check.what:12} {check.found}" + (f"  <- {check.advice}" if check.advice else ""))
    return FAULTY if found else 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["doctor", *sys.argv[1:]]))
