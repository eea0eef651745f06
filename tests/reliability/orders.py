"""Campaign 3: one question, computed on one and two threads, its chunks in order and shuffled, in one run, in three
merged shards and extended in two steps: one folder, to the last bit.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.__main__ import main
from sim.study import keeping, runs
from tests.reliability.common import small_parts
from tests.reliability.sweeping import Counts, sha256

NAME = "3. One answer, however it is computed"
ASKED = ["roe.zone_radius_km=0,40", "scenario.horizon_days=1", "seed=5", "figures=false"]
REPLICATIONS, PER_PART = 130, 25
WAYS = ("one run", "three shards", "two steps")


def campaign(n: int) -> Counts:
    """Every combination, n times, each time shuffled anew."""
    found, folders = set(), 0
    for repeat in range(n):
        for threads, shuffled, way in itertools.product((1, 2), (False, True), WAYS):
            with tempfile.TemporaryDirectory() as name, small_parts(PER_PART), _chunks(shuffled, repeat):
                found.add(sha256(_made(Path(name), way, [*ASKED, f"threads={threads}"])))
            folders += 1
    return [("folders", folders), ("different SHA-256", len(found))]


def _made(place: Path, way: str, asked: list[str]) -> Path:
    out, whole = place / "out", f"replications={REPLICATIONS}"
    if way == "three shards":
        shares = [place / str(k) for k in (1, 2, 3)]
        for k, share in enumerate(shares, 1):
            _tanf("sweep", *asked, whole, f"shard={k}/3", f"out={share}")
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert keeping.merge(out, list(reversed(shares))) == 0
        return out
    if way == "two steps":
        _tanf("sweep", *asked, "replications=60", f"out={out}")
    _tanf("sweep", *asked, whole, f"out={out}")
    return out


def _tanf(*words: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as told:
        code = main(list(words))
    assert code == 0, told.getvalue()


@contextmanager
def _chunks(shuffled: bool, seed: int) -> Iterator[None]:
    """Chunks of seven runs, in order or shuffled."""
    chance, begin = random.Random(seed), runs.Runs.__init__

    def shuffle(chunks: list[runs.Chunk]) -> list[runs.Chunk]:
        return chance.sample(chunks, len(chunks))

    def begin_so(self: runs.Runs, *given: object) -> None:
        begin(self, *given)  # type: ignore[arg-type]
        self.order = shuffle if shuffled else None

    before = runs.CHUNK, runs.MOST_CHUNK
    runs.Runs.__init__, runs.CHUNK, runs.MOST_CHUNK = begin_so, 7, 7  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        runs.Runs.__init__ = begin  # type: ignore[method-assign]
        runs.CHUNK, runs.MOST_CHUNK = before
