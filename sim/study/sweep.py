"""A sweep: run every point of a design, keep each part as it comes, then say what was found.

Whatever stops a sweep, the parts it has finished stay, and the same command goes on from there.
"""

from __future__ import annotations

import pathlib
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence

from sim import results as results_folder
from sim.errors import FailedRuns
from sim.results import Results
from sim.results.folder import Folder, writing
from sim.results.manifest import question_hash
from sim.results.run_info import run_info
from sim.results.storage import atomic_folder, atomic_write
from sim.study import summary, table
from sim.study.designs import Design, grid
from sim.study.first_use import compiling
from sim.study.progress import console, counting, duration
from sim.study.runs import Runs

Draw = Callable[[Design, Results, pathlib.Path], object]


def run(overrides: Sequence[str], draw: Draw | None = None) -> int:
    """Answer a question and return the exit code: 0, 3 with failed runs, 128 + n stopped by signal n.

    `overrides` as on the command line; `draw(design, results, folder)` makes the figures.  Raises `BadInput`
    before anything is run, `Locked`, `StorageError`, `DamagedResults`.
    """
    design = grid(overrides)
    path = pathlib.Path(design.base.out or f"results/{design.base.name}-{question_hash(design.question)}")
    command = shlex.join(["tanf", "sweep", *overrides])
    try:
        with writing(path, design.question, design.table()) as folder:
            return _answer(folder, design, command, draw if design.base.figures else None)
    except KeyboardInterrupt as stop:
        console().print(f"\nstopped; what is finished stays in {path}; the same command goes on:\n  {command}")
        return getattr(stop, "exit_code", 128 + signal.SIGINT)


def _answer(folder: Folder, design: Design, command: str, draw: Draw | None) -> int:
    """Compute what is missing, tell and draw what was found."""
    done_already = not folder.missing and (folder.path / "summary.parquet").exists()
    if folder.missing:
        _compute(folder, design, command)
    if not done_already:
        _summarise(folder)
    results = results_folder.open(folder.path)
    sys.stdout.write(table.render(results))
    if results.failures:
        console().print(f"{len(results.failures):,} runs failed; {results.folder / 'failures.jsonl'} names them")
    if draw and not (folder.path / "figures").exists():
        atomic_folder(folder.path / "figures", lambda half: draw(design, results, half))
        sys.stdout.write(f"drawn into figures: {', '.join(_pictures(folder.path / 'figures'))}\n")
    sys.stdout.write(f"{'done already: ' if done_already else ''}{results.folder}\n")
    return FailedRuns.exit_code if results.failures else 0


def _pictures(folder: pathlib.Path) -> list[str]:
    """The pictures in a folder, by name without its ending."""
    return sorted({file.stem for file in folder.iterdir()})


def _compute(folder: Folder, design: Design, command: str) -> None:
    """Run the missing parts and write each as soon as it is there."""
    missing, start = folder.missing, time.monotonic()
    to_do = sum(len(folder.replications(part)) for part in missing) * folder.points
    runs = Runs(design)
    with compiling(runs.scenario(0)):
        runs.warm_up()
    console().print(_plan(design, to_do, runs.seconds_per_run(to_do)))
    with counting(to_do) as progress:
        for part in missing:
            folder.add_part(part, *runs.part(folder.replications(part), progress.advance))
    folder.write_json("run_info.json", run_info(command, time.monotonic() - start, to_do))


def _plan(design: Design, to_do: int, seconds_per_run: float | None) -> str:
    """What is about to be run: "9 points x 2,000 replications = 18,000 runs; expected time 1 min"."""
    points, replications = len(design.points), design.base.replications
    noun = "point" if points == 1 else "points"
    plan = f"{points:,} {noun} x {replications:,} replications = {design.runs:,} runs"
    if to_do < design.runs:
        plan += f", {design.runs - to_do:,} of them there already"
    return plan + (f"; expected time {duration(seconds_per_run * to_do)}" if seconds_per_run is not None else "")


def _summarise(folder: Folder) -> None:
    """Write the failures and the summary of a complete folder."""
    results = results_folder.open(folder.path)
    folder.write_failures(
        {"run": f"{failure['point']}:{failure['replication']}", "seed": results.settings["seed"], **failure}
        for failure in results.failures
    )
    rows = summary.summarise(results)
    atomic_write(folder.path / "summary.csv", summary.to_csv(rows))
    atomic_write(folder.path / "summary.parquet", summary.to_parquet(rows))
