"""Articles against each other: which pairs agree, which do not, and by how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.checks.across import Listed, Pair, Side, compare_sides


def side(subject: str, *, complete: bool = False, **listed: Listed | str | None) -> Side:
    relations = {
        counterpart: one if isinstance(one, Listed) else Listed("established", one)
        for counterpart, one in listed.items()
    }
    return Side(subject.lower(), "r1", subject, relations, is_complete=complete)


def pair_of(here: Listed | str | None, there: Listed | str | None) -> Pair:
    [pair] = compare_sides([side("FJI", NRU=here), side("NRU", FJI=there)]).pairs
    return pair


@pytest.mark.parametrize(
    ("here", "there", "kind", "days", "size"),
    [
        ("1970-10-10", "1970-10-10", "equal", 0, ""),
        ("1970", "1970-10-10", "compatible", 0, ""),
        ("../1975", "1970-10-10", "compatible", 0, ""),
        ("1970-10-10/1972-01-01", "1971-10-10/1975-01-01", "compatible", 0, ""),
        ("1970-10-10", "1970-10-12", "differ", 2, "up to 7 days"),
        ("1970-10-10", "1970-11-10", "differ", 31, "up to 31 days"),
        ("1970-10-10", "1971-10-10", "differ", 365, "up to a year"),
        ("1970-10-10", "1975-10-10", "differ", 1826, "more than a year"),
        ("1970", "1971-01-03", "differ", 3, "up to 7 days"),
        ("1970", None, "undated", 0, ""),
        (None, None, "undated", 0, ""),
    ],
)
def test_a_pair_is_judged_by_what_both_dates_can_mean(
    here: str | None, there: str | None, kind: str, days: int, size: str
) -> None:
    pair = pair_of(here, there)
    assert (pair.kind, pair.days, pair.size) == (kind, days, size)


def test_a_date_that_both_name_is_told_where_they_put_another_first() -> None:
    pair = pair_of(Listed("established", "1921-01-26", ("1991-08-26",)), "1991-08-26")
    assert (pair.kind, pair.other_date) == ("differ", "1991-08-26")


def test_the_largest_disagreement_comes_first_and_the_share_is_of_pairs_of_days() -> None:
    found = compare_sides(
        [
            side("FJI", NRU="1970-10-10", TON="1970-10-10", KIR="1980", WSM="1971-02-03"),
            side("KIR", FJI="1981-01-01"),
            side("NRU", FJI="1970-10-10"),
            side("TON", FJI="1971-10-10"),
            side("WSM", FJI="1971-02-03"),
        ]
    )
    assert [(p.first, p.second) for p in found.disagreements] == [("FJI", "TON"), ("FJI", "KIR")]
    told = found.summary()
    assert (told["pairs"], told["both_to_the_day"], told["agreement"]) == (4, 3, 0.6667)


def test_a_relation_is_one_sided_only_where_the_other_list_is_complete() -> None:
    fiji = side("FJI", NRU="1970", TON="1970")
    found = compare_sides([fiji, side("NRU", complete=True), side("TON")])
    assert [(one.subject, one.counterpart) for one in found.one_sided] == [("FJI", "NRU")]
    denied = side("FJI", NRU=Listed("none"))
    assert compare_sides([denied, side("NRU", complete=True)]).one_sided == ()


DATES = st.dates().map(str) | st.integers(1500, 2099).map(str)


@given(DATES, DATES)
def test_the_verdict_does_not_depend_on_which_side_is_first(one: str, other: str) -> None:
    """Law: exchanging the sides exchanges the dates, and nothing else."""
    here, there = pair_of(one, other), pair_of(other, one)
    assert (here.kind, here.days) == (there.kind, there.days)
    assert (here.kind == "differ") == (here.days > 0)
