"""docs/proof.md: each proof keeps its last result."""

from __future__ import annotations

from tests.proof import HEAD, merged


def test_a_result_takes_the_place_of_the_one_before_and_leaves_the_others():
    page = merged("", {"kills": ("FAILED", "kills 3"), "races": ("passed", "racers 100")}, "abc1")
    page = merged(page, {"kills": ("passed", "kills 40, lost 0")}, "abc2")
    assert (
        page
        == HEAD + "| kills | passed | kills 40, lost 0 | abc2 |\n| races | passed | racers 100 | abc1 |\n"
    )
