"""The folder of a verification: every file whole, the manifest last, never mixed with another question's."""

from __future__ import annotations

import hashlib
import json
import pathlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from sim.errors import BadInput, DamagedResults
from sim.results.folder import MANIFEST, verify
from sim.results.storage import atomic_write, claimed

PAGE = "verify.md"
OURS = {
    MANIFEST,
    PAGE,
    "verify.csv",
    "verify.png",
    "verify.svg",
    "wrong.csv",
    "score.csv",
    "coverage.md",
    "coverage.csv",
}
Paint = Callable[[pathlib.Path], object]


class Folder:
    """The folder of one question; `done` says whether its answer is there."""

    def __init__(self, path: pathlib.Path, question: Mapping[str, Any], told: str = PAGE) -> None:
        self.path, self.told = path, told
        self.question = json.loads(json.dumps(question))  # as it will be read back
        self.done = self._is_answered()

    def _is_answered(self) -> bool:
        manifest = self.path / MANIFEST
        if not manifest.exists():
            return False
        try:
            there = json.loads(manifest.read_bytes())
            other, files = there["question"] != self.question, dict(there["files"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedResults(
                f"{manifest} is damaged or is not the manifest of a verification ({error!r})"
            ) from error
        if other:
            raise BadInput(f"out={self.path} holds the answer to another question; choose another folder")
        for name, digest in files.items():
            verify(self.path / name, digest)
        return True

    def fill(self, files: Mapping[str, bytes], paint: Paint | None) -> None:
        """Write the files, then the picture `paint(stem)` makes, then the manifest that says all is there."""
        with tempfile.TemporaryDirectory() as aside:
            if paint:
                paint(pathlib.Path(aside) / "verify")
            pictures = {file.name: file.read_bytes() for file in sorted(pathlib.Path(aside).iterdir())}
        written = {**files, **pictures}
        for name, data in written.items():
            atomic_write(self.path / name, data)
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
        content = {"question": self.question, "files": digests}
        atomic_write(self.path / MANIFEST, (json.dumps(content, indent=1, sort_keys=True) + "\n").encode())

    def page(self) -> str:
        """What the folder says, as text."""
        return (self.path / self.told).read_text(encoding="utf-8")


@contextmanager
def writing(
    path: pathlib.Path, question: Mapping[str, Any], page: str = PAGE, ours: Collection[str] = OURS
) -> Iterator[Folder]:
    """Be the only writer of the folder, with this `page` and nothing but `ours`; one that stays empty is removed again.

    Raises `BadInput` for a folder that is not ours, holds another answer or cannot be written, `Locked`
    where another process writes it, `DamagedResults` where a finished file has changed.
    """
    _refuse_foreign(path, ours)
    try:
        with claimed(path):
            yield Folder(path, question, page)
    finally:
        with suppress(OSError):
            path.rmdir()  # only where it is empty


def _refuse_foreign(path: pathlib.Path, ours: Collection[str]) -> None:
    try:
        names = [entry.name for entry in path.iterdir()] if path.exists() else []
    except OSError as error:
        raise BadInput(f"out={path} cannot be used: {error.strerror} (errno {error.errno})") from error
    foreign = sorted(name for name in names if name not in ours and not name.startswith("."))
    if foreign:
        raise BadInput(f"out={path} exists and is no verification (it holds {foreign[0]!r}); choose a new folder")
