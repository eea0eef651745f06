"""What a verification says: the page, and every other file of its folder."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.study import coverage
from sim.study.markdown import table, to_csv
from sim.study.patterns import SHARE, Check, Finding, by_pattern
from sim.study.score_page import predicted_part, score_part, score_rows
from sim.study.table import percent
from sim.study.verdicts import CANNOT_TELL, FAILS, HOLDS
from sim.study.verify_files import PAGE
from sim.study.wrong import REJECTED, Wrong, rejections

if TYPE_CHECKING:
    from sim.study.verify import Answer

INTERVALS = (
    "Intervals are 95 %: Clopper-Pearson for shares, Student's for means, resampling of whole runs for medians and\n"
    "ratios; they hold the luck of the draw only. A pattern *holds* where the whole interval lies inside the bound\n"
    "and *fails* where all of it lies outside. J: the bound is a judgement."
)
REJECTION = (
    "*Rejected*: the pattern fails for the wrong model and holds for the model. *No test*: the model itself does not\n"
    "pass the pattern, which can then reject nothing."
)
OTHER_DAYS = "The patterns are about the 28 days from 12 May 2017, so they are not asked of these."
PICTURE = "![The bound of each pattern as a band, what the model predicts as a dot with its interval](verify.png)"


def files(answer: Answer, pictured: bool) -> dict[str, bytes]:
    """Every text file of the folder, by name."""
    asked = answer.asked
    made = {PAGE: page(answer, pictured).encode()}
    made["score.csv"] = to_csv(score_rows(answer.predicted, answer.score, asked.record))
    if answer.findings:
        made |= {"verify.csv": to_csv(finding_rows(answer)), "wrong.csv": to_csv(wrong_rows(answer))}
    if answer.coverage:
        made["coverage.md"] = coverage.page(answer.coverage, asked.command).encode()
        made["coverage.csv"] = to_csv(coverage.rows_of(answer.coverage))
    return made


def page(answer: Answer, pictured: bool) -> str:
    """The page: what was asked, the patterns, the wrong models, the score."""
    parts = [_opening(answer)]
    if answer.findings:
        parts += [_summary(answer), *([PICTURE] if pictured else []), _patterns(answer), _wrong(answer)]
    parts += [score_part(answer.score, answer.asked.record), predicted_part(answer.predicted, answer.asked.record)]
    if answer.coverage:
        parts.append("[coverage.md](coverage.md) tells what each scenario shows.")
    return "\n\n".join(parts) + "\n"


def _opening(answer: Answer) -> str:
    asked, order = answer.asked, answer.asked.config.scenario
    title = "# Does it look like May and June 2017?" if answer.findings else "# A forecast"
    told = [
        "wrote this page.",
        f"{answer.histories:,} histories of {order.horizon_days:g} days from {order.start_date} ({order.name}),",
        f"seed {asked.config.seed}.",
    ]
    if asked.others:
        told.append(f"Wrong models and scenarios: {asked.others.base.replications:,} histories each.")
    if answer.failed:
        told.append(f"{answer.failed:,} runs failed and were left out.")
    other_days = "" if answer.findings else f"\n{OTHER_DAYS}"
    return f"{title}\n\n```sh\n{asked.command}\n```\n\n{' '.join(told)}{other_days}"


def _summary(answer: Answer) -> str:
    verdicts = answer.verdicts
    named = {word: [name for name, found in verdicts.items() if found == word] for word in (HOLDS, FAILS, CANNOT_TELL)}
    told = f"{len(named[HOLDS])} of {len(verdicts)} patterns hold"
    for word in (FAILS, CANNOT_TELL):
        told += f"; {word}: {', '.join(named[word])}" if named[word] else ""
    done = [outcome for _, _, outcome in _rejections(answer)]
    return f"**{told}.** {done.count(REJECTED)} of {len(done)} tests reject the wrong model they are meant for."


def _patterns(answer: Answer) -> str:
    heading = ("", "pattern", "record", "bound", "predicted", "cases", "verdict")
    rows = [
        (
            one.check.pattern,
            one.check.what,
            one.check.observed,
            bound(one.check),
            told(one),
            f"{one.found.n:,}",
            _why(one),
        )
        for one in answer.findings
    ]
    return f"## Patterns\n\n{table(heading, rows)}\n\n{INTERVALS}"


def _why(one: Finding) -> str:
    word = f"**{one.verdict.word}**" if one.verdict.word == FAILS else one.verdict.word
    return f"{word}: {one.verdict.why}" if one.verdict.why else word


def bound(check: Check) -> str:
    """A bound in words: "at least 60 %", "1.5 to 5 strikes"."""
    scale, top = (100, 1.0) if check.unit == SHARE else (1, math.inf)
    low, high, unit = f"{scale * check.low:.3g}", f"{scale * check.high:.3g}", f" {check.unit}".rstrip()
    if check.high >= top:
        return f"at least {low}{unit}"
    return f"{low} to {high}{unit}" if check.low > 0 else f"at most {high}{unit}"


def told(one: Finding) -> str:
    """What was found, with its interval, in as many digits as that bears."""
    found = one.found
    if not found.n or math.isnan(found.estimate):
        return "-"
    if one.check.unit == SHARE:
        return f"{percent(found._asdict())} %"
    if math.isinf(found.estimate):
        return f"at least {found.low:.3g}"
    width = found.high - found.low
    digits = min(3, max(0, 1 - math.floor(math.log10(width)))) if 1e-6 < width < math.inf else 1
    return f"{found.estimate:.{digits}f} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


def _rejections(answer: Answer) -> list[tuple[Wrong, str, str]]:
    return rejections(answer.verdicts, {name: by_pattern(found) for name, found in answer.wrong.items()})


def _wrong(answer: Answer) -> str:
    rows, about = [], {}
    for wrong, pattern, outcome in _rejections(answer):
        about[wrong.name] = f"* **{wrong.name}** (`{' '.join(wrong.overrides)}`): {wrong.about}"
        mine = [one for one in answer.wrong[wrong.name] if one.check.pattern == pattern]
        verdicts = answer.verdicts[pattern], by_pattern(mine)[pattern]
        shown = outcome if outcome == REJECTED else f"**{outcome}**"
        rows.append((wrong.name, pattern, *verdicts, shown, _shows(mine)))
    heading = ("wrong model", "pattern", "the model", "the wrong one", "outcome", "what the wrong model shows")
    listed = "\n".join(about.values())
    return f"## Wrong models\n\n{table(heading, rows)}\n\n{REJECTION}\n\n{listed}"


def _shows(mine: list[Finding]) -> str:
    """What a wrong model shows of a pattern: that which fails, or else all of it."""
    failing = [one for one in mine if one.verdict.word == FAILS] or mine
    return "; ".join(f"{one.check.what}: {told(one)}" for one in failing)


def finding_rows(answer: Answer) -> list[dict[str, Any]]:
    """Every check of the model and of the wrong models, one dict each."""
    models = {"the model": answer.findings, **answer.wrong}
    return [{"model": name, **_row(one)} for name, mine in models.items() for one in mine]


def _row(one: Finding) -> dict[str, Any]:
    check = one.check
    asked = {"pattern": check.pattern, "what": check.what, "record": check.observed, "unit": check.unit}
    bounds = {"bound_low": check.low, "bound_high": check.high}
    return {**asked, **bounds, **one.found._asdict(), "verdict": one.verdict.word, "why": one.verdict.why}


def wrong_rows(answer: Answer) -> list[dict[str, Any]]:
    """Every wrong model with each pattern that must reject it."""
    rows = []
    for wrong, pattern, outcome in _rejections(answer):
        verdicts = {"model": answer.verdicts[pattern], "wrong": by_pattern(answer.wrong[wrong.name])[pattern]}
        named = {"wrong_model": wrong.name, "overrides": " ".join(wrong.overrides), "pattern": pattern}
        rows.append({**named, **verdicts, "outcome": outcome})
    return rows
