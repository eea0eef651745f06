"""`-m`: the same command for each of a handful of named alternatives, one after the other.

tanf sweep -m experiment=zone_radius,warnings roe=baseline_2017,restrictive
"""

from __future__ import annotations

from collections.abc import Callable

from sim.config.compose import compose, expand, split
from sim.errors import BadInput


def each(overrides: list[str], command: Callable[[list[str]], int]) -> int:
    """Every combination of the alternatives, checked before the first is begun; returns the worst exit code.

    An `out` folder gets one folder for each alternative.
    """
    plain, alternatives = split(overrides)
    if not alternatives:
        raise BadInput(
            "-m wants alternatives, as in `tanf sweep -m roe=baseline_2017,restrictive`; leave it out without."
        )
    jobs = [_job(plain, chosen) for chosen in expand(alternatives)]
    for job in jobs:
        compose(*job)
    codes = []
    for job in jobs:
        print("#", " ".join(job), flush=True)
        codes.append(command(job))
    return max(codes)


def _job(plain: list[str], chosen: list[str]) -> list[str]:
    """The overrides of one alternative, in a folder of its own."""
    folder = "_".join(choice.replace("=", "-") for choice in chosen)
    own = [f"{override}/{folder}" if override.startswith("out=") and folder else override for override in plain]
    return [*own, *chosen]
