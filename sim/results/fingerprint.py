"""What model made these results: a hash of the rules, the parameters' declaration and the data.

Comments, docstrings and layout do not count; a changed number, rule, default or border does.  Tokens
rather than syntax trees, because the text of a tree changes with the version of Python.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import itertools
import json
import pathlib
import token
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from typing import get_type_hints

from sim.config.parameters import Parameters

PACKAGE = pathlib.Path(__file__).parents[1]
SILENT = {token.NL, token.COMMENT, token.ENCODING, token.ENDMARKER}
END = tokenize.TokenInfo(token.ENDMARKER, "", (0, 0), (0, 0), "")
STARTS = {token.NEWLINE, token.INDENT, token.DEDENT}
# From Python 3.12 an f-string comes in pieces; before, as one string.
F_STRING_START, F_STRING_END = (getattr(token, f"FSTRING_{end}", -1) for end in ("START", "END"))


def fingerprint() -> str:
    """The model's fingerprint: 64 hexadecimal digits, the same on every machine."""
    digest = hashlib.sha256()
    for path in _model_files():
        words = _words(path.read_text(encoding="utf-8"))
        digest.update(json.dumps([path.relative_to(PACKAGE).as_posix(), words]).encode())
    digest.update(json.dumps(list(parameter_schema())).encode())
    for path in sorted((PACKAGE / "data").glob("*.*")):
        if path.suffix != ".md":
            digest.update(json.dumps([path.name, hashlib.sha256(path.read_bytes()).hexdigest()]).encode())
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _words(source: str) -> tuple[str, ...]:
    """The tokens of a source, kept: a command asks for the fingerprint several times, and reading is slow."""
    return tuple(tokens(source))


def _model_files() -> list[pathlib.Path]:
    return [*sorted((PACKAGE / "rules").glob("*.py")), PACKAGE / "scenario.py"]


def parameter_schema() -> Iterator[list]:
    """Every parameter: group, name, unit, default, lowest and highest value."""
    for group, kind in get_type_hints(Parameters).items():
        for field in dataclasses.fields(kind):
            about = field.metadata
            yield [group, field.name, about.get("unit"), field.default, about.get("low"), about.get("high")]


def tokens(source: str) -> Iterator[str]:
    """The words of a Python source that decide what it does."""
    pieces = [piece for piece in _whole_strings(source) if piece.type not in SILENT]
    starts_line, skip_newline = True, False
    for piece, following in itertools.pairwise([*pieces, END]):
        if piece.type == token.STRING and starts_line and following.type in (token.NEWLINE, token.ENDMARKER):
            skip_newline = True
            continue
        starts_line = piece.type in STARTS
        if not skip_newline:  # the line of a docstring goes with it
            yield token.tok_name[piece.type] if piece.type in STARTS else piece.string
        skip_newline = False


def _whole_strings(source: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a source, every f-string in one piece."""
    lines, depth, begin = source.splitlines(keepends=True), 0, (0, 0)
    for piece in tokenize.generate_tokens(io.StringIO(source).readline):
        if piece.type == F_STRING_START:
            begin = piece.start if depth == 0 else begin
            depth += 1
        elif piece.type == F_STRING_END:
            depth -= 1
            if depth == 0:
                text = _between(lines, begin, piece.end)
                yield piece._replace(type=token.STRING, string=text, start=begin)
        elif depth == 0:
            yield piece


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """The source from (row, column) to (row, column); rows count from one."""
    chosen = lines[start[0] - 1 : end[0]]
    chosen[-1] = chosen[-1][: end[1]]
    chosen[0] = chosen[0][start[1] :]
    return "".join(chosen)
