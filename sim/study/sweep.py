"""A sweep: run every point of a design, keep each part as it comes, then say what was found.

Whatever stops a sweep, the parts it has finished stay, and the same command goes on from there.
"""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sim import results as results_folder
from sim.errors import BadInput, ClusterLost, FailedRuns
from sim.results import Results
from sim.results.folder import RUN_INFO, Folder, writing
from sim.results.manifest import Part, fingerprint, question_hash, share
from sim.results.reading import part_table
from sim.results.run_info import run_info
from sim.run.cluster import Cluster, cluster, refuse_no_dask
from sim.study import parameter_page, summary, table
from sim.study.designs import Design, grid
from sim.study.drawing import draw_beside
from sim.study.first_use import compiling
from sim.study.kept import in_order_of
from sim.study.parameter_uncertainty import DRAW, refuse_too_few
from sim.study.progress import console, counting, duration
from sim.study.room import refuse_too_little
from sim.study.runs import Runs
from sim.study.watching import Watch, watched

MOST_DRAWN = 30_000  # runs in the figures: as fine as a line, in 90 MB of memory
Draw = Callable[[Design, Results, pathlib.Path], object]
Tell = Callable[[Results], str]


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Answer a question and return the exit code: 0, 3 with failed runs, 128 + n stopped by signal n.

    `overrides` as on the command line; `draw(design, results, folder)` makes the figures.  Raises `BadInput`
    before anything is run, `Locked`, `StorageError`, `DamagedResults`.
    """
    design = grid(overrides)
    watched(design.base.watch)
    refuse_too_few(design)
    command = shlex.join(["tanf", "sweep", *overrides])
    if design.base.until.half_width is not None:
        from sim.study.until import answer_until

        return answer_until(design, folder_of(design), command, draw)
    if design.base.until.outcome is not None:
        raise BadInput("until.outcome says what to wait for, and nothing how long; add until.half_width=0.01")
    return answer(design, folder_of(design), command, draw)


def folder_of(design: Design) -> pathlib.Path:
    """Where the answer goes: `out`, or results/NAME-HASH, with its share behind it where it is only one."""
    name = f"{design.base.name}-{question_hash(design.question)}"
    share = f"-shard-{design.base.shard.replace('/', '-of-')}" if design.base.shard else ""
    return pathlib.Path(design.base.out or f"results/{name}{share}")


def answer(design: Design, path: pathlib.Path, command: str, draw: Draw | None = None, tell: Tell | None = None) -> int:
    """Answer the question of a design in a folder, going on from what is there; exit code as `run`.

    `command` is what somebody may type to go on; `tell(results)` is what is said of them.
    """
    if design.base.executor == "dask":
        refuse_no_dask(design.base.dask.address)
    refuse_too_little(design, path)
    try:
        with writing(path, design.question, design.base.replications) as folder:
            there = in_order_of(design, folder)
            if folder.replications > design.base.replications:
                told = f"{path} holds {folder.replications:,} replications of every point"
                console().print(f"{told}, more than the {design.base.replications:,} asked for")
            return _answer(folder, there, command, draw if design.base.figures else None, tell)
    except KeyboardInterrupt as stop:
        return stopped(stop, path, command)
    except ClusterLost as lost:
        raise ClusterLost(
            f"{lost}; what is finished stays in {path}, and `tanf resume {path}` goes on, with executor=dask or without"
        ) from lost


def tabled(design: Design) -> Tell:
    """The table of a sweep, with the intervals that are asked for; over the posterior, chances over its draws."""
    if DRAW in design.axes:
        return parameter_page.render
    return partial(table.render, kind=design.base.interval, together=design.base.simultaneous)


def stopped(stop: KeyboardInterrupt, path: pathlib.Path, command: str) -> int:
    """Say how to go on after a signal; exit code 128 + its number."""
    console().print(f"\nstopped; what is finished stays in {path}; the same command goes on:\n  {command}")
    return getattr(stop, "exit_code", 128 + signal.SIGINT)


def _answer(folder: Folder, design: Design, command: str, draw: Draw | None, tell: Tell | None) -> int:
    """Compute what is missing, tell and draw what was found."""
    done_already = folder.finished
    if to_do := share(folder.missing, design.base.shard):
        compute(folder, design, to_do, command)
    if folder.missing:
        return _tell_share(folder, design)
    if not done_already:
        conclude(folder, command)
    return report(folder.path, design, draw, "done already: " if done_already else "", tell)


def report(path: pathlib.Path, design: Design, draw: Draw | None, already: str = "", tell: Tell | None = None) -> int:
    """Tell and draw what a complete folder says; exit code as `run`."""
    results = results_folder.open(path)
    sys.stdout.write((tell or tabled(design))(results))
    if results.failures:
        console().print(f"{len(results.failures):,} runs failed; {results.folder / 'failures.jsonl'} names them")
    if draw:
        shown = few_enough(results)
        draw_beside(results, lambda figures: draw(design, shown, figures))
    sys.stdout.write(f"{already}{results.folder}\n")
    return FailedRuns.exit_code if results.failures else 0


def few_enough(results: Results) -> Results:
    """What the figures show: every run, or of very many those of the first parts, which is then said."""
    if results.runs <= MOST_DRAWN:
        return results
    parts: list[dict[str, Any]] = []
    runs = 0
    for part in sorted(results.manifest["parts"], key=lambda part: part["part"]):  # all segments alike
        runs += part["rows"]
        if parts and runs > MOST_DRAWN:
            break
        parts.append(part)
    drawn = dataclasses.replace(results, manifest=results.manifest | {"parts": parts})
    console().print(f"the figures show the first {drawn.runs:,} of {results.runs:,} runs; table and summary, all")
    return drawn


def _tell_share(folder: Folder, design: Design) -> int:
    """A share is done and the whole is not: say how the shares come together."""
    missing = sum(part.runs_missing for part in folder.missing)
    sys.stdout.write(
        f"share {design.base.shard} is done: {folder.runs - missing:,} of {folder.runs:,} runs are in {folder.path}\n"
        f"put the shares together with: tanf merge TARGET {shlex.quote(str(folder.path))} ...\n"
    )
    return FailedRuns.exit_code if any(part["failed"] for part in folder.parts) else 0


def compute(folder: Folder, design: Design, missing: Sequence[Part], command: str) -> None:
    """Run what these parts lack and write each as soon as it is there."""
    start, to_do = time.monotonic(), sum(part.runs_missing for part in missing)
    _sign(folder, command)
    watch = Watch(design, sum(part["failed"] for part in folder.parts))
    for entry in folder.parts:
        watch.remember(part_table(folder.path, entry, ["point", "status", watch.outcome]))
    runs = Runs(design, watch.see)
    with compiling(runs.scenario(0)):
        runs.warm_up()  # before workers start: they load the machine code that this leaves
    with workers(design) as runs.cluster:
        console().print(_plan(design, to_do, runs.seconds_per_run(to_do)))
        with counting(to_do, watch.told) as progress:
            for part in missing:
                folder.add_part(part, *runs.part(part.missing, progress.advance, part.points))
    folder.write_run_info(run_info(command, time.monotonic() - start, to_do))


@contextmanager
def workers(design: Design) -> Iterator[Cluster | None]:
    """The workers that a design asks for, None for threads of this process; raises `BadInput` for other models."""
    if design.base.executor == "threads":
        yield None
        return
    with cluster(design.base.dask.address, design.base.threads or len(os.sched_getaffinity(0))) as found:
        here = fingerprint()
        for where, there in found.everywhere(fingerprint).items():
            if there != here:
                raise BadInput(
                    f"the worker at {where} has another version of the model (fingerprint {there[:12]} there, "
                    f"{here[:12]} here); install the same version on both"
                )
        yield found


def _plan(design: Design, to_do: int, seconds_per_run: float | None) -> str:
    """What is about to be run: "9 points x 2,000 replications = 18,000 runs; expected time 1 min"."""
    points, replications = len(design.points), design.base.replications
    noun = "point" if points == 1 else "points"
    plan = f"{points:,} {noun} x {replications:,} replications = {design.runs:,} runs"
    if to_do < design.runs:
        plan += f", {design.runs - to_do:,} of them there already"
    return plan + (f"; expected time {duration(seconds_per_run * to_do)}" if seconds_per_run is not None else "")


def conclude(folder: Folder, command: str) -> None:
    """Write the failures and the summary of a complete folder."""
    _sign(folder, command)
    folder.finish(derived(results_folder.open(folder.path)))


def _sign(folder: Folder, command: str) -> None:
    """Write by what command it was begun, if that is not there: whoever finds it stopped shall know what was asked."""
    if not (folder.path / RUN_INFO).exists():
        folder.write_run_info(run_info(command, 0.0, 0))


def derived(results: Results) -> dict[str, bytes]:
    """The files that follow from the runs of a complete folder, by name."""
    rows = summary.summarise(results)
    files = {"summary.csv": summary.to_csv(rows), "summary.parquet": summary.to_parquet(rows)}
    if DRAW in results.axes:
        files["uncertainty.csv"] = parameter_page.csv_of(results)
    failures = [
        {"run": f"{failure['point']}:{failure['replication']}", "seed": results.settings["seed"], **failure}
        for failure in results.failures
    ]
    lines = "".join(json.dumps(failure, sort_keys=True) + "\n" for failure in failures)
    return files | ({"failures.jsonl": lines.encode()} if lines else {})
