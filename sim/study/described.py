"""What the source says of itself: the variables of each row, the phases of a step, the acts each module writes.

Meanings are the comments behind the fields and the first sentences of docstrings, read with `ast`: nothing is
said twice.  Raises `Undescribed` for a field, row or phase that says nothing of itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
RULES = ROOT / "sim" / "rules"
UNITS = (  # the end of a name tells the unit
    ("_km_h", "km/h"),
    ("_per_day", "1/d"),
    ("_km", "km"),
    ("_min", "min"),
    ("minute", "min"),
)


class Undescribed(ValueError):
    """A noun of the model without a word about what it is."""


class Variable(NamedTuple):
    """One state variable, or a place with its two coordinates; `heading` where it opens a new block."""

    name: str
    type: str
    unit: str
    meaning: str
    heading: str


class Phase(NamedTuple):
    """One call of a step: its number (0 for orders, none of the sixteen), what it does, where that is described."""

    number: int
    name: str
    module: str
    does: str
    section: str


def first_sentence(node: ast.AST, name: str) -> str:
    """The first sentence of a docstring, without its full stop."""
    told = ast.get_docstring(node) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) else None
    if not told:
        raise Undescribed(f"{name} has no docstring.")
    return " ".join(re.split(r"(?<=[.:])\s\s?(?=[A-Z])|\n\n", told)[0].split()).rstrip(".")


# ---------------------------------------------------------------- rows
def rows(file: Path = RULES / "tables.py") -> dict[str, tuple[str, list[Variable]]]:
    """The rows declared in a file: what each is, and its variables in order."""
    source = file.read_text("utf-8")
    lines = source.splitlines()
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == "Row" for base in node.bases
        ):
            found[node.name] = first_sentence(node, node.name), list(_variables(node, lines))
    return found


def _variables(row: ast.ClassDef, lines: list[str]) -> Iterator[Variable]:
    declared = [node for node in row.body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)]
    names = [ast.unparse(node.target) for node in declared]
    for node, name in zip(declared, names, strict=True):
        east = re.sub(r"(^|_)y", r"\1x", name)
        if name != east and east in names:
            continue  # said with its twin
        north = re.sub(r"(^|_)x(\d?_km)$", r"\1y\2", name)
        shown = f"{name}, {north}" if north != name and north in names else name
        meaning = _comment(lines[node.lineno - 1])
        if not meaning:
            raise Undescribed(f"{row.name}.{name} has no comment that says what it is.")
        heading = lines[node.lineno - 2].strip()
        yield Variable(
            shown,
            _type(node.annotation),
            _unit(name),
            meaning,
            heading.removeprefix("#").strip() if heading.startswith("#") else "",
        )


def _comment(line: str) -> str:
    return line.partition("  # ")[2].strip()


def _type(annotation: ast.expr) -> str:
    """`Annotated[list[float], (UNITS,)]` as "float[UNITS]"."""
    told = ast.unparse(annotation)
    listed = re.fullmatch(r"Annotated\[(?:list\[)+(\w+)\]+, \((.*?),?\)(?:, .*)?\]", told)
    if not listed:
        return told
    shape = listed[2].replace("len(Principal)", "principals").replace("len(Happening)", "happenings")
    return f"{listed[1]}[{shape.replace('len(Clock)', 'clocks').lower()}]"


def _unit(name: str) -> str:
    return next((unit for end, unit in UNITS if name.endswith(end)), "-")


# ---------------------------------------------------------------- phases and acts
def phases() -> list[Phase]:
    """The calls of `sim.rules.step.step`, in order."""
    tree = ast.parse((RULES / "step.py").read_text("utf-8"))
    from_where = {
        alias.name: (node.module or "").rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    step = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "step")
    called = [node.value.func for node in step.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    return [_phase(ast.unparse(name), from_where[ast.unparse(name)]) for name in called]


def _phase(name: str, module: str) -> Phase:
    tree = ast.parse((RULES / f"{module}.py").read_text("utf-8"))
    kernel = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    does, opening = first_sentence(kernel, f"{module}.{name}"), ast.get_docstring(tree) or ""
    number = re.match(r"Phase (\d+)", opening) if name == module else None
    cited = re.search(r"\w+\.md ([\d., ]+)\)", opening)
    if not cited or (name == module and not number):
        raise Undescribed(f"sim/rules/{module}.py does not say which phase it is, and where it is described.")
    return Phase(int(number[1]) if number else 0, name, module, does, cited[1])


def acts() -> dict[str, list[str]]:
    """The acts that each module of the rule book writes into the log, in the order of their numbers."""
    from sim.rules.names import Act

    found = {}
    for file in sorted(RULES.glob("*.py")):
        named = {
            node.attr
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Act"
        }
        if named:
            found[file.stem] = [act.name.lower() for act in Act if act.name in named]
    return found


# ---------------------------------------------------------------- numbers that nobody can set
SHAPE = frozenset(  # numbers of rows, names and units of time: they say how things are written, not how they are
    (
        *(
            "PRINCIPAL",
            "ORDER",
            "NOBODY",
            "MID_THREAT, MID_DISPLAY",
            "MID_FORCE",
            "CHECKPOINT",
            "TO_THE_END",
            "DAY_MIN",
        ),
        *("M2", "M2, NORTH_TRACK, BYPASS_ROAD", "NOT_THROUGH, MISPLACED, NOT_PASSED_ON", "UNITS", "OPTIONS", "NEVER"),
        *("ROUTES, WAYPOINTS", "CLASHES_REMEMBERED", "GARRISON, ORBIT, FIRST_FLIGHT", "WORD", "CLOCKS", "STRIKES"),
    )
)


class Constant(NamedTuple):
    """A number that the rules hold and no scenario sets."""

    name: str
    value: str
    module: str
    meaning: str


def constants() -> list[Constant]:
    """The numbers that stand at the top of the modules that make a world and its rules, by module."""
    found = []
    for file in (*sorted(RULES.glob("*.py")), RULES.parent / "muster.py", RULES.parent / "scenario.py"):
        source = file.read_text("utf-8")
        lines, home = source.splitlines(), file.relative_to(ROOT).as_posix()
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign) and _is_number(node.value):
                name = ast.unparse(node.targets[0]).strip("()")
                if name not in SHAPE:
                    found.append(Constant(name, ast.unparse(node.value), home, _comment(lines[node.lineno - 1])))
    untold = [one.name for one in found if not one.meaning]
    if untold:
        raise Undescribed(f"{', '.join(untold)}: no comment says what it is.")
    return found


def _is_number(value: ast.expr) -> bool:
    """A number, or a tuple with one in it."""
    if isinstance(value, ast.Tuple):
        return any(_is_number(part) for part in value.elts)
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)
