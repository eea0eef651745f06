"""Rows: one class declares the bytes, the typed attributes and the plain-object twin.

A `Row` subclass lists its fields as annotations.  The same annotations give the NumPy record type
that compiled code reads, properties so that interpreted code and Mesa agents read the same names,
and the shape `thaw` copies into ordinary Python objects.  A field may be a number (`float`, `int`,
`bool`), another row, a dataclass of numbers, or `Annotated[list[...], (n,)]` for n of them.  Every
number takes eight bytes: no padding, so equal bytes mean equal rows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

import numpy as np

NUMBERS = {float: "f8", int: "i8", bool: "i8"}


class Row(np.void):
    """A record whose fields read and write like attributes, interpreted or compiled."""

    dtype_: ClassVar[np.dtype]

    def __init_subclass__(cls) -> None:
        hints = get_type_hints(cls, include_extras=True)
        fields = [(name, *_spec(hint)) for name, hint in hints.items() if name != "dtype_"]
        for name, *_ in fields:
            setattr(cls, name, _accessor(name))
        cls.dtype_ = np.dtype((cls, fields))


def _accessor(name: str) -> property:
    return property(lambda row: row[name], lambda row, value: row.__setitem__(name, value))


def _spec(hint: Any) -> tuple:
    """What `numpy.dtype` wants to know of one annotation: (type,) or (type, shape)."""
    if get_origin(hint) is Annotated:
        listed, shape, *_ = get_args(hint)
        item = listed
        while get_origin(item) is list:
            (item,) = get_args(item)
        return (*_spec(item), shape)
    if isinstance(hint, type) and issubclass(hint, Row):
        return (hint.dtype_,)
    if dataclasses.is_dataclass(hint):
        return (numbers_of(hint).dtype_,)
    return (NUMBERS[hint],)


def numbers_of(declared: Any) -> type[Row]:
    """The row that holds the numeric fields of a dataclass, under the same names."""
    hints = get_type_hints(declared)
    numeric = {name: hint for name, hint in hints.items() if hint in NUMBERS}
    return type(declared.__name__ + "Row", (Row,), {"__annotations__": numeric})


class Plain:
    """A thawed row: an ordinary object with ordinary attributes."""


def thaw(row: Any) -> Any:
    """Copy a row into plain Python objects: attributes, lists, floats and ints."""
    if isinstance(row, np.void):
        names = row.dtype.names or ()
        return _plain(names, (thaw(row[name]) for name in names))
    if isinstance(row, np.ndarray) and row.dtype.names:  # a list of rows: column by column, which is quicker
        columns = (thaw(row[name]) for name in row.dtype.names)
        return [_plain(row.dtype.names, values) for values in zip(*columns, strict=True)]
    return row.tolist()


def _plain(names: Iterable[str], values: Iterable[Any]) -> Plain:
    plain = Plain()
    plain.__dict__.update(zip(names, values, strict=True))
    return plain


def freeze(plain: Any, row: Any) -> None:
    """Copy plain Python objects back into the row they were thawed from."""
    for name in row.dtype.names:
        value, kept = getattr(plain, name), row[name]
        if isinstance(kept, np.void):
            freeze(value, kept)
        elif isinstance(kept, np.ndarray) and kept.dtype.names:
            for part, place in zip(value, kept, strict=True):
                freeze(part, place)
        else:
            row[name] = value
