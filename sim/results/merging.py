"""Several folders of one question put into one: a union of parts, whatever the order."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sim.errors import BadInput, DamagedResults
from sim.results import manifest as manifests
from sim.results.folder import RUN_INFO, Folder, joining, verify
from sim.results.parts import parquet_bytes, table_of
from sim.results.reading import Results, open
from sim.results.seal import unsealed


@contextmanager
def merging(target: pathlib.Path, sources: Sequence[pathlib.Path]) -> Iterator[Folder]:
    """The folder at `target`, holding its own parts and those of the sources; the sources stay as they are.

    Raises `BadInput` where two of them answer different questions, naming the differences, `DamagedResults`
    where a part is damaged or two folders hold the same run with other outcomes, `Locked`, `StorageError`.
    Everything is verified before the target is touched.
    """
    found = [open(source, partial=True) for source in sources if not _same(source, target)]
    named = [(one.folder, one.manifest) for one in found]

    def join(there: Mapping[str, Any] | None) -> dict[str, Any]:
        together = manifests.united([(target, there), *named] if there else named)
        return together | {"files": there["files"]} if there else together

    if not found:
        raise BadInput(f"there is nothing to merge into {target}; name the folders that are to go into it")
    manifests.united(named)  # before a folder is made for what cannot be
    with joining(target, join) as folder:
        for one in found:
            _take(folder, one)
        yield folder


def _same(source: pathlib.Path, target: pathlib.Path) -> bool:
    return target.exists() and source.exists() and source.samefile(target)


def _take(folder: Folder, source: Results) -> None:
    """Put what the source has more of into the folder."""
    parts = {(part.segment, part.number): part for part in manifests.all_parts(folder.manifest)}
    own = {(entry["segment"], entry["part"]): entry for entry in folder.parts}
    for entry in source.manifest["parts"]:
        place = (entry["segment"], entry["part"])
        data = verify(source.folder / entry["file"], entry["sha256"], source.folder)
        if place not in own:
            folder.put_part(parts[place], data, entry["rows"], entry["failed"])
        elif own[place]["sha256"] != entry["sha256"]:
            _refuse_other_outcomes(folder.path, own[place], source.folder, entry)
            if _precedence(entry) > _precedence(own[place]):
                folder.put_part(parts[place], data, entry["rows"], entry["failed"])


def _precedence(entry: Mapping[str, Any]) -> tuple[int, str]:
    """Which of two files of one part is kept: the longer; of equals (other libraries) always the same one."""
    return entry["rows"], entry["sha256"]


def _refuse_other_outcomes(
    here: pathlib.Path, entry: Mapping[str, Any], there: pathlib.Path, other: Mapping[str, Any]
) -> None:
    """Two files of one part must agree in the runs that both have."""
    files = (here / entry["file"], here, entry), (there / other["file"], there, other)
    tables = [table_of(verify(path, one["sha256"], folder)) for path, folder, one in files]
    both = min(table.num_rows for table in tables)
    if len({parquet_bytes(table.slice(0, both)) for table in tables}) > 1:
        raise DamagedResults(
            f"{files[0][0]} and {files[1][0]} hold the same runs with other outcomes, so one of them was not computed "
            "by the model it names; compute both folders again"
        )


def other_versions(folders: Sequence[pathlib.Path]) -> list[str]:
    """Libraries that were not the same in all folders: "numpy 2.1 in a, 2.2 in b"; none where nothing is known."""
    told = {folder: versions for folder in folders if (versions := _versions(folder))}
    names = sorted({name for versions in told.values() for name in versions})
    return [
        f"{name} " + ", ".join(f"{versions.get(name)} in {folder}" for folder, versions in told.items())
        for name in names
        if len({versions.get(name) for versions in told.values()}) > 1
    ]


def _versions(folder: pathlib.Path) -> dict[str, Any]:
    try:
        told = unsealed((folder / RUN_INFO).read_bytes(), RUN_INFO)
        return {**told["versions"], "python": told["python"]}
    except (OSError, DamagedResults, KeyError, TypeError):
        return {}
