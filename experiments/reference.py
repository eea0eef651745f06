"""The reference pages of the documents, made from the code.

python -m experiments.reference    writes docs/reference (`make reference`)
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.__main__ import FOLDER_VERBS, VERBS
from experiments.usage import FOLDERS, MORE

FOLDER = Path("docs/reference")


def pages() -> dict[str, str]:
    """Every page by its name."""
    from sim.view import reference

    told = (VERBS | FOLDER_VERBS).items()
    return reference.pages(
        {verb: reference.Command(*both, FOLDERS.get(verb, []), MORE.get(verb, [])) for verb, both in told}
    )


def main() -> int:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
