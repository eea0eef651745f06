"""The wrong models: each leaves one mechanism out or distorts it, and must fail the patterns that speak of it.

A pattern that a wrong model passes says nothing for the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.study.verdicts import FAILS, HOLDS


class Wrong(NamedTuple):
    """A wrong model: its overrides, the patterns that must reject it, and what is wrong with it."""

    name: str
    overrides: tuple[str, ...]
    patterns: tuple[str, ...]
    about: str


WRONG = (
    Wrong(
        "null",
        ("theory=null",),
        ("P5", "P7", "P8", "P11"),
        "Clashes come at constant rates; nobody learns, fears or resents.",
    ),
    Wrong(
        "no zone",
        ("roe.zone_radius_km=100",),
        ("P2",),
        "Behaviour is judged wherever it is seen, as if there were no ring.",
    ),
    Wrong(
        "fire on sight",
        ("roe.presence_weight=2", "roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false"),
        ("P3", "P13"),
        "Whoever is inside the ring is struck, unwarned.",
    ),
    Wrong("all-or-nothing units", ("responses.split_phi=0",), ("P4",), "A signalled column goes on or stops as one."),
    Wrong(
        "ladder without skips",
        ("roe.skip_for_urgency=false", "roe.impatience=0", "roe.leaflet_skip=0"),
        ("P5",),
        "Every rung is taken, however often it has been defied before.",
    ),
    Wrong(
        "answer everything",
        (
            "roe.answer_partner_outside=1",
            "roe.answer_regime_air=1",
            "roe.answer_outside_air=1",
            "roe.answer_russian_air=1",
            "roe.drone_policy=on_zone_entry",
        ),
        ("P6", "P15"),
        "Force against partner or opposition is answered with force, wherever and whoever.",
    ),
    Wrong(
        "no line",
        ("scenario.line_exists=false",),
        ("P11",),
        "There is no deconfliction line, so nothing can be asked for.",
    ),
    Wrong(
        "random decisions",
        ("theory.tremble=1",),
        ("P5", "P11", "P13"),
        "Every decision is a throw of dice over its options.",
    ),
    Wrong(
        "bypass as a drive",
        ("command.bypass_km_per_day=360",),
        ("P14",),
        "The road round the ring is driven in a day, not worked along.",
    ),
    Wrong(
        "fast ladder",
        ("roe.call_window_min=15", "roe.show_window_min=7.5", "roe.shots_window_min=3.75"),
        ("P12",),
        "Each warning is given an eighth of the time.",
    ),
    Wrong(
        "accident",
        ("theory=accident",),
        ("P8",),
        "Only misreading and the line escalate; what happened before is forgotten.",
    ),
)
REJECTED, NOT_REJECTED, NO_TEST = "rejected", "not rejected", "no test"


def rejection(wrong: str, right: str) -> str:
    """Whether a pattern rejects a wrong model, by its verdicts on the wrong and on the right one.

    A pattern that the model itself does not pass can reject nothing: no test.
    """
    if right != HOLDS:
        return NO_TEST
    return REJECTED if wrong == FAILS else NOT_REJECTED


def overrides_for(wrong: Wrong, asked: list[str]) -> list[str]:
    """What makes the wrong model of the one that was asked about; its own settings have the last word."""
    keys = {override.partition("=")[0] for override in wrong.overrides}
    return [*(override for override in asked if override.partition("=")[0] not in keys), *wrong.overrides]


def rejections(right: Mapping[str, str], wrong: Mapping[str, Mapping[str, str]]) -> list[tuple[Wrong, str, str]]:
    """Each wrong model with each pattern that must reject it, and whether it does."""
    return [(one, name, rejection(wrong[one.name][name], right[name])) for one in WRONG for name in one.patterns]
