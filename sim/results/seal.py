"""JSON files that carry the hash of their own content, so that a changed digit is seen without another file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sim.errors import DamagedResults

SEAL = "seal"  # the last key of a sealed file: the sha256 of everything before it


def canonical(value: Any, indent: int | None = None) -> str:
    """The one way a value is written as JSON here: sorted keys, no nan."""
    return json.dumps(value, sort_keys=True, indent=indent, allow_nan=False)


def sealed(content: Mapping[str, Any], written: Mapping[str, str] | None = None) -> bytes:
    """A file of JSON, one line a key, lists of objects one line an object, the seal last.

    `written` holds values that are text already, for what is large and written often (see `as_value`).
    """
    values = {key: as_value(value) for key, value in content.items()} | dict(written or {})
    body = "{\n" + "".join(f' "{key}": {values[key]},\n' for key in sorted(values))
    return f'{body} "{SEAL}": "{_digest(body)}"\n}}\n'.encode()


def unsealed(data: bytes, name: str) -> dict[str, Any]:
    """What a sealed file says; raises `DamagedResults` naming it where one bit is not as it was written."""
    body, seal, end = data.decode("utf-8", errors="replace").rpartition(f' "{SEAL}": "')
    if not seal or end != f'{_digest(body)}"\n}}\n':
        raise DamagedResults(f"{name} is damaged: its content is not what its seal says")
    try:
        content = json.loads(data)
        del content[SEAL]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedResults(f"{name} is damaged: {error!r}") from error
    return content


def as_value(value: Any) -> str:
    """A value as it stands behind its key in a sealed file."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"  {canonical(item)}" for item in value) + "\n ]"
    return canonical(value, indent=1).replace("\n", "\n ")


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", errors="replace")).hexdigest()
