"""`make bench`: everything about speed in one go, into docs/performance.json and docs/performance.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from benchmarks import page
from benchmarks.measure import measured
from sim.results.storage import atomic_write
from sim.study import bench, performance


def main(out: Path) -> None:
    """Measure (about twelve minutes, on a machine that does nothing else) and write both files."""
    machine = performance.machine()
    kept = {
        "command": "make bench",
        "rounds": bench.ROUNDS,
        "machine": machine,
        "measured": bench.measure([]),
        "beside": measured(),
    }
    atomic_write(out, f"{json.dumps(kept, indent=1)}\n".encode())
    atomic_write(out.with_suffix(".md"), page.page(kept, out.name).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
