"""The pictures of one run in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import BadInput
from sim.results.storage import claimed

if TYPE_CHECKING:
    from sim.config.settings import Config


@contextmanager
def album(folder: Path) -> Iterator[None]:
    """Have the folder to oneself; it is made if need be.

    Raises `BadInput` where it holds anything but pictures of a run or cannot be written, and `Locked`
    where another process has it; then nothing is changed.
    """
    there = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    foreign = [name for name in there if not name.startswith((".", "map.", "timeline."))]
    if foreign:
        raise BadInput(f"out={folder} holds {foreign[0]!r}, which is no picture of a run; choose a new folder")
    with claimed(folder):
        yield


def draw(story: Any, folder: Path) -> None:
    """Draw map and timeline of a `sim.run.story.Story` aside, then put them in place: a name means a whole file."""
    from sim.view import map, timeline

    with TemporaryDirectory(dir=folder, prefix=".") as aside:
        map.draw_run(story, Path(aside) / "map")
        timeline.draw_run(story, Path(aside) / "timeline")
        for file in Path(aside).iterdir():
            file.replace(folder / file.name)


def draw_example(config: Config, folder: Path) -> None:
    """Draw map and timeline of a configuration's first run into a folder, as run_map and run_timeline."""
    from sim import scenario
    from sim.run.story import tell
    from sim.view import map, timeline

    story = tell(scenario.build(config), seed=config.seed, replication=0)
    map.draw_run(story, folder / "run_map")
    timeline.draw_run(story, folder / "run_timeline")
