"""The reference pages of the documents, made from the code: commands, parameters, outcomes, acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.config import listing
from sim.config.settings import declared
from sim.errors import TanfError
from sim.rules.names import Act
from sim.run.columns import COLUMNS
from sim.study.described import acts
from sim.view.meanings import meaning

CODES = ((0, "Done."), (1, "An internal error; please report it."))
KINDS = {bool: "happened", int: "count", float: "number"}


class Command(NamedTuple):
    """A command as its help tells it: what it does, an example, sentences, and lines that keep their layout."""

    about: str
    example: str
    known: list[str]
    more: list[str]


def pages(commands: Mapping[str, Command]) -> dict[str, str]:
    """Every page by its name; `commands` are those of the program, in their order."""
    made = {"commands": _commands(commands), "parameters": _parameters(), "outcomes": _outcomes(), "acts": _acts()}
    note = "\n*Made from the code by `make reference`.*\n"
    return {f"{name}.md": "\n".join(lines) + note for name, lines in made.items()}


def _commands(commands: Mapping[str, Command]) -> Iterator[str]:
    yield "# Commands\n"
    yield "Settings are `name=value`; what may be set of each command: `tanf COMMAND --help`.\n"
    for verb, command in commands.items():
        about = f"{command.about[0].upper()}{command.about[1:].removesuffix('?')}"
        yield f"## tanf {verb}\n\n{about}{'?' if command.about.endswith('?') else '.'}\n"
        yield f"```text\n{command.example}\n```\n"
        for line in command.known:
            yield f"{_escaped(line)}\n"
        if command.more:
            yield "```text\n" + "\n".join(command.more) + "\n```\n"
    yield "## Exit codes\n"
    yield from _table(("code", "meaning"), sorted([*CODES, *_refusals()]))


def _refusals() -> Iterator[tuple[int, str]]:
    """The errors that the program has sentences for."""
    for kind in TanfError.__subclasses__():
        yield kind.exit_code, " ".join((kind.__doc__ or "").split())
    yield 128, "Plus n: stopped by signal n."


def _parameters() -> Iterator[str]:
    yield "# Parameters\n"
    yield 'Each is declared once, in `sim/config`. A number without a source says "prior": a judgement, to be varied.\n'
    entries = list(declared().values())
    for group in dict.fromkeys(entry.key.rpartition(".")[0] for entry in entries):
        yield f"## {group or 'how it is run'}\n"
        rows = [listing.cells(entry) for entry in entries if entry.key.rpartition(".")[0] == group]
        yield from _table(("name", "default", "unit", "range", "source", "meaning"), rows)


def _outcomes() -> Iterator[str]:
    yield "# Outcomes\n"
    yield "The columns of a run's row, as `results.outcomes` and `tanf export` have them.\n"
    yield from _table(
        ("column", "kind", "meaning"), [(f"`{name}`", KINDS[kind], meaning(name)) for name, kind in COLUMNS.items()]
    )


def _acts() -> Iterator[str]:
    yield "# Acts\n"
    yield "What a log of events is written in (`model.events`, `tanf replay`).\n"
    written = {name: module for module, names in acts().items() for name in names}
    rows = [(int(act), f"`{act.name.lower()}`", f"`sim/rules/{written[act.name.lower()]}.py`") for act in Act]
    yield from _table(("number", "act", "written by"), rows)


def _table(heads: tuple[str, ...], rows: list) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(_escaped(str(cell)) for cell in row) + " |"
    yield ""


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
