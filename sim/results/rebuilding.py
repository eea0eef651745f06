"""A lost manifest made again: the design says what was asked, the parts say what is there."""

from __future__ import annotations

import hashlib
import json
import pathlib
from typing import Any

import pyarrow as pa

from sim.errors import DamagedResults
from sim.results import manifest as manifests
from sim.results.checking import is_whole_by_name, place_of, refuse_wrong_part
from sim.results.folder import DESIGN, HEAD, RUN_INFO, RUNS, head_of, points_hash
from sim.results.manifest import Part
from sim.results.parts import OK, table_of
from sim.results.seal import unsealed


def rebuilt(folder: pathlib.Path) -> dict[str, Any]:
    """The manifest of a folder that has lost it, from its design and its parts; it lists no other files.

    Raises `DamagedResults` where the design is damaged as well: then what was asked is not known.
    """
    path = folder / DESIGN
    try:
        manifest = _asked(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, DamagedResults) as error:
        raise DamagedResults(f"neither manifest.json nor {path} can be read, {_what_is_left(folder)}") from error
    manifest |= {"parts": [], "files": {}}  # design and summary are written anew
    known = {(part.segment, part.number): part for part in manifests.all_parts(manifest)}
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for file in sorted((folder / RUNS).glob("part-*.parquet")):
        place = place_of(file) or (-1, -1)
        entry = _entry(folder, file, known[place]) if place in known else None
        if entry and (place not in found or found[place]["rows"] < entry["rows"]):
            found[place] = entry
    return manifest | {"parts": [found[place] for place in sorted(found)]}


def _asked(design: bytes) -> dict[str, Any]:
    """What is asked, from the bytes of a design."""
    table = table_of(design)
    head = unsealed(table.schema.metadata[HEAD], DESIGN)
    points = table.select(head["varied"]).to_pylist() if head["varied"] else [{} for _ in range(table.num_rows)]
    question = head["question"] | {"points": points}
    if points_hash(question) != head["points_sha256"]:
        raise ValueError("the points are not those that were asked for")
    return head_of(head | {"question": question})


def _entry(folder: pathlib.Path, file: pathlib.Path, part: Part) -> dict[str, Any] | None:
    """What the manifest says of a part; None where the file is not whole."""
    if not is_whole_by_name(file):
        return None
    data = file.read_bytes()
    table = table_of(data)
    failed = table.num_rows - table["status"].to_pylist().count(OK)
    entry = {"segment": part.segment, "part": part.number, "file": f"{RUNS}/{file.name}", "rows": table.num_rows}
    entry |= {"failed": failed, "sha256": hashlib.sha256(data).hexdigest()}
    try:
        refuse_wrong_part(folder, entry, part)
    except DamagedResults:
        return None
    return entry


def _what_is_left(folder: pathlib.Path) -> str:
    """What somebody can still do."""
    try:
        told = json.loads((folder / RUN_INFO).read_bytes())["command"]
    except (OSError, ValueError, KeyError, TypeError):
        return "so what was asked is not known: give the command that made the folder again, with another out="
    return f"so what was asked is not known: give the command that made the folder again, with another out=: {told}"
