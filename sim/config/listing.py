"""Settings and presets as plain aligned text: what `tanf list` and `--help` print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sim.config.check import shown
from sim.config.places import groups, opening, options
from sim.config.settings import Declared, declared, figure


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows of cells as lines with straight columns; the last column may be as long as it likes."""
    rows = list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def parameters() -> list[str]:
    """Every setting: name, default, unit, range, source, meaning."""
    heading = ("name", "default", "unit", "range", "source", "meaning")
    return aligned([heading, *(cells(entry) for entry in declared().values())])


def cells(entry: Declared) -> tuple[str, ...]:
    """One setting as it is shown: name, default, unit, range, source, meaning; "-" where there is nothing to say."""
    reach = "" if entry.low is None or entry.high is None else f"{figure(entry.low)} to {figure(entry.high)}"
    reach = reach or " | ".join(entry.options)
    return entry.key, _default(entry), entry.unit or "-", reach or "-", entry.source or "-", entry.about


def _default(entry: Declared) -> str:
    if entry.default is None or isinstance(entry.default, bool):
        return shown(entry.default)
    if entry.default in ("", []):
        return "-"
    return f"{entry.default:.4g}" if isinstance(entry.default, float) else str(entry.default)


def presets(group: str) -> list[str]:
    """The presets of a group, each with the comment its file opens with."""
    return aligned((option, " ".join(opening(group, option))) for option in options(group))


def experiments() -> list[str]:
    """The experiments: the command that runs each, and what it asks."""
    told = (opening("experiment", option) for option in options("experiment"))
    return aligned((command, " ".join(about)) for command, *about in told)


def choices() -> list[str]:
    """The groups and the names each takes: "roe=  baseline_2017, permissive, ..."."""
    return aligned((f"{group}=", ", ".join(options(group))) for group in groups())


def run_settings(read: Callable[[str], bool] = lambda _: True) -> list[str]:
    """The settings that belong to no group: seed, replications, out, ...; those that are `read`."""
    own = [entry for entry in declared().values() if not entry.of_the_model and read(entry.key)]
    return aligned((f"{entry.key}=", f"{entry.about}: {entry.allowed} (default {_default(entry)})") for entry in own)
