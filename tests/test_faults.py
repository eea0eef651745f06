"""Faults of the disk, and what the program says of them; `python -m tests.reliability faults environments limits`
tries many more.
"""

from __future__ import annotations

import errno
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from experiments.__main__ import main
from sim.errors import StorageError
from sim.results.storage import LOCK, claimed

ROOT = pathlib.Path(__file__).parents[1]


def failing(error, only=""):
    """A call that fails with an error of the system where the path holds `only`."""

    def fail(path, *_given, **_named):
        if only in str(path):
            raise OSError(error, os.strerror(error), str(path))

    return fail


def test_a_lock_that_cannot_be_removed_does_not_hide_the_work(tmp_path, monkeypatch):
    """If this failed, a disk that lets no file go would turn a finished sweep into an internal error."""
    with monkeypatch.context() as broken, claimed(tmp_path):
        broken.setattr(pathlib.Path, "unlink", failing(errno.EIO))
    with claimed(tmp_path):
        assert (tmp_path / LOCK).exists()


def test_a_lock_that_cannot_be_written_is_free_again(tmp_path, monkeypatch):
    """If this failed, a folder on a full disk would stay locked by nobody when the disk had room again."""
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(Exception, match=f"{tmp_path}.*No space left"), claimed(tmp_path):
            pass
    assert not (tmp_path / LOCK).exists()
    with claimed(tmp_path):
        pass


def test_litter_that_cannot_be_removed_is_named(tmp_path, monkeypatch):
    """If this failed, the leavings of a killed sweep on a broken disk would end the next one with an internal error."""
    (tmp_path / ".half.tmp").write_text("")
    monkeypatch.setattr(pathlib.Path, "unlink", failing(errno.EIO, ".half.tmp"))
    with pytest.raises(StorageError, match=r"\.half\.tmp.*Input/output error"), claimed(tmp_path):
        pass


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (OSError(errno.EIO, "Input/output error", "/a/b"), 4, "cannot use /a/b: Input/output error (errno 5)"),
        (OSError(errno.EMFILE, "Too many open files"), 4, "the system refused: Too many open files (errno 24)"),
        (MemoryError(), 1, "there is not enough memory for this"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(monkeypatch, capsys, error, code, told):
    """If this failed, a broken disk would be called an error of the program, to be reported to its authors."""

    def refuse(_):
        raise error

    monkeypatch.setattr("experiments.__main__._answer", refuse)
    assert main(["list"]) == code
    assert told in capsys.readouterr().err


@pytest.mark.skipif(not pathlib.Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_output_to_a_full_disk_is_no_success():
    """If this failed, `tanf list parameters > FILE` on a full disk would leave half a table and say all was well."""
    words = [sys.executable, "-m", "experiments", "list", "parameters"]
    with pathlib.Path("/dev/full").open("w") as full:
        done = subprocess.run(words, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("tanf: standard output cannot be written: No space left")) == (4, 1)


@pytest.mark.skipif(not shutil.which("strace"), reason="strace lets calls fail")
def test_no_fault_of_a_disk_is_silent():
    """If this failed, a disk that fails once would leave a wrong folder, and the program would say all was well."""
    words = [sys.executable, "-m", "tests.reliability", "small", "faults"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    found = dict(json.loads(told.stdout)["faults"])
    assert found["faults"] > 0
    bad = {what: count for what, count in found.items() if what.startswith(("it ended with another", "folders"))}
    assert not any(bad.values()), told.stderr[-2000:]
    assert found["it finished with exit code 0, and the folder is not right"] == 0
