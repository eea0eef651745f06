"""One override, read and checked: `key=value`, `group=option`, or an axis `key=value,value`.

Everything else that Hydra would do with an override (add, delete, interpolate, instantiate, move its
own folders) is refused, each with one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.override_parser.types import Glob

from sim.config.check import converted, nearest, shown, unknown
from sim.config.grammar import MOST_VALUES, Interval, NotAValue, values
from sim.config.places import conf_folder, groups, options
from sim.config.settings import Declared, declared
from sim.errors import BadInput

LONGEST = 4000  # characters of an override
FIXED_OPTIONS = {"--config-dir", "--config-path", "--config-name", "-cd", "-cp", "-cn"}


@dataclass
class Override:
    """`values` holds one value, or those of an axis, or one Interval; none for `experiment=null`."""

    text: str
    key: str
    values: list[Any]
    is_axis: bool

    def assignments(self) -> list[str]:
        """The same as single overrides: `["roe.zone_radius_km=0", "roe.zone_radius_km=20"]`."""
        return [f"{self.key}={written(value)}" for value in self.values]

    @property
    def interval(self) -> Interval | None:
        """The interval that values are to be drawn from, where the override is one."""
        return self.values[0] if self.values and isinstance(self.values[0], Interval) else None

    @property
    def given(self) -> str:
        """What stands behind the equals sign."""
        return self.text.partition("=")[2]


def written(value: Any) -> str:
    """A value as an override writes it: 40, 0.25, true, restrictive."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return shown(value) if isinstance(value, bool) or value is None else str(value)


def read(text: str, where: str | None = None) -> Override:
    """Read one override; raises BadInput with the key, what was given and what is allowed.

    `where` names the place it came from, where that is not the text itself.
    """
    if not isinstance(text, str):
        raise BadInput(f"an override is a text such as 'roe.zone_radius_km=40', not {shown(text)}")
    where = where or f"the override {shown(text)}"
    key, given = _halves(text, where)
    if key in groups():
        return _choice(text, key, given, where)
    return _setting(text, declared()[key], given, where)


def _halves(text: str, where: str) -> tuple[str, str]:
    """A known key and a value that is there."""
    if len(text) > LONGEST:
        raise BadInput(f"{where} is longer than {LONGEST} characters")
    key, equals, given = text.partition("=")
    _refuse_machinery(text, key)
    if not equals:
        raise BadInput(f"{shown(text)} is not a setting; write key=value, such as roe.zone_radius_km=40")
    if key not in groups() and key not in declared():
        raise no_such(key, where)
    if given.strip() in ("", "???"):
        raise BadInput(f"{key} has no value in {where}; give {wanted(key)}")
    if "${" in given:
        raise BadInput(f"{key} must be {wanted(key)}, not {shown(given)}, which refers elsewhere; change it in {where}")
    return key, given


def _refuse_machinery(text: str, key: str) -> None:
    """Refuse what belongs to Hydra and not to the question."""
    if text.startswith("-"):
        raise _no_option(key.split(maxsplit=1)[0])
    bare = key.lstrip("+~")
    if re.split(r"[./]", bare)[0] == "hydra" or re.search(r"(^|\.)_", bare):
        raise BadInput(f"{shown(bare)} cannot be set (in {shown(text)}); `tanf list parameters` shows what can")
    if key == bare:
        return
    if bare not in declared() and bare not in groups():
        raise no_such(bare, f"the override {shown(text)}")
    raise BadInput(f"nothing can be added or removed, as {shown(text)} tries; write {bare}=value, {wanted(bare)}")


def _no_option(option: str) -> BadInput:
    if option in FIXED_OPTIONS:
        return BadInput(f"{option} is fixed by the program; add files to {conf_folder()}, chosen as in roe=restrictive")
    return BadInput(f"there is no option {shown(option)}; settings are written key=value, and --help names the options")


def no_such(key: str, where: str) -> BadInput:
    """The refusal of an unknown key; a group of parameters is not a setting of its own."""
    inside = [name for name in declared() if name.startswith(key + ".")]
    if inside:
        return BadInput(f"{key} is a group of settings (in {where}); set one of them, such as {inside[0]}")
    close = nearest(key, groups(), cutoff=0.75)
    if close and "." not in key:
        return BadInput(f"there is no setting {shown(key)} (in {where}); did you mean {close}, {wanted(close)}?")
    return unknown(key, where)


def wanted(key: str) -> str:
    """What a setting or a group takes, in words."""
    return f"one of {', '.join(options(key))}" if key in groups() else declared()[key].allowed


def _choice(text: str, group: str, given: str, where: str) -> Override:
    """`roe=restrictive`, or an axis over presets."""
    found, is_axis = _values(group, given, where)
    if found and isinstance(found[0], Interval):
        raise BadInput(f"{group} must be {wanted(group)}, not {shown(given)}: intervals are of numbers")
    chosen = [name for value in found for name in _named(group, value)]
    if is_axis:
        _refuse_empty(group, chosen, given)
    return Override(text, group, chosen, is_axis)


def _named(group: str, value: Any) -> Sequence[str]:
    """The presets that a value names: one, or those that fit a pattern; none for `experiment=null`."""
    known = options(group)
    if isinstance(value, Glob):
        return value.filter(known)
    if value is None and group == "experiment":
        return []
    if value is None and "null" in known:  # a preset of that name, which the grammar reads as no value
        return ["null"]
    if str(value) in known:
        return [str(value)]
    close = nearest(str(value), known)
    hint = f"did you mean {close}? " if close else ""
    raise BadInput(f"{group} has no option {shown(value)}; {hint}known are {', '.join(known)} (files in conf/{group})")


def _setting(text: str, entry: Declared, given: str, where: str) -> Override:
    """`roe.zone_radius_km=40`, or an axis over numbers or switches."""
    if entry.kind is str:
        return Override(text, entry.key, [_text(entry, given, where)], False)
    if entry.kind is list:
        raise BadInput(f"{entry.key} cannot be set as in {shown(text)}; write an axis as roe.zone_radius_km=0,20,40")
    if re.search(r"\d_\d", given):
        plain = shown(given.replace("_", ""))
        raise BadInput(f"{entry.key} must be {entry.allowed}, not {shown(given)}; write {plain} in {where}")
    found, is_axis = _values(entry.key, given, where)
    if found and isinstance(found[0], Interval):
        return Override(text, entry.key, [_interval(entry, found[0], given, where)], True)
    found = [converted(entry, value, given if len(found) == 1 else value, where) for value in found]
    if is_axis:
        _refuse_empty(entry.key, found, given)
    return Override(text, entry.key, found, is_axis)


def _interval(entry: Declared, found: Interval, given: str, where: str) -> Interval:
    """An interval whose ends are both allowed, and two."""
    if entry.kind not in (int, float):
        raise BadInput(f"{entry.key} must be {entry.allowed}, not {shown(given)}; intervals are of numbers")
    low, high = (converted(entry, _whole(entry, end), given, where) for end in found)
    if not low < high:
        raise BadInput(f"{entry.key} has no values in {shown(given)}; write interval(low,high) with low below high")
    return Interval(low, high)


def _whole(entry: Declared, end: float) -> float:
    """An end of an interval, which the grammar reads as a decimal number: 3.0 is a whole one."""
    return int(end) if entry.kind is int and float(end).is_integer() else end


def _text(entry: Declared, given: str, where: str) -> str | None:
    """Text is taken as it stands, so that paths need no quotes; a pair of quotes around it is dropped."""
    if given == "null" and entry.may_be_open:
        return None
    quoted = len(given) > 1 and given[0] == given[-1] and given[0] in "'\""
    return converted(entry, given[1:-1] if quoted else given, given, where)


def _values(key: str, given: str, where: str) -> tuple[list[Any], bool]:
    try:
        return values(given)
    except NotAValue as error:
        raise BadInput(f"{key} must be {wanted(key)}, but {error}; change it in {where}") from error


def _refuse_empty(key: str, found: Sequence[Any], given: str) -> None:
    if not found:
        raise BadInput(f"{key} gets no value from {shown(given)}, so there is nothing to run; give {wanted(key)}")
    if len(found) > MOST_VALUES:
        raise BadInput(f"{key} gets more than {MOST_VALUES:,} values from {shown(given)}; give fewer")


def refuse_repeated(axis: Override) -> None:
    """Raise `BadInput` for an axis with the same value twice: both would be the same point."""
    seen: set[Any] = set()
    for value in axis.values:
        if value in seen:
            hint = "keep one (replications=N makes more runs)"
            raise BadInput(f"{axis.key} gets the value {written(value)} twice in {shown(axis.given)}; {hint}")
        seen.add(value)


def refuse_twice(given: Iterable[Override]) -> None:
    """Refuse two overrides of one key: which of them was meant is anybody's guess."""
    seen: dict[str, str] = {}
    for override in given:
        if override.key in seen:
            both = f"{shown(seen[override.key])} and {shown(override.text)}"
            raise BadInput(f"{override.key} is given twice, in {both}; keep one")
        seen[override.key] = override.text
