"""tanf view: one run live in a browser on this machine, to be steered and asked why.

tanf view roe=restrictive seed=7
"""

from __future__ import annotations

import sys

from sim.config.compose import compose


def main(overrides: list[str]) -> int:
    """Serve until Ctrl-C; raises BadInput before anything is served."""
    from sim.view.live.serve import refuse_without_extra, serve

    config = compose(*overrides)
    refuse_without_extra()
    from sim import scenario
    from sim.rules import step
    from sim.run.model import EscalationModel
    from sim.study.first_use import compiling

    question = scenario.build(config)
    with compiling(question, step.run):
        EscalationModel(question, collect="none").step()
    try:
        serve(overrides, _tell)
    except KeyboardInterrupt as stop:
        if hasattr(stop, "exit_code"):  # another signal than Ctrl-C, which is how a view ends
            raise
    print("the live view has ended")
    return 0


def _tell(address: str) -> None:
    print(f"open this address in a browser of this machine; Ctrl-C ends it:\n{address}", flush=True)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["view", *sys.argv[1:]]))
