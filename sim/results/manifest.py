"""The manifest: what was asked, and which parts of the answer are there.

It holds only what is a function of the question, so two machines that answer the same question write
the same bytes.  Whether a folder is complete is decided here, never by a file that happens to open.

    format        of this file
    question      axes, settings, points, and the fingerprint of the model: what makes runs comparable
    replications  how many are asked for at every point; more of them are the same question, answered further
    segments      blocks of points, in order; points that are asked for later open a new one
    parts         the files of runs that are there: segment, number, rows, failed runs, sha256
    files         the sha256 of every other file that is a function of the question
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.errors import BadInput, DamagedResults
from sim.results.fingerprint import fingerprint
from sim.results.seal import as_value, canonical, sealed, unsealed

MANIFEST = "manifest.json"
FORMAT = 2
RUNS_PER_PART = 2048  # a few seconds of two cores: what a broken-off sweep may lose
SHORT_DAYS, MOST_TIMES = 7.0, 4  # runs that are shorter come up to four times as many in a part
NOT_ASKED = (  # where and how, not what; these move no run
    *("out", "threads", "executor", "dask", "figures", "incidents", "shard", "until"),
    *("watch", "max_failures", "fail_fast", "outcome", "margin", "twin"),
    *("method", "bound", "count", "rare", "attribute", "interval", "simultaneous"),
    *("draws", "parameters", "posterior_draws"),
    *("axes", "design", "samples", "sampling", "points"),  # the points themselves are told
)
WHERE_SET = ("draw",)  # asked where it is set, and else as if there were no such setting


def settings_of(config: Any) -> dict[str, Any]:
    """The settings of a configuration that decide the answer, as `group.name` -> value."""
    flat: dict[str, Any] = {}
    for name, value in vars(config).items():
        if name in NOT_ASKED or (name in WHERE_SET and value is None):
            continue
        if dataclasses.is_dataclass(value):
            flat |= {f"{name}.{key}": part for key, part in vars(value).items()}
        else:
            flat[name] = value
    return flat


def question_of(points: Sequence[Mapping[str, Any]], axes: Sequence[str]) -> dict[str, Any]:
    """What is asked: the settings common to all points, and of each point those that vary.

    `points` are the `settings_of` each point; `axes` the names of what is varied, in order.  The number of
    replications is no part of it.
    """
    from sim.results.parts import schema_hash

    told = {"axes": list(axes), "fingerprint": fingerprint(), "schema": schema_hash()}
    return told | _points([{key: value for key, value in point.items() if key != "replications"} for point in points])


def _points(full: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Points, each with all its settings, as what they have in common and what varies."""
    first = full[0]
    varied = sorted(key for key in first if any(point[key] != first[key] for point in full))
    common = {key: value for key, value in first.items() if key not in varied}
    return {"common": common, "points": [{key: point[key] for key in varied} for point in full]}


def full_points(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every point with all its settings."""
    return [question["common"] | point for point in question["points"]]


def design_rows(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The design as a table: of each point its number, its value on each axis, every other setting that varies."""
    return [
        {"point": number, **{axis: label(point, axis) for axis in question["axes"]}, **question["points"][number]}
        for number, point in enumerate(full_points(question))
    ]


def label(point: Mapping[str, Any], axis: str) -> Any:
    """Where a point, with all its settings, lies on an axis: a setting's value, or the name of a group's option."""
    return point[axis] if axis in point else point[f"{axis}.name"]


def replications_per_part(points: Sequence[Mapping[str, Any]]) -> int:
    """Replications of every point in one part; `points` are all the settings of each.

    Short runs come more to a part, so that keeping them costs little beside computing them.
    """
    longest_days = max(point["scenario.horizon_days"] for point in points)
    times = min(max(int(SHORT_DAYS // longest_days), 1), MOST_TIMES)
    return -(-RUNS_PER_PART * times // len(points))


def question_hash(question: Mapping[str, Any]) -> str:
    """A short name for a question: ten hexadecimal digits."""
    return hashlib.sha256(canonical(question).encode()).hexdigest()[:10]


@dataclasses.dataclass(frozen=True)
class Part:
    """Part `number` of a segment: the replications it holds when it is full, of how many the runs are there."""

    segment: int
    number: int
    points: range
    replications: range
    there: int

    @property
    def missing(self) -> range:
        """The replications still to be computed."""
        return self.replications[self.there :]

    @property
    def runs_missing(self) -> int:
        """The number of runs still to be computed."""
        return len(self.points) * len(self.missing)


def segments(manifest: Mapping[str, Any]) -> Iterator[tuple[int, range, int]]:
    """Each segment: its number, its points, the replications in each of its parts."""
    first = 0
    for number, segment in enumerate(manifest["segments"]):
        yield number, range(first, first + segment["points"]), segment["replications_per_part"]
        first += segment["points"]


def all_parts(manifest: Mapping[str, Any]) -> Iterator[Part]:
    """Every part that the question has, in order, computed or not."""
    rows = {(part["segment"], part["part"]): part["rows"] for part in manifest["parts"]}
    asked = manifest["replications"]
    for segment, points, size in segments(manifest):
        for number in range(-(-asked // size)):
            held = range(number * size, min((number + 1) * size, asked))
            yield Part(segment, number, points, held, rows.get((segment, number), 0) // len(points))


def missing_parts(manifest: Mapping[str, Any]) -> list[Part]:
    """The parts that are not there, or not with all their replications."""
    return [part for part in all_parts(manifest) if part.missing]


def share(parts: Sequence[Part], shard: str | None) -> list[Part]:
    """The parts that one of several machines computes: for "i/n" those whose number is i modulo n; None for all."""
    if shard is None:
        return list(parts)
    which, of = map(int, shard.split("/"))
    return [part for part in parts if part.number % of == which % of]


def started(question: Mapping[str, Any], replications: int) -> dict[str, Any]:
    """The manifest of a question of which nothing is computed."""
    head = {"format": FORMAT, "question": dict(question), "replications": replications}
    return head | {"segments": [_segment(full_points(question))], "parts": [], "files": {}}


def extended(there: Mapping[str, Any], asked: Mapping[str, Any], replications: int, path: object) -> dict[str, Any]:
    """The manifest that is there, with further points in a new segment and as many replications as the most asked.

    Raises `BadInput`, naming the differences, where the question is another one: then nothing may be mixed.
    """
    question = there["question"]
    old, new = full_points(question), full_points(asked)
    known = {canonical(point) for point in old}
    fresh = [point for point in new if canonical(point) not in known]
    same = all(question[key] == asked[key] for key in ("axes", "fingerprint", "schema"))
    if not same or len(fresh) + len(old) != len(new):
        raise another_question(f"out={path} holds the answer to another question", question, asked)
    head = dict(there) | {"replications": max(there["replications"], replications)}
    if not fresh:
        return head
    segments = [*there["segments"], _segment(fresh)]
    return head | {"question": question | _points([*old, *fresh]), "segments": segments}


def _segment(points: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Points that come into a folder together, each with all its settings."""
    return {"points": len(points), "replications_per_part": replications_per_part(points)}


def united(manifests: Sequence[tuple[object, Mapping[str, Any]]]) -> dict[str, Any]:
    """What is asked by several folders together, each a name and a manifest: the order does not matter.

    Their points must be the same, or the beginning of the one that has most.  Raises `BadInput` naming the
    differences where two answer different questions.
    """
    names = sorted(manifests, key=lambda pair: len(pair[1]["question"]["points"]))
    longest_name, longest = names[-1]
    for name, manifest in names[:-1]:
        there, here, n = manifest["question"], longest["question"], len(manifest["question"]["points"])
        same = all(there[key] == here[key] for key in ("axes", "fingerprint", "schema"))
        same = same and full_points(there) == full_points(here)[:n]
        if not same or manifest["segments"] != longest["segments"][: len(manifest["segments"])]:
            raise another_question(f"{longest_name} and {name} answer different questions", here, there)
    asked = max(manifest["replications"] for _, manifest in manifests)
    head = {key: longest[key] for key in ("format", "question", "segments")}
    return head | {"replications": asked, "parts": [], "files": {}}


def another_question(sentence: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> BadInput:
    """The refusal to mix two questions: the sentence, then where they differ."""
    found = differences(there, here)
    told = ", ".join(found[:5]) or "their points come in another order"
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return BadInput(f"{sentence}: {told}{more}; choose another folder")


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Where two questions differ: "roe.inner_line_km (20.0 there, 25.0 here)", ..."""
    old, new = _told(there), _told(here)
    return [
        f"{key} ({_short(old.get(key))} there, {_short(new.get(key))} here)"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _told(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as key -> value, the values of a varied key in one list."""
    told = {key: value for key, value in question.items() if key not in ("common", "points")}
    varied = question["points"][0]
    return told | question["common"] | {key: [point[key] for point in question["points"]] for key in varied}


def _short(value: Any) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "..."


def to_bytes(manifest: Mapping[str, Any], question: str | None = None) -> bytes:
    """The manifest as a sealed file; `question` is the question as `seal.as_value` writes it, where it is at hand."""
    return sealed(manifest, {"question": question or as_value(manifest["question"])})


def from_bytes(data: bytes, name: str) -> dict[str, Any]:
    """Read a manifest back; raises `DamagedResults` where it is not one of ours, or of another format."""
    _refuse_other_format(data, name)
    content = unsealed(data, name)
    try:
        _ = [(part["file"], part["rows"], part["failed"], part["sha256"]) for part in content["parts"]]
        _ = content["question"]["points"][0], content["question"]["common"], content["files"], content["replications"]
        _ = list(segments(content))
    except (KeyError, TypeError, IndexError) as error:
        raise DamagedResults(f"{name} is not the manifest of a results folder ({error!r})") from error
    return content


def _refuse_other_format(data: bytes, name: str) -> None:
    try:
        version = json.loads(data)["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return  # the seal says what is wrong
    if isinstance(version, int) and version != FORMAT:
        raise DamagedResults(
            f"{name} has format {version}, and this version of the program reads format {FORMAT}: "
            "use the version that made it (run_info.json names it), or make the folder again under another name"
        )
