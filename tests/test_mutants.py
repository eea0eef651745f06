"""The deliberate breakages still apply, and the committed table is of them."""

from __future__ import annotations

import pytest

from tests.mutants import MUTANTS, Mutant
from tests.mutate import PAGE, ROOT

pytestmark = pytest.mark.interpreted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.means)
def test_a_mutant_changes_one_place(mutant: Mutant) -> None:
    """If this failed, a breakage would break nothing any more, or more than it says."""
    assert (ROOT / mutant.file).read_text().count(mutant.was) == 1
    assert mutant.was != mutant.becomes


def test_the_table_tells_of_every_mutant() -> None:
    """If this failed, the committed table would be of other breakages than those that are made."""
    lines = [line for line in PAGE.read_text().splitlines() if "`sim/" in line]
    assert [line.split("|")[1].strip() for line in lines] == [mutant.means for mutant in MUTANTS]
    unnoticed = [line for line in lines if line.split("|")[3].strip() == "-"]
    assert len(unnoticed) <= 1
