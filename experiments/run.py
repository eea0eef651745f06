"""tanf run: simulate one run and tell what happened, with a map and a timeline.

tanf run roe.zone_radius_km=40 seed=7
tanf run scenario=line_suspended figures=false
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sim.config.compose import compose
from sim.errors import BadInput

if TYPE_CHECKING:
    from sim.config.settings import Config
    from sim.run.story import Story


def main(overrides: list[str]) -> int:
    """Tell the first replication of a seed; raises BadInput before anything is simulated or written."""
    config = compose(*overrides)
    if not config.figures:
        _tell(config)
        return 0
    from sim.results.manifest import question_hash, settings_of
    from sim.results.storage import claimed

    name = f"run-{config.scenario.name}-{question_hash(settings_of(config))}"
    folder = Path(config.out or f"results/{name}")
    _refuse_foreign(folder)
    with claimed(folder):
        _draw(_tell(config), folder)
    print(f"map and timeline: {folder}")
    return 0


def _tell(config: Config) -> Story:
    """Simulate, and print what happened and what it amounts to."""
    from sim import scenario
    from sim.run.story import tell
    from sim.view import chronicle

    story = tell(scenario.build(config), seed=config.seed, replication=0)
    print("\n".join([*chronicle.events(story), "", *chronicle.amounts_to(story.outcome)]))
    return story


def _draw(story: Story, folder: Path) -> None:
    """Draw aside, then put the files in place: a name in the folder means a whole file."""
    from sim.view import map, timeline

    with TemporaryDirectory(dir=folder, prefix=".") as aside:
        map.draw_run(story, Path(aside) / "map")
        timeline.draw_run(story, Path(aside) / "timeline")
        for file in Path(aside).iterdir():
            file.replace(folder / file.name)


def _refuse_foreign(folder: Path) -> None:
    """A folder that holds anything but the figures of a run stays as it is."""
    there = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    foreign = [name for name in there if not name.startswith((".", "map.", "timeline."))]
    if foreign:
        raise BadInput(f"out={folder} holds {foreign[0]!r}, which is no figure of a run; choose a new folder")


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["run", *sys.argv[1:]]))
