"""tanf plan: what a sweep will cost and what it can show; takes what `tanf sweep` takes, and writes nothing.

tanf plan experiment=zone_radius replications=2000
"""

from __future__ import annotations

import sys


def main(overrides: list[str]) -> int:
    """Plan and print; returns the exit code."""
    from sim.study import plan, plan_page

    sys.stdout.write(plan_page.render(plan.plan(overrides)))
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["plan", *sys.argv[1:]]))
