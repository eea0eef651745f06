"""A results folder being written: claimed, continued, and never mixed with another question's."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa

from sim.errors import BadInput, DamagedResults
from sim.results import manifest as manifests
from sim.results.parts import OK, encode, parquet_bytes
from sim.results.storage import LOCK, atomic_write, claimed

MANIFEST = "manifest.json"


class Folder:
    """The folder of one question.

    `missing` are the numbers of the parts still to be computed; part k holds the replications
    [k * replications_per_part, ...) of every point.
    """

    def __init__(self, path: pathlib.Path, question: Mapping[str, Any], design: Sequence[Mapping[str, Any]]) -> None:
        self.path = path
        self.question = question
        table = parquet_bytes(pa.Table.from_pylist(list(design)))
        digest = hashlib.sha256(table).hexdigest()
        self.manifest = {"format": manifests.FORMAT, "question": question, "design_sha256": digest, "parts": []}
        self._continue()
        if not self.parts:
            atomic_write(path / MANIFEST, manifests.to_bytes(self.manifest))  # first: it says whose folder this is
        if not (path / "design.parquet").exists():
            atomic_write(path / "design.parquet", table)

    def _continue(self) -> None:
        """Take over the parts an earlier run of the same question has left."""
        path = self.path / MANIFEST
        if not path.exists():
            return
        there = manifests.from_bytes(path.read_bytes(), str(path))
        _refuse_other_question(self.path, there["question"], self.question)
        kept = [part for part in there["parts"] if (self.path / part["file"]).exists()]
        for part in kept:
            verify(self.path / part["file"], part["sha256"])
        self.manifest["parts"] = kept
        if (self.path / "design.parquet").exists():  # another version of the library would write other bytes
            self.manifest["design_sha256"] = there["design_sha256"]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts that are there, in order, as the manifest lists them."""
        return self.manifest["parts"]  # type: ignore[return-value]

    @property
    def points(self) -> int:
        """Number of parameter points."""
        return len(self.question["points"])

    @property
    def runs(self) -> int:
        """Number of runs the question asks for."""
        return self.points * self.question["common"]["replications"]

    @property
    def missing(self) -> list[int]:
        """Numbers of the parts still to be computed."""
        return missing_parts(self.manifest)

    def replications(self, part: int) -> range:
        """The replications whose runs part number `part` holds."""
        per_part = self.question["runs_per_part"] // self.points
        return range(part * per_part, min((part + 1) * per_part, self.question["common"]["replications"]))

    def add_part(self, part: int, rows: np.ndarray, status: np.ndarray) -> None:
        """Write part number `part`; arrays (replications, points), see `sim.results.parts.encode`."""
        name = f"runs/part-{part:05d}.parquet"
        data = encode(self.replications(part).start, rows, status)
        atomic_write(self.path / name, data)
        first, failed = part * self.question["runs_per_part"], int((status != OK).sum())
        digest = hashlib.sha256(data).hexdigest()
        entry = {"file": name, "first": first, "rows": rows.size, "failed": failed, "sha256": digest}
        self.parts.append(entry)
        self.parts.sort(key=lambda part: part["first"])
        atomic_write(self.path / MANIFEST, manifests.to_bytes(self.manifest))

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a small readable file beside the manifest."""
        atomic_write(self.path / name, (json.dumps(content, indent=1) + "\n").encode())

    def write_failures(self, failures: Iterable[Mapping[str, Any]]) -> None:
        """Write `failures.jsonl`, one failed run a line; no failures, no file."""
        lines = "".join(json.dumps(failure, sort_keys=True) + "\n" for failure in failures)
        if lines:
            atomic_write(self.path / "failures.jsonl", lines.encode())


@contextmanager
def writing(path: pathlib.Path, question: Mapping[str, Any], design: Sequence[Mapping[str, Any]]) -> Iterator[Folder]:
    """Be the only writer of the folder of a question; nothing in it is touched unless it is this question's.

    Raises `BadInput` for a folder that is not ours, holds another question or cannot be written,
    `Locked` where another process writes it, `DamagedResults` where a finished part has changed.
    """
    _refuse_foreign(path)
    with claimed(path):
        yield Folder(path, question, design)


def missing_parts(manifest: Mapping[str, Any]) -> list[int]:
    """Numbers of the parts that a manifest lacks."""
    question = manifest["question"]
    per_part = question["runs_per_part"]
    runs = len(question["points"]) * question["common"]["replications"]
    there = {part["first"] // per_part for part in manifest["parts"]}
    return [part for part in range(-(-runs // per_part)) if part not in there]


def verify(path: pathlib.Path, sha256: str) -> bytes:
    """The bytes of a file, if they are those that were written; else raises `DamagedResults`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DamagedResults(f"{path} cannot be read: {error.strerror} (errno {error.errno})") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedResults(
            f"{path} is damaged (its sha256 is not the manifest's): "
            "delete that file and give the command that made it again to compute it anew"
        )
    return data


def _refuse_foreign(path: pathlib.Path) -> None:
    """A folder that holds anything but results of ours stays as it is."""
    try:
        names = [entry.name for entry in path.iterdir()] if path.exists() else []
    except OSError as error:
        raise BadInput(f"out={path} cannot be used: {error.strerror} (errno {error.errno})") from error
    foreign = [name for name in names if name != LOCK and not (name.startswith(".") and name.endswith(".tmp"))]
    if foreign and MANIFEST not in names:
        raise BadInput(f"out={path} exists and is not a results folder (it holds {foreign[0]!r}); choose a new folder")


def _refuse_other_question(path: pathlib.Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    found = manifests.differences(there, here)
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        told = ", ".join(found[:5])
        raise BadInput(f"out={path} holds the answer to another question: {told}{more}; choose another folder")
