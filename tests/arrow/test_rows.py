"""Records to tables and back."""

import datetime as dt
from decimal import Decimal

import pytest

from azds.arrow.rows import rows_to_table, table_to_rows
from azds.columns import Column, Role
from azds.dates import parse_date
from azds.errors import InvalidInputError
from azds.records import Fact, Key, Record, table_schema
from azds.records.base import Date, DateSet


class Sighting(Record):
    """A record with a field of each type."""

    place: Key[str]
    number: Key[int]
    on: Fact[Date | None]
    also: Fact[DateSet]
    score: Fact[float | None]
    price: Fact[Decimal | None]
    at: Fact[dt.datetime | None]
    names: Fact[tuple[str, ...]]


def _sighting(place: str, number: int, **facts: object) -> Sighting:
    known: dict[str, object] = {"on": None, "also": (), "score": None, "price": None, "at": None}
    return Sighting.model_validate({"place": place, "number": number, "names": ()} | known | facts)


def test_records_come_back_from_their_table_in_key_order() -> None:
    late = _sighting(
        "b",
        1,
        on="1992-04",
        also=("1991", "1992"),
        score=0.5,
        price=Decimal("1.5"),
        at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        names=("x", "x"),
    )
    early = _sighting("a", 2)
    table = rows_to_table(Sighting, [late, early])
    assert table_to_rows(Sighting, table) == [early, late]
    assert table.column("on").to_pylist() == [None, "1992-04"]
    assert table_to_rows(Sighting, table)[1].on == parse_date("1992-04")


def test_no_records_make_an_empty_table_of_the_same_columns() -> None:
    table = rows_to_table(Sighting, [])
    assert table.num_rows == 0
    assert tuple(table.column_names) == table_schema(Sighting).names
    assert table_schema(Sighting).column("place") == Column("place", "string", Role.KEY)


@pytest.mark.parametrize(
    ("facts", "where"),
    [({"number": 1 << 70}, "Sighting.number"), ({"price": Decimal("1e-12")}, "Sighting.price")],
    ids=["integer", "decimal"],
)
def test_a_value_that_does_not_fit_its_column_is_refused(
    facts: dict[str, object], where: str
) -> None:
    row = _sighting("a", 1).model_copy(update=facts)
    with pytest.raises(InvalidInputError) as caught:
        rows_to_table(Sighting, [row])
    assert (caught.value.kind, caught.value.where) == ("bad-record", where)


def test_records_with_one_key_are_refused() -> None:
    with pytest.raises(InvalidInputError) as caught:
        rows_to_table(Sighting, [_sighting("a", 1), _sighting("a", 1)])
    assert caught.value.kind == "key-repeated"
