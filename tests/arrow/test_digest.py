"""azds-hash-1, against an implementation by its specification and against fixed digests."""

import datetime as dt
import hashlib
import math
import struct
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from tests.strategies import Side, pairs

from azds.arrow import digest
from azds.arrow.digest import ContentDigest, content_digest
from azds.arrow.tables import conform
from azds.arrow.types import type_from_words
from azds.columns import Column, Role, TableSchema
from azds.errors import InvalidInputError

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def u64(number: int) -> bytes:
    return struct.pack("<Q", number)


def packed(flags: list[bool]) -> bytes:
    number = sum(1 << n for n, flag in enumerate(flags) if flag)
    return number.to_bytes(-(-len(flags) // 8), "little")


def plain_number(value: object, kind: pa.DataType) -> int:
    """What Arrow stores for a fixed-width value, worked out without Arrow's buffers."""
    if isinstance(value, Decimal):
        return int(value.scaleb(kind.scale))
    scalar = pa.scalar(value, kind)
    return int(scalar.value if pa.types.is_temporal(kind) else scalar.as_py())


def written(values: list[object], kind: pa.DataType) -> bytes:
    """The section "Values" of the specification, from plain Python values."""
    valid = [value is not None for value in values]
    out = u64(len(values)) + (b"\0" if all(valid) else b"\1" + packed(valid))
    if pa.types.is_struct(kind):
        for field in kind:
            parts = [None if value is None else value[field.name] for value in values]  # type: ignore[index]  # a dict
            out += written(parts, field.type)
    elif pa.types.is_list(kind):
        lists = [value or [] for value in values]
        out += b"".join(struct.pack("<I", len(items)) for items in lists)  # type: ignore[arg-type]  # a list
        out += written([item for items in lists for item in items], kind.value_type)  # type: ignore[attr-defined]  # a list
    elif pa.types.is_string(kind) or pa.types.is_binary(kind):
        texts = [b"" if v is None else v.encode() if isinstance(v, str) else v for v in values]
        out += b"".join(struct.pack("<I", len(text)) for text in texts) + b"".join(texts)  # type: ignore[arg-type]  # bytes
    elif pa.types.is_boolean(kind):
        out += packed([bool(value) for value in values])
    elif pa.types.is_floating(kind):
        code = "<f" if kind.bit_width == 32 else "<d"
        nan = bytes.fromhex("0000c07f" if kind.bit_width == 32 else "000000000000f87f")
        for value in values:
            number = 0.0 if value is None else float(value)  # type: ignore[arg-type]  # a float
            out += nan if math.isnan(number) else struct.pack(code, number + 0.0)
    else:
        is_signed = not pa.types.is_unsigned_integer(kind)
        for value in values:
            number = 0 if value is None else plain_number(value, kind)
            out += int(number).to_bytes(kind.bit_width // 8, "little", signed=is_signed)
    return out


def mix(number: int) -> int:
    number = (number + _GOLDEN) & _MASK
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & _MASK
    return number ^ number >> 31


def key_hash(values: list[object], kinds: list[pa.DataType]) -> int:
    hashed = 0
    for value, kind in zip(values, kinds, strict=True):
        if isinstance(value, str):
            data = value.encode()
        elif isinstance(value, bytes):
            data = value
        else:
            size = 16 if isinstance(value, Decimal) else 8
            is_signed = not pa.types.is_unsigned_integer(kind)
            data = plain_number(value, kind).to_bytes(size, "little", signed=is_signed)
        total = len(data)
        for n in range(0, len(data), 8):
            word = int.from_bytes(data[n : n + 8], "little")
            total += mix(word + n // 8 * _GOLDEN)
        hashed = mix((hashed + total) & _MASK)
    return hashed


def by_specification(
    table: pa.Table, schema: TableSchema, *, target: int, most: int
) -> ContentDigest:
    rows = table.to_pylist()
    kinds = {column.name: type_from_words(column.type) for column in schema.columns}
    groups: list[list[dict[str, object]]] = []
    for row in rows:
        hashed = key_hash([row[name] for name in schema.key], [kinds[name] for name in schema.key])
        if not groups or hashed < (1 << 64) // target or len(groups[-1]) == most:
            groups.append([])
        groups[-1].append(row)
    found = []
    for group in groups:
        data = u64(len(group))
        for name, kind in kinds.items():
            data += hashlib.sha256(written([row[name] for row in group], kind)).digest()
        found.append(digest.Group(len(group), hashlib.sha256(data).hexdigest()[:32]))
    data = b"azds-hash-1\n" + u64(len(kinds))
    for column in schema.columns:
        for text in (column.name.encode(), column.type.encode()):
            data += u64(len(text)) + text
    data += u64(len(found)) + b"".join(bytes.fromhex(group.digest) for group in found)
    return ContentDigest(f"azds-hash-1:{hashlib.sha256(data).hexdigest()}", tuple(found))


@given(pairs())
def test_the_digest_is_what_the_specification_says(sides: tuple[Side, Side]) -> None:
    side = sides[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "_LIMIT", np.uint64((1 << 64) // 3))
        patch.setattr(digest, "LARGEST_GROUP", 4)
        got = content_digest(side.table, side.schema)
    assert got == by_specification(side.table, side.schema, target=3, most=4)


def test_the_digest_of_many_rows_is_what_the_specification_says() -> None:
    """As it is set: groups of about 16,384 rows."""
    schema = TableSchema(
        "t", 1, (Column("word", "string", Role.KEY), Column("n", "int64", Role.KEY))
    )
    words = ["", "seven..", "eight...", "nine.....", "\u20ac" * 7]
    rows = [(word, n) for word in sorted(words) for n in range(30_000)]
    table = pa.table({"word": [word for word, _ in rows], "n": [n for _, n in rows]})
    got = content_digest(table, schema)
    assert len(got.groups) > 2
    assert got == by_specification(table, schema, target=16_384, most=131_072)


def test_a_stretch_without_a_start_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "_LIMIT", np.uint64(0))
    schema = TableSchema("t", 1, (Column("n", "int64", Role.KEY),))
    groups = content_digest(pa.table({"n": np.arange(600_000)}), schema).groups
    assert [group.rows for group in groups] == [131_072, 131_072, 131_072, 131_072, 75_712]


_CITIES = TableSchema(
    "City",
    1,
    (
        Column("id", "string", Role.KEY),
        Column("population", "int64", Role.FACT, nullable=True),
        Column("names", "list<string>", Role.WORDING, nullable=True),
        Column("at", "struct<lat: float64, lon: float64>", Role.FACT, nullable=True),
    ),
)
_BAKU: dict[str, object] = {
    "id": "baku",
    "population": 2_300_500,
    "names": ["Baku", "Bak\u0131"],
    "at": {"lat": 40.3777, "lon": 49.892},
}
_GANJA: dict[str, object] = {"id": "ganja", "population": None, "names": [], "at": None}
_SHUSHA: dict[str, object] = {
    "id": "shusha",
    "population": 0,
    "names": None,
    "at": {"lat": math.nan, "lon": -0.0},
}
_MOMENT = dt.datetime(2020, 11, 10, 0, 0, 0, 1, dt.UTC)
_KEYS: list[tuple[str, list[object], str]] = [
    ("bool", [False, True], "2c7cd4eef30783becebf20cf4d1bcfe8faece725562d94048327c3603beb4bf9"),
    (
        "date32",
        [dt.date(1991, 10, 18), dt.date(2020, 11, 10)],
        "acb53266f614a3824f751b26e7773c934ae28529babb7b4e7b589c490c6b2dc4",
    ),
    (
        "timestamp[us, UTC]",
        [_MOMENT],
        "7af6be71bf37b699b8f85419eea0846ee75742920d44f953ee3ac076099fc1be",
    ),
    (
        "decimal128(10, 2)",
        [Decimal("-1.50"), Decimal("12345678.90")],
        "80c3793d06ea7e7483d2165edc4fc3c35aaa7109f649c3c1f85ce45e32b7d3ce",
    ),
    (
        "binary",
        [b"", b"\0\xff"],
        "310dfdfc16abb666d1839db565d028fdc1aa2b5bb08a02d8d33e519e143f7ca1",
    ),
    (
        "uint64",
        [0, 18_446_744_073_709_551_615],
        "8ca5a0e7f29e042bdd62441b26a366e6a5184f65f53306ddc5dcb90a6cbdc2af",
    ),
]
_VECTORS: list[tuple[str, TableSchema, list[dict[str, object]], str]] = [
    ("empty", _CITIES, [], "8c8d9a6f653607fd18407b47f5b392aa1422d2b317635ec1b1741b47b5b438e5"),
    (
        "one row",
        _CITIES,
        [_BAKU],
        "f092c755a604718a30a9f8f9c0d4768fbb81a90ba75cf2b835fa1ef375204b34",
    ),
    (
        "nulls, NaN and -0.0",
        _CITIES,
        [_BAKU, _GANJA, _SHUSHA],
        "11c80da5247025c8c42d4a83c66ad680bbe5c9e01631684072c78437a136712f",
    ),
    *(
        (
            words,
            TableSchema("t", 1, (Column("k", words, Role.KEY),)),
            [{"k": v} for v in values],
            hexed,
        )
        for words, values, hexed in _KEYS
    ),
]


@pytest.mark.parametrize(
    ("schema", "rows", "expected"),
    [pytest.param(*vector[1:], id=vector[0]) for vector in _VECTORS],
)
def test_known_tables_have_known_digests(
    schema: TableSchema, rows: list[dict[str, object]], expected: str
) -> None:
    """These never change: another rule is another version."""
    arrays = [
        pa.array([row[c.name] for row in rows], type_from_words(c.type)) for c in schema.columns
    ]
    table = conform(pa.Table.from_arrays(arrays, names=list(schema.names)), schema)
    assert content_digest(table, schema).digest == f"azds-hash-1:{expected}"


@pytest.mark.parametrize(
    "table",
    [pa.table({"n": [1]}), pa.table({"id": [1]}), pa.table([[1], [1]], names=["id", "id"])],
    ids=["missing", "of another type", "twice"],
)
def test_a_table_without_the_declared_columns_has_no_digest(table: pa.Table) -> None:
    schema = TableSchema("t", 1, (Column("id", "string", Role.KEY),))
    with pytest.raises(InvalidInputError) as caught:
        content_digest(table, schema)
    assert caught.value.kind == "bad-column"
