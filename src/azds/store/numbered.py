"""A small table told by the rows of another: which of them it has, and how far numbers moved.

A patch tells rows by their keys. Where a word that came moves the place of all that follows it,
nearly all keys of `evidence` differ, and a patch takes more than the table. Here a row that the
other table has, but for whole numbers that are never null and lists of as many, is told by its
number there and by how far those moved (single numbers: beyond how far the column before them
did, since starts and ends move alike); any other row is told whole. It means nothing without
the other table, so it is for storing alone.

Stored it is a Parquet file with a row for each row of the table: ``azds.row`` (how many rows of
the other were passed over since the last that was told; null where the row is told whole), then
the columns. One that would hold nothing is left out. Loads pyarrow.
"""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from azds.arrow.equality import equal
from azds.arrow.kernels import cast, kernel
from azds.arrow.keys import key_strings
from azds.arrow.layout import (
    Numbers,
    bits,
    distinct,
    from_numbers,
    list_sizes,
    numbers,
    plain,
    taken,
    valid,
)
from azds.arrow.types import to_arrow_schema
from azds.columns import TableSchema
from azds.errors import FormatError, IntegrityError
from azds.store import canonical
from azds.store.manifest import TableEntry
from azds.store.parquet import decoding, encode, refuse_large

__all__ = ["decode_numbered", "encode_numbered"]

_FIELD = b"azds.numbered"
_FORMAT = 0
_ROW = "azds.row"
_NUMBERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")
_WHOLE = frozenset({*_NUMBERS, *(f"list<{kind}>" for kind in _NUMBERS)})


def encode_numbered(
    other: pa.Table, table: pa.Table, schema: TableSchema, ends: tuple[str, str]
) -> bytes | None:
    """The bytes that tell a table by another: the twin of `decode_numbered`.

    None where there are nulls in lists of numbers. Shape: both of this schema and in key order.
    `ends` are the digests of their contents.
    """
    moving = _moving(schema)
    if any(_flat(one.column(name)).null_count for one in (other, table) for name in moving):
        return None
    at = _partners(other, table, schema)
    for name in schema.names:
        known = np.flatnonzero(at >= 0)
        was, now = taken(other.column(name), at[known]), taken(table.column(name), known)
        fits = _sizes(was) == _sizes(now) if name in moving else bits(equal(was, now))
        at[known[~fits]] = -1
    is_known = at >= 0
    passed = np.zeros(len(at), np.int64)
    passed[is_known] = np.diff(at[is_known], prepend=-1) - 1
    columns = {_ROW: pa.array(passed, mask=~is_known)}
    whole = pa.array(np.arange(len(at)), mask=is_known)
    last = np.zeros(len(at), np.int64)
    for name in schema.names:
        column = plain(table.column(name))
        if name in moving:
            told = numbers(_flat(column)).astype(np.int64)
            was = _flat(taken(other.column(name), at[is_known]))
            told[np.repeat(is_known, _sizes(column))] -= numbers(was)
            if not pa.types.is_list(column.type):
                told, last = told - last, np.where(is_known, told, 0)
            if told.any() or not is_known.all():
                columns[name] = _like(column, told)
        elif not is_known.all():
            columns[name] = kernel("take", column, whole)
    document = json.dumps({"format": _FORMAT, "on": ends[0], "makes": ends[1]})
    return encode(pa.table(columns), [len(at)], {_FIELD: document.encode()}, small=True)


def decode_numbered(
    data: bytes, other: pa.Table, ends: tuple[TableEntry, TableEntry], *, where: str
) -> pa.Table:
    """The table that these bytes tell by another. `ends` are what manifests say of the two.

    The caller has checked the bytes against their digest; what they tell is not believed.

    Raises:
        IntegrityError: `parquet-unreadable`; `patch-ends`, where it stands on another table;
            `content-changed`, where it does not fit that.
        FormatError: `format-unknown`.
        StorageError: `storage-failed`: there is not enough memory.
    """
    with decoding(where):
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
        refuse_large(file.metadata, where)
        _check_ends((file.metadata.metadata or {})[_FIELD], ends, where)
        told = file.read(use_threads=False)
        if not {*told.column_names} <= {_ROW, *ends[1].schema.names}:
            raise _changed(where, f"columns among {', '.join(ends[1].schema.names)}"[:200])
        at = _rows(plain(told.column(_ROW)), other.num_rows)
        if at is None or len(at) != ends[1].rows:
            raise _changed(where, f"rows of a table of {other.num_rows}, each once at most")
        # the other end may declare the same values otherwise, but was told by these columns
        fields, moving = to_arrow_schema(ends[1].schema), _moving(ends[0].schema)
        columns, last = [], np.zeros(len(at), np.int64)
        for field in fields:
            now = plain(told.column(field.name)) if field.name in told.column_names else None
            was = plain(other.column(field.name))
            column = _moved(was, now, at, last) if field.name in moving else _told(was, now, at)
            if column is None or (column.null_count and not field.nullable):
                raise _changed(where, f"values of {field.name}")
            columns.append(cast(column, field.type))
        return pa.Table.from_arrays(columns, schema=fields)


def _check_ends(said: bytes, ends: tuple[TableEntry, TableEntry], where: str) -> None:
    document = canonical.load(said, kind="parquet-unreadable", where=where)
    if document["format"] != _FORMAT:
        raise FormatError(
            "format-unknown",
            "this patch has a format that this program does not know",
            where=where,
            expected=str(_FORMAT),
            got=str(document["format"])[:80],
            advice="use a newer azds",
        )
    if [document["on"], document["makes"]] != [end.digest for end in ends]:
        raise IntegrityError(
            "patch-ends",
            "this patch is not between the tables that the manifests name",
            where=where,
            expected=ends[0].digest,
            got=str(document["on"])[:80],
            advice="run `azds verify`",
        )


def _told(was: pa.Array, now: pa.Array | None, at: Numbers) -> pa.Array | None:
    """A column of rows that are as in the other table, or told; None where they are neither."""
    is_known = at >= 0
    if now is None:
        return taken(was, at) if is_known.all() else None
    both = np.where(is_known, at, len(was) + np.arange(len(at)))
    return taken(pa.concat_arrays([was, cast(now, was.type)]), both)


def _moved(was: pa.Array, now: pa.Array | None, at: Numbers, last: Numbers) -> pa.Array | None:
    """A column of numbers that moved from those of the other table; None where they do not fit.

    Single numbers are told by how far they moved beyond the column before, since starts and ends
    move alike; `last` is how far that moved, and becomes how far this one did.
    """
    is_known, is_list = at >= 0, pa.types.is_list(was.type)
    old = taken(was, at[is_known])
    if now is None:
        if not is_known.all():
            return None
        now = _like(old, np.zeros(len(_flat(old)), np.int64))
    sizes, inner = _sizes(now), _flat(now)
    if pa.types.is_list(now.type) != is_list or inner.type != pa.int64():
        return None
    if now.null_count or inner.null_count or not np.array_equal(_sizes(old), sizes[is_known]):
        return None
    values = numbers(_flat(now)).astype(np.int64)
    if not is_list:
        values += last
        last[:] = np.where(is_known, values, 0)
    values[np.repeat(is_known, sizes)] += numbers(_flat(old))
    return _like(now, values)


def _moving(schema: TableSchema) -> frozenset[str]:
    """The columns of whole numbers, or of lists of them, that are told by how far they moved."""
    return frozenset(c.name for c in schema.columns if c.type in _WHOLE and not c.nullable)


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    array = plain(column)
    return array.flatten() if pa.types.is_list(array.type) else array


def _sizes(column: pa.Array) -> Numbers:
    """How many numbers each row has."""
    array = plain(column)
    if pa.types.is_list(array.type):
        return list_sizes(array)
    return np.ones(len(array), np.int64)


def _like(column: pa.Array, values: Numbers) -> pa.Array:
    """Other numbers in the rows of a column."""
    if not pa.types.is_list(column.type):
        return from_numbers(values)
    ends = np.cumsum([0, *list_sizes(column)], dtype=np.int32)
    offsets = pa.Array.from_buffers(pa.int32(), len(ends), [None, pa.py_buffer(ends)])
    return pa.ListArray.from_arrays(offsets, from_numbers(values))


def _partners(other: pa.Table, table: pa.Table, schema: TableSchema) -> Numbers:
    """For each row, the one of the other table that has its key but for what moves; -1 for none.

    Of several rows with the same such key, the first is the partner of the first, and so on.
    """
    key = tuple(name for name in schema.key if name not in _moving(schema)) or schema.key
    texts = pa.concat_arrays([plain(key_strings(one, key)) for one in (other, table)])
    codes = numbers(texts.dictionary_encode().indices).astype(np.int64)
    olds, news = (_ranked(part, len(codes)) for part in np.split(codes, [other.num_rows]))
    order = np.argsort(olds, kind="stable")
    place = np.minimum(np.searchsorted(olds[order], news), max(0, len(olds) - 1))
    if not len(olds):
        return np.full(len(news), -1)
    found: Numbers = order[place]
    found[olds[found] != news] = -1
    return found


def _ranked(codes: Numbers, count: int) -> Numbers:
    """The codes, told apart by how many of the same come before."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    is_first = np.ones(len(codes), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    starts = np.maximum.accumulate(np.where(is_first, np.arange(len(codes)), 0))
    ranked = np.empty(len(codes), np.int64)
    ranked[order] = ordered * count + np.arange(len(codes)) - starts
    return ranked


def _rows(passed: pa.Array, count: int) -> Numbers | None:
    """The row of the other table for each row; -1 for none.

    None where there is no such row, or one comes twice: each could be as large as the table.
    """
    if passed.type != pa.int64():
        return None
    is_known = valid(passed)
    at = np.full(len(passed), -1, np.int64)
    at[is_known] = np.cumsum(numbers(passed)[is_known] + 1) - 1
    rows = distinct(at[is_known])
    is_inside = not len(rows) or (rows[0] >= 0 and rows[-1] < count)
    return at if is_inside and len(rows) == is_known.sum() else None


def _changed(where: str, expected: str) -> IntegrityError:
    return IntegrityError(
        "content-changed", "this is no patch by numbers of rows", where=where, expected=expected
    )
