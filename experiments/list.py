"""tanf list: what there is to choose from.

tanf list parameters
tanf list experiments
"""

from __future__ import annotations

import sys

from sim.config import listing
from sim.config.check import nearest, shown
from sim.errors import BadInput


def _outcomes() -> list[str]:
    from sim.run.columns import COLUMNS
    from sim.view.meanings import meaning

    return listing.aligned((column, kind.__name__, meaning(column)) for column, kind in COLUMNS.items())


SUBJECTS = {
    "scenarios": lambda: listing.presets("scenario"),
    "roe": lambda: listing.presets("roe"),
    "theories": lambda: listing.presets("theory"),
    "escalation": lambda: listing.presets("escalation"),
    "experiments": listing.experiments,
    "parameters": listing.parameters,
    "outcomes": _outcomes,
}


def main(arguments: list[str]) -> int:
    """Print one list; without a subject, print the subjects.  Raises BadInput for an unknown one."""
    if not arguments:
        print("\n".join(f"tanf list {subject}" for subject in SUBJECTS))
        return 0
    subject, *more = arguments
    if subject not in SUBJECTS or more:
        wrong = shown(" ".join(more) if subject in SUBJECTS else subject)
        close = nearest(subject, SUBJECTS)
        hint = f"did you mean {close}? " if close and not more else ""
        raise BadInput(f"`tanf list` has no {wrong}; {hint}it lists one of {', '.join(SUBJECTS)}")
    print("\n".join(SUBJECTS[subject]()))
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["list", *sys.argv[1:]]))
