"""What is done with a results folder that is there: go on with it, put several together, mend it, replay one run."""

from __future__ import annotations

import copy
import pathlib
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim import results as results_folder
from sim import scenario
from sim.config.check import check, shown
from sim.config.overrides import read, refuse_twice
from sim.config.settings import put
from sim.errors import BadInput, TanfError
from sim.results import manifest as manifests
from sim.results.checking import NOT_DRAWN, Damage, damages, lost_parts, place_of
from sim.results.folder import DESIGN, FIGURES, FROM_THE_RUNS, RUN_INFO, RUNS, clear_figures, read_manifest, writing
from sim.results.manifest import MANIFEST, segments, to_bytes
from sim.results.merging import merging, other_versions
from sim.results.parts import OK, schema_hash
from sim.results.reading import part_table
from sim.results.rebuilding import rebuilt
from sim.results.storage import atomic_write, claimed, links
from sim.run.columns import COLUMNS
from sim.run.story import Story, tell
from sim.study import sweep
from sim.study.designs import Design, seed_of
from sim.study.drawing import draw_beside
from sim.study.kept import config_of, design_of
from sim.study.progress import console
from sim.study.runs import failed_with, status_of
from sim.study.status import asked_by, tells_more

RUN = re.compile(r"(\d{1,9}):(\d{1,10})")
HOW = (  # may be chosen anew when a folder goes on
    *("dask.address", "executor", "fail_fast", "figures"),
    *("max_failures", "shard", "threads", "watch"),
)
OURS = {MANIFEST, DESIGN, RUN_INFO, RUNS, FIGURES, *FROM_THE_RUNS}


def resume(path: pathlib.Path, overrides: Sequence[str] = (), draw: sweep.Draw | None = None) -> int:
    """Compute what a folder lacks, from its manifest alone; exit code as a sweep's.

    `overrides` say how: threads, figures, shard.  Raises `BadInput` where the folder was made by another model.
    """
    manifest = read_manifest(path)
    refuse_other_model(path, manifest)
    design = _chosen(design_of(manifest), overrides)
    code = sweep.answer(design, path, shlex.join(["tanf", "resume", str(path), *overrides]), draw)
    if tells_more(asked := asked_by(path)):
        console().print(f"its answer is told by the command that asked: {asked}")
    return code


def _chosen(design: Design, overrides: Sequence[str]) -> Design:
    """The design with other settings of how it is computed; refuses those of what is asked."""
    given = [read(text) for text in overrides]
    refuse_twice(given)
    first = copy.deepcopy(design.points[0].config)
    for one in given:
        if one.key not in HOW or one.is_axis:
            raise BadInput(f"{one.key} is not set here: a folder goes on as it was asked, but for {', '.join(HOW)}")
        put(first, one.key, one.values[0])
        put(design.base, one.key, one.values[0])
    check(first)
    return design


def merge(target: pathlib.Path, sources: Sequence[pathlib.Path], draw: sweep.Draw | None = None) -> int:
    """Put the parts of all folders into `target`; when that makes it whole, say what was found.

    Exit code as a sweep's; raises as `sim.results.merging.merging`.
    """
    command = shlex.join(["tanf", "merge", *map(str, (target, *sources))])
    with merging(target, sources) as folder:
        for told in other_versions(list(dict.fromkeys([*sources, target]))):
            console().print(f"computed with other versions, which may differ in a last digit: {told}")
        missing = sum(part.runs_missing for part in folder.missing)
        if not missing and not folder.finished:
            sweep.conclude(folder, command)
    sys.stdout.write(f"{target} holds {folder.runs - missing:,} of {folder.runs:,} runs\n")
    if missing:
        sys.stdout.write(f"the rest: tanf resume {shlex.quote(str(target))}\n")
        return 0
    return sweep.report(target, design_of(folder.manifest), draw)


def repair(path: pathlib.Path, overrides: Sequence[str] = (), draw: sweep.Draw | None = None) -> list[Damage]:
    """Make a damaged folder as it was: compute damaged parts again, rebuild manifest, design, summary, figures.

    Returns what is still wrong afterwards: files that are not ours stay where they are.  Raises `BadInput` where
    parts must be computed and the model is another one now, `DamagedResults` where manifest and design are lost.
    """
    found = damages(path)
    if not found:
        return []
    drawn = (path / FIGURES).is_dir()
    with claimed(path):
        _unlink_links(path)
        lost = _take_out(path, {damage.file for damage in found})
        hurt = [damage for damage in found if damage.file.startswith(f"{FIGURES}/")]
        if draw and hurt and not any(damage.what == NOT_DRAWN for damage in hurt):
            clear_figures(path / FIGURES)
    _mend(path, lost, overrides)
    if draw and drawn and not (path / FIGURES).exists():
        results = results_folder.open(path)
        design = design_of(results.manifest)
        draw_beside(results, lambda figures: draw(design, results, figures))
    return damages(path)


def _unlink_links(path: pathlib.Path) -> None:
    """Remove links that stand where a file of ours should; what they name stays."""
    for link in links(path):
        if link.relative_to(path).parts[0] in OURS:
            link.unlink()


def _take_out(path: pathlib.Path, damaged: set[str]) -> set[tuple[int, int]]:
    """Remove damaged files, once it is sure that they can be made again; returns the places of the parts among them."""
    lost: set[tuple[int, int]] = set()
    if MANIFEST in damaged:
        lost = {place for name in damaged if (place := place_of(path / name))}
        atomic_write(path / MANIFEST, to_bytes(rebuilt(path)))
    manifest = read_manifest(path)
    entries = lost_parts(path, manifest)
    lost |= {(entry["segment"], entry["part"]) for entry in entries}
    if lost:
        refuse_other_model(path, manifest)
    for entry in entries:
        (path / entry["file"]).unlink(missing_ok=True)
    if RUN_INFO in damaged:
        (path / RUN_INFO).unlink(missing_ok=True)
    return lost


def _mend(path: pathlib.Path, lost: set[tuple[int, int]], overrides: Sequence[str]) -> None:
    """Compute the lost parts, and write again what follows from the runs or the question."""
    manifest, command = read_manifest(path), shlex.join(["tanf", "repair", str(path)])
    with writing(path, manifest["question"], manifest["replications"]) as folder:
        to_do = [part for part in folder.missing if (part.segment, part.number) in lost]
        if to_do:
            sweep.compute(folder, _chosen(design_of(manifest), overrides), to_do, command)
        if not folder.missing:
            sweep.conclude(folder, command)


def refuse_other_model(path: pathlib.Path, manifest: Mapping[str, Any]) -> None:
    """Raise `BadInput` where runs computed now would be those of another model than the folder's."""
    there, here = manifest["question"]["fingerprint"], manifests.fingerprint()
    if there != here or manifest["question"]["schema"] != schema_hash():
        raise BadInput(
            f"{path} was made by another version of the model (fingerprint {there[:12]} there, {here[:12]} here), and "
            "its runs are not mixed; use the version that run_info.json names, or ask again with another out="
        )


@dataclass(frozen=True)
class Replayed:
    """A run told again."""

    story: Story | None  # None where it failed again
    stored: str  # its status in the folder
    status: str  # its status now
    differs: list[str]  # names of outcomes that are not those of the folder


def replay(path: pathlib.Path, run: str) -> Replayed:
    """The run "POINT:REPLICATION" of a folder, simulated again and compared with the row that is there.

    Raises `BadInput` for a run that is not there or another model, `DamagedResults` where its part is damaged.
    """
    manifest = read_manifest(path)
    point, replication, row = stored_run(path, manifest, run)
    refuse_other_model(path, manifest)
    config = config_of(manifest, point)
    try:
        story = tell(scenario.build(config), seed=seed_of(config), replication=replication)
    except TanfError:
        raise
    except Exception as error:
        return Replayed(None, row["status"], failed_with(error), [])
    status = str(status_of(np.array([story.outcome]), config.most_events)[0])
    names = [name for name in COLUMNS if row["status"] == OK and not _same(row[name], story.outcome[name])]
    return Replayed(story, row["status"], status, names)


def stored_run(path: pathlib.Path, manifest: Mapping[str, Any], run: str) -> tuple[int, int, dict[str, Any]]:
    """Point, replication and stored row of a run; raises `BadInput` where it is not there."""
    named = RUN.fullmatch(run)
    if not named:
        raise BadInput(f"a run is named POINT:REPLICATION, as in 0:17, not {shown(run)}")
    point, replication = int(named[1]), int(named[2])
    for segment, points, size in segments(manifest):
        for entry in manifest["parts"]:
            row = (replication - entry["part"] * size) * len(points) + point - points.start
            if entry["segment"] == segment and point in points and 0 <= row < entry["rows"]:
                return point, replication, part_table(path, entry).slice(row, 1).to_pylist()[0]
    last = len(manifest["question"]["points"]) - 1
    asked = f"points 0 to {last}, replications 0 to {manifest['replications'] - 1}"
    raise BadInput(f"{path} holds no run {run}; it asks for {asked}, and `tanf status {path}` says what is there")


def _same(stored: Any, now: Any) -> bool:
    return bool(stored == now or (stored != stored and now != now))  # noqa: PLR0124 - nan, here and there
