"""tanf run: simulate one run and tell what happened, with a map and a timeline.

tanf run roe.zone_radius_km=40 seed=7
tanf run scenario=line_suspended figures=false
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.compose import compose

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
    from sim.view.album import album, draw

    name = f"run-{config.scenario.name}-{question_hash(settings_of(config))}"
    folder = Path(config.out or f"results/{name}")
    with album(folder):
        draw(_tell(config), folder)
    print(f"map and timeline: {folder}")
    return 0


def _tell(config: Config) -> Story:
    """Simulate, and print what happened and what it amounts to."""
    from sim import scenario
    from sim.rules import step
    from sim.run.story import tell
    from sim.study.first_use import compiling
    from sim.view import narrative

    question = scenario.build(config)
    with compiling(question, step.run):
        story = tell(question, seed=config.seed, replication=0)
    print("\n".join(narrative.lines(story)))
    return story


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["run", *sys.argv[1:]]))
