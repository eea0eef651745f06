"""tanf export: a results folder as CSV or Parquet tables, with a dictionary of every column.

tanf export results/zone_radius-1a2b3c4d5e
tanf export results/zone_radius-1a2b3c4d5e format=parquet out=for_r
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import settings, words
from sim.errors import BadInput


def main(arguments: list[str]) -> int:
    """Write the tables; returns the exit code."""
    from sim import results
    from sim.study.exported import export
    from sim.view.meanings import meaning

    plain, given = settings(arguments)
    [folder] = words("export", plain, "DIR")
    asked = dict(word.split("=", 1) for word in given)
    unknown = sorted(asked.keys() - {"out", "format"})
    if unknown:
        raise BadInput(f"`tanf export` takes out=FOLDER and format=csv or format=parquet, and no {unknown[0]}")
    out = Path(asked.get("out") or f"{folder.rstrip('/')}-export")
    written = export(results.open(folder), out, asked.get("format", "csv"), meaning)
    print(f"{out}: {', '.join(written)}")
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["export", *sys.argv[1:]]))
