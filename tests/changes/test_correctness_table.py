"""The cases in which other tools err (`bench/correctness.py`): ours is right in all of them."""

import runpy
from pathlib import Path

import pytest

BENCH = runpy.run_path(str(Path(__file__).parents[2] / "bench" / "correctness.py"))


@pytest.mark.parametrize("case", BENCH["CASES"])
def test_a_diff_sees_the_cells_that_differ_and_no_others(case: str) -> None:
    assert BENCH["verdict"](BENCH["OWN"], case) == "right"


@pytest.mark.parametrize("case", BENCH["CASES"])
def test_a_diff_answers_alike_in_both_directions(case: str) -> None:
    kind, old, new, differs = BENCH["CASES"][case]
    table, differ = BENCH["table"], BENCH["PEERS"][BENCH["OWN"]]
    assert differ(table(kind, new), table(kind, old)) is differs
    assert differ(table(kind, old), table(kind, old)) is False
