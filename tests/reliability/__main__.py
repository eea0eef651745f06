"""Run the campaigns and write the page: `python -m tests.reliability [small] [CAMPAIGN ...]`.

Each campaign keeps what it counted in docs/reliability/CAMPAIGN.json, so that each can be made again alone; the
page docs/reliability.md is put together from all of them.  `small` runs a few of everything, prints the counts
as JSON and writes nothing: that is what `make test` does.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from sim.study.performance import machine

CAMPAIGNS = {  # how often: in full, in `make test`
    "plans": (99, 1),  # of the shipped experiments, so all of them
    "kills": (200, 2),
    "orders": (5, 1),
    "damage": (1000, 5),
    "races": (100, 1),
    "failing": (10_000, 200),
    "memory": (500_000, 800),
    "stopping": (60, 2),
    "faults": (999, 1),  # calls of a kind, so all of them
    "environments": (99, 3),  # so all of them
    "limits": (99, 1),
    "workers": (20, 1),
}
DOCS = Path(__file__).parents[2] / "docs"
KEPT = DOCS / "reliability"
HEADING = """# Reliability

What happens to a sweep when the power goes, a disk decays or two people start the same command; how often it was tried,
and what came of it. `make reliability` makes this page again (an hour and a half); `make test` does a few of each.

"""


def main(words: list[str]) -> int:
    """Run the campaigns that are named, or all."""
    small = "small" in words
    for name in [word for word in words if word != "small"] or CAMPAIGNS:
        module = importlib.import_module(f"tests.reliability.{name}")
        n, start = CAMPAIGNS[name][small], time.monotonic()
        counted = module.campaign(n)
        if small:
            sys.stdout.write(json.dumps({name: counted}) + "\n")
            continue
        told = {"name": module.NAME, "about": module.__doc__, "command": f"python -m tests.reliability {name}"}
        told |= {"machine": machine(), "seconds": round(time.monotonic() - start), "counted": counted}
        KEPT.mkdir(exist_ok=True)
        (KEPT / f"{name}.json").write_text(json.dumps(told, indent=1) + "\n")
        (DOCS / "reliability.md").write_text(page())
    return 0


def page() -> str:
    """The page, from what every campaign has kept."""
    kept = [json.loads(file.read_text()) for file in KEPT.glob("*.json")]
    return HEADING + "\n".join(_section(told) for told in sorted(kept, key=_number))


def _number(told: dict[str, Any]) -> int:
    return int(told["name"].partition(".")[0])


def _section(told: dict[str, Any]) -> str:
    about = " ".join(told["about"].partition(": ")[2].split())
    rows = "".join(f"| {what} | {count:,} |\n" for what, count in told["counted"])
    where = f"{told['machine']['processor']}, {told['machine']['cores']} cores, {told['machine']['date']}"
    made = f"`{told['command']}`: {told['seconds']:,} s on {where}."
    return f"## {told['name']}\n\n{about[:1].upper()}{about[1:]}\n\n| counted | |\n|---|--:|\n{rows}\n{made}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
