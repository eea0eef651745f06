"""Compiling the rule book: one decorator for a rule, one for an entry point with a safe cache.

`@rule` marks a function that other rules call.  `@kernel` marks an entry point (a phase, the step,
a range of runs): its machine code is kept on disk, in a folder named by a hash of every source file
it is made of, so that editing one phase recompiles that phase and never runs stale code.  With
`NUMBA_DISABLE_JIT=1` both decorators are the identity and the rules are ordinary Python.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import pathlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numba
from numba.core.registry import cpu_target

from sim.rules import linking
from sim.rules.linking import KERNELS

PACKAGE = pathlib.Path(__file__).parents[1]
FLAGS = {"error_model": "numpy", "no_cfunc_wrapper": True}
INTERPRETED = bool(numba.config.DISABLE_JIT)
BLOCKS = ("body", "orelse", "handlers", "finalbody")  # the parts of a statement that hold statements


def rule(function: Callable) -> Any:
    """Compile a rule that other rules call."""
    if INTERPRETED:
        return function
    return linking.Rule(function, FLAGS) if linking.FITS else numba.njit(**FLAGS)(function)


def kernel(function: Callable) -> Any:
    """Compile an entry point that frees the interpreter lock and keeps its machine code on disk.

    Where the cache folder cannot be written, it is compiled anew in every process.
    """
    if INTERPRETED:
        return function
    key = cache_key(pathlib.Path(function.__code__.co_filename))
    folder = cache_folder() / key
    flags: dict[str, Any] = FLAGS | {"nogil": True}
    if linking.FITS:
        flags["pipeline_class"] = linking.kernel_compiler(key)
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
    try:
        compiled = numba.njit(cache=True, **flags)(function)
    finally:
        numba.config.CACHE_DIR = kept
    if folder not in pathlib.Path(compiled.stats.cache_path).parents:  # numba's other folders would hold stale code
        compiled = numba.njit(**flags)(function)
    KERNELS.append(compiled)
    return compiled


def is_on_disk(compiled: Any, *arguments: Any) -> bool:
    """Whether calling a kernel with such arguments compiles nothing: its machine code is loaded, or on disk.

    Machine code is kept for one place of the source, one version of numba and one kind of processor.
    What a call will find is written in numba's index, and numba has no public way to ask for it.
    """
    if INTERPRETED:
        return True
    signature = tuple(map(numba.typeof, arguments))
    if signature in compiled.signatures:
        return True
    if compiled.stats.cache_path is None:
        return False
    processor = cpu_target.target_context.codegen().magic_tuple()
    return any(key[:2] == (signature, processor) for key in compiled._cache._cache_file._load_index())


def cache_folder() -> pathlib.Path:
    """Where machine code is kept: `TANF_CACHE`, else the user's cache folder."""
    if "TANF_CACHE" in os.environ:
        return pathlib.Path(os.environ["TANF_CACHE"]).absolute()
    home = os.environ.get("XDG_CACHE_HOME")
    return (pathlib.Path(home) if home else pathlib.Path("~/.cache").expanduser()) / "tanf-escalation"


@functools.cache
def cache_key(path: pathlib.Path) -> str:
    """A name for all that decides the machine code of a module: sources, versions, flags."""
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "")
    parts = [numba.__version__, str(sys.version_info[:2]), checked, repr(FLAGS)]
    digest = hashlib.sha256(repr(parts).encode())
    for file in sorted(sources(path)):
        digest.update(_content(file))
    return digest.hexdigest()[:16]


def sources(path: pathlib.Path) -> set[pathlib.Path]:
    """This file and every file of the project it imports at run time, directly or not."""
    found: set[pathlib.Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imports(file)
    return found


@functools.cache
def _content(file: pathlib.Path) -> bytes:
    return file.read_bytes()


@functools.cache
def _imports(file: pathlib.Path) -> list[pathlib.Path]:
    """The files of the project that a file imports; many kernels ask for the same ones."""
    modules = set(_imported(ast.parse(_content(file)).body))
    files = (PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py") for module in modules)
    return [file for file in files if PACKAGE in file.parents and file.exists()]


def _imported(block: Sequence[Any]) -> Iterator[str]:
    """The modules that a block of statements imports; `if TYPE_CHECKING:` decides nothing at run time."""
    for statement in block:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            yield statement.module
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)
        elif isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif not (isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"):
            for part in BLOCKS:
                yield from _imported(getattr(statement, part, ()))
