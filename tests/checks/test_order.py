"""Dates of revisions, and whether the declared order can be right."""

import pytest
from tests.checks.making import facts, manifest
from tests.dataset.making import evidence

from azds.checks.order import doubtful_order, undated
from azds.store.manifest import Manifest


def listed(*names: str) -> list[object]:
    """Relations that a list states."""
    return [evidence("relations", name, at, place="list") for at, name in enumerate(names)]


def test_a_revision_without_a_date_is_told_with_who_placed_it() -> None:
    [one] = undated(facts(manifest("a"), manifest("b", date=None, position_declared="by hand")))
    assert (one.code, one.revision) == ("undated", "b")
    assert one.message == "its position in the order is declared: by hand"


def test_where_nobody_is_named_the_lack_of_a_date_is() -> None:
    [one] = undated(facts(manifest("a", date=None)))
    assert one.message == "its position in the order is declared: its source carries no date"


def test_what_was_not_read_from_a_source_needs_no_date() -> None:
    bare = manifest("a", date=None, has_source=False)
    assert list(undated(facts(bare))) == []
    assert list(doubtful_order(facts(manifest("z", latest_year=2020), bare))) == []


def test_a_later_revision_that_knows_no_later_year_is_doubtful() -> None:
    both = (manifest("a", latest_year=2013), manifest("b", 2, date=None, latest_year=2003))
    [one] = doubtful_order(facts(*both))
    assert (one.code, one.revision) == ("order-doubtful", "b")
    assert "the latest year it names is 2003, that of a is 2013" in one.message


def test_a_text_that_its_neighbours_leap_over_is_doubtful() -> None:
    three = (
        manifest("a", wording="pqrs"),
        manifest("b", 2, date=None, wording="pxyz"),
        manifest("c", 3, wording="pqrx"),
    )
    [one] = doubtful_order(facts(*three))
    assert "a and c share 3 sentences, it shares 1 with a and 2 with c" in one.message


def test_what_its_list_leaves_out_is_a_further_sign_with_evidence() -> None:
    both = (manifest("a", latest_year=2013), manifest("b", 2, date=None, latest_year=2003))
    [one] = doubtful_order(
        facts(*both, a=listed("BLR", "GEO", "NIC"), b=listed("BLR", "GEO"))  # type: ignore[arg-type]  # records
    )
    assert "its list of relations is that of a without NIC" in one.message
    assert [(p.revision, p.key) for p in one.evidence] == [("a", "NIC")]


def test_a_shorter_list_alone_is_no_doubt() -> None:
    both = (manifest("a", latest_year=2003), manifest("b", 2, date=None, latest_year=2003))
    found = doubtful_order(facts(*both, a=listed("BLR", "NIC"), b=listed("BLR")))  # type: ignore[arg-type]  # records
    assert list(found) == []


@pytest.mark.parametrize(
    "revisions",
    [
        (manifest("a", latest_year=2003), manifest("b", 2, date=None, latest_year=2013)),
        (manifest("a"), manifest("b", 2, date=None, latest_year=2013)),
        (manifest("a", latest_year=2013), manifest("b", 2, date="2003", latest_year=2003)),
        (
            manifest("a", wording="pq"),
            manifest("b", 2, date=None, wording="pq"),
            manifest("c", 3, wording="pq"),
        ),
    ],
    ids=["later year", "no year", "dated", "shared by all"],
)
def test_an_order_without_signs_against_it_is_not_doubted(
    revisions: tuple[Manifest, ...],
) -> None:
    assert list(doubtful_order(facts(*revisions))) == []
