"""docs/after_8_june.md, from docs/after_8_june.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.study.after_8_june import DAYS, HEADLINES, OUTCOMES
from sim.study.markdown import table
from sim.study.table import MAIN

PAGE = """# After 8 June: is a larger clash coming?

Asked of the model as of the evening of 8 June 2017, with nothing that happened later: three strikes remembered, a
public threat made, leaflets standing, forces massing, the line open (`scenario=after_8_june`, from 9 June 00:00
local time). `make after_8_june` made this page. It is **frozen**: model fingerprint `{fingerprint}`,
posterior SHA-256 `{posterior}`, record SHA-256 `{record}`. Whoever compares it with what happened then should say
so, and should not be us. It was asked a second time, because the posterior under the first answer missed the record
in two places; that was before anybody compared, and both answers are told ([decisions](decisions.md), 51).

![Chance of each clash within 60 days, over the posterior and by theory](after_8_june.png)

## The chances

Per cent of runs in which it comes at least once within 7, 30 and 60 days: the mean over {draws} draws of the
posterior ({replications} runs each, seed {seed}), in brackets what the chance can be as far as parameters and
theory are uncertain: the central 95 % over draws, luck taken out.

{chances}

The same within 30 days by theory (mean over its draws, 95 % t interval: luck and parameters both). The weights say
how well each theory foretold the record, and little is known by them ([calibration](calibration.md)).

{theories}

## What moves them

Change of the chance within 30 days, in percentage points: the same {lever_draws} draws and the same luck with the
lever and without it ({lever_replications} runs each; mean over draws, 95 % t interval). An interval that holds 0
says that no change is shown.

{levers}

## By what ways

The coalition was attacked in {came} of {runs} runs at the declared parameters; of the first {cases} each decision
that led there was undone in turn, all luck as it was ([attribution](attribution.md)). Without it the attack was
gone, and none came later, in per cent of those runs; another: without an act of the kind that is not in the chain.

{links}

The commonest ways:

{ways}

## What would have changed the answer

* The choice of theory: see the rows above. A model without memory and one with it differ by more than most levers
  do.
* What the record cannot tell: of {uncertain} uncertain parameters it moves {moved}; the others keep a spread that
  is judged.
* What is not in the model: decisions in capitals, events elsewhere in Syria, agreements between Russia and the
  United States made for other reasons. The horizon of 60 days is longer than anybody's plans of that week.

One history and a coarse model: these are the model's chances, for weighing explanations against one another, and no
forecast that anybody should act on.
"""


def page(found: Mapping[str, Any]) -> str:
    """The page."""
    told = found["chances"]
    paths = found["pathways"]
    return PAGE.format(
        **{key: found[key] for key in ("draws", "replications", "seed", "lever_draws", "lever_replications")},
        **{key: found[key][:16] for key in ("fingerprint", "posterior", "record")},
        **{key: f"{paths[key]:,}" for key in ("came", "runs", "cases")},
        uncertain=found["uncertain"],
        moved=found["moved"],
        chances=table(
            ["% of runs with", *(f"{days} days" for days in DAYS)],
            [[words(name), *(_spread(told["all"][name][str(days)]) for days in DAYS)] for name in OUTCOMES],
            1,
        ),
        theories=table(
            ["theory", "draws", *(words(name) for name in HEADLINES)],
            [[name, str(one["draws"]), *(_mean(one[key]["30"]) for key in HEADLINES)]
             for name, one in sorted(told["theories"].items(), key=lambda item: -item[1]["draws"])],
            1,
        ),
        levers=table(
            ["lever", *(words(name) for name in HEADLINES)],
            [[name, *(_change(one[key]) for key in HEADLINES)] for name, one in found["levers"].items()],
            1,
        ),
        links=table(
            ["decision", "in the chain of", "gone without it", "and none later", "gone without another"],
            [[name, str(gone["n"]), *(_share(one) for one in (gone, never, beside))]
             for name, gone, never, beside in paths["links"] if gone["n"] >= 5],
            1,
        ),
        ways="\n".join(f"1. {' -> '.join(way)}: {share['events']} of {share['n']} runs, {_share(share)} %"
                       for way, share in paths["ways"][:6]),
    )  # fmt: skip


def words(outcome: str) -> str:
    """An outcome as tables call it."""
    return MAIN[outcome].replace("\n", " ")


def _spread(one: Mapping[str, float]) -> str:
    if one["mean"] == 0:
        return f"< {100 * one['high']:.2g}"
    digits = 1 if one["mean"] < 0.1 else 0
    return f"{100 * one['mean']:.{digits}f} [{100 * one['lowest']:.{digits}f}, {100 * one['highest']:.{digits}f}]"


def _mean(one: list[float]) -> str:
    middle, low, high = (100 * value for value in one)
    return f"{middle:.0f} [{low:.0f}, {high:.0f}]"


def _change(one: list[float]) -> str:
    middle, low, high = (100 * value for value in one)
    if low == high == 0:
        return "no run differs"
    return f"{middle:+.1f} [{low:+.1f}, {high:+.1f}]"


def _share(one: Mapping[str, float]) -> str:
    if one["n"] < 5:
        return "-"
    if not one["events"]:
        return f"at most {100 * one['high']:.2g}"
    return f"{100 * one['events'] / one['n']:.0f} [{100 * one['low']:.0f}, {100 * one['high']:.0f}]"
