"""What each shipped scenario shows: how often each act, how likely each happening, and what none shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.rules.names import Act
from sim.rules.outcome import Happening
from sim.study.estimate import clopper_pearson, upper_bound
from sim.study.markdown import table


@dataclass(frozen=True)
class Coverage:
    """Acts and happenings by scenario."""

    histories: dict[str, int]  # by scenario
    days: dict[str, float]  # length of a history
    acts: dict[str, tuple[int, ...]]  # how often in all histories, in the order of the scenarios
    happenings: dict[str, tuple[int, ...]]  # in how many histories

    @property
    def acts_nowhere(self) -> list[str]:
        """Acts that occur in no scenario."""
        return [name for name, counts in self.acts.items() if not any(counts)]

    @property
    def happenings_nowhere(self) -> list[str]:
        """Happenings that occur in no scenario."""
        return [name for name, counts in self.happenings.items() if not any(counts)]


def cover(rows: Mapping[str, np.ndarray], days: Mapping[str, float]) -> Coverage:
    """Count acts and happenings in the outcomes of each scenario, one row a run; `days` are the runs' lengths."""
    acts, happenings = [[member.name.lower() for member in names] for names in (Act, Happening)]
    return Coverage(
        {name: len(each) for name, each in rows.items()},
        {name: days[name] for name in rows},
        {act: tuple(int(each[f"acts_{act}"].sum()) for each in rows.values()) for act in acts},
        {name: tuple(int(each[name].sum()) for each in rows.values()) for name in happenings},
    )


def page(coverage: Coverage, command: str) -> str:
    """Acts and happenings by scenario as Markdown, those that occur in none first."""
    names = list(coverage.histories)
    acts = [[act, *(f"{count:,}" if count else "-" for count in counts)] for act, counts in coverage.acts.items()]
    happenings = [[name, *_shares(coverage, counts)] for name, counts in coverage.happenings.items()]
    parts = [
        "# What each scenario shows",
        f"```sh\n{command}\n```",
        f"wrote this page. Histories: {_histories(coverage)}.",
        f"* Acts that occur in no scenario: {_listed(coverage.acts_nowhere)}\n"
        f"* Happenings that occur in no scenario: {_listed(coverage.happenings_nowhere)}",
        f"## How often each act occurs, in all histories\n\n{table(('act', *names), acts, numbers=1)}",
        f"## Per cent of histories with at least one\n\n{table(('happening', *names), happenings, numbers=1)}",
        _caption(min(coverage.histories.values())),
    ]
    return "\n\n".join(parts) + "\n"


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
    return ", ".join(f"`{name}`" for name in names) or "none"


def rows_of(coverage: Coverage) -> list[dict[str, Any]]:
    """One dict for each act (how often) and each happening (in how many histories), by scenario."""
    kinds = {"act": coverage.acts, "happening": coverage.happenings}
    histories = {"kind": "histories", "name": "", **coverage.histories}
    return [histories] + [
        {"kind": kind, "name": name, **dict(zip(coverage.histories, counts, strict=True))}
        for kind, counted in kinds.items()
        for name, counts in counted.items()
    ]
