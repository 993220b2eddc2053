"""The list of references: numbers that are missing, misaligned, or cited without an entry."""

import pytest
from tests.checks.making import facts, manifest
from tests.dataset.making import evidence

from azds.checks.references import (
    misaligned_references,
    missing_numbers,
    ranges,
    references_without_entry,
)
from azds.records import BibliographyEntry


def entry(number: int, marker: int | None = None) -> BibliographyEntry:
    """An entry with this printed number, answering that number in the text."""
    return BibliographyEntry(
        title=f"Work {number}",
        occurrence=1,
        publisher=None,
        published=None,
        retrieved=None,
        archived=None,
        language=None,
        number=number,
        marker=marker,
    )


def test_numbers_that_the_list_leaves_out_are_told_in_short() -> None:
    rows = [entry(number) for number in (1, 2, 4, 8)]
    [one] = missing_numbers(facts(manifest("a"), a=rows))
    assert (one.code, one.table) == ("reference-number-missing", "bibliography")
    assert one.message == "the list of references has no number 3, 5–7"


@pytest.mark.parametrize("numbers", [(), (1,), (1, 2, 3)], ids=str)
def test_a_list_without_gaps_is_in_order(numbers: tuple[int, ...]) -> None:
    rows = [entry(number) for number in numbers]
    assert list(missing_numbers(facts(manifest("a"), a=rows))) == []


def test_entries_that_answer_other_numbers_are_counted_and_the_first_and_last_told() -> None:
    rows = [
        entry(1),
        entry(2, 3),
        entry(3, 4),
        entry(4, 6),
        evidence("bibliography", "Work 4/1", 7),
    ]
    [one] = misaligned_references(facts(manifest("a"), a=rows))
    assert one.code == "reference-misaligned"
    assert one.message == (
        "3 entries are misnumbered: from 2, which answers [3], to 4, which answers [6]"
    )
    assert [pointer.start for pointer in one.evidence] == [7]


def test_one_misnumbered_entry_is_told_once() -> None:
    [one] = misaligned_references(facts(manifest("a"), a=[entry(1), entry(2, 3)]))
    assert one.message == "1 entry is misnumbered: 2, which answers [3]"


def test_a_list_that_answers_its_own_numbers_is_in_order() -> None:
    assert list(misaligned_references(facts(manifest("a"), a=[entry(1), entry(2)]))) == []


def test_a_number_that_no_entry_answers_is_told_once_with_where_it_is_cited() -> None:
    rows = [
        entry(1),
        entry(2, 3),
        evidence("relations", "BLR", 7, markers=(1, 2)),
        evidence("relations", "GEO", 90, markers=(2, 3)),
    ]
    [one] = references_without_entry(facts(manifest("a"), a=rows))
    assert (one.code, one.table, one.key) == ("reference-without-entry", "relations", "BLR")
    assert one.message == "[2] is cited, but no entry of the list answers it"
    assert [pointer.start for pointer in one.evidence] == [7]


def test_where_no_list_was_seen_nothing_can_be_missing_from_it() -> None:
    rows = [evidence("relations", "BLR", 7, markers=(1, 2))]
    assert list(references_without_entry(facts(manifest("a"), a=rows))) == []


def test_numbers_in_short() -> None:
    assert ranges([]) == ""
    assert ranges([1, 2, 3, 7, 9, 10]) == "1–3, 7, 9–10"
