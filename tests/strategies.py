"""Hypothesis strategies that many tests share: types, values, layouts, tables, coverages."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from azds.arrow.tables import conform
from azds.arrow.types import type_from_words, type_in_words
from azds.changes.classify import Seen
from azds.columns import Column, Meaning, Role, TableSchema
from azds.coverage import LEVELS, Coverage

__all__ = [
    "KEY_TYPES",
    "Side",
    "arrays",
    "coverages",
    "flat_types",
    "key_types",
    "layouts",
    "pairs",
    "seen_of",
    "table_layouts",
    "types",
    "values",
]

KEY_TYPES = (
    "string",
    "int64",
    "uint64",
    "int8",
    "bool",
    "date32",
    "timestamp[us, UTC]",
    "timestamp[ns]",
    "decimal128(5, 2)",
    "binary",
)
_DATES = (
    *("1992", "1992-04", "1992-04-02", "1992-02-29", "1993-02-29", "1992-04-30", "1991-12-31"),
    *("1992-21", "1992?", "1992~", "199X", "1992-XX", "1991/1993", "../1992", "late 1992", "0000"),
)
_MEANINGS: tuple[Meaning, ...] = ("", "", "date", "set", "dates", "digest")
_LETTERS: st.SearchStrategy[str] = st.sampled_from(
    ("", "a", "b", "/", "~1", "é", "\U0001f600", "a\x00b", "ab")
)
_FLOATS = (0.0, -0.0, float("nan"), 1.5, float("inf"), float("-inf"), -2.0)
_DECIMALS = tuple(Decimal(text) for text in ("0", "-0.01", "1.50", "999.99"))
_MOMENTS = tuple(
    dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
    for seconds in (0, 1, -1, 1_500_000_000)
)
_SCALARS: dict[str, st.SearchStrategy[object]] = {
    "string": _LETTERS,
    "binary": st.sampled_from((b"", b"\0", b"\xff\xfe", b"a", b"ninebytes")),
    "bool": st.booleans(),
    "float32": st.sampled_from(_FLOATS),
    "float64": st.sampled_from(_FLOATS),
    "decimal128": st.sampled_from(_DECIMALS),
    "date32": st.sampled_from((dt.date(1970, 1, 1), dt.date(1992, 4, 2), dt.date(1, 1, 1))),
    "timestamp": st.sampled_from([moment.replace(tzinfo=None) for moment in _MOMENTS]),
    "timestamp with zone": st.sampled_from(_MOMENTS),
    "time": st.sampled_from((dt.time(0), dt.time(23, 59, 59))),
    "duration": st.sampled_from((dt.timedelta(0), dt.timedelta(seconds=-1))),
}

key_types = st.sampled_from(KEY_TYPES)
flat_types = st.sampled_from(
    (
        *KEY_TYPES,
        "float64",
        "float32",
        "int16",
        "uint32",
        "timestamp[s]",
        "time[us]",
        "duration[ms]",
    )
)
types = st.recursive(
    flat_types,
    lambda inner: st.one_of(
        inner.map(lambda words: f"list<{words}>"),
        st.lists(inner, max_size=2).map(
            lambda fields: f"struct<{', '.join(f'f{n}: {w}' for n, w in enumerate(fields))}>"
        ),
    ),
    max_leaves=3,
)
"""Types in words, nested ones too."""


def values(kind: pa.DataType, *, nullable: bool = True) -> st.SearchStrategy[object]:
    """Python values that fit an Arrow type, from small domains, so that equal ones are common."""
    some = _some(kind)
    return st.none() | some if nullable else some


def arrays(kind: pa.DataType, size: int) -> st.SearchStrategy[pa.Array]:
    """Arrays of a plain type and of that length, with nulls."""
    fixed = st.lists(values(kind), min_size=size, max_size=size)
    return fixed.map(lambda items: pa.array(items, kind))


@st.composite
def layouts(draw: st.DrawFn, array: pa.Array) -> pa.Array | pa.ChunkedArray:
    """The same values otherwise: sliced, in chunks, large, view, dictionary, over rubbish."""
    how = draw(
        st.sampled_from(("as it is", "sliced", "chunked", "relaid", "rubbish", "relaid chunks"))
    )
    if how == "sliced":
        return pa.concat_arrays([array[-1:], array, array[:1]]).slice(
            min(len(array), 1), len(array)
        )
    if how == "chunked":
        return _chunked(draw, array)
    if how == "relaid":
        return _relaid(array)
    if how == "relaid chunks":
        return _chunked(draw, _relaid(array))
    return _over_rubbish(array) if how == "rubbish" else array


@st.composite
def table_layouts(draw: st.DrawFn, table: pa.Table) -> pa.Table:
    """The same table, its columns in other layouts."""
    columns = [draw(layouts(column.combine_chunks())) for column in table.columns]
    return pa.Table.from_arrays(columns, names=table.column_names)


@st.composite
def coverages(draw: st.DrawFn, schema: TableSchema, pools: dict[str, list[object]]) -> Coverage:
    """Coverages of every level; `covers` names columns whose text is plain to a person."""
    level = draw(st.sampled_from(LEVELS))
    absent = draw(st.lists(st.sampled_from(schema.names), max_size=2, unique=True))
    covers = {}
    if level == "partial" and draw(st.booleans()):
        texts = {
            column.name: [str(value) for value in pools[column.name] if value is not None]
            for column in schema.columns
            if column.type in {"string", "int64", "int8", "uint64", "date32"}
        }
        for name in draw(st.lists(st.sampled_from(["nowhere", *texts]), max_size=2, unique=True)):
            choice = st.sampled_from([*texts.get(name, ()), "elsewhere"])
            covers[name] = tuple(draw(st.lists(choice, max_size=3)))
    return Coverage(level, columns_absent=tuple(absent), covers=covers, reason="a test says so")


@dataclass(frozen=True)
class Side:
    """One side of a comparison, with all that `compare` needs of it."""

    schema: TableSchema
    table: pa.Table
    coverage: Coverage
    seen: list[bool] | None
    """Whether the other side's source saw each row's places."""


def seen_of(side: Side) -> Seen | None:
    """The same, as a comparison asks it of some of the rows."""
    if side.seen is None:
        return None
    of_key = dict(zip(_keys(side.table, side), side.seen, strict=True))
    return lambda rows: pa.array([of_key[key] for key in _keys(rows, side)], pa.bool_())


def _keys(rows: pa.Table, side: Side) -> list[str]:
    return [repr(list(row.values())) for row in rows.select(list(side.schema.key)).to_pylist()]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Side, Side]:
    """Two sides of one table, with many keys and values in common; schemas may differ."""
    key = [Column(f"k{n}", draw(key_types), Role.KEY) for n in range(draw(st.integers(1, 3)))]
    others = [draw(_columns(f"c{n}")) for n in range(draw(st.integers(0, 4)))]
    pools = {c.name: draw(_pools(c)) for c in [*key, *others]}
    sides = []
    for _ in range(2):
        kept = [column for column in others if draw(st.integers(0, 9))]
        retyped = {c.name: _retyped(c) for c in kept if not draw(st.integers(0, 14))}
        columns = draw(st.permutations([retyped.get(c.name, c) for c in kept]))
        schema = TableSchema("things", 1, (*key, *columns))
        rows = draw(_rows(schema, pools | {name: [None] for name in retyped}))
        seen = st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))
        sides.append(
            Side(
                schema,
                _table(schema, rows),
                draw(coverages(schema, pools)),
                draw(st.none() | seen),
            )
        )
    return sides[0], sides[1]


@st.composite
def _columns(draw: st.DrawFn, name: str) -> Column:
    role = draw(st.sampled_from((Role.FACT, Role.FACT, Role.FACT, Role.WORDING, Role.PLACE)))
    meaning = draw(st.sampled_from(_MEANINGS))
    words = {"": draw(types), "set": "list<string>", "dates": "list<string>"}.get(meaning, "string")
    return Column(name, words, role, nullable=True, meaning=meaning)


def _retyped(column: Column) -> Column:
    words = "int16" if column.type != "int16" else "bool"
    return Column(column.name, words, column.role, nullable=True)


def _pools(column: Column) -> st.SearchStrategy[list[object]]:
    """The few values that a column takes, so that both sides often agree."""
    value: st.SearchStrategy[object]
    if column.meaning == "date":
        value = st.none() | st.sampled_from(_DATES)
    elif column.meaning == "dates":
        value = st.none() | _sets(st.sampled_from(_DATES))
    elif column.meaning == "set":
        value = st.none() | _sets(_LETTERS)
    else:
        value = values(type_from_words(column.type), nullable=column.role is not Role.KEY)
    return st.lists(value, min_size=1, max_size=4)


def _sets(items: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(items, max_size=3, unique=True).map(sorted)


@st.composite
def _rows(
    draw: st.DrawFn, schema: TableSchema, pools: dict[str, list[object]]
) -> list[dict[str, object]]:
    value = {name: st.sampled_from(pools[name]) for name in schema.names}
    rows = draw(st.lists(st.fixed_dictionaries(value), max_size=12))
    return list({tuple(row[name] for name in schema.key): row for row in rows}.values())


def _table(schema: TableSchema, rows: list[dict[str, object]]) -> pa.Table:
    arrays = [
        pa.array([row[c.name] for row in rows], type_from_words(c.type)) for c in schema.columns
    ]
    return conform(pa.Table.from_arrays(arrays, names=list(schema.names)), schema)


def _some(kind: pa.DataType) -> st.SearchStrategy[object]:
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries({field.name: values(field.type) for field in kind})
    if pa.types.is_list(kind):
        return st.lists(values(kind.value_type), max_size=3)
    if pa.types.is_integer(kind):
        low = 0 if pa.types.is_unsigned_integer(kind) else -(1 << kind.bit_width - 1)
        return st.sampled_from((0, 1, 2, low, low + (1 << kind.bit_width) - 1))
    family = type_in_words(kind).partition("[")[0].partition("(")[0]
    if pa.types.is_timestamp(kind):
        family = "timestamp with zone" if kind.tz else "timestamp"
    return _SCALARS[family]


def _chunked(draw: st.DrawFn, array: pa.Array) -> pa.ChunkedArray:
    cuts = sorted(draw(st.lists(st.integers(0, len(array)), max_size=3)))
    ends = [0, *cuts, len(array)]
    return pa.chunked_array([array.slice(a, b - a) for a, b in pairwise(ends)], array.type)


def _relaid(array: pa.Array) -> pa.Array:
    return (
        array.dictionary_encode()
        if pa.types.is_decimal(array.type)
        else array.cast(_other(array.type))
    )


def _other(kind: pa.DataType) -> pa.DataType:
    """A type of another layout for the same values, at every depth."""
    if pa.types.is_list(kind):
        return pa.large_list(_other(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _other(field.type)) for field in kind])
    views = {pa.string(): pa.string_view(), pa.binary(): pa.large_binary()}
    return views.get(kind, kind)


def _over_rubbish(array: pa.Array) -> pa.Array:
    """The same values, with other bytes under the nulls of this level."""
    kind = array.type
    if not len(array) or pa.types.is_struct(kind) or pa.types.is_boolean(kind):
        return array
    valid = np.array([item.is_valid for item in array])
    filler = array.drop_null()[:1]
    if not len(filler):
        return array
    full = pa.concat_arrays([array.slice(n, 1) if ok else filler for n, ok in enumerate(valid)])
    mask = pa.py_buffer(np.packbits(valid, bitorder="little"))
    children = [full.values] if pa.types.is_list(kind) else None
    buffers = full.buffers()[: 2 if children else None]
    return pa.Array.from_buffers(kind, len(full), [mask, *buffers[1:]], children=children)
