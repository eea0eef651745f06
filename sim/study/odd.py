"""The tables of docs/odd.md and docs/trace.md, made from the code: `make odd` rewrites them in place.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; everything else in these pages is written by hand.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from sim.config.listing import cells
from sim.config.parameters import Parameters
from sim.config.settings import Declared, declared
from sim.results.storage import atomic_write
from sim.rules.names import Kind, Principal
from sim.run.agents import CLASSES
from sim.scenario import load
from sim.study.described import ROOT, Variable, acts, constants, phases, rows
from sim.study.markdown import table
from sim.study.provenance import GRADES, Provenance, provenance

PAGES = (ROOT / "docs" / "odd.md", ROOT / "docs" / "trace.md")
MARKED = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rewritten(page: str, made: Mapping[str, str]) -> str:
    """A page with each of its marked tables as it is made now.  Raises KeyError for a table that nobody makes."""
    return MARKED.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", page)


def tables() -> dict[str, str]:
    """Every table by name, as Markdown."""
    sources = provenance()
    return {
        "entities": entities(),
        "schedule": schedule(),
        "acts": acts_table(),
        "variables": variables(),
        "parameters": parameters(),
        "constants": constants_table(),
        "grades": grades(sources),
        "sourced": sourced(sources),
        "priors": priors(sources),
    }


def code(text: str) -> str:
    """Text set as code."""
    return f"`{text}`"


# ---------------------------------------------------------------- docs/odd.md
def entities() -> str:
    """Kinds of units: Mesa class, principal, rows of the default scenario, what they are."""
    scenario = load()
    units = scenario.state.units[: scenario.state.n_units]
    count = Counter((Kind(unit.kind), Principal(unit.principal)) for unit in units)
    lines = []
    for (kind, principal), number in count.items():
        told = " ".join((inspect.getdoc(CLASSES[kind]) or "").split("\n\n")[0].split())
        lines.append((code(kind.name.lower()), code(CLASSES[kind].__name__), principal.name.lower(), str(number), told))
    return table(("kind", "Mesa class", "principal", "rows", "what it is"), lines)


def schedule() -> str:
    """The phases of a step in their order."""
    lines = [
        (str(one.number or ""), code(one.name), code(f"sim/rules/{one.module}.py"), one.does, one.section)
        for one in phases()
    ]
    return table(("", "phase", "module", "what it does", "section"), lines)


def acts_table() -> str:
    """Which module writes which acts into the log."""
    return table(
        ("module", "acts"),
        [(code(f"sim/rules/{module}.py"), ", ".join(map(code, found))) for module, found in acts().items()],
    )


def variables() -> str:
    """Every state variable: a table for each row class, in the order of containment."""
    found = rows()
    return "\n\n".join(f"**`{name}`.** {told}.\n\n{_variables(listed)}" for name, (told, listed) in found.items())


def _variables(listed: Iterable[Variable]) -> str:
    lines = []
    for one in listed:
        if one.heading:
            lines.append(("", "", "", f"*{one.heading}*"))
        names = ", ".join(code(name) for name in one.name.split(", "))
        lines.append((names, code(one.type), one.unit, one.meaning))
    return table(("variable", "type", "unit", "meaning"), lines)


def parameters() -> str:
    """Every parameter: a table for each group, then the length of a step."""
    own = [entry for entry in declared().values() if entry.of_the_model]
    parts = []
    for group, entries in itertools.groupby(own, key=lambda entry: entry.key.rpartition(".")[0]):
        told = inspect.getdoc(type(getattr(Parameters(), group))) if group else "The model's clock."
        parts.append(f"**{code(group or 'step_min')}.** {told}\n\n{_parameters(list(entries))}")
    return "\n\n".join(parts)


def _parameters(entries: Iterable[Declared]) -> str:
    lines = []
    for entry in entries:
        key, default, unit, reach, source, about = cells(entry)
        lines.append((code(key), default, unit, reach.replace(" | ", ", "), source, about))
    return table(("parameter", "default", "unit", "range", "source", "meaning"), lines)


def constants_table() -> str:
    """The numbers of the rules that nobody can set."""
    lines = [(code(one.name), one.value, code(one.module), one.meaning) for one in constants()]
    return table(("number", "value", "module", "meaning"), lines)


# ---------------------------------------------------------------- docs/trace.md
def grades(sources: Iterable[Provenance]) -> str:
    """How many parameters have which grade, in a sentence and in a table."""
    count = Counter(one.grade for one in sources)
    total = count.total()
    told = (
        f"**{count['prior']} of {total} parameters are priors**, {count['tuned']} were tuned by hand; "
        f"a source gives the number of {count['record']}."
    )
    lines = [
        (grade, means, str(count[grade]), f"{100 * count[grade] / total:.0f} %") for grade, means in GRADES.items()
    ]
    return f"{told}\n\n{table(('grade', 'what it means', 'parameters', 'share'), lines, 2)}"


def sourced(sources: Iterable[Provenance]) -> str:
    """Every parameter that is more, or less, than a plain judgement."""
    lines = [(code(one.key), one.grade, one.letters, one.source) for one in sources if one.grade != "prior"]
    return table(("parameter", "grade", "sources", "declared source"), lines)


def priors(sources: Iterable[Provenance]) -> str:
    """The judgements, by group."""
    own = [one.key.rpartition(".") for one in sources if one.grade == "prior"]
    lines = [
        (code(group or "-"), ", ".join(code(name) for *_, name in keys))
        for group, keys in itertools.groupby(own, key=lambda parts: parts[0])
    ]
    return table(("group", "parameters that are priors"), lines)


if __name__ == "__main__":
    made = tables()
    for page in PAGES:
        atomic_write(page, rewritten(page.read_text("utf-8"), made).encode())
