"""What the commands on results folders share: their arguments, and how damage is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.errors import BadInput, DamagedResults

if TYPE_CHECKING:
    from sim.results.checking import Damage


def words(verb: str, arguments: Sequence[str], *wanted: str) -> list[str]:
    """The arguments, if they are as many as wanted; a last word that ends in "..." stands for one or more."""
    more = wanted[-1].endswith("...")
    if len(arguments) == len(wanted) or (more and len(arguments) > len(wanted)):
        return list(arguments)
    given = " ".join(arguments) or "nothing"
    raise BadInput(
        f"`tanf {verb}` takes {' '.join(wanted)}, not {given[:80]!r}; DIR is a folder that `tanf sweep` made"
    )


def settings(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The first argument, which may be a path with an equals sign in it, and the settings among the others."""
    first, others = list(arguments[:1]), arguments[1:]
    return first + [word for word in others if "=" not in word], [word for word in others if "=" in word]


def tell(folder: str, damages: Sequence[Damage], hint: str) -> int:
    """Name every damage on standard output; returns the exit code."""
    for damage in damages:
        print(f"{damage.file}: {damage.what}")
    if damages:
        files = "file is" if len(damages) == 1 else "files are"
        raise DamagedResults(f"{len(damages):,} {files} not as written in {folder}; {hint}")
    print(f"{folder}: every file is as it was written")
    return 0
