"""A small sweep of real runs with its report, and pages read as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from experiments import sweep as command
from sim.study import sweep

ASKED = ["roe.zone_radius_km=20,55", "scenario.horizon_days=4", "replications=30", "seed=7"]


def make(path: Path, *more: str) -> Path:
    """The folder of a sweep of two radii, 30 runs each of four days, with figures and report."""
    assert sweep.run([*ASKED, f"out={path}", *more], command.draw) == 0
    return path


class Parsed(HTMLParser):
    """What a page consists of: its tags with their attributes in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        """Remember a text."""
        self.text += data

    @property
    def shape(self) -> list[tuple[str, list[str]]]:
        """The tags and the names of their attributes, whatever is written in them."""
        return [(tag, [name for name, _ in attrs]) for tag, attrs in self.tags]
