"""Record types: strict, frozen, their roles, and the columns that they give."""

import datetime as dt
import enum
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import ValidationError, create_model

from azds.columns import Column, Role, TableSchema
from azds.dates import parse_date
from azds.errors import InvalidInputError, NotFoundError
from azds.records import (
    Fact,
    Key,
    Place,
    Record,
    Relation,
    Wording,
    check_rows,
    record_type,
    record_types,
    registered,
    table_schema,
)
from azds.records.base import Date, DateSet, Digest, EntityId, EntitySet, StringSet, key_of

ROW: dict[str, object] = {
    "counterpart": "BLR",
    "status": "established",
    "began": "1992",
    "ended": None,
    "began_also": ("1993-06",),
    "name": "Belarus",
    "names_as_written": ("Belarus",),
    "see_also": (),
}


class City(Record):
    """A city."""

    id: Key[str]
    """Its id."""
    country: Key[EntityId]
    people: Fact[int | None]
    """How many live there;
    null if nobody counted."""
    tags: Fact[StringSet] = ()
    founded: Fact[Date | None] = None
    names: Wording[tuple[str, ...]] = ()
    page: Place[int] = 0
    words: Annotated[Digest, Role.FACT] = ""
    area: float = 0.0


def test_a_record_is_frozen() -> None:
    relation = Relation.model_validate(ROW)
    with pytest.raises(ValidationError, match="frozen"):
        relation.name = "Byelorussia"  # type: ignore[misc]  # the error is the test


def words(annotation: object) -> str:
    """An annotation in words that are the same in every process."""
    return re.sub(r" at 0x[0-9a-f]+", "", str(annotation))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "friendly"),
        ("name", 5),
        ("name", ""),
        ("name", None),
        ("counterpart", "XXX"),
        ("began", "in the spring"),
        ("began", 1992),
        ("began_also", ["1993-06"]),
        ("began_also", ("1993", "1992")),
        ("began_also", ("1992", "1992")),
        ("names_as_written", ("",)),
    ],
    ids=words,
)
def test_a_value_that_breaks_a_rule_is_refused(field: str, value: object) -> None:
    with pytest.raises((ValidationError, InvalidInputError)):
        Relation.model_validate(ROW | {field: value})


def test_a_field_that_the_type_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Relation.model_validate(ROW | {"capital": "Minsk"})


def test_a_field_that_is_missing_is_refused() -> None:
    with pytest.raises(ValidationError, match="Field required"):
        Relation.model_validate({name: value for name, value in ROW.items() if name != "began"})


def test_a_date_is_parsed_once_and_written_as_it_was() -> None:
    relation = Relation.model_validate(ROW)
    assert relation.began == parse_date("1992")
    assert relation.model_dump()["began"] == "1992"
    assert Relation.model_validate(ROW | {"began": parse_date("1992")}) == relation


def test_the_roles_of_the_fields_are_the_roles_of_the_columns() -> None:
    assert table_schema(City) == TableSchema(
        "City",
        1,
        (
            Column("id", "string", Role.KEY, description="Its id."),
            Column("country", "string", Role.KEY),
            Column(
                "people",
                "int64",
                Role.FACT,
                nullable=True,
                description="How many live there; null if nobody counted.",
            ),
            Column("tags", "list<string>", Role.FACT, meaning="set"),
            Column("founded", "string", Role.FACT, nullable=True, meaning="date"),
            Column("names", "list<string>", Role.WORDING),
            Column("page", "int64", Role.PLACE),
            Column("words", "string", Role.FACT, meaning="digest"),
            Column("area", "float64", Role.FACT),
        ),
    )


def test_a_type_of_ones_own_is_not_registered_and_is_named_by_its_class() -> None:
    assert table_schema(City).record == ""
    assert City not in record_types()


@pytest.mark.parametrize(
    ("annotation", "words", "nullable"),
    [
        (str, "string", False),
        (int, "int64", False),
        (int | None, "int64", True),
        (bool, "bool", False),
        (float, "float64", False),
        (bytes, "binary", False),
        (dt.date, "date32", False),
        (dt.datetime, "timestamp[us, UTC]", False),
        (Decimal, "decimal128(38, 9)", False),
        (Literal["a", "b"], "string", False),
        (Literal[1, 2] | None, "int64", True),
        (tuple[int, ...], "list<int64>", False),
        (tuple[int | None, ...] | None, "list<int64>", True),
        (DateSet, "list<string>", False),
        (EntitySet, "list<string>", False),
    ],
    ids=words,
)
def test_each_type_has_its_arrow_type(annotation: Any, words: str, *, nullable: bool) -> None:  # noqa: ANN401 - any type form
    column = table_schema(_record(annotation)).column("value")
    assert (column.type, column.nullable) == (words, nullable)


class Colour(enum.StrEnum):
    """Text to Python, but strict fields do not take text back for it."""

    RED = "red"


@pytest.mark.parametrize(
    "annotation",
    [
        object,
        complex,
        dict[str, int],
        set[str],
        list[str],
        tuple,
        tuple[int, str],
        tuple[int],
        int | str,
        int | str | None,
        Literal[1, "a"],
        Literal[b"a"],
        Colour,
        Relation,
        dt.time,
        tuple[dict[str, int], ...],
        tuple[tuple[str, ...], ...],
    ],
    ids=words,
)
def test_a_type_that_would_not_come_back_as_it_went_is_refused_with_its_path(
    annotation: Any,  # noqa: ANN401 - any type form
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        table_schema(_record(annotation))
    assert caught.value.kind == "type-unsupported"
    assert caught.value.where == "Thing.value"


@pytest.mark.parametrize("annotation", [float, str | None, tuple[str, ...], Date | None], ids=words)
def test_a_key_that_is_a_float_nested_or_null_is_refused_with_its_path(
    annotation: Any,  # noqa: ANN401 - any type form
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        table_schema(
            create_model("Thing", __base__=Record, key=(Annotated[annotation, Role.KEY], ...))
        )
    assert (caught.value.kind, caught.value.where) == ("key-type", "Thing.key")


def test_a_record_without_a_key_gives_no_table() -> None:
    with pytest.raises(InvalidInputError) as caught:
        table_schema(create_model("Thing", __base__=Record, value=(Fact[int], ...)))
    assert caught.value.kind == "bad-key"


def test_the_key_of_a_record_is_its_canonical_string() -> None:
    assert key_of(City(id="a/b", country="AZE", people=None)) == "a~1b/AZE"


def test_rows_become_records() -> None:
    rows = [{"id": "baku", "country": "AZE", "people": 5}]
    assert check_rows(City, rows) == [City(id="baku", country="AZE", people=5)]


def test_the_first_row_that_breaks_a_rule_is_named_with_its_path() -> None:
    good = {"id": "a", "country": "AZE", "people": 1}
    with pytest.raises(InvalidInputError) as caught:
        check_rows(City, [good, good | {"people": "many"}, {}])
    assert (caught.value.kind, caught.value.where) == ("bad-record", "City[1].people")
    assert caught.value.got == "'many'"


def test_shipped_types_are_found_by_family_and_by_name() -> None:
    found = registered("foreign-relations")
    assert {"counts", "relations", "recognitions", "missions", "organizations"} <= set(found)
    assert {"bibliography", "sections", "evidence", "rejections"} <= set(found)
    assert all(table_schema(record).name == name for name, record in found.items())
    assert record_type("foreign-relations/relations") is Relation


def test_a_type_that_is_not_installed_is_not_found() -> None:
    with pytest.raises(NotFoundError) as caught:
        record_type("cooking/recipes")
    assert caught.value.kind == "unknown-table"


def test_a_shipped_type_knows_its_family_and_table() -> None:
    families = {record.family for record in record_types()}
    assert {"foreign-relations", "common"} <= families
    assert all(record.table_name for record in record_types())


def _record(annotation: Any) -> type[Record]:  # noqa: ANN401 - any type form
    return create_model("Thing", __base__=Record, key=(Key[str], ...), value=(annotation, ...))
