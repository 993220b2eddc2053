"""Relations with dates that exclude each other."""

import pytest
from tests.checks.making import facts, manifest
from tests.dataset.making import evidence, relation

from azds.checks.relations import contradicting_dates


def test_a_relation_with_two_beginnings_is_told_with_where_they_stand() -> None:
    rows = [
        relation("ISR", began="1991", began_also=("1992-04-07",), name="Israel"),
        evidence("relations", "ISR", 7, column="began"),
        evidence("relations", "ISR", 90, column="began_also"),
    ]
    [one] = contradicting_dates(facts(manifest("a"), a=rows))
    assert (one.code, one.table, one.key) == ("dates-contradict", "relations", "ISR")
    assert one.message == "relations with Israel began 1991, and also 1992-04-07"
    assert [(p.column, p.start) for p in one.evidence] == [("began", 7), ("began_also", 90)]


@pytest.mark.parametrize(
    ("began", "also"),
    [
        ("1992", ("1992-04-07",)),
        ("1992-04-07", ("1992", "1992-04")),
        ("1992", ()),
        (None, ("1992",)),
        ("1918/1921", ("1919",)),
    ],
    ids=str,
)
def test_dates_that_can_both_be_right_are_in_order(
    began: str | None, also: tuple[str, ...]
) -> None:
    rows = [relation("ISR", began=began, began_also=also)]
    assert list(contradicting_dates(facts(manifest("a"), a=rows))) == []


def test_only_the_dates_that_contradict_are_told() -> None:
    rows = [relation("ISR", began="1992", began_also=("1991", "1992-04"))]
    [one] = contradicting_dates(facts(manifest("a"), a=rows))
    assert one.message.endswith("and also 1991")


def test_two_revisions_may_give_two_dates() -> None:
    both = facts(
        manifest("a"),
        manifest("b", 2),
        a=[relation("ISR", began="1991")],
        b=[relation("ISR", began="1992")],
    )
    assert list(contradicting_dates(both)) == []
