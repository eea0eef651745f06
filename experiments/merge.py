"""tanf merge: put the parts of several folders of one question into TARGET; the order does not matter.

tanf merge results/whole results/shard-1 results/shard-2 results/shard-3
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import words
from experiments.sweep import draw


def main(arguments: list[str]) -> int:
    """Merge; returns the exit code."""
    from sim.study import keeping

    target, *sources = map(Path, words("merge", arguments, "TARGET", "SOURCE..."))
    return keeping.merge(target, sources, draw)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["merge", *sys.argv[1:]]))
