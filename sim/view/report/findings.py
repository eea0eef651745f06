"""What was found, by the command that asked: the chances of a sweep, differences, what matters, what is rare."""

from __future__ import annotations

from collections.abc import Callable

from sim.errors import BadInput
from sim.results import Results
from sim.results.manifest import full_points
from sim.results.seal import canonical
from sim.study import (
    attribution,
    attribution_page,
    compare,
    compare_page,
    parameter_page,
    rare,
    rare_page,
    sensitivity,
    sensitivity_page,
    table,
)
from sim.study.differences import verdict
from sim.study.intervals import KINDS, retold
from sim.study.parameter_uncertainty import DRAW, spreads
from sim.study.repetitions import file_of
from sim.study.sensitivity_design import outcome_of, study_of
from sim.view.report import discovered
from sim.view.report.asked import Asked
from sim.view.report.outcomes import counted_in_words
from sim.view.report.parts import Finding, Grid
from sim.view.sample import label

FIRST_HALF = 7  # outcomes in the first of two tables, so that each fits a sheet of paper
MOST_POINTS = table.SHOWN_POINTS
LUCK = (
    "Each run is one history, simulated from the same rules with draws of its own; every draw is a function of the "
    "seed, the number of the replication and what it is for, so that a run can be told again."
)
SAME = "Equal numbers have equal luck at every point, so that points differ by their settings and not by their draws."
OWN = "Every point has luck of its own."


def finding(asked: Asked) -> Finding:
    """The answer of a folder, told as its command would; falls back to the chances where that cannot be done."""
    return BY_VERB[asked.verb](asked)


def _sweep(asked: Asked) -> Finding:
    base = asked.design.base
    if DRAW in asked.results.axes:
        return _over_posterior(asked)
    kind = KINDS[base.interval][0]
    note = table.caption(asked.results, kind, together=base.simultaneous)
    lead = (f"{_counted(asked.results)}; a cell is the share of runs in per cent, with its 95 % {kind} interval.",)
    return Finding("How likely is a clash?", lead, tuple(_chances(asked, note)), (LUCK, _luck(asked)))


def _over_posterior(asked: Asked) -> Finding:
    """Chances over the draws of the posterior: luck apart from what is not known."""
    grids = [
        Grid(
            ", ".join(f"{label(key)} {table.written(value)}" for key, value in place.items()) or "Over the posterior",
            parameter_page.HEADING,
            tuple(parameter_page.cells(found)),
        )
        for place, found in spreads(asked.results)
    ]
    notes = tuple(parameter_page.notes(asked.results))
    return Finding("How likely is a clash?", notes[:1], tuple(grids), (*notes[1:2], LUCK, _luck(asked)))


def _chances(asked: Asked, note: str) -> list[Grid]:
    results, base = asked.results, asked.design.base
    places = results.axes or ["point"]
    told = retold(results.summary, base.interval, len(results.design) if base.simultaneous else 1)
    rows = {(row["point"], row["outcome"]): row for row in told}
    names = list(table.MAIN)
    more = len(results.design) - MOST_POINTS
    notes = (*note.splitlines(), *((f"{more:,} points more are in summary.csv.",) if more > 0 else ()))
    return [
        Grid(
            f"Per cent of runs with at least one ({number} of 2)",
            (*map(label, places), *(table.MAIN[name].replace("\n", " ") for name in half)),
            tuple(
                (
                    *(table.written(point[key]) for key in places),
                    *(table.percent(rows[point["point"], name]) for name in half),
                )
                for point in results.design[:MOST_POINTS]
            ),
            notes if number == 2 else (),
            words=len(places),
        )
        for number, half in enumerate((names[:FIRST_HALF], names[FIRST_HALF:]), 1)
    ]


def _compare(asked: Asked) -> Finding:
    compare.refuse_what_does_not_fit(asked.design.base)
    found = compare.compared(asked.design, asked.results)
    headings = ("% of runs with", "a", "b", "b - a", "pairs that differ", "variance saved", "verdict")
    rows = [
        (
            table.MAIN.get(name, name).replace("\n", " "),
            *compare_page.cells(row),
            verdict(row, asked.design.base.margin),
        )
        for name, row in found.differences.items()
    ]
    return Finding(
        "Is a clash likelier in b than in a?",
        tuple(compare_page.arms_in_words(found)),
        (
            Grid(
                "Differences, in per cent of runs",
                headings,
                tuple(rows),
                tuple(compare_page.caption(found))[:-1],
                last_words=1,
            ),
        ),
        (LUCK, _luck(asked)),
        *_twin(found),
    )


def _twin(found: compare.Comparison) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Grid, ...]]:
    """The twin in words, where its histories part, and how they go on."""
    told = found.twin
    if told is None:
        return ("No pair differs in any outcome, to the last bit.",), (), ()
    words = table.MAIN.get(found.outcome, found.outcome).replace("\n", " ")
    seen = [arm for arm, story in zip("ab", told.stories, strict=True) if story.outcome[found.outcome]]
    which = (
        f"One history twice: replication {told.replication} in both arms ({words} in {' and '.join(seen) or 'neither'})"
    )
    if told.first is None:
        return (which, "Both histories are the same, event by event, to the last bit."), (), ()
    columns = [compare_page.next_events(story, told.first) for story in told.stories]
    longest = max(map(len, columns))
    rows = zip(*(column + [""] * (longest - len(column)) for column in columns), strict=True)
    headings = ("a, from there", "b, from there")
    return (f"{which}.",), tuple(compare_page.parting(told)), (Grid("How both go on", headings, tuple(rows), words=2),)


def _rare(asked: Asked) -> Finding:
    design, results = asked.design, asked.results
    what = rare.outcome_of(design.base.outcome or rare.HEADLINE, design.base.count)
    events = int((results.outcomes[what.column] >= what.count).sum())
    method, _ = rare.chosen(design.base, what, rare.probability(events, len(results.outcomes)))
    if method == "splitting" and not _split_before(asked, what):
        raise BadInput(
            f"the paths of splitting are no longer beside {results.folder}; the command that `tanf status "
            f"{results.folder}` names computes them again"
        )
    beside = f"{results.folder.parent}/"  # the page tells no place of a machine
    lead = (_sentence(line.replace(beside, "")) for line in rare_page.lines(rare.find(design, results, what)))
    return Finding(
        f"How likely is it: {counted_in_words(what.column, what.count)}?",
        tuple(lead),
        tuple(_all_chances(asked)),
        (LUCK,),
    )


def _attribute(asked: Asked) -> Finding:
    found = attribution.attributed(asked.design, asked.results)
    grid = Grid(
        "Decisions, each undone in turn, in per cent of runs",
        attribution_page.HEADINGS,
        tuple(attribution_page.link_in_words(link) for link in found.links),
        tuple(attribution_page.caption())[1:],
    )
    return Finding(
        f"What was it due to: {counted_in_words(found.outcome, 1)}?",
        tuple(_sentence(line) for line in attribution_page.head(found)),
        (grid, *_all_chances(asked)),
        (LUCK,),
        steps=tuple(attribution_page.told_in_full(found)),
    )


def _sentence(line: str) -> str:
    """A line as a sentence, unless it ends in something to be typed."""
    told = line.strip()
    stop = "" if told.endswith((".", ":")) or "tanf replay" in told else "."
    return f"{told[0].upper()}{told[1:]}{stop}"


def _split_before(asked: Asked, what: rare.Asked) -> bool:
    """Whether every repetition of splitting is there, so that nothing has to be computed."""
    beside = rare.beside(asked.design, asked.results.folder, what)
    return all(file_of(beside, number).exists() for number in range(asked.design.base.rare.repetitions))


def _all_chances(asked: Asked) -> list[Grid]:
    kind = KINDS["clopper_pearson"][0]
    return _chances(asked, table.caption(asked.results, kind, together=False))


def _sensitivity(asked: Asked) -> Finding:
    study = study_of([word for word in asked.words if not word.startswith("out=")])
    there, here = asked.results.manifest["question"], study.design.question
    if {*map(canonical, full_points(there))} != {*map(canonical, full_points(here))}:  # what the words mean has changed
        return _sweep(asked)
    found = sensitivity.analysed(study, asked.results, outcome_of(asked.design.base))
    first, *lead = sensitivity_page.head(found)
    headings = ("input", "over", *(sensitivity_page.HEADINGS[name].replace("\n", " ") for name in found.measures))
    rows = [
        (*sensitivity_page.row_in_words(found, row), sensitivity_page.against_dummy(found, row)) for row in found.order
    ]
    floor = sensitivity_page.number(found.floor * sensitivity_page.SCALE.get(sensitivity.MAIN[study.method], 1.0))
    rows.append((*sensitivity_page.row_in_words(found, -1), f"the floor: {floor}"))
    notes = tuple(sensitivity_page.caption(found))[:-1]
    grid = Grid(
        "Every input, the one that matters most first", (*headings, "against the dummy"), tuple(rows), notes, 2, 1
    )
    return Finding(first, tuple(lead), (grid,), (LUCK,))


def _counted(results: Results) -> str:
    fewest, most = table.run_counts(results)
    points = len(results.design)
    each = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{points:,} point{'s' if points > 1 else ''}, n = {each} runs{' each' if points > 1 else ''}"


def _luck(asked: Asked) -> str:
    return SAME if asked.design.base.common_seeds else OWN


BY_VERB: dict[str, Callable[[Asked], Finding]] = {
    "sweep": _sweep,
    "compare": _compare,
    "rare": _rare,
    "attribute": _attribute,
    "sensitivity": _sensitivity,
    "discover": discovered.finding,
}
