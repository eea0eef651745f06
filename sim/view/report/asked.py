"""What the folder of a report was asked: by which command, about which outcome, against which margin."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from sim.config.compose import compose
from sim.config.overrides import read, refuse_twice
from sim.config.settings import Config, value_of
from sim.errors import BadInput
from sim.results import Results
from sim.results.manifest import settings_of as settings_here
from sim.study.designs import Design
from sim.study.keeping import refuse_other_model
from sim.study.kept import design_of
from sim.study.status import asked_by

TOLD = {  # settings that no manifest keeps and that change what is told, by the command that reads them
    "sweep": ("interval", "simultaneous"),
    "compare": ("outcome", "margin", "twin"),
    "rare": ("outcome", "count", "rare.method", "rare.paths", "rare.repetitions"),
    "attribute": ("outcome", "attribute.cases", "attribute.run"),
    "sensitivity": ("outcome",),
    "discover": ("outcome", "method", "bound"),
}


@dataclass(frozen=True)
class Asked:
    """A folder with its question; `words` are what its command set, of a sensitivity analysis or a discovery."""

    verb: str  # a key of TOLD
    results: Results
    design: Design
    words: list[str]


def settings_of(verb: str, base: Config) -> list[str]:
    """What a command is asking now, as `given` of `asked`: its folder may have been begun with other settings."""
    values = {key: value_of(base, key) for key in TOLD[verb]}
    return [f"{key}={value}" for key, value in values.items() if value is not None]


def asked(results: Results, given: Sequence[str] = (), verb: str | None = None) -> Asked:
    """What a complete folder was asked, `given` settings in place of those of its command.

    The command stands in run_info.json, and `verb` in place of its; a folder without one is told as a sweep.
    Raises `BadInput` for a setting that no report of this kind reads, and for a study by another version of the model.
    """
    command = shlex.split(asked_by(results.folder) or "tanf sweep")
    begun = command[1] if command[1:2] and command[1] in TOLD else "sweep"
    verb = verb or begun
    alike = _kept(results) == set(settings_here(Config()))
    if verb != "sweep" or not alike:  # the table of a sweep follows from its runs alone
        refuse_other_model(results.folder, results.manifest)
    words = [word for word in command[2:] if "=" in word]
    refuse_twice([read(word) for word in given])
    for word in given:
        _refuse_unread(word, verb, results)
    own = [word for word in words if _key(word) in TOLD[verb] and _key(word) not in map(_key, given)]
    design = design_of(results.manifest)
    chosen = compose(*own, *given)
    kept = {name: getattr(chosen, name) for name in dict.fromkeys(key.partition(".")[0] for key in TOLD[verb])}
    design = dataclasses.replace(design, base=dataclasses.replace(design.base, **kept))
    return Asked(verb, results, design, words if verb in ("sensitivity", "discover") else [])


def _kept(results: Results) -> set[str]:
    """The settings that a folder keeps."""
    question = results.manifest["question"]
    return {*question["common"], *question["points"][0]}


def _key(word: str) -> str:
    return word.partition("=")[0]


def _refuse_unread(word: str, verb: str, results: Results) -> None:
    if _key(word) not in TOLD[verb]:
        raise BadInput(
            f"{results.folder} is the answer of `tanf {verb}`, whose report has no {_key(word)}; leave it out"
        )
