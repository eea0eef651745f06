"""The only way anything is written into a results folder: whole, or not at all.

A file appears under its name with all its bytes, on the disk, or the old file stays as it was.
Whatever instant the power or the process goes, a name in the folder means a complete file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pathlib
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sim.errors import BadInput, Locked, StorageError
from sim.results.seal import sealed

LOCK = ".lock"
SUMS = "sums.json"  # of the files of a folder that appears as one
SECOND_LOOK_S = 0.05  # after which a lock that is only being looked at, or just written, says who holds it


def atomic_write(path: pathlib.Path, data: bytes) -> None:
    """Put `data` at `path`; raises `StorageError` naming the path and the errno, the old file unharmed."""
    half = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        _make_folder(path.parent)
        try:
            _write_through(half, data)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {_reason(error)}") from error


def writable(name: str, ending: str) -> pathlib.Path:
    """The path of a file that is going to be written; raises `BadInput` now rather than after the work is done."""
    path = pathlib.Path(name)
    if path.suffix != ending:
        raise BadInput(f"out={name} must be a file whose name ends in {ending}, such as out=speed{ending}")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise BadInput(f"out={name} cannot be written: {_reason(error)}; choose another file") from error
    return path


def _make_folder(folder: pathlib.Path) -> None:
    """A folder whose name is on the disk."""
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def _write_through(path: pathlib.Path, data: bytes) -> None:
    """Write a new file and wait until it is on the disk; never through a link."""
    path.unlink(missing_ok=True)  # left by a killed process that had our number
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def atomic_folder(path: pathlib.Path, fill: Callable[[pathlib.Path], object]) -> None:
    """Let `fill` write files into a new folder, which appears at `path` when it is filled."""
    half = path.with_name(f".{path.name}.tmp")
    try:
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        fill(half)
        _seal_folder(half)
        half.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {_reason(error)}") from error


def _seal_folder(folder: pathlib.Path) -> None:
    """Put the hashes of a folder's files beside them, everything on the disk."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    atomic_write(folder / SUMS, sealed({"files": sums}))
    for file in files:
        with file.open("rb") as written:
            os.fsync(written.fileno())
    sync_folder(folder)


def refuse_links(folder: pathlib.Path) -> None:
    """Raise `BadInput` where anything in a results folder is a symbolic link: what it names may change or vanish."""
    if found := links(folder):
        raise BadInput(f"{found[0]} is a symbolic link, and a results folder holds files only; put a copy in its place")


def links(folder: pathlib.Path) -> list[pathlib.Path]:
    """The symbolic links in a folder and its folders; the folder itself may be reached by one."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    found = [pathlib.Path(entry.path) for entry in listed if entry.is_symlink()]
    below = [pathlib.Path(entry.path) for entry in listed if entry.is_dir(follow_symlinks=False)]
    return found + [link for each in below for link in links(each)]


def sync_folder(folder: pathlib.Path) -> None:
    """Wait until the names in a folder are on the disk (a rename alone may be lost with the power)."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def claimed(folder: pathlib.Path) -> Iterator[None]:
    """Make the folder if need be and be its only writer.

    Raises `BadInput` where the folder cannot be written, `Locked` where another process has it.  The
    lock belongs to the open file, so it is free again the moment its holder dies.
    """
    path = folder / LOCK
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)
        handle = _lock(path)
    except OSError as error:
        raise BadInput(f"out={folder} cannot be written: {_reason(error)}; choose another folder") from error
    try:
        _clear_litter(folder)
        yield
    finally:
        _free(handle, path)


def _free(handle: int, path: pathlib.Path) -> None:
    """Let go of a lock; its name may stay where the disk does not let it go, for it holds nobody."""
    try:
        with suppress(OSError):
            path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _clear_litter(folder: pathlib.Path) -> None:
    """Remove what a killed process has left half-written."""
    for half in [*folder.glob(".*.tmp"), *folder.glob("runs/.*.tmp")]:
        try:
            if half.is_dir() and not half.is_symlink():
                shutil.rmtree(half)
            else:
                half.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"cannot remove {half}: {_reason(error)}") from error


def _lock(path: pathlib.Path) -> int:
    """Open and lock the file; who holds it writes process number and host into it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            if not _taken(handle):
                raise _held(path.parent, _told(handle))
            if _same_file(handle, path):
                break
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the last holder removed the name between our open and our lock
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
    except BaseException:
        _free(handle, path)
        raise
    return handle


def _taken(handle: int) -> bool:
    """Lock an open file, at the second look if need be: somebody may only look, or be about to write his name."""
    for wait_s in (SECOND_LOOK_S, 0.0):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(wait_s)
        else:
            return True
    return False


def _told(handle: int) -> str:
    return os.pread(handle, 200, 0).decode(errors="replace").strip()


def _held(folder: pathlib.Path, by: str | None) -> Locked:
    return Locked(f"{folder} is being written by {by or 'another process'}; wait for it or choose another out=")


def refuse_held(folder: pathlib.Path) -> None:
    """Raise `Locked` where somebody is writing a folder; whoever wants to write has to claim it all the same."""
    if by := holder(folder):
        raise _held(folder, by)


def holder(folder: pathlib.Path) -> str | None:
    """Who is writing a folder, "process 7 on host"; None where nobody is.  Nothing is changed."""
    try:
        handle = os.open(folder / LOCK, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _told(handle) or "another process"
    else:
        return None
    finally:
        os.close(handle)


def _same_file(handle: int, path: pathlib.Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _reason(error: OSError) -> str:
    return f"{error.strerror} (errno {error.errno})"
