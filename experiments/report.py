"""tanf report: a results folder as one page to read and to send: answer, figures, two runs, method, limits.

tanf report results/zone_radius-1a2b3c4d5e
tanf report results/comparison-1a2b3c4d5e margin=0.05 out=comparison.html
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import settings, words


def main(arguments: list[str]) -> int:
    """Make the page; returns the exit code."""
    from sim.view.report.making import report

    plain, given = settings(arguments)
    [folder] = words("report", plain, "DIR")
    out = [word.removeprefix("out=") for word in given if word.startswith("out=")]
    others = [word for word in given if not word.startswith("out=")]
    print(report(Path(folder), others, Path(out[-1]) if out else None))
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["report", *sys.argv[1:]]))
