"""Machine code is put together right: by whichever process, in whatever order, it was left on disk."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

from sim.rules.compiling import INTERPRETED

pytestmark = [pytest.mark.boundscheck, pytest.mark.skipif(INTERPRETED, reason="plain Python has no machine code")]
ROOT = pathlib.Path(__file__).parents[1]

LOW = """
from sim.rules.compiling import kernel, rule

@rule
def halved(pair, k):
    if pair[k].share < 0.0:
        raise ValueError("below zero", k)
    return pair[k].share / 2.0

@rule
def quartered(pair, k):
    return halved(pair, k) / 2.0

@kernel
def low(pair, k):
    return halved(pair, k) + 1.0
"""
HIGH = """
from sim.rules.compiling import kernel
from toy.low import low

@kernel
def high(pair):
    total = 0.0
    for k in range(len(pair)):
        total = 10.0 * total + low(pair, k)
    return total
"""
OTHER = """
from sim.rules.compiling import kernel
from toy.low import halved

@kernel
def other(numbers):
    return numbers[0].share
"""
START = """
import pathlib, sys
import numpy as np
from sim.rules import compiling, linking
compiling.PACKAGE = pathlib.Path(sys.path[0]) / "toy"
def pair(*shares, name="share"):
    return np.array([(share,) for share in shares], [(name, "f8")])
def high_of(*shares):
    from toy.high import high
    return high(pair(*shares))
"""


@pytest.fixture
def place(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with a rule book of two kernels, one of which calls the other."""
    (tmp_path / "toy").mkdir()
    for name, source in (("__init__", ""), ("low", LOW), ("high", HIGH), ("other", OTHER)):
        (tmp_path / "toy" / f"{name}.py").write_text(source)
    return tmp_path


def begun(place: pathlib.Path, body: str) -> subprocess.Popen[str]:
    """A process of its own that works with the rule book and its folder of machine code."""
    paths = os.pathsep.join((str(place), str(ROOT)))
    environment = os.environ | {"PYTHONPATH": paths, "TANF_CACHE": str(place / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    script = f"import sys; sys.path[0] = {str(place)!r}\n{START}\n{body}"
    command = [sys.executable, "-c", script]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(process: subprocess.Popen[str]) -> str:
    """What a process that ends well says."""
    out, err = process.communicate()
    assert process.returncode == 0, err[-2000:]
    return out.strip()


def forget(place: pathlib.Path, name: str) -> None:
    """Remove the machine code of one kernel."""
    gone = list((place / "cache").rglob(f"{name}.*.nb?"))
    assert len(gone) == 2
    for file in gone:
        file.unlink()


def test_kernels_compiled_by_different_processes_fit_together(place: pathlib.Path) -> None:
    """If this failed, the second start after an edit would end the program, or run one rule in place of another."""
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"
    forget(place, "low")
    # The second process has seen other types and other functions first, so its numbers for them differ.
    seen = "from toy.other import other; other(pair(1.0).astype([('share', 'f4')]))"
    assert told(begun(place, f"{seen}\nfrom toy.low import low; print(low(pair(4.0), 0))")) == "3.0"
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"


def test_a_kernel_that_is_called_is_compiled_again_where_it_is_missing(place: pathlib.Path) -> None:
    """If this failed, a folder of machine code that lost a file would end the program without a word."""
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"
    forget(place, "low")
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"


def test_an_edit_reaches_the_kernels_that_call(place: pathlib.Path) -> None:
    """If this failed, a changed rule would run in one phase and its old text in the step."""
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"
    (place / "toy" / "low.py").write_text(LOW.replace("/ 2.0", "/ 4.0"))
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "22.5"


def test_two_processes_may_compile_at_once(place: pathlib.Path) -> None:
    """If this failed, two sweeps started in the same minute would spoil each other's machine code."""
    both = [begun(place, "print(high_of(4.0, 6.0))") for _ in range(2)]
    assert [told(process) for process in both] == ["34.0", "34.0"]
    assert told(begun(place, "print(high_of(4.0, 6.0))")) == "34.0"


def test_a_rule_may_raise(place: pathlib.Path) -> None:
    """If this failed, a check added to a rule would crash the interpreter instead of being read."""
    body = "try:\n    high_of(4.0, -1.0)\nexcept ValueError as error:\n    print(error.args)"
    assert told(begun(place, body)) == "('below zero', 1)"
    assert told(begun(place, body)) == "('below zero', 1)", "also from disk"


def test_a_rule_called_from_python_may_call_one_that_raises(place: pathlib.Path) -> None:
    """If this failed, a rule tried out by itself, with bounds checked for example, would crash the interpreter."""
    raises = "try:\n    quartered(pair(-1.0), 0)\nexcept ValueError as error:\n    print(error.args)"
    assert told(begun(place, f"from toy.low import quartered\n{raises}")) == "('below zero', 0)"


def test_code_is_worked_through_once(place: pathlib.Path) -> None:
    """If this failed, compiling would take twice as long: every rule by itself, and again in all that call it."""
    body = """
high_of(4.0, 6.0)
from toy import high, low
(top,), (called,), (text,) = (f.overloads.values() for f in (high.high, low.low, low.halved._text))
known = {f.name: bool(f.is_declaration) for f in top.library._final_module.functions}
alone = text.library.codegen._engine.is_symbol_defined(text.fndesc.mangled_name)
print(known.get(called.fndesc.mangled_name), alone)
"""
    assert told(begun(place, body)) == "True False", "the caller only names the called; the rule is text"


def test_a_rule_can_be_called_from_python(place: pathlib.Path) -> None:
    """If this failed, rules could not be tried out or tested one by one."""
    body = "from toy.low import halved; print(halved(pair(4.0), 0), halved.__name__, halved(pair(4.0), k=0))"
    assert told(begun(place, body)) == "2.0 halved 2.0"


def test_another_release_of_numba_only_takes_longer(place: pathlib.Path) -> None:
    """If this failed, nobody could use the program with a numba that keeps code otherwise."""
    plain = "linking.FITS = False\nprint(high_of(4.0, 6.0))\nfrom toy.low import halved; print(type(halved).__name__)"
    assert told(begun(place, plain)) == "34.0\nCPUDispatcher"
