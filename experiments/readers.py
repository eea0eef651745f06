"""Which settings only some commands read: the others refuse them, and do not show them in their help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.errors import BadInput

READ_BY = {  # a setting, or a group of them
    "incidents": ("verify",),
    "margin": ("compare",),
    "twin": ("compare",),
    "outcome": ("compare", "sensitivity", "discover", "rare", "attribute"),
    "method": ("sensitivity", "discover", "plan"),
    "bound": ("discover",),
    "count": ("rare",),
    "rare": ("rare",),
    "attribute": ("attribute",),
    "executor": ("sweep", "compare", "rare", "sensitivity", "attribute"),
    "dask": ("sweep", "compare", "rare", "sensitivity", "attribute"),
    "interval": ("sweep",),
    "simultaneous": ("sweep",),
    "draws": ("calibrate",),
    "parameters": ("sweep", "plan"),
    "posterior_draws": ("sweep", "plan"),
}


def reads(verb: str, key: str) -> bool:
    """Whether a command reads a setting."""
    readers = _readers(key)
    return not readers or verb in readers


def refuse_unread(verb: str, overrides: Iterable[str]) -> None:
    """Raise `BadInput` for a setting that this command would not read."""
    for override in overrides:
        key = override.partition("=")[0].removeprefix("+")
        if not reads(verb, key):
            named = " and ".join(f"`tanf {reader}`" for reader in _readers(key))
            raise BadInput(f"{key} is read by {named} only, not by `tanf {verb}`; leave it out")


def _readers(key: str) -> Sequence[str]:
    return READ_BY.get(key) or READ_BY.get(key.partition(".")[0], ())
