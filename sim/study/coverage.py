"""What each shipped scenario shows: units, acts, happenings and what was reported; and what none shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.config.parameters import Parameters
from sim.muster import mustered
from sim.rules.names import Act, Kind
from sim.rules.outcome import Happening
from sim.study.estimate import clopper_pearson, upper_bound
from sim.study.markdown import table
from sim.study.reported import SENTENCES, counted

BASELINE = "may_june_2017"
REPORTED = (
    "Sentences of the accounts of the third strike, 8 June 2017, and of the weeks before it. A history shows one\n"
    "when it has what stands beside it; per cent of histories, in the baseline and in the scenario that shows it most."
)


@dataclass(frozen=True)
class Coverage:
    """Units, acts, happenings and reported things; each tuple is in the order of the scenarios."""

    histories: dict[str, int]  # by scenario
    days: dict[str, float]  # length of a history
    units: dict[str, tuple[int, ...]]  # of each kind in a history
    acts: dict[str, tuple[int, ...]]  # how often in all histories
    happenings: dict[str, tuple[int, ...]]  # in how many histories
    reported: dict[tuple[str, str], tuple[int, ...]]  # in how many histories, by what is told and what shows it


def nowhere(found: Mapping[Any, tuple[int, ...]]) -> list[Any]:
    """What occurs in no scenario."""
    return [name for name, counts in found.items() if not any(counts)]


def cover(rows: Mapping[str, np.ndarray], configs: Mapping[str, Parameters]) -> Coverage:
    """Count what occurs in each scenario; `rows` are its outcomes, one a run."""
    acts, happenings = [[member.name.lower() for member in names] for names in (Act, Happening)]
    units = [mustered(configs[name]) for name in rows]
    told = [counted(each) for each in rows.values()]
    return Coverage(
        {name: len(each) for name, each in rows.items()},
        {name: configs[name].scenario.horizon_days for name in rows},
        {kind.name.lower(): tuple(each[kind] for each in units) for kind in Kind},
        {act: tuple(int(each[f"acts_{act}"].sum()) for each in rows.values()) for act in acts},
        {name: tuple(int(each[name].sum()) for each in rows.values()) for name in happenings},
        {one: tuple(each[one] for each in told) for one in told[0]},
    )


def page(coverage: Coverage, command: str) -> str:
    """Everything by scenario as Markdown, what occurs in none first."""
    names = list(coverage.histories)
    units = [[kind, *(str(count) for count in counts)] for kind, counts in coverage.units.items()]
    acts = [[act, *(f"{count:,}" if count else "-" for count in counts)] for act, counts in coverage.acts.items()]
    happenings = [[name, *_shares(coverage, counts)] for name, counts in coverage.happenings.items()]
    parts = [
        "# What each scenario shows",
        f"```sh\n{command}\n```",
        f"wrote this page. Histories: {_histories(coverage)}.",
        "\n".join(f"* {what} that occur in no scenario: {_listed(nowhere(counts))}" for what, counts in _all(coverage)),
        f"## What was reported, and what shows it\n\n{REPORTED}\n\n{_reported(coverage)}",
        f"## Units of each kind in a history\n\n{table(('kind', *names), units, numbers=1)}",
        f"## How often each act occurs, in all histories\n\n{table(('act', *names), acts, numbers=1)}",
        f"## Per cent of histories with at least one\n\n{table(('happening', *names), happenings, numbers=1)}",
        _caption(min(coverage.histories.values())),
    ]
    return "\n\n".join(parts) + "\n"


def _all(coverage: Coverage) -> list[tuple[str, Mapping[Any, tuple[int, ...]]]]:
    shown = {how: counts for (_, how), counts in coverage.reported.items()}
    return [
        ("Kinds", coverage.units),
        ("Acts", coverage.acts),
        ("Happenings", coverage.happenings),
        ("Reported things", shown),
    ]


def _reported(coverage: Coverage) -> str:
    """Each reported sentence, what shows it, and the scenario in which most histories do."""
    rows, names, shown = [], list(coverage.histories), {each.told: each.shown for each in SENTENCES}
    for (told, how), counts in coverage.reported.items():
        shares = dict(zip(names, _shares(coverage, counts), strict=True))
        most = max(names, key=lambda name: float(shares[name].replace("-", "0")))
        first = how == next(iter(shown[told]))
        rows.append([told if first else "", how, shares.get(BASELINE, "-"), most, shares[most]])
    return table(("told", "shown by", f"% of {BASELINE}", "most often in", "% there"), rows)


def _histories(coverage: Coverage) -> str:
    """How many histories of each scenario, and how long: "quiet 2,000 (28 d), ..."."""
    return ", ".join(f"{name} {n:,} ({coverage.days[name]:g} d)" for name, n in coverage.histories.items())


def _shares(coverage: Coverage, counts: tuple[int, ...]) -> list[str]:
    pairs = zip(counts, coverage.histories.values(), strict=True)
    return [f"{100 * count / n:.3g}" if count else "-" for count, n in pairs]


def _caption(histories: int) -> str:
    """How uncertain a share is at most, and what a dash means."""
    low, high = clopper_pearson(np.asarray(histories // 2), np.asarray(histories))
    half, most = 50 * float(high - low), 100 * upper_bound(histories)
    uncertain = f"A share of {histories:,} histories is uncertain by up to {half:.2g} points either way (95 %)"
    return f"{uncertain}; - stands for none, which is at most {most:.2g} % (one-sided 95 %)."


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" if name.isidentifier() else name for name in names) or "none"


def rows_of(coverage: Coverage) -> list[dict[str, Any]]:
    """One dict for each kind (units), act (how often), happening and reported thing (in how many histories)."""
    shown = {f"{told}: {how}": counts for (told, how), counts in coverage.reported.items()}
    kinds = {"unit": coverage.units, "act": coverage.acts, "happening": coverage.happenings, "reported": shown}
    histories = {"kind": "histories", "name": "", **coverage.histories}
    return [histories] + [
        {"kind": kind, "name": name, **dict(zip(coverage.histories, counts, strict=True))}
        for kind, counted in kinds.items()
        for name, counts in counted.items()
    ]
