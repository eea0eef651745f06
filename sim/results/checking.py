"""Is a results folder as it was written?  Every file, every page, every run number; each damage by its file's name."""

from __future__ import annotations

import hashlib
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import BadInput, DamagedResults, TanfError
from sim.results import manifest as manifests
from sim.results.folder import DESIGN, FIGURES, PART_NAME, RUN_INFO, RUNS, part_name, read_manifest, verify_pieces
from sim.results.manifest import MANIFEST, Part
from sim.results.parts import OK
from sim.results.reading import part_table
from sim.results.seal import unsealed
from sim.results.storage import LOCK, SUMS, links

NOT_DRAWN = "is not one of the figures that were drawn"


class Damage(NamedTuple):
    """A file, named from the folder, and what is wrong with it."""

    file: str
    what: str


def damages(folder: pathlib.Path) -> list[Damage]:
    """Everything in a results folder that is not as it was written; what is not computed yet is no damage.

    Raises `BadInput` for what is no results folder at all.
    """
    if not folder.is_dir() or not any((folder / name).exists() for name in (MANIFEST, DESIGN, RUNS)):
        raise BadInput(f"{folder} is not a results folder: it has no {MANIFEST}")
    linked = [Damage(_name(folder, link), "is a symbolic link, not a file") for link in links(folder)]
    try:
        manifest = read_manifest(folder)
    except BadInput:
        return [*linked, Damage(MANIFEST, "is missing"), *_by_name(folder)]
    except DamagedResults as error:
        return [*linked, Damage(MANIFEST, _sentence(error, folder / MANIFEST)), *_by_name(folder)]
    found = [*_files(folder, manifest), *_run_info(folder, manifest), *figure_damages(folder)]
    found += [*_parts(folder, manifest), *_foreign(folder, manifest)]
    named = {damage.file for damage in linked}
    return [*linked, *(damage for damage in found if damage.file not in named)]


def lost_parts(folder: pathlib.Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts that the manifest lists and that are not whole."""
    named = {damage.file for damage in _parts(folder, manifest)}
    return [entry for entry in manifest["parts"] if entry["file"] in named or (folder / entry["file"]).is_symlink()]


def _parts(folder: pathlib.Path, manifest: Mapping[str, Any]) -> Iterator[Damage]:
    known = {(part.segment, part.number): part for part in manifests.all_parts(manifest)}
    for entry in manifest["parts"]:
        part = known.pop((entry["segment"], entry["part"]), None)
        if part is None:
            yield Damage(entry["file"], "is listed twice or is no part of the question")
            continue
        try:
            refuse_wrong_part(folder, entry, part)
        except DamagedResults as error:
            yield Damage(entry["file"], _sentence(error, folder / entry["file"]))


def refuse_wrong_part(folder: pathlib.Path, entry: dict[str, Any], part: Part) -> None:
    """Raise `DamagedResults` unless the file of an entry holds the runs of its part and says so."""
    path, table = folder / entry["file"], part_table(folder, entry)
    if entry["file"] != part_name(part.segment, part.number, entry["sha256"]):
        raise DamagedResults(f"{path} has another place in its name than in the manifest")
    number = np.arange(table.num_rows)
    points = number % len(part.points) + part.points.start
    replications = number // len(part.points) + part.replications.start
    if table.num_rows % len(part.points) or table.num_rows > len(part.points) * len(part.replications):
        raise DamagedResults(f"{path} holds {table.num_rows} runs, no whole number of replications of its part")
    if (table["point"].to_numpy() != points).any() or (table["replication"].to_numpy() != replications).any():
        raise DamagedResults(f"{path} holds other runs than its place says, or in another order")
    if _failed(table) != entry["failed"]:
        raise DamagedResults(f"{path} holds {_failed(table)} failed runs and the manifest says {entry['failed']}")


def _failed(table: pa.Table) -> int:
    return int(pc.sum(pc.not_equal(table["status"], OK)).as_py() or 0)


def _files(folder: pathlib.Path, manifest: Mapping[str, Any]) -> Iterator[Damage]:
    for name, sha256 in manifest["files"].items():
        yield from _file(folder, name, sha256)
    if DESIGN not in manifest["files"]:
        yield Damage(MANIFEST, f"lists no {DESIGN}")


def _file(folder: pathlib.Path, name: str, sha256: str) -> Iterator[Damage]:
    try:
        verify_pieces(folder / name, sha256, folder=folder)
    except DamagedResults as error:
        yield Damage(name, _sentence(error, folder / name))


def _run_info(folder: pathlib.Path, manifest: Mapping[str, Any]) -> Iterator[Damage]:
    path = folder / RUN_INFO
    if not path.exists():
        if "summary.parquet" in manifest["files"]:
            yield Damage(RUN_INFO, "is missing")
        return
    try:
        unsealed(path.read_bytes(), str(path))
    except (OSError, DamagedResults) as error:
        yield Damage(RUN_INFO, _sentence(error, path))


def figure_damages(folder: pathlib.Path) -> Iterator[Damage]:
    """The figures that are not as they were drawn; none where none are."""
    if not (folder / FIGURES).is_dir():
        return
    path = folder / FIGURES / SUMS
    try:
        sums = unsealed(path.read_bytes(), str(path))["files"]
    except (OSError, DamagedResults, KeyError) as error:
        yield Damage(f"{FIGURES}/{SUMS}", _sentence(error, path))
        return
    for name, sha256 in sums.items():
        yield from _file(folder, f"{FIGURES}/{name}", sha256)
    for file in (folder / FIGURES).iterdir():
        if file.name not in sums and file.name != SUMS:
            yield Damage(_name(folder, file), NOT_DRAWN)


def _foreign(folder: pathlib.Path, manifest: Mapping[str, Any]) -> Iterator[Damage]:
    """What nobody has listed, figures apart."""
    known = {MANIFEST, RUN_INFO, LOCK, *manifest["files"], *(entry["file"] for entry in manifest["parts"])}
    wanted = {(part.segment, part.number) for part in manifests.missing_parts(manifest) if not part.there}
    for path in sorted(folder.rglob("*")):
        name = _name(folder, path)
        if name in known or path.is_dir() or name.startswith(f"{FIGURES}/") or _is_litter(path):
            continue
        if not (is_whole_by_name(path) and place_of(path) in wanted):  # the last thing a killed process wrote
            yield Damage(name, "is not part of these results: the manifest does not list it")


def _by_name(folder: pathlib.Path) -> Iterator[Damage]:
    """Parts that are not what their own names say, for a folder without a manifest."""
    for path in sorted((folder / RUNS).glob("*")):
        if not _is_litter(path) and not is_whole_by_name(path):
            yield Damage(_name(folder, path), "is damaged: its content is not what its name says")


def place_of(path: pathlib.Path) -> tuple[int, int] | None:
    """The segment and the number in the name of a part; None for another name."""
    named = PART_NAME.fullmatch(path.name)
    return (int(named[1]), int(named[2])) if named else None


def is_whole_by_name(path: pathlib.Path) -> bool:
    """Whether a part's bytes have the hash that its name carries."""
    named = PART_NAME.fullmatch(path.name)
    if named is None or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(named[3])


def _is_litter(path: pathlib.Path) -> bool:
    """What a killed process has left half-written: no file has its name yet, and the next writer removes it."""
    return path.name.startswith(".") and path.name.endswith(".tmp")


def _name(folder: pathlib.Path, path: pathlib.Path) -> str:
    return path.relative_to(folder).as_posix()


def _sentence(error: Exception, path: pathlib.Path) -> str:
    """What is wrong, without the name of the file before it."""
    told = str(error) if isinstance(error, TanfError) else f"cannot be read: {error}"
    return told.removeprefix(f"{path} ").partition(": `tanf")[0]
