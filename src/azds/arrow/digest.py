r"""``azds-hash-1``: the digest of what a table says, whatever wrote it.

Two tables have one digest exactly if they have the same columns (names, types
in words, order) and `azds.arrow.equality` calls their rows equal, in order.
Chunks, slices, large, view and dictionary layouts, bytes under nulls and the
version of Arrow or Parquet do not matter. This docstring is the specification.

**Notation.** All integers are little-endian; ``u32`` and ``u64`` are unsigned.
``H`` is SHA-256. Types in words are those of `azds.arrow.types`. Rows are in
key order, keys first among the columns.

**Table.** The digest is ``azds-hash-1:`` and the 64 hex digits of ``H`` over

- the 12 bytes ``azds-hash-1\n``; the number of columns, u64;
- per column: its name, then its type in words, each as its length in bytes, u64, and UTF-8;
- the number of groups, u64; per group the 16 bytes of its digest.

**Group.** A stretch of rows that is never empty. Its digest is the first 16
bytes of ``H`` over the number of its rows, u64, and per column, in order, the
32 bytes of ``H`` over the column's values in these rows, written as follows.

**Values.** ``n`` values of one type are written as

1. ``n``, u64; then byte 0 if none is null, else byte 1 and ``ceil(n / 8)`` bytes, where bit
   ``i % 8`` (least first) of byte ``i // 8`` is set if value ``i`` is not null; other bits are 0;
2. by type, where what stands for a null is zero:

   - integers, dates (days since 1970), times, timestamps and durations (counts of their unit):
     ``n`` numbers of the type's own width, two's complement where signed; decimals: 16 bytes each;
   - floats: ``n`` IEEE 754 numbers; every NaN is the quiet one (``7fc00000``,
     ``7ff8000000000000``), -0.0 is 0.0;
   - bool: ``ceil(n / 8)`` bytes, bits as above;
   - string, binary: ``n`` lengths in bytes, u32; then all the bytes;
   - list: ``n`` numbers of items, u32; then the items of all lists, as values of the item type;
   - struct: per field, ``n`` values of its type, null where the struct is.

**Where groups start.** At the first row, and at each row whose key hash is
under ``2**64 // 16384``, so that an edit changes its own group only and history
does not matter. A stretch of more than 131,072 rows starts another group after
every 131,072. The key hash, modulo ``2**64``: ``mix(x)`` is the first output of
SplitMix64 seeded with ``x``: ``x += 9e3779b97f4a7c15``, ``x = (x ^ x >> 30) *
bf58476d1ce4e5b9``, ``x = (x ^ x >> 27) * 94d049bb133111eb``, ``x ^ x >> 31``.
A key value is some bytes: a string's UTF-8, a binary's own, a decimal's 16, else
its number (bool 0 or 1) as 8 bytes, two's complement where signed. They are cut into
words ``w[i]`` of 8, the last filled up with zero bytes, and give ``v = length +
sum(mix(w[i] + i * 9e3779b97f4a7c15))``. From ``h = 0``, each key column in order
makes ``h = mix(h + v)``; the last ``h`` is the hash.

Floor 2. Pure.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from azds.arrow.layout import Bits, Values, bits, numbers, offsets, plain
from azds.arrow.types import type_in_words
from azds.columns import TableSchema
from azds.errors import InvalidInputError
from azds.progress import task

__all__ = [
    "LARGEST_GROUP",
    "ContentDigest",
    "Group",
    "column_digest",
    "content_digest",
    "digest_of_groups",
    "group_digest",
    "key_hashes",
]

_NAME = "azds-hash-1"
_TARGET = 1 << 14
_LIMIT = np.uint64((1 << 64) // _TARGET)
LARGEST_GROUP = 8 * _TARGET
"""A stretch of more rows starts another group after so many."""
_MANY = 8
_THREADS = 2
_PIECE = 1 << 15
_WORD = 8
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_KEPT = np.array([0] + [(1 << 8 * n) - 1 for n in range(1, _WORD + 1)], np.uint64)

_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch of rows, cut by content.

    Attributes:
        rows: How many rows it has.
        digest: Its digest: 32 hex digits.
        columns: The 32 bytes of each column in order, as the digest covers them; empty where
            they are not known.
    """

    rows: int
    digest: str
    columns: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ContentDigest:
    """The digest of a table, and the groups that it is made of.

    Attributes:
        digest: ``azds-hash-1:`` and 64 hex digits.
        groups: In key order; none for an empty table.
    """

    digest: str
    groups: tuple[Group, ...]


def content_digest(table: pa.Table, schema: TableSchema) -> ContentDigest:
    """The digest of a table's content, and of each group of its rows.

    Shape: `table` in key order, as `azds.arrow.tables.conform` makes it; chunks and layouts
    may be any. Columns that `schema` does not name do not count.

    >>> from azds.columns import Column, Role
    >>> schema = TableSchema("City", 1, (Column("id", "string", Role.KEY),))
    >>> cities = pa.table({"id": ["baku", "ganja"]})
    >>> content_digest(cities, schema).digest[:24]
    'azds-hash-1:1d25b109a081'
    >>> content_digest(cities.cast(pa.schema([("id", pa.large_string())])), schema).digest[:24]
    'azds-hash-1:1d25b109a081'

    Raises:
        InvalidInputError: `bad-column`, if a column is missing or of another type.
    """
    columns = [_declared(table, schema, name) for name in schema.names]
    starts = _group_starts([columns[schema.names.index(name)] for name in schema.key])
    spans = list(zip(starts, [*starts[1:], table.num_rows], strict=False))
    if len(spans) < _MANY:
        groups = [_group(columns, *span) for span in spans]
    else:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

        groups = []
        with (
            task("digesting", "rows", table.num_rows) as advance,
            ThreadPoolExecutor(_THREADS) as pool,
        ):
            for group in pool.map(lambda span: _group(columns, *span), spans):
                groups.append(group)
                advance(group.rows)
    return ContentDigest(digest_of_groups(schema, groups), tuple(groups))


def column_digest(values: pa.Array | pa.ChunkedArray) -> bytes:
    """The 32 bytes that a group's digest covers for a column with these values."""
    hasher = hashlib.sha256()
    _write(plain(values), hasher)
    return hasher.digest()


def group_digest(rows: int, columns: bytes) -> str:
    """The digest of a group of that many rows with these column digests."""
    return hashlib.sha256(_u64(rows) + columns).hexdigest()[:32]


def _group(columns: list[pa.ChunkedArray], start: int, stop: int) -> Group:
    rows = stop - start
    digests = b"".join(column_digest(column.slice(start, rows)) for column in columns)
    return Group(rows, group_digest(rows, digests), digests)


def digest_of_groups(schema: TableSchema, groups: Iterable[Group]) -> str:
    """The digest of a table whose groups are known, without its rows."""
    hasher = hashlib.sha256(f"{_NAME}\n".encode() + _u64(len(schema.columns)))
    for column in schema.columns:
        for text in (column.name.encode(), column.type.encode()):
            hasher.update(_u64(len(text)) + text)
    digests = [bytes.fromhex(group.digest) for group in groups]
    hasher.update(_u64(len(digests)) + b"".join(digests))
    return f"{_NAME}:{hasher.hexdigest()}"


def _declared(table: pa.Table, schema: TableSchema, name: str) -> pa.ChunkedArray:
    expected = schema.column(name).type
    if table.schema.get_field_index(name) < 0:
        raise InvalidInputError(
            "bad-column", "no such column", where=schema.name, expected=name, got="none, or several"
        )
    column = table.column(name)
    got = type_in_words(column.type)
    if got != expected:
        raise InvalidInputError(
            "bad-column",
            "a column is of another type",
            where=f"{schema.name}.{name}",
            expected=expected,
            got=got,
        )
    return column


def _u64(number: int) -> bytes:
    return number.to_bytes(8, "little")


def _packed(mask: Bits) -> bytes:
    return np.packbits(mask, bitorder="little").tobytes()


def _write(array: pa.Array, hasher: "hashlib._Hash") -> None:
    """Hash the values of a plain array, as "Values" above says."""
    kind, valid = array.type, None
    hasher.update(_u64(len(array)))
    if array.null_count:
        valid = bits(array.is_valid())
        hasher.update(b"\1" + _packed(valid))
    else:
        hasher.update(b"\0")
    if pa.types.is_struct(kind):
        for child in array.flatten():
            _write(child, hasher)
    elif pa.types.is_list(kind):
        hasher.update(_sizes(array, valid).data)
        _write(array.flatten(), hasher)
    elif pa.types.is_string(kind) or pa.types.is_binary(kind):
        hasher.update(_sizes(array, valid).data)
        hasher.update(_bytes_of(array if valid is None else array.drop_null()).data)
    elif pa.types.is_boolean(kind):
        hasher.update(_packed(bits(array)))
    else:
        hasher.update(_fixed(array, valid).data)


def _sizes(array: pa.Array, valid: Bits | None) -> Values:
    sizes = np.diff(offsets(array)).astype("<u4")
    if valid is not None:
        sizes[~valid] = 0
    return sizes


def _bytes_of(array: pa.Array) -> Values:
    if len(array) == 0:  # may have no buffer
        return np.empty(0, np.uint8)
    ends = offsets(array)
    return np.frombuffer(array.buffers()[2], np.uint8)[ends[0] : ends[-1]]


def _fixed(array: pa.Array, valid: Bits | None) -> Values:
    values = numbers(array)
    if pa.types.is_floating(array.type):
        values = values + values.dtype.type(0)  # makes -0.0 into 0.0
        values[np.isnan(values)] = np.nan
    if valid is not None:
        values = values.copy()
        values[~valid] = 0
    return values


def key_hashes(table: pa.Table, key: tuple[str, ...]) -> npt.NDArray[np.uint64]:
    """The key hash of each row, as specified above; a null key hashes as what lies under it."""
    return _key_hashes([plain(table.column(name)) for name in key])


def _group_starts(keys: list[pa.ChunkedArray]) -> list[int]:
    rows = len(keys[0])
    found = [np.zeros(min(rows, 1), np.int64)]
    for at in range(0, rows, _PIECE):
        hashes = _key_hashes([plain(key.slice(at, _PIECE)) for key in keys])
        found.append(np.flatnonzero(hashes < _LIMIT) + at)
    starts = np.unique(np.concatenate(found)).tolist()
    return [
        at
        for start, stop in zip(starts, [*starts[1:], rows], strict=False)
        for at in range(start, stop, LARGEST_GROUP)
    ]


def _key_hashes(keys: list[pa.Array]) -> _Words:
    hashes = np.zeros(len(keys[0]), np.uint64)
    for key in keys:
        hashes = _mix(hashes + _value_sums(key))
    return hashes


def _mix(words: _Words) -> _Words:
    words = words + _GOLDEN
    words = (words ^ (words >> np.uint64(30))) * _MIX[0]
    words = (words ^ (words >> np.uint64(27))) * _MIX[1]
    return words ^ (words >> np.uint64(31))


def _value_sums(array: pa.Array) -> _Words:
    """`v` of each key value."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return _text_sums(array)
    if pa.types.is_boolean(kind):
        return _mix(bits(array).astype(np.uint64)) + np.uint64(_WORD)
    if pa.types.is_decimal(kind):
        words = numbers(array)
        return _mix(words[:, 0]) + _mix(words[:, 1] + _GOLDEN) + np.uint64(2 * _WORD)
    wide = numbers(array).astype(np.uint64 if pa.types.is_unsigned_integer(kind) else np.int64)
    return _mix(wide.view(np.uint64)) + np.uint64(_WORD)


def _text_sums(array: pa.Array) -> _Words:
    ends = offsets(array).astype(np.int64)
    sizes = np.diff(ends)
    counts = -(-sizes // _WORD)
    after = np.cumsum(counts)
    nth = np.arange(counts.sum()) - np.repeat(after - counts, counts)  # which word of its value
    data = np.concatenate([_bytes_of(array), np.zeros(_WORD, np.uint8)])
    at_any_byte = np.ndarray((len(data) - _WORD + 1,), np.dtype("<u8"), data.data, strides=(1,))
    words: _Words = at_any_byte[np.repeat(ends[:-1] - ends[0], counts) + _WORD * nth]
    words = words & _KEPT[np.minimum(np.repeat(sizes, counts) - _WORD * nth, _WORD)]
    mixed = _mix(words + nth.astype(np.uint64) * _GOLDEN)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
    by_value: _Words = sums[after] - sums[after - counts] + sizes.astype(np.uint64)
    return by_value
