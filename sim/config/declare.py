"""How a parameter is declared: once, with its unit, range and source.

The declaration gives Hydra its schema, the validator its bounds, the rule book its row, sensitivity
analyses their ranges and the documentation its table.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any


def number(default: float, unit: str, low: float, high: float, source: str, about: str) -> Any:
    """A numeric parameter: default, unit, allowed range (both ends allowed), source, meaning."""
    return field(
        default=default,
        metadata={"unit": unit, "low": low, "high": high, "source": source, "about": about},
    )


def switch(default: bool, source: str, about: str) -> Any:
    """A parameter that is on or off."""
    return field(default=default, metadata={"unit": "true/false", "source": source, "about": about})


def text(default: str, about: str) -> Any:
    """A word that names something; the rule book never sees it."""
    return field(default=default, metadata={"unit": "text", "source": "", "about": about})


def one_of(default: str, options: tuple[str, ...], source: str, about: str) -> Any:
    """A word out of a few; the rule book sees its number."""
    return field(
        default=default,
        metadata={"unit": "word", "options": options, "source": source, "about": about},
    )
