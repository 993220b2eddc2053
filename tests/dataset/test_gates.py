"""Conditions on a diff that fail a pipeline, and coverage as people type it."""

import pytest

from azds.coverage import Coverage
from azds.dataset.gates import parse_gates
from azds.dataset.own_coverage import parse_coverage, parse_sides
from azds.errors import InvalidInputError

COUNTS = {"rows_old": 1000, "rows_new": 200, "changed": 1, "added": 20, "removed": 0, "schema": 1}


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ("changed>0", True),
        ("changed>1", False),
        ("changed>=1", True),
        ("changed>0.1%", False),
        ("changed>=0.1%", True),
        ("added>9.9%", True),
        ("added>10%", False),
        ("removed>0", False),
        ("removed>=0%", True),
        ("schema>0", True),
    ],
)
def test_a_gate_counts_rows_or_their_share_of_their_own_side(condition: str, is_met: bool) -> None:  # noqa: FBT001 - a case
    [gate] = parse_gates(condition)
    assert gate.is_met_by(COUNTS) == is_met
    assert str(gate) == condition


def test_a_share_of_no_rows_is_all_or_nothing() -> None:
    [gate] = parse_gates("added>50%")
    assert gate.is_met_by({"rows_new": 0, "added": 1})
    assert not gate.is_met_by({"rows_new": 0, "added": 0})


@pytest.mark.parametrize("text", ["", "removed", "removed=1", "gone>1", "removed>-1", "removed>1,"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="no condition"):
        parse_gates(text)


def test_what_covers_a_part_is_partial() -> None:
    found = parse_coverage("complete", ["region=EU,US", "year=2024"], "why")
    assert (found.level, found.reason) == ("partial", "why")
    assert dict(found.covers) == {"region": ("EU", "US"), "year": ("2024",)}


def test_a_word_without_a_side_means_the_new_one() -> None:
    old, new = parse_sides(["partial", "old=absent"], ["region=EU", "new:year=1"])
    assert (old.level, new.level) == ("absent", "partial")
    assert set(new.covers) == {"region", "year"}
    assert parse_sides([], []) == (Coverage("complete"), Coverage("complete"))


@pytest.mark.parametrize(
    ("levels", "covers"),
    [(["half"], []), (["mid=partial"], []), ([], ["region"]), ([], ["=EU"]), ([], ["region="])],
    ids=str,
)
def test_coverage_that_says_nothing_is_refused(levels: list[str], covers: list[str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_sides(levels, covers)
    assert caught.value.kind == "bad-coverage"
