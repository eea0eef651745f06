"""A results folder being written: claimed, continued, extended, and never mixed with another question's."""

from __future__ import annotations

import hashlib
import os
import pathlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
import pyarrow as pa

from sim.errors import BadInput, DamagedResults
from sim.results import manifest as manifests
from sim.results.manifest import MANIFEST, Part
from sim.results.parts import OK, parquet_bytes, table_from, table_of
from sim.results.seal import as_value, canonical, sealed, unsealed
from sim.results.storage import LOCK, SUMS, atomic_write, claimed, refuse_links

DESIGN, RUN_INFO, FIGURES, RUNS = "design.parquet", "run_info.json", "figures", "runs"
FROM_THE_RUNS = ("summary.csv", "summary.parquet", "uncertainty.csv", "failures.jsonl")  # of all runs together
PART_NAME = re.compile(r"part-(\d+)-(\d{5,})-([0-9a-f]{16})\.parquet")
HEAD = b"question"  # under this name design.parquet says what is asked, so that a lost manifest can be made again
DRAWN = (".png", ".svg", ".csv", ".html")  # pictures, the numbers in them, and the report made of them
MIB = 1 << 20
MOST_SESSIONS = 100  # that run_info.json remembers


class Folder:
    """The folder of one question, open for writing.

    `missing` are the parts still to be computed, in order; each says which points and replications it lacks.
    """

    def __init__(self, path: pathlib.Path, asked: Mapping[str, Any], there: Mapping[str, Any] | None) -> None:
        """`asked` is the manifest to work by, `there` the one the folder has."""
        self.path = path
        self.manifest = dict(asked)
        if there:
            self._keep(there)
        self._question = as_value(self.question)  # large, and written with every part
        self._prepare(there)

    def _keep(self, there: Mapping[str, Any]) -> None:
        """Take over the parts that are there and whole; those that are gone are computed again."""
        kept = [part for part in there["parts"] if (self.path / part["file"]).exists()]
        for part in kept:
            verify(self.path / part["file"], part["sha256"], self.path)
        self.manifest["parts"] = kept

    def _prepare(self, there: Mapping[str, Any] | None) -> None:
        """Manifest first, for it says whose folder this is; then the design, then what is out of date goes."""
        design = self.path / DESIGN
        digest = self.manifest["files"].get(DESIGN)
        asked_as_before = there is not None and head_of(there) == head_of(self.manifest)
        files = dict(self.manifest["files"]) if asked_as_before and not self.missing else {}
        if not all(_has(self.path / name, sha256) for name, sha256 in files.items() if name != DESIGN):
            files = {}
        data = None
        if not (asked_as_before and digest and _has(design, digest)):
            data = design_bytes(self.manifest)
            digest = hashlib.sha256(data).hexdigest()
        self.manifest["files"] = files | {DESIGN: digest}
        if self.manifest != there:
            self._write_manifest()
        if data:
            atomic_write(design, data)
        self._clear_out_of_date()

    def _clear_out_of_date(self) -> None:
        """Remove what is about other runs than those the manifest lists."""
        for name in FROM_THE_RUNS:
            if name not in self.manifest["files"]:
                (self.path / name).unlink(missing_ok=True)
        if not self.finished and (self.path / FIGURES).is_dir():
            clear_figures(self.path / FIGURES)
        listed = {part["file"] for part in self.parts}
        for file in (self.path / RUNS).glob("part-*.parquet"):
            if PART_NAME.fullmatch(file.name) and f"{RUNS}/{file.name}" not in listed:
                file.unlink()

    @property
    def question(self) -> dict[str, Any]:
        """What is asked; the order of its points is that of their numbers."""
        return self.manifest["question"]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts that are there, in order, as the manifest lists them."""
        return self.manifest["parts"]

    @property
    def points(self) -> int:
        """Number of parameter points."""
        return len(self.question["points"])

    @property
    def replications(self) -> int:
        """Replications of every point that are asked for."""
        return self.manifest["replications"]

    @property
    def runs(self) -> int:
        """Number of runs the question asks for."""
        return self.points * self.replications

    @property
    def missing(self) -> list[Part]:
        """The parts still to be computed."""
        return manifests.missing_parts(self.manifest)

    @property
    def finished(self) -> bool:
        """Whether every run is there, and what says something about all of them."""
        return "summary.parquet" in self.manifest["files"] and not self.missing

    def add_part(self, part: Part, rows: np.ndarray, status: np.ndarray) -> None:
        """Write the runs that a part lacks, beside those it has.

        `rows` of dtype `sim.run.columns.FLAT` and `status` have the shape (missing replications, points of the
        part).  The old file goes when the manifest names the new one, so a kill in between costs nothing.
        """
        table = table_from(part.points.start, part.missing.start, rows, status)
        old = [entry for entry in self.parts if (entry["segment"], entry["part"]) == (part.segment, part.number)]
        for entry in old:
            data = verify(self.path / entry["file"], entry["sha256"], self.path)
            table = pa.concat_tables([table_of(data), table])
        failed = int((status != OK).sum()) + sum(entry["failed"] for entry in old)
        self.put_part(part, parquet_bytes(table), table.num_rows, failed)

    def put_part(self, part: Part, data: bytes, rows: int, failed: int) -> None:
        """Put the file of a part in place of the one that is there, if there is one."""
        digest = hashlib.sha256(data).hexdigest()
        name = part_name(part.segment, part.number, digest)
        entry = {"segment": part.segment, "part": part.number, "file": name, "rows": rows, "failed": failed}
        atomic_write(self.path / name, data)
        old = [each for each in self.parts if (each["segment"], each["part"]) == (part.segment, part.number)]
        kept = [each for each in self.parts if each not in old]
        self.manifest["parts"] = sorted([*kept, entry | {"sha256": digest}], key=lambda e: (e["segment"], e["part"]))
        self._write_manifest()
        for each in old:
            if each["file"] != name:
                (self.path / each["file"]).unlink(missing_ok=True)

    def finish(self, files: Mapping[str, bytes]) -> None:
        """Write what says something about all runs; names as in FROM_THE_RUNS."""
        for name, data in files.items():
            atomic_write(self.path / name, data)
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        self.manifest["files"] = {DESIGN: self.manifest["files"][DESIGN], **digests}
        self._write_manifest()

    def write_run_info(self, content: Mapping[str, Any]) -> None:
        """Write when, where and with what this was computed; earlier sessions stay in the list `earlier`."""
        path = self.path / RUN_INFO
        earlier: list[Any] = []
        with suppress(OSError, DamagedResults):
            last = unsealed(path.read_bytes(), str(path))
            earlier = last.pop("earlier", [])
            if last["runs_computed"] or last["command"] != content["command"]:  # else it had only begun
                earlier = [*earlier, last][-MOST_SESSIONS:]
        atomic_write(path, sealed({**content, "earlier": earlier}))

    def _write_manifest(self) -> None:
        atomic_write(self.path / MANIFEST, manifests.to_bytes(self.manifest, self._question))


@contextmanager
def writing(path: pathlib.Path, question: Mapping[str, Any], replications: int) -> Iterator[Folder]:
    """Be the only writer of the folder of a question; nothing in it is touched unless it is this question's.

    A folder that is there goes on: further replications, and further points of the same axes, are added to it.
    Raises `BadInput` for a folder that is not ours, holds another question or cannot be written,
    `Locked` where another process writes it, `DamagedResults` where a finished part has changed.
    """

    def join(there: Mapping[str, Any] | None) -> dict[str, Any]:
        if there is None:
            return manifests.started(question, replications)
        return manifests.extended(there, question, replications, path)

    with joining(path, join) as folder:
        yield folder


@contextmanager
def joining(path: pathlib.Path, join: Callable[[Mapping[str, Any] | None], dict[str, Any]]) -> Iterator[Folder]:
    """The same, for the question that `join` makes of the manifest that is there; None where there is none."""
    refuse_foreign(path)
    with claimed(path):
        refuse_links(path)
        there = read_manifest(path) if (path / MANIFEST).exists() else None
        yield Folder(path, join(there), there)


def clear_figures(figures: pathlib.Path) -> None:
    """Remove the figures of a folder; raises `BadInput` where somebody has put something else beside them."""
    foreign = [file for file in figures.iterdir() if file.suffix not in DRAWN and file.name != SUMS]
    if foreign:
        raise BadInput(f"{foreign[0]} is no figure, and the figures are going to be drawn again; take it out first")
    shutil.rmtree(figures)


def read_manifest(path: pathlib.Path) -> dict[str, Any]:
    """The manifest of a folder; raises `BadInput` where there is none, `DamagedResults` where it is damaged."""
    file = path / MANIFEST
    if not file.is_file():
        lost = "it has lost its" if (path / DESIGN).is_file() else "it has no"
        hint = f"; `tanf repair {path}` makes it again" if (path / DESIGN).is_file() else ""
        raise BadInput(f"{path} is not a results folder: {lost} {MANIFEST}{hint}")
    try:
        return manifests.from_bytes(file.read_bytes(), str(file))
    except OSError as error:
        raise DamagedResults(f"{file} cannot be read: {error.strerror} (errno {error.errno})") from error


def head_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked, without what is there."""
    return {key: manifest[key] for key in ("format", "question", "replications", "segments")}


def design_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The design as a Parquet file; beside the table it says what else is asked."""
    head = head_of(manifest)
    head["question"] = {key: value for key, value in head["question"].items() if key != "points"}
    head |= {"varied": list(manifest["question"]["points"][0]), "points_sha256": points_hash(manifest["question"])}
    table = pa.Table.from_pylist(manifests.design_rows(manifest["question"]))
    return parquet_bytes(table.replace_schema_metadata({HEAD: sealed(head)}))


def points_hash(question: Mapping[str, Any]) -> str:
    """A hash of the points of a question."""
    return hashlib.sha256(canonical(question["points"]).encode()).hexdigest()


def part_name(segment: int, number: int, sha256: str) -> str:
    """The name of a part: its place, and the beginning of the hash of its bytes."""
    return f"{RUNS}/part-{segment}-{number:05d}-{sha256[:16]}.parquet"


def verify(path: pathlib.Path, sha256: str, folder: pathlib.Path | None = None) -> bytes:
    """The bytes of a file, if they are those that were written; else raises `DamagedResults`.

    `folder` is the results folder that `tanf repair` can mend.
    """
    data = bytearray()
    verify_pieces(path, sha256, data.extend, folder)
    return bytes(data)


def verify_pieces(
    path: pathlib.Path,
    sha256: str,
    take: Callable[[bytes], object] = lambda _: None,
    folder: pathlib.Path | None = None,
) -> None:
    """The same piece by piece, in the memory of one: `take` gets each; never through a link."""
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            while piece := file.read(MIB):
                digest.update(piece)
                take(piece)
    except OSError as error:
        raise DamagedResults(f"{path} cannot be read: {error.strerror} (errno {error.errno}){_hint(folder)}") from error
    if digest.hexdigest() != sha256:
        raise DamagedResults(f"{path} is damaged (its sha256 is not the manifest's){_hint(folder)}")


def _hint(folder: pathlib.Path | None) -> str:
    if folder is None:
        return ": delete that file and give the command that made it again to compute it anew"
    return f": `tanf repair {folder}` computes it anew"


def _has(path: pathlib.Path, sha256: str) -> bool:
    try:
        verify_pieces(path, sha256)
    except DamagedResults:
        return False
    return True


def refuse_foreign(path: pathlib.Path) -> None:
    """Raise `BadInput` for a folder that holds anything but results of ours: it stays as it is."""
    try:
        names = [entry.name for entry in path.iterdir()] if path.exists() else []
    except OSError as error:
        raise BadInput(f"out={path} cannot be used: {error.strerror} (errno {error.errno})") from error
    foreign = [name for name in names if name != LOCK and not (name.startswith(".") and name.endswith(".tmp"))]
    if foreign and MANIFEST not in names:
        if DESIGN in names:
            raise BadInput(f"out={path} has lost its {MANIFEST}; `tanf repair {path}` makes it again")
        raise BadInput(f"out={path} exists and is not a results folder (it holds {foreign[0]!r}); choose a new folder")
