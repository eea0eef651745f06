"""Whether a setting may be used: type, bounds, and what settings have to do with each other.

Every refusal is one sentence: the setting, what was given, what is allowed, where to change it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sim.config.groups import MOST_REMEMBERED_DAYS, ages
from sim.config.settings import Config, Declared, declared, value_of
from sim.errors import BadInput
from sim.geography import geography
from sim.rules.names import UNITS
from sim.rules.outcome import Happening

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SHARE = re.compile(r"([1-9][0-9]{0,4})/([1-9][0-9]{0,4})")
MIN_PER_DAY = 1440
POOLS = (  # settings of a scenario that are numbers of rows
    "strike_flights",
    "partner_patrols",
    "opposition_groups",
    "regime_columns",
    "militia_convoys",
    "hezbollah_teams",
    "hezbollah_drones",
    "regime_drones",
    "isis_raids",
    "civil_traffic",
    "regime_flights",
    "russian_flights",
)
SHOWN = 60  # characters of a bad value that a message repeats


def shown(value: Any) -> str:
    """A value as a message repeats it: short, on one line, without control characters."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    written = str(value)
    cut = written if len(written) <= SHOWN else written[:SHOWN] + "..."
    return cut if cut and cut.isprintable() and " " not in cut else repr(cut)


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The known name that looks most like `word`, if any does."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def nearest_setting(key: str) -> str | None:
    """The setting a misspelt key most likely meant, if any looks like it."""
    best = max(declared(), key=lambda name: _likeness(key, name))
    return best if _likeness(key, best) >= 1.0 else None


def _likeness(key: str, name: str) -> float:
    """How alike two names are: words in common count first, then spelling, then the same group."""
    (group, _, leaf), (named_group, _, named_leaf) = key.rpartition("."), name.rpartition(".")
    words, named_words = set(leaf.split("_")), set(named_leaf.split("_"))
    in_common = len(words & named_words) / len(words)
    spelling = difflib.SequenceMatcher(None, leaf, named_leaf).ratio()
    return in_common + 1.5 * spelling + 0.3 * (group == named_group)


def unknown(key: str, where: str) -> BadInput:
    """The refusal of a key that is no setting."""
    close = nearest_setting(key)
    hint = f"did you mean {close}, {declared()[close].allowed}? " if close else ""
    return BadInput(f"there is no setting {shown(key)} (in {where}); {hint}`tanf list parameters` shows them all")


def converted(entry: Declared, value: Any, given: Any, where: str) -> Any:
    """The value as the declared type, or a refusal that repeats what was `given`.

    Nothing is guessed: true is no number, 1.5 no whole number, `yes` no switch.
    """
    if value is None and entry.may_be_open:
        return None
    if not _right_type(entry.kind, value):
        raise refused(entry, given, where)
    bounded = entry.low is not None and entry.high is not None
    if bounded and not entry.low <= value <= entry.high:  # nan compares false, so it is refused here
        raise refused(entry, given, where)
    return _checked_text(entry, value, where) if entry.kind is str else entry.kind(value)


def refused(entry: Declared, given: Any, where: str) -> BadInput:
    """The refusal of a value."""
    return BadInput(f"{entry.key} must be {entry.allowed}, not {shown(given)}; change it in {where}")


def _right_type(kind: type, value: Any) -> bool:
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _checked_text(entry: Declared, value: str, where: str) -> str:
    fits, wanted = FORMS.get(entry.key.rpartition(".")[2], (_is_anything, ""))
    if entry.options and value not in entry.options:
        wanted = entry.allowed
    elif not fits(value):
        pass
    elif value and not value.isprintable():
        wanted = "text on one line without control characters"
    else:
        return value
    raise BadInput(f"{entry.key} must be {wanted}, not {shown(value)}; change it in {where}")


def _is_anything(_: str) -> bool:
    return True


def _is_name(value: str) -> bool:
    return NAME.fullmatch(value) is not None


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _are_ages(value: str) -> bool:
    try:
        return all(0.0 <= age <= MOST_REMEMBERED_DAYS for age in ages(value))
    except ValueError:
        return False


def _is_share(value: str) -> bool:
    found = SHARE.fullmatch(value)
    return found is not None and int(found[1]) <= int(found[2])


def _is_outcome(value: str) -> bool:
    return not value or value.upper() in Happening.__members__


FORMS: dict[str, tuple[Callable[[str], bool], str]] = {  # what a text must look like, by the last part of its key
    "name": (_is_name, "1 to 64 of the characters A-Z a-z 0-9 . _ -, beginning with a letter or digit"),
    "start_date": (_is_date, "a date written YYYY-MM-DD"),
    "strikes_before_days": (_are_ages, f"ages from 0 to {MOST_REMEMBERED_DAYS:g} days, as in 21/2.5/0.5, or empty"),
    "shard": (_is_share, "a share i/n with i from 1 to n, as in 2/3, or null"),
    "stop_after": (_is_outcome, "empty or something that may happen, as in us_russia_air (`tanf list outcomes`)"),
}


def check(config: Config) -> None:
    """Refuse a configuration that cannot be run: each value alone, then together."""
    check_values(config, lambda key: f"{key} of this Config")
    check_together(config)


def check_together(config: Config) -> None:
    """Refuse values that do not go together."""
    geography(config.scenario.geography)
    _whole_steps(config)
    _room(config)
    _missions(config)
    _threads(config)


def check_values(config: Config, where: Callable[[str], str]) -> None:
    """Refuse a value of the wrong type or out of bounds; `where(key)` names the place to change it."""
    for entry in declared().values():
        value = value_of(config, entry.key)
        converted(entry, value, value, where(entry.key))


def _whole_steps(config: Config) -> None:
    minutes = config.scenario.horizon_days * MIN_PER_DAY
    if _divides(config.step_min, minutes):
        return
    fitting = [step for step in range(1, 16) if _divides(step, minutes)]
    close = sorted(fitting, key=lambda step: abs(step - config.step_min))[:2]
    hint = f"; the nearest that fit are {' and '.join(str(step) for step in sorted(close))} min" if close else ""
    raise BadInput(
        f"scenario.horizon_days={shown(config.scenario.horizon_days)} d is not a whole number of steps of "
        f"step_min={shown(config.step_min)} min{hint}; change either"
    )


def _divides(step_min: float, minutes: float) -> bool:
    steps = minutes / step_min
    return steps >= 1 - 1e-9 and abs(steps - round(steps)) < 1e-9 * max(1.0, steps)


def _room(config: Config) -> None:
    order = config.scenario
    counts = {name: getattr(order, name) for name in POOLS}
    rows = 2 + sum(counts.values())  # the garrison and the surveillance orbit are always there
    if rows > UNITS:
        largest = max(counts, key=counts.__getitem__)
        raise BadInput(f"the scenario has {rows} units and there is room for {UNITS}; lower scenario.{largest}")


def _missions(config: Config) -> None:
    shares = ("probe_share", "push_share", "fortify_share", "bypass_share")
    if not any(getattr(config.command, share) > 0 for share in shares):
        names = ", ".join(f"command.{share}" for share in shares)
        raise BadInput(f"{names} are all 0, so nobody has a reason to leave; give one a number up to 1 (share)")


def _threads(config: Config) -> None:
    most = 4 * (os.cpu_count() or 1)
    if config.threads is not None and config.threads > most:
        allowed = f"a whole number from 1 to {most} (four times the cores of this machine) or null"
        raise BadInput(f"threads must be {allowed}, not {config.threads}; change it in threads={config.threads}")
