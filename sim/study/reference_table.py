"""The reference table: draws from the prior, one history of each, and what each history shows of the record.

Draw k is a function of seed and k: its theory is any of the presets, its offsets are standard normal, its luck is
replication k.  Blocks are kept as they come, so that a table goes on where it stopped, and a larger one from a smaller.
"""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim import scenario
from sim.config.settings import Config
from sim.config.uncertain import uncertain, with_draw
from sim.results.parts import parquet_bytes
from sim.results.storage import atomic_write
from sim.rules.outcome import Outcome
from sim.run.batch import run_chunk
from sim.run.columns import flat
from sim.study.record_seen import SEEN, summaries

BLOCK = 1000  # draws
CHUNK = 20


class Draws(NamedTuple):
    """Theories (their place among the presets), offsets (draws, parameters) and summaries (draws, things)."""

    theories: np.ndarray
    offsets: np.ndarray
    seen: np.ndarray


def prior(seed: int, block: int, theories: int) -> tuple[np.ndarray, np.ndarray]:
    """Theory and offsets of each draw of a block."""
    dice = np.random.default_rng([seed, block])
    return dice.integers(0, theories, BLOCK), dice.standard_normal((BLOCK, len(uncertain())))


def histories(
    starts: Sequence[Config],
    theories: np.ndarray,
    offsets: np.ndarray,
    first: int,
    threads: int | None,
    advance: Callable[[int], None] = lambda _: None,
) -> np.ndarray:
    """Outcomes of one run of each draw, (draws,); `starts` are the configurations of the theories."""
    outcomes = np.zeros(len(theories), Outcome.dtype_)

    def some(begin: int) -> int:
        end = min(begin + CHUNK, len(theories))
        for k in range(begin, end):
            config = with_draw(starts[theories[k]], dict(zip(uncertain(), offsets[k].tolist(), strict=True)))
            run_chunk(scenario.build(config), outcomes[k : k + 1], starts[0].seed, first + k)
        return end - begin

    with ThreadPoolExecutor(threads or len(os.sched_getaffinity(0))) as pool:
        jobs = [pool.submit(some, begin) for begin in range(0, len(theories), CHUNK)]
        try:
            for job in jobs:
                advance(job.result())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return flat(outcomes)


def made(starts: Sequence[Config], draws: int, folder: pathlib.Path, advance: Callable[[int], None]) -> Draws:
    """The table of so many draws, its blocks kept in a folder; `starts` as in `histories`."""
    blocks = range(-(-draws // BLOCK))
    told = [_block(starts, block, folder / f"block-{block:04}.parquet", advance) for block in blocks]
    first = [prior(starts[0].seed, block, len(starts)) for block in blocks]
    return Draws(*(np.concatenate(part)[:draws] for part in (*zip(*first, strict=True), told)))


def _block(starts: Sequence[Config], block: int, file: pathlib.Path, advance: Callable[[int], None]) -> np.ndarray:
    names = [one.words for one in SEEN]
    if file.exists():
        advance(BLOCK)
        table = pq.ParquetFile(file).read(use_threads=False)
        return np.stack([table[name].to_numpy().astype(float) for name in names], axis=1)
    seed = starts[0].seed
    rows = histories(starts, *prior(seed, block, len(starts)), block * BLOCK, starts[0].threads, advance)
    seen = summaries(rows, np.random.default_rng([seed, block, 1]))
    columns = {name: pa.array(seen[:, k].astype(np.float32)) for k, name in enumerate(names)}
    atomic_write(file, parquet_bytes(pa.table(columns)))
    return seen.astype(np.float32).astype(float)
