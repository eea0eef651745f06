"""tanf bench: measure how fast the simulation is on this machine.

tanf bench
tanf bench scenario=quiet out=bench.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(overrides: list[str]) -> int:
    """Measure and print (about three minutes); writes nothing but the JSON file `out`, if one is named."""
    from sim.results.storage import atomic_write
    from sim.study import bench
    from sim.study.progress import console

    chosen = [override for override in overrides if not override.startswith("out=")]
    out = [override.removeprefix("out=") for override in overrides if override.startswith("out=")]
    found = bench.measure(chosen, tell=console().print)
    print("\n".join(bench.lines(found)))
    if out:
        atomic_write(Path(out[0]), json.dumps(found, indent=1).encode() + b"\n")
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["bench", *sys.argv[1:]]))
