"""Rows of two key-sorted tables, paired by key."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import compute, kernel
from azds.arrow.layout import Numbers, Values, from_numbers, numbers, valid

__all__ = ["Pairing", "pair"]

_ROOM = 1 << 62


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which rows have the same key.

    Shape: row numbers, ascending; `old[i]` and `new[i]` are a pair.
    """

    old: Numbers
    new: Numbers
    only_old: Numbers
    only_new: Numbers


def pair(old: list[pa.Array], new: list[pa.Array]) -> Pairing:
    """The rows that have the same key.

    Shape: the plain key columns of each side, sorted, keys unique.
    """
    if all(a.equals(b) for a, b in zip(old, new, strict=True)):
        every, none = np.arange(len(old[0])), np.empty(0, np.int64)
        return Pairing(every, every, none, none)
    positions = _positions(old, new)
    both = np.flatnonzero(positions >= 0)
    matched = positions[both]
    is_free = np.ones(len(new[0]), np.bool_)
    is_free[matched] = False
    return Pairing(both, matched, np.flatnonzero(positions < 0), np.flatnonzero(is_free))


def _positions(old: list[pa.Array], new: list[pa.Array]) -> Numbers:
    """Where in `new` the key of each row of `old` stands; -1 where it does not."""
    if not len(new[0]) or not len(old[0]):
        return np.full(len(old[0]), -1, np.int64)
    if all(_is_number(column.type) for column in old):
        codes = _as_numbers(old, new)
        if codes is not None:
            wanted, there = codes
            at = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
            return np.where(there[at] == wanted, at, -1)
    values, value_set = (old[0], new[0]) if len(old) == 1 else _as_one(old, new)
    found = kernel("index_in", values, options=compute.SetLookupOptions(value_set))
    return np.where(valid(found), numbers(found), -1).astype(np.int64)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_temporal(kind))


def _as_numbers(old: list[pa.Array], new: list[pa.Array]) -> tuple[Values, Values] | None:
    """One number per row of either side, in the order of the keys; None where 63 bits are too few.

    Shape: key columns of numbers, neither side without rows.
    """
    if len(old) == 1:
        return numbers(old[0]), numbers(new[0])
    codes, size = (np.zeros(len(old[0]), np.int64), np.zeros(len(new[0]), np.int64)), 1
    for columns in zip(old, new, strict=True):
        values = [numbers(column) for column in columns]
        least = min(int(one.min()) for one in values)
        span = max(int(one.max()) for one in values) - least + 1
        size *= span
        if size > _ROOM:
            return None
        lowest = np.uint64(least % (1 << 64))  # counted modulo 2**64, as no type overflows
        codes = tuple(  # type: ignore[assignment]  # two, as before
            code * span + (one.astype(np.uint64) - lowest).astype(np.int64)
            for code, one in zip(codes, values, strict=True)
        )
    return codes


def _as_one(old: list[pa.Array], new: list[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """One number per row, equal where the keys are."""
    rows = len(old[0])
    codes, size = np.zeros(rows + len(new[0]), np.int64), 1
    for a, b in zip(old, new, strict=True):
        encoded = kernel("dictionary_encode", pa.concat_arrays([a, b]))
        count = len(encoded.dictionary)
        if size * count > _ROOM:
            distinct, codes = np.unique(codes, return_inverse=True)
            size = len(distinct)
        codes = codes * count + numbers(encoded.indices)
        size *= count
    return from_numbers(codes[:rows]), from_numbers(codes[rows:])
