"""Counts that differ, and lists that do not reach the number over them."""

import pytest
from tests.checks.making import facts, manifest
from tests.dataset.making import count, evidence

from azds.checks.counts import counts_differ, lists_over_a_bound, lists_that_fall_short
from azds.records import Evidence


def listed(*names: str, start: int = 7) -> list[Evidence]:
    """Relations that one list states, under the words at `start`."""
    return [evidence("relations", name, start, column="status", place="list") for name in names]


def test_a_revision_that_states_several_numbers_is_told_with_where_it_does() -> None:
    found = list(
        counts_differ(
            facts(
                manifest("a"),
                a=[
                    count(160),
                    count(174, "un_members"),
                    evidence("counts", "diplomatic_relations/countries/1", 7),
                    evidence("counts", "diplomatic_relations/un_members/1", 90),
                ],
            )
        )
    )
    [one] = found
    assert (one.code, one.revision, one.table) == ("counts-differ", "a", "counts")
    assert one.message == (
        "states several counts of diplomatic relations: 160 countries, 174 UN members"
    )
    assert [pointer.start for pointer in one.evidence] == [7, 90]


def test_one_number_stated_twice_contradicts_nothing() -> None:
    stated = [count(160), count(160, "states"), count(160, occurrence=2)]
    assert list(counts_differ(facts(manifest("a"), a=stated))) == []


def test_two_revisions_may_state_two_numbers() -> None:
    both = facts(manifest("a"), manifest("b", 2), a=[count(160)], b=[count(174)])
    assert list(counts_differ(both)) == []


def test_a_list_with_fewer_names_than_the_number_over_it_is_told() -> None:
    key = "diplomatic_relations/countries/1"
    rows = [count(3), evidence("counts", key, 7), *listed("BLR", "GEO")]
    [one] = lists_that_fall_short(facts(manifest("a"), a=rows))
    assert (one.code, one.key) == ("list-falls-short", key)
    assert one.message == "3 countries are stated, 2 are listed"
    assert [pointer.start for pointer in one.evidence] == [7]


@pytest.mark.parametrize(("start", "found"), [(3, 1), (11, 1), (2, 0), (12, 0)], ids=str)
def test_a_list_belongs_to_the_number_whose_words_its_rows_cite(start: int, found: int) -> None:
    """Evidence here is five characters long: it overlaps 7:12 from 3 to 11."""
    key = "diplomatic_relations/countries/1"
    rows = [*listed("BLR", start=start), evidence("counts", key, 7), count(3)]
    assert len(list(lists_that_fall_short(facts(manifest("a"), a=rows)))) == found


def test_a_list_that_reaches_its_number_is_in_order() -> None:
    key = "diplomatic_relations/countries/1"
    rows = [count(2), evidence("counts", key, 7), *listed("BLR", "GEO")]
    assert list(lists_that_fall_short(facts(manifest("a"), a=rows))) == []


def test_a_list_under_other_words_does_not_belong_to_the_number() -> None:
    key = "diplomatic_relations/countries/1"
    rows = [count(9), evidence("counts", key, 7), *listed("BLR", start=500)]
    assert list(lists_that_fall_short(facts(manifest("a"), a=rows))) == []


def test_a_number_without_a_list_is_in_order() -> None:
    assert list(lists_that_fall_short(facts(manifest("a"), a=[count(9)]))) == []


@pytest.mark.parametrize(
    ("qualifier", "value", "exact", "found"),
    [
        ("more_than", 130, 140, 0),
        ("more_than", 130, 130, 1),
        ("at_least", 130, 130, 0),
        ("at_least", 130, 129, 1),
        ("about", 130, 90, 0),
        ("less_than", 130, 129, 0),
        ("less_than", 130, 130, 1),
        ("at_most", 130, 130, 0),
        ("at_most", 130, 131, 1),
    ],
)
def test_a_bound_contradicts_only_what_is_beyond_it(
    qualifier: str, value: int, exact: int, found: int
) -> None:
    stated = [count(exact), count(value, "states", qualifier=qualifier)]
    told = [one.message for one in counts_differ(facts(manifest("a"), a=stated))]
    words = f"{exact} countries, {qualifier.replace('_', ' ')} {value} states"
    assert told == ([f"states several counts of diplomatic relations: {words}"] if found else [])


def test_bounds_that_leave_no_number_contradict_each_other() -> None:
    apart = [count(130, qualifier="more_than"), count(130, "states", qualifier="at_most")]
    assert len(list(counts_differ(facts(manifest("a"), a=apart)))) == 1


@pytest.mark.parametrize(
    ("qualifier", "value", "code"),
    [
        ("more_than", 1, None),
        ("more_than", 2, "list-falls-short"),
        ("at_least", 2, None),
        ("at_least", 3, "list-falls-short"),
        ("about", 9, None),
        ("less_than", 3, None),
        ("less_than", 2, "list-over-bound"),
        ("at_most", 2, None),
        ("at_most", 1, "list-over-bound"),
        (None, 1, None),
    ],
)
def test_a_list_of_two_is_measured_by_the_bound_over_it(
    qualifier: str | None, value: int, code: str | None
) -> None:
    rows = [
        count(value, qualifier=qualifier),
        evidence("counts", "diplomatic_relations/countries/1", 7),
        *listed("BLR", "GEO"),
    ]
    held = facts(manifest("a"), a=rows)
    found = [*lists_that_fall_short(held), *lists_over_a_bound(held)]
    assert [one.code for one in found] == ([code] if code else [])
    if code:
        words = f"{(qualifier or '').replace('_', ' ')} {value} countries"
        assert found[0].message == f"{words} are stated, 2 are listed"
