"""Types in words, and the types they stand for."""

import pyarrow as pa
import pytest
from hypothesis import given
from tests.strategies import types

from azds.arrow.types import (
    plain_type,
    schema_from_arrow,
    to_arrow_schema,
    type_from_words,
    type_in_words,
)
from azds.columns import Role
from azds.errors import InvalidInputError


@given(types)
def test_words_and_types_are_twins(words: str) -> None:
    assert type_in_words(type_from_words(words)) == words


@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp("ns", "America/Argentina/Buenos_Aires"),
        pa.timestamp("s", "+04:00"),
        pa.struct([("a b", pa.int8()), ('"\\', pa.list_(pa.string())), ("", pa.binary())]),
        pa.struct([("x\ny", pa.bool_()), ("größe", pa.struct([]))]),
        pa.decimal128(5, -2),
        pa.time32("ms"),
        pa.time64("ns"),
    ],
    ids=str,
)
def test_every_plain_type_comes_back_from_its_words(kind: pa.DataType) -> None:
    assert type_from_words(type_in_words(kind)) == kind
    assert plain_type(kind) == kind


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (pa.large_string(), "string"),
        (pa.string_view(), "string"),
        (pa.dictionary(pa.int8(), pa.large_string()), "string"),
        (pa.binary(16), "binary"),
        (pa.date64(), "date32"),
        (pa.float16(), "float32"),
        (pa.decimal32(5, 2), "decimal128(5, 2)"),
        (pa.large_list(pa.binary_view()), "list<binary>"),
        (pa.list_(pa.int8(), 3), "list<int8>"),
        (pa.list_(pa.field("element", pa.int8(), nullable=False)), "list<int8>"),
    ],
    ids=str,
)
def test_layouts_of_the_same_values_share_their_words(kind: pa.DataType, words: str) -> None:
    assert type_in_words(kind) == words
    assert plain_type(kind) == type_from_words(words)


@pytest.mark.parametrize(
    "kind",
    [
        pa.null(),
        pa.map_(pa.string(), pa.int8()),
        pa.list_view(pa.int8()),
        pa.run_end_encoded(pa.int32(), pa.int8()),
        pa.decimal256(50, 2),
        pa.struct([("a", pa.list_(pa.null()))]),
    ],
    ids=str,
)
def test_a_type_that_cannot_be_kept_is_refused(kind: pa.DataType) -> None:
    with pytest.raises(InvalidInputError) as caught:
        type_in_words(kind)
    assert caught.value.kind == "type-unsupported"


def test_what_can_be_written_can_be_read_however_deep() -> None:
    kind = pa.int8()
    for _ in range(20):
        kind = pa.list_(kind)
    assert type_from_words(type_in_words(kind)) == kind
    with pytest.raises(InvalidInputError):
        type_in_words(pa.list_(kind))


@pytest.mark.parametrize(
    "words",
    [
        "",
        " int8",
        "int8>",
        "int9",
        "list<int8",
        "list<int8>>",
        "struct<a int8>",
        "struct<a: int8",
        "struct<a: int8b: int8>",
        "struct<a: int8, >",
        "decimal128(99, 2)",
        "decimal128(0, 0)",
        "time[x]",
        "timestamp[us, ]",
        "list<" * 5000,
    ],
    ids=lambda words: words[:20] or "nothing",
)
def test_words_that_are_no_type_are_refused(words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        type_from_words(words)
    assert caught.value.kind == "type-unsupported"


def test_a_schema_nobody_declared_has_its_key_first_and_facts_after() -> None:
    arrow = pa.schema([("x", pa.float64()), ("id", pa.large_string())])
    schema = schema_from_arrow(arrow, name="t", key=("id",))
    assert [(c.name, c.type, c.role, c.nullable) for c in schema.columns] == [
        ("id", "string", Role.KEY, False),
        ("x", "float64", Role.FACT, True),
    ]
    expected = pa.schema([pa.field("id", pa.string(), nullable=False), pa.field("x", pa.float64())])
    assert to_arrow_schema(schema) == expected


@pytest.mark.parametrize(
    ("key", "kind"), [(("nowhere",), "bad-column"), (("x",), "key-type"), ((), "bad-key")], ids=str
)
def test_a_key_that_cannot_be_one_is_refused(key: tuple[str, ...], kind: str) -> None:
    arrow = pa.schema([("x", pa.float64()), ("id", pa.string())])
    with pytest.raises(InvalidInputError) as caught:
        schema_from_arrow(arrow, name="t", key=key)
    assert caught.value.kind == kind
