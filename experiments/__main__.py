"""The front door: `tanf VERB [overrides]`, also `python -m experiments.VERB [overrides]`.

It refuses what the program does not know, calls the verb, and turns every error into one sentence on
standard error and an exit code: 0 done, 1 internal error, 2 bad input, 3 finished with failed runs,
4 storage, 5 damaged results, 6 locked, 128 + n stopped by signal n.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import importlib.metadata
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.readers import refuse_unread
from experiments.terminal import STOPPED_BY_KEYBOARD, lost_output, patient_output, stopped_by_signals
from sim.errors import BadInput, StorageError, TanfError

if TYPE_CHECKING:
    from sim.config.settings import Config

VERBS = {  # what it does, and an example
    "run": ("simulate one run: its story, a map, a timeline", "tanf run roe.zone_radius_km=40 seed=7"),
    "plan": ("what a sweep will cost and can show, before it is made", "tanf plan experiment=zone_radius"),
    "sweep": ("simulate many runs at each point of a question", "tanf sweep experiment=zone_radius replications=2000"),
    "compare": (
        "is a clash likelier in b than in a, and why",
        "tanf compare a.roe=baseline_2017 b.roe=restrictive",
    ),
    "rare": ("how likely is what plain runs hardly see, and how it came", "tanf rare outcome=strike_ground count=19"),
    "attribute": (
        "which decisions a clash was due to, and by what ways it came",
        "tanf attribute outcome=attack_on_coalition",
    ),
    "sensitivity": (
        "which settings the chance of a clash hangs on",
        "tanf sensitivity experiment=levers outcome=strike_ground",
    ),
    "discover": (
        "where the chance of a clash exceeds a bound",
        "tanf discover experiment=levers outcome=strike_ground bound=0.5",
    ),
    "verify": ("hold the model against the record, and wrong models too", "tanf verify replications=2000"),
    "calibrate": ("what the record says of the parameters, and what it leaves open", "tanf calibrate draws=20000"),
    "doctor": ("check a ladder before any run, and this machine", "tanf doctor roe=restrictive"),
    "view": ("one run live in a browser, to be steered and asked why", "tanf view roe=restrictive seed=7"),
    "list": ("show what there is to choose and to set", "tanf list parameters"),
    "bench": ("measure how fast the simulation is on this machine", "tanf bench"),
}
FOLDER_VERBS = {  # the same; these take a results folder, not overrides
    "status": ("what a results folder holds, and what to type next", "tanf status results/NAME"),
    "resume": ("compute what a results folder lacks", "tanf resume results/NAME threads=null"),
    "merge": ("put several folders of one question into one", "tanf merge results/whole results/a results/b"),
    "check": ("is every file of a results folder as it was written?", "tanf check results/NAME"),
    "repair": ("compute again what is damaged, and nothing else", "tanf repair results/NAME"),
    "report": ("one page to read and to send: answer, figures, two runs", "tanf report results/NAME"),
    "replay": ("tell one run of a results folder again, and a page to play it", "tanf replay results/NAME 2:17"),
    "histories": (
        "how many runs went: rungs, chains of acts, tension, places",
        "tanf histories results/NAME 0 runs=300",
    ),
    "export": ("tables for other programs, and what each column is", "tanf export results/NAME format=parquet"),
}
WRITING = ("resume", "merge", "repair", "report", "histories")  # these write the folder they name first
DEFAULTS = {  # experiments, where none is named
    "sweep": "zone_radius",
    "plan": "zone_radius",
    "sensitivity": "levers",
    "discover": "levers",
}
OWN_LUCK = ("method=prim", "common_seeds=false")  # of a discovery, unless set: no point shares its errors
WINDOW = {"start": "scenario.start_date", "horizon_days": "scenario.horizon_days"}
OPTIONS = {"-h": "help", "--help": "help", "-m": "several", "--multirun": "several", "-c": "show", "--cfg": "show"}


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for; returns the exit code and lets no error through."""
    if argv is None:
        _start_lightly()
    with patient_output(), stopped_by_signals():
        try:
            code = _answer(list(sys.argv[1:] if argv is None else argv))
            if code == 0 and (lost := lost_output()):
                raise StorageError(f"standard output cannot be written: {lost.strerror} (errno {lost.errno})")
            return code
        except TanfError as error:
            return _complain(str(error), error.exit_code)
        except KeyboardInterrupt as stop:
            return _complain("stopped", getattr(stop, "exit_code", STOPPED_BY_KEYBOARD))
        except OSError as error:
            return _complain(_of_the_disk(error), StorageError.exit_code)
        except MemoryError:
            return _complain("there is not enough memory for this; allow it more (ulimit -v), or ask for less", 1)
        except Exception as error:
            return _complain(f"internal error, please report it: {type(error).__name__}: {error}", 1)


def _of_the_disk(error: OSError) -> str:
    """What the system refused, and where."""
    what = f"{error.strerror} (errno {error.errno})" if error.errno else f"{type(error).__name__}: {error}"
    return f"cannot use {error.filename}: {what}" if error.filename else f"the system refused: {what}"


def _start_lightly() -> None:
    """Spare a process that is all ours a quarter of a short run."""
    gc.set_threshold(500_000)  # what the libraries load stays, and is searched for garbage again and again
    atexit.register(gc.freeze)  # and once more at the end


def _complain(sentence: str, exit_code: int) -> int:
    """Say on one line what is wrong; where it happened is for those who ask with TANF_DEBUG=1."""
    if os.environ.get("TANF_DEBUG") == "1":
        traceback.print_exc()
    print("tanf:", " ".join(sentence.split()), file=sys.stderr)
    return exit_code


def _answer(arguments: list[str]) -> int:
    """Answer what concerns the whole program; hand the rest to the verb."""
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help"):
        return _print(usage_lines())
    if first in ("-V", "--version"):
        return _print([f"tanf-escalation {version()}"])
    verbs = VERBS | FOLDER_VERBS
    if first not in verbs:
        raise _unknown("command", first, verbs)
    asked, overrides = _options(arguments[1:])
    if "help" in asked:
        return _print(importlib.import_module("experiments.usage").lines(first, *verbs[first]))
    if first == "list" or first in FOLDER_VERBS:
        if asked:
            what = "a subject" if first == "list" else "a results folder"
            raise BadInput(f"`tanf {first}` takes {what} and no option; `tanf {first} --help` says more")
        _refuse_held(overrides[:1] if first in WRITING else [])
        return _call(first, overrides)
    return _question(first, asked, overrides)


def _question(verb: str, asked: set[str], overrides: list[str]) -> int:
    """A verb that takes overrides: show what they resolve to, try each alternative, or just do it."""
    if not asked:
        _refuse_held(override.removeprefix("out=") for override in overrides if override.startswith("out="))
    from sim.config.compose import as_yaml

    if "several" in asked:
        from experiments.several import each

        return each(overrides, lambda one: _question(verb, asked - {"several"}, one))
    overrides, config = asked_of(verb, overrides)  # here, so that bad input is refused before anything heavy loads
    return _print([as_yaml(config).rstrip()]) if "show" in asked else _call(verb, overrides)


def _refuse_held(folders: Iterable[str]) -> None:
    """Say that somebody else is writing a folder at once, not after all libraries are loaded."""
    from sim.results.storage import refuse_held

    for folder in folders:
        refuse_held(Path(folder))


def asked_of(verb: str, overrides: list[str]) -> tuple[list[str], Config]:
    """The overrides and the configuration they make; raises BadInput.

    A sweep that names neither an experiment nor an axis asks the project's main question, a sensitivity analysis or a
    discovery that of the levers; a verification takes 2,000 histories where nothing is said, and the points of a
    discovery have luck of their own.
    """
    from sim.config.compose import compose, split

    if verb == "verify":
        overrides = [_short_for(override) for override in overrides]
    if verb == "verify" and not any(override.startswith(("replications=", "experiment=")) for override in overrides):
        overrides = ["replications=2000", *overrides]
    refuse_unread(verb, overrides)
    if verb in ("compare", "plan"):
        from sim.study.arms import arms, named

        if verb == "compare" or named(overrides):
            return overrides, arms(overrides).base
    if verb == "discover":
        given = {override.partition("=")[0] for override in overrides}
        overrides = [*overrides, *(word for word in OWN_LUCK if word.partition("=")[0] not in given)]
    if verb in ("sensitivity", "discover") and overrides and "=" not in overrides[0]:  # a results folder
        return overrides, compose(*overrides[1:])
    if verb not in DEFAULTS:
        return overrides, compose(*overrides)
    plain, axes = split(overrides)
    if not axes and not any(override.startswith("experiment=") for override in plain):
        plain = [f"experiment={DEFAULTS[verb]}", *plain]
    return [*plain, *axes], compose(*plain, axes=axes)


def _short_for(override: str) -> str:
    """A verification's own names for the window it foretells: start=2017-06-09 horizon_days=60."""
    name, equals, value = override.partition("=")
    return WINDOW.get(name, name) + equals + value


def _call(verb: str, arguments: list[str]) -> int:
    return importlib.import_module(f"experiments.{verb}").main(arguments)


def _options(arguments: Iterable[str]) -> tuple[set[str], list[str]]:
    """What the options ask for, and everything that is no option."""
    asked: set[str] = set()
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        name, equals, value = argument.partition("=")
        asks = OPTIONS.get(name)
        if asks == "show":
            _refuse_other_than_job(name, value if equals else next(left, ""))
        if asks and (not equals or asks == "show"):
            asked.add(asks)
        elif argument.startswith("-"):
            raise _unknown("option", name, OPTIONS)
        else:
            rest.append(argument)
    return asked, rest


def _refuse_other_than_job(option: str, shown: str) -> None:
    if shown != "job":
        raise BadInput(f"{option} shows the resolved configuration and takes job, not {shown!r}; write {option} job")


def _unknown(noun: str, word: str, known: Iterable[str]) -> BadInput:
    """The refusal of a command or option; those options that are Hydra's own are fixed here."""
    from sim.config.check import nearest, shown

    if word.startswith(("--config", "-cd", "-cp", "-cn", "--hydra")):
        return BadInput(f"{shown(word)} is fixed by the program; files added to its folder conf are chosen as roe=NAME")
    close = nearest(word.lower(), known)
    hint = f"did you mean {close}? " if close else ""
    return BadInput(f"there is no {noun} {shown(word)}; {hint}known are {', '.join(known)}")


def usage_lines() -> list[str]:
    """The commands, each with an example."""
    lines = ["tanf simulates the standoff around al Tanf, May-June 2017.", ""]
    for verb, (about, example) in (VERBS | FOLDER_VERBS).items():
        lines += [f"  tanf {verb:6} {about}", f"  {'':11} {example}"]
    return [*lines, "", "tanf COMMAND --help says more; tanf --version names the version."]


def version() -> str:
    """The installed version."""
    try:
        return importlib.metadata.version("tanf-escalation")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _print(lines: Iterable[str]) -> int:
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
