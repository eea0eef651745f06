"""The description says what is so: its tables are the code's, all it names exists, and all there is is named.

What a check says of the committed page is worth something only if it notices a page that is wrong, so each is also
shown a page that was broken on purpose.
"""

from __future__ import annotations

import ast
import fnmatch
import re
import tomllib
from collections.abc import Iterable
from enum import IntEnum
from functools import cache
from pathlib import Path

import pytest

from experiments.__main__ import VERBS
from sim.config.places import groups, options
from sim.config.settings import declared
from sim.rules import draws, names, outcome
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.run import agents
from sim.run.columns import COLUMNS
from sim.study.described import RULES, Phase, Undescribed, phases, rows
from sim.study.odd import MARKED, PAGES, rewritten, tables

ROOT = Path(__file__).parents[1]
ODD, TRACE = (page.read_text("utf-8") for page in PAGES)
PROSE = MARKED.sub("", ODD)
PARAMETERS = [
    key for key, entry in declared().items() if entry.of_the_model and "." in key and not key.endswith(".name")
]
SUBMODELS = dict(re.findall(r"^### (7\.\d+) .*?\n(.*?)(?=^##)", ODD, re.MULTILINE | re.DOTALL))
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables, scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialisation",
    "Input data",
    "Submodels",
)
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


def ticked(page: str) -> list[str]:
    """Whatever a page sets as code within a line."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL))


def lowered(members: Iterable[IntEnum]) -> set[str]:
    """Names of an enumeration as pages write them."""
    return {member.name.lower() for member in members}


@cache
def functions() -> frozenset[str]:
    """Every function of the rule book."""
    trees = [ast.parse(file.read_text("utf-8")) for file in RULES.glob("*.py")]
    return frozenset(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def nouns() -> frozenset[str]:
    """Every word that is a name of something: settings, presets, members, classes, functions, fields, columns."""
    enums = [
        noun
        for module in (names, draws, outcome)
        for noun in vars(module).values()
        if isinstance(noun, type) and issubclass(noun, IntEnum) and noun is not IntEnum
    ]
    fields = {part for _, listed in rows().values() for variable in listed for part in variable.name.split(", ")}
    return frozenset(
        {part for key in declared() for part in key.split(".")}
        | {preset for group in groups() for preset in options(group)}
        | {member for enum in enums for member in lowered(enum)}
        | {enum.__name__ for enum in enums}
        | {one.__name__ for one in agents.CLASSES.values()}
        | set(rows())
        | fields
        | set(COLUMNS)
        | functions()
        | {file.name for file in RULES.glob("*.py")}
        | set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])
    )


def exists(name: str) -> bool:
    """Whether what a page sets as code is there: a path, a command, a choice, a pattern of names, or a name."""
    head, _, rest = name.partition(" ")
    if rest:
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return rest.split()[0] in {"tanf": VERBS, "make": targets}.get(head, ())
    if "/" in name:
        return (ROOT / name).exists()
    if name.endswith("="):
        return name[:-1] in groups()
    if "*" in name or "..." in name or name.startswith("_"):
        pattern = f"*{name}" if name.startswith("_") else name.replace("...", "*")
        return any(fnmatch.filter([*COLUMNS, *declared(), *lowered(Happening)], pattern))
    owner, dot, leaf = name.partition(".")
    if dot and not name.endswith(".py"):
        return (
            name in declared()
            or (name.endswith(".*") and owner in nouns())
            or hasattr(getattr(agents, owner, None), leaf)
        )
    return name in nouns()


def unknown(page: str) -> set[str]:
    """What a page names that is not there."""
    return {name for name in ticked(page) if not exists(name)}


def unnamed(page: str, wanted: Iterable[str]) -> set[str]:
    """What a page does not name, neither in full nor by the last part of its name."""
    said = [name.rpartition("/")[2] for name in ticked(page)]
    patterns = [name.replace("...", "*") for name in said if "..." in name]
    return {
        name
        for name in wanted
        if name not in said
        and name.rpartition(".")[2] not in said
        and not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    }


WANTED = {  # in the words of the page; acts, phases and classes may stand in its tables
    "parameters": (PROSE, PARAMETERS),
    "principals": (PROSE, lowered(Principal)),
    "postures": (PROSE, lowered(Posture)),
    "missions": (PROSE, lowered(Mission) - {"none"}),
    "happenings": (PROSE, lowered(Happening)),
    "presets": (PROSE, {preset for group in groups() if group != "experiment" for preset in options(group)}),
    "modules": (PROSE, {file.name for file in RULES.glob("[a-z]*.py")}),
    "acts": (ODD, lowered(Act)),
    "phases": (ODD, {phase.name for phase in phases()}),
    "kinds": (ODD, lowered(Kind) | {one.__name__ for one in agents.CLASSES.values()}),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_what_the_code_gives(page: Path) -> None:
    """A reader would be told of a default, a phase or a variable that is no more: `make odd` was forgotten.

    Seen to fail with another default in `sim/config/groups.py`, a comment changed in `sim/rules/tables.py`, two phases
    exchanged in `sim/rules/step.py`, a kind left out of `ORDER` in `sim/muster.py`.
    """
    text = page.read_text("utf-8")
    assert rewritten(text, tables()) == text


def test_every_table_stands_somewhere() -> None:
    """A table would be made and shown to nobody, or a page would promise one that it lacks."""
    marked = [found[2] for text in (ODD, TRACE) for found in MARKED.finditer(text)]
    assert sorted(marked) == sorted(tables())
    assert (ODD + TRACE).count("<!--") == 2 * len(marked)


def test_only_tables_are_rewritten() -> None:
    """`make odd` would eat what people wrote, or leave an old table standing.  Seen to fail with a greedy `MARKED`."""
    page = "a\n<!-- table: one -->\nold\n<!-- end -->\nb\n<!-- table: two -->\n<!-- end -->\nc\n"
    made = rewritten(page, {"one": "| 1 |", "two": "| 2 |"})
    assert made == rewritten(made, {"one": "| 1 |", "two": "| 2 |"})
    assert re.sub(r"<!--.*?<!-- end -->", "", made, flags=re.DOTALL) == "a\n\nb\n\nc\n"
    assert re.findall(r"^\| .*$", made, re.MULTILINE) == ["| 1 |", "| 2 |"]
    with pytest.raises(KeyError):
        rewritten(page, {"one": ""})


def test_all_that_is_named_exists() -> None:
    """The description would speak of a setting, a file, a rule or an outcome that is gone or was never there.

    Seen to fail with `length_aversion`, `advance_bypass` or a module called something else in code or page.
    """
    assert unknown(PROSE) == set()
    assert unknown(MARKED.sub("", TRACE)) == set()


@pytest.mark.parametrize(
    "gone",
    [
        "roe.patience",
        "sim/rules/weather.py",
        "weather.py",
        "take_prisoners",
        "strike_on_civilians",
        "..._by_iran",
        "surrender_*",
        "weather=",
        "tanf predict",
        "make war",
        "UnitAgent.because",
        "TankColumn",
    ],
)
def test_a_name_that_is_gone_is_noticed(gone: str) -> None:
    """Names would be looked for so kindly that any name passes."""
    assert unknown(f"It has `roe.threshold` and `{gone}`.") == {gone}


@pytest.mark.parametrize("what", WANTED)
def test_all_there_is_is_named(what: str) -> None:
    """The model would do, count or let people set something that its description keeps to itself.

    Seen to fail with one more member of `Act` or of `Happening`, and with a parameter renamed.
    """
    page, wanted = WANTED[what]
    assert wanted
    assert unnamed(page, wanted) == set()


@pytest.mark.parametrize("what", WANTED)
def test_a_name_left_out_is_noticed(what: str) -> None:
    """Whatever is said anywhere would count as said of everything."""
    page, wanted = WANTED[what]
    name = sorted(wanted)[0]
    told = {name, name.rpartition(".")[2]}

    def spared(found: re.Match[str]) -> str:
        return "" if found[1].rpartition("/")[2] in told or "..." in found[1] else found[0]

    without = re.sub(r"`([^`\n]+)`", spared, page)
    assert name in unnamed(without, wanted)


def test_the_seven_elements_are_there() -> None:
    """Whoever knows the protocol would look for a part of the description in vain.  Seen to fail with "6. Data"."""
    assert re.findall(r"^## (\d+)\. (.*)$", ODD, re.MULTILINE)[:7] == [
        (str(k), told) for k, told in enumerate(ELEMENTS, 1)
    ]


def test_the_eleven_concepts_are_there() -> None:
    """A design concept of the protocol would be passed over without a word.  Seen to fail without prediction."""
    section = ODD.partition("## 4.")[2].partition("## 5.")[0]
    assert tuple(re.findall(r"^\*\*([A-Z][\w ]+)\.\*\*", section, re.MULTILINE)) == CONCEPTS


@pytest.mark.parametrize("number", SUBMODELS)
def test_a_submodel_says_where_it_is_written_and_what_holds_it(number: str) -> None:
    """A reader who doubts a rule could find neither its code nor its test.

    Seen to fail with "Held by" taken out of 7.11.
    """
    opening = SUBMODELS[number].strip().partition("\n\n")[0].replace("\n", " ")
    said = ticked(opening)
    assert opening.startswith("*In* ")
    assert "*Held by* " in opening
    assert any(name.startswith("sim/rules/") for name in said)
    assert any(name.startswith("tests/") for name in said)


@pytest.mark.parametrize("phase", phases(), ids=lambda phase: phase.name)
def test_a_phase_is_described_where_it_says(phase: Phase) -> None:
    """The schedule would send the reader to a section that is about something else.

    Seen to fail with sensing said to be described in 7.5.
    """
    cited = phase.section.replace(" ", "").split(",")
    assert any(f"`sim/rules/{phase.module}.py`" in SUBMODELS[number] for number in cited)


def test_phases_are_numbered_in_their_order() -> None:
    """A phase would call itself the seventh and run as the eighth.

    Seen to fail with two phases exchanged in `sim/rules/step.py`.
    """
    numbers = [phase.number for phase in phases() if phase.number]
    assert numbers == list(range(1, 17))
    assert [phase.name for phase in phases() if not phase.number] == ["orders"]


def test_a_variable_without_a_word_is_refused(tmp_path: Path) -> None:
    """The table of state variables would have rows that tell nobody anything."""
    written = tmp_path / "tables.py"
    told = 'class Mule(Row):\n    """A mule."""\n\n    x_km: float  # where it is\n    y_km: float\n'
    written.write_text(told, encoding="utf-8")
    (variable,) = rows(written)["Mule"][1]
    assert variable == ("x_km, y_km", "float", "km", "where it is", "")
    written.write_text(f"{told}    load: int\n", encoding="utf-8")
    with pytest.raises(Undescribed, match=r"Mule\.load"):
        rows(written)
