"""What a report is made of, before it is a page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grid:
    """A table: what it shows, its headings, its rows of texts, and what its columns mean.

    A cell such as "12.3 [10.9, 13.8]" is set in two lines, the interval below the estimate.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    words: int = 1  # columns of words, at the left
    last_words: int = 0  # and at the right


@dataclass(frozen=True)
class Picture:
    """A figure: the image as a data URI, what it shows, n and the kind of its interval."""

    title: str
    source: str
    caption: str


@dataclass(frozen=True)
class Account:
    """One run told: which it is, why this one, what it amounts to, what led to its worst moment, its map."""

    title: str
    lines: tuple[str, ...]
    moment: str
    chain: tuple[str, ...]
    command: str
    picture: Picture | None


@dataclass(frozen=True)
class Finding:
    """What the command that asked has found: the main tables, and in words what tables do not hold."""

    heading: str
    lead: tuple[str, ...]
    grids: tuple[Grid, ...]
    method: tuple[str, ...]
    after: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()  # lines that keep their places, as of a twin
    beside: tuple[Grid, ...] = field(default=())
