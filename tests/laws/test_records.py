"""What holds for every record of every shipped type."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from azds.arrow.keys import key_strings
from azds.arrow.rows import rows_to_table, table_to_rows
from azds.columns import Column
from azds.entities import bodies, states
from azds.errors import InvalidInputError
from azds.records import Fact, Key, Record, record_types, table_schema
from azds.records.base import key_of

IDS = sorted({one.id for one in [*states(), *bodies()]})
DATES = ("1992", "1992-06", "1992-06-05", "199X", "1918/1921", "1992?", "2004-02-29", "../1991")
DECIMALS = st.decimals(-(10**20), 10**20, places=9)
MOMENTS = st.datetimes(timezones=st.just(dt.UTC))


class Everything(Record):
    """A field of each type that a record may have."""

    text: Key[str]
    number: Key[int]
    flag: Key[bool]
    day: Key[dt.date]
    raw: Key[bytes]
    amount: Key[Decimal]
    at: Key[dt.datetime]
    score: Fact[float | None]
    moment: Fact[dt.datetime | None]
    price: Fact[Decimal | None]
    list: Fact[tuple[int | None, ...] | None]
    choice: Fact[Literal[1, 2]]


EVERYTHING = st.builds(
    Everything,
    text=st.text(),
    number=st.integers(-(2**63), 2**63 - 1),
    flag=st.booleans(),
    day=st.dates(),
    raw=st.binary(),
    amount=DECIMALS,
    at=MOMENTS,
    score=st.none() | st.floats(allow_nan=False),
    moment=st.none() | MOMENTS,
    price=st.none() | DECIMALS,
    list=st.none() | st.lists(st.none() | st.integers(-9, 9), max_size=3).map(tuple),
    choice=st.sampled_from([1, 2]),
)


@given(st.lists(EVERYTHING, unique_by=key_of, max_size=5))
def test_a_record_of_ones_own_type_comes_back_through_parquet(rows: list[Everything]) -> None:
    """record -> Arrow -> Parquet -> record is the identity, and both sides write one key."""
    table = rows_to_table(Everything, rows)
    assert _sorted(_back(Everything, table)) == _sorted(rows)
    assert _keys(Everything, table) == sorted(map(key_of, rows))


@given(st.data())
def test_a_shipped_record_comes_back_through_parquet(data: st.DataObject) -> None:
    """record -> Arrow -> Parquet -> record is the identity, and both sides write one key."""
    record = data.draw(st.sampled_from(record_types()), label="type")
    rows = data.draw(st.lists(_records(record), unique_by=key_of, max_size=5))
    table = rows_to_table(record, rows)
    assert _sorted(_back(record, table)) == _sorted(rows)
    assert _keys(record, table) == sorted(map(key_of, rows))


@given(EVERYTHING)
def test_a_record_is_what_its_own_plain_values_say(row: Everything) -> None:
    """A record read back from its dump is the same record."""
    assert Everything.model_validate(row.model_dump()) == row


def _records(record: type[Record]) -> st.SearchStrategy[Record]:
    """Records of a type, from its own schemas: bounds, choices, what may be null."""
    properties = record.model_json_schema()["properties"]
    fields = {
        column.name: _values(column, properties[column.name], record.model_fields[column.name])
        for column in table_schema(record).columns
    }
    return st.fixed_dictionaries(fields).map(record.model_validate)


def _values(column: Column, schema: dict[str, Any], info: FieldInfo) -> st.SearchStrategy[object]:
    if not column.nullable:
        return _some(column, schema, info)
    [some] = [one for one in schema["anyOf"] if one != {"type": "null"}]
    return st.none() | _some(column, some, info)


def _some(column: Column, schema: dict[str, Any], info: FieldInfo) -> st.SearchStrategy[object]:
    by_meaning: dict[str, st.SearchStrategy[object]] = {
        "date": st.sampled_from(DATES),
        "dates": _sets(DATES),
        "set": _sets(IDS),
        "digest": st.binary(min_size=8, max_size=8).map(bytes.hex),
    }
    if column.meaning:
        return by_meaning[column.meaning]
    if schema.get("type") == "array":
        return st.lists(_plain(schema["items"]), max_size=3).map(tuple)
    if schema.get("type") == "string" and not {"enum", "const", "pattern"} & set(schema):
        return _texts(_adapter(info))
    return _plain(schema)


def _adapter(info: FieldInfo) -> TypeAdapter[object]:
    kind: Any = Annotated[info.annotation, *info.metadata]
    return TypeAdapter(kind)


def _texts(field: TypeAdapter[object]) -> st.SearchStrategy[str]:
    """Any text, where a field takes any; else the ids, dates and words that it takes."""

    def takes(text: str) -> bool:
        try:
            field.validate_python(text)
        except (ValidationError, InvalidInputError):
            return False
        return True

    if takes("any text, even this"):
        return st.text(min_size=1)
    return st.sampled_from([text for text in (*IDS, *DATES, "undated") if takes(text)])


def _plain(schema: dict[str, Any]) -> st.SearchStrategy[object]:
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    if schema["type"] == "integer":
        return st.integers(schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1))
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return {"string": st.text(min_size=1), "boolean": st.booleans()}[schema["type"]]


def _sets(values: tuple[str, ...] | list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), max_size=3).map(lambda some: tuple(sorted(some)))


def _back(record: type[Record], table: pa.Table) -> list[Record]:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return list(table_to_rows(record, pq.read_table(pa.BufferReader(sink.getvalue()))))


def _keys(record: type[Record], table: pa.Table) -> list[str]:
    keys = key_strings(table, table_schema(record).key) if table.num_rows else pa.nulls(0)
    return sorted(keys.to_pylist())


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=key_of)
