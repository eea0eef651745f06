"""An attribution as text: the links and what each was worth, the commonest ways, one run in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.config.settings import figure
from sim.rules.names import Act
from sim.run.causes import Chronicle
from sim.run.words import capital
from sim.study.attribution import Cut, Found, Link
from sim.study.estimate import Estimate
from sim.study.markdown import table
from sim.study.pathways import WORDS, chain_of

SHOWN_WAYS = 6
FEWEST = 5  # runs below which a share is not told
SCARCE = "-"
HEADINGS = ("decision", "in the chain of", "gone without it", "and none later", "gone without another")
CAVEAT = "One history and a coarse model: these are causes in the model, and its account of who decides what."


def render(found: Found) -> str:
    """The whole answer."""
    return "\n".join(lines(found)) + "\n"


def lines(found: Found) -> Iterator[str]:
    """The answer line by line."""
    yield from head(found)
    yield ""
    yield table(HEADINGS, [link_in_words(link) for link in found.links], 1)
    yield from caption()
    yield ""
    yield "The commonest ways (below each step: gone without it)"
    yield from _ways(found)
    yield ""
    yield from told_in_full(found)
    yield ""
    yield CAVEAT


def head(found: Found) -> Iterator[str]:
    """What was asked, how often it came about, and what was looked into."""
    days, seed = figure(found.design.base.scenario.horizon_days), found.design.points[0].seed
    yield f"{found.outcome} in {days} days: {percent(found.chance)} % of {found.chance.n:,} runs, seed {seed}"
    first = "all of them" if len(found.cases) == found.chance.events else f"the first {len(found.cases):,} of them"
    yield f"What it was due to when it first came, in {first}: each decision undone in turn, all luck as it was"


def caption() -> Iterator[str]:
    """What the columns mean."""
    yield "per cent of runs [95 % Clopper-Pearson]; of a kind of decision the last before the outcome is undone"
    yield "gone: the outcome does not come within 6 hours of when it came; none later: nor at any time until the end"
    yield (
        "another: one of the kind that is not in the chain of causes; where that is worth as much, the chain names "
        "one cause of several (anger adds up)"
    )


def link_in_words(link: Link) -> tuple[str, ...]:
    """A row of the table."""
    return link_name(link), f"{link.gone.n:,}", percent(link.gone), percent(link.never), percent(link.beside)


def link_name(link: Link) -> str:
    """The kind of a decision in words."""
    return "a unit leaves base" if link.act == Act.LAUNCH else WORDS.get(link.act, link.act.name.lower())


def percent(share: Estimate) -> str:
    """'98 [95, 99]'; of few runs nothing is told."""
    if share.n < FEWEST:
        return SCARCE
    if not share.events:
        return f"at most {100 * share.high:.2g}"
    return f"{100 * share.estimate:.0f} [{100 * share.low:.0f}, {100 * share.high:.0f}]"


def _ways(found: Found) -> Iterator[str]:
    for number, way in enumerate(found.ways[:SHOWN_WAYS], 1):
        yield f"{number:2}. {way.share.events:,} of {way.share.n:,} runs, {percent(way.share)} %"
        steps = [*(f"{100 * gone.estimate:.0f} %" for gone in way.gone), ""]
        widths = [max(len(one), len(below)) for one, below in zip(way.words, steps, strict=True)]
        yield "    " + " -> ".join(one.ljust(width) for one, width in zip(way.words, widths, strict=True)).rstrip()
        yield "    " + "    ".join(one.ljust(width) for one, width in zip(steps, widths, strict=True)).rstrip()
    left = len(found.ways) - SHOWN_WAYS
    if left > 0:
        runs = sum(way.share.events for way in found.ways[SHOWN_WAYS:])
        yield f"    and {left:,} other ways, {runs:,} runs"


def told_in_full(found: Found) -> Iterator[str]:
    """The chain of one run, each decision with what became of the outcome without it."""
    case, story = found.told, found.story
    chronicle = Chronicle.of(story.scenario, story.events)
    yield f"Replication {case.replication}, and without each decision:"
    for place, number in enumerate(chain_of(story, case.closing), 1):
        yield f"{place:3}. {chronicle.when(number)}  {capital(chronicle.sentence(number))}"
        if number in case.cuts:
            yield f"       without it: {verdict(case.cuts[number])}"
        elif number == case.closing:
            yield f"       this is {found.outcome}"


def verdict(cut: Cut) -> str:
    """What became of the outcome."""
    if cut.never:
        return "it does not come at all"
    if not cut.gone:
        return "it comes all the same"
    days = abs(cut.later_min) / 1440
    return f"it comes {days:.1f} days {'later' if cut.later_min > 0 else 'earlier'}"


def rows(found: Found) -> list[dict[str, Any]]:
    """The numbers, for a file: a row a decision of every case, and of what was cut beside the chains."""
    return [
        {
            "replication": case.replication,
            "event": cut.number,
            "act": cut.act.name.lower(),
            "in_chain": in_chain,
            "step_of_way": case.way.index(cut.number) + 1 if cut.number in case.way else None,
            "way": " > ".join(case.words),
            "gone": int(cut.gone),
            "never": int(cut.never),
            "later_min": cut.later_min,
        }
        for case in found.cases
        for in_chain, cuts in ((1, case.cuts.values()), (0, case.beside))
        for cut in cuts
    ]
