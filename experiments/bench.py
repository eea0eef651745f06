"""tanf bench: measure how fast the simulation is on this machine.

tanf bench
tanf bench scenario=quiet out=speed.json
"""

from __future__ import annotations

import shlex
import sys


def main(overrides: list[str]) -> int:
    """Measure and print (about three minutes); `out=NAME.json` keeps it, and a page beside it."""
    from sim.config.compose import compose
    from sim.results.storage import writable
    from sim.study import bench, performance

    out = compose(*overrides).out
    file = writable(out, ".json") if out else None
    command, machine = shlex.join(["tanf", "bench", *overrides]), performance.machine()
    found = bench.measure([override for override in overrides if not override.startswith("out=")])
    print("\n".join(performance.lines(found)))
    if file:
        kept = {"command": command, "rounds": bench.ROUNDS, "machine": machine, "measured": found}
        performance.keep(file, kept)
        print(f"written: {file}, {file.with_suffix('.md')}")
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["bench", *sys.argv[1:]]))
