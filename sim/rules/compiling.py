"""Compiling the rule book: one decorator for a rule, one for an entry point with a safe cache.

`@rule` marks a function that other rules call.  `@kernel` marks an entry point (a phase, the step,
a range of runs): its machine code is kept on disk, in a folder named by a hash of every source file
it is made of, so that editing one phase recompiles that phase and never runs stale code.  With
`NUMBA_DISABLE_JIT=1` both decorators are the identity and the rules are ordinary Python.
"""

from __future__ import annotations

import ast
import hashlib
import os
import pathlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numba

PACKAGE = pathlib.Path(__file__).parents[1]
FLAGS = {"error_model": "numpy", "no_cfunc_wrapper": True}
INTERPRETED = bool(numba.config.DISABLE_JIT)


def rule(function: Callable) -> Any:
    """Compile a rule that other rules call."""
    return numba.njit(**FLAGS)(function)


def kernel(function: Callable) -> Any:
    """Compile an entry point that frees the interpreter lock and keeps its machine code on disk."""
    if INTERPRETED:
        return function
    folder = cache_folder() / cache_key(pathlib.Path(function.__code__.co_filename))
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        return numba.njit(cache=True, nogil=True, **FLAGS)(function)
    finally:
        numba.config.CACHE_DIR = kept


def cache_folder() -> pathlib.Path:
    """Where machine code is kept: `TANF_CACHE`, else the user's cache folder."""
    if "TANF_CACHE" in os.environ:
        return pathlib.Path(os.environ["TANF_CACHE"])
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(home) / "tanf-escalation"


def cache_key(path: pathlib.Path) -> str:
    """A name for all that decides the machine code of a module: sources, versions, flags."""
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "")
    parts = [numba.__version__, str(sys.version_info[:2]), checked, repr(FLAGS)]
    digest = hashlib.sha256(repr(parts).encode())
    for file in sorted(sources(path)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def sources(path: pathlib.Path, seen: set[pathlib.Path] | None = None) -> set[pathlib.Path]:
    """This file and every file of the project it imports at run time, directly or not."""
    seen = set() if seen is None else seen
    if path not in seen:
        seen.add(path)
        for module in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            file = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
            if file.exists() and PACKAGE in file.parents:
                sources(file, seen)
    return seen


def _imported(tree: ast.AST) -> Iterator[str]:
    """The modules a file imports from; `if TYPE_CHECKING:` decides nothing at run time."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        else:
            yield from _imported(node)
