"""Results of a study: a folder that is written whole, read back verified, and never mixed.

    results = sim.results.open("results/zone_radius-1a2b3c4d5e")
    results.outcomes["strike_ground"].mean()

manifest.json        what was asked, which parts are there, their hashes (the same on every machine)
run_info.json        when, where and with which versions it was computed, every session
design.parquet       one row a point: its number, its place on each axis, the settings that vary
runs/part-S-K-HASH.parquet  one row a run: point, replication, status and the outcomes; part K of segment S
failures.jsonl       the runs that failed, if any
summary.csv .parquet one row for each point and outcome: estimate and interval
figures/             pictures, and their hashes in sums.json

Part K holds a block of replications of all points of its segment, so further replications add parts, further
points open a segment, the shares of several machines are parts that somebody else computes, and to go on, to
extend and to merge are one thing: a union of parts.

Names are loaded when first used: a command that only names a folder need not load the library of tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.reading import Results, open

__all__ = ["Results", "open"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'sim.results' has no attribute {name!r}")
    from sim.results import reading

    return getattr(reading, name)
