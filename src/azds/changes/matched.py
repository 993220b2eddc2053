"""Rows of both sides that have the same key, and where they differ."""

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.layout import Bits, Numbers, bits, from_bits, offsets
from azds.changes.rows import Pairing

__all__ = ["differing"]


def differing(a: pa.Array, b: pa.Array, pairing: Pairing, rtol: float) -> Numbers:
    """The numbers of the pairs in which `a` and `b` differ.

    Shape: `a` and `b` have all rows of their sides, in one plain type.

    >>> pairing = Pairing(*(np.array(rows) for rows in ([0, 1], [0, 2], [2], [1])))
    >>> differing(pa.array([5, 6, 7]), pa.array([5, 8, 9]), pairing, 0.0).tolist()
    [1]
    """
    if pa.types.is_list(a.type):
        return _differing_lists(a, b, pairing, rtol)
    left, right = _picked(a, pairing.old), _picked(b, pairing.new)
    return np.flatnonzero(~bits(equal(left, right, rtol=rtol)))


def _differing_lists(a: pa.ListArray, b: pa.ListArray, pairing: Pairing, rtol: float) -> Numbers:
    """The same for lists, of which only the items are copied, and only where lengths agree."""
    sizes = _sizes(a), _sizes(b)
    wanted = sizes[0][pairing.old]
    same = wanted == sizes[1][pairing.new]
    items = [
        _items_of(array, own, rows[same])
        for array, own, rows in zip((a, b), sizes, (pairing.old, pairing.new), strict=True)
    ]
    agree = bits(equal(items[0], items[1], rtol=rtol))
    if not agree.all():
        ends = np.cumsum(np.maximum(wanted[same], 0))
        wrong = np.searchsorted(ends, np.flatnonzero(~agree), side="right")
        same[np.flatnonzero(same)[wrong]] = False
    return np.flatnonzero(~same)


def _sizes(array: pa.ListArray) -> Numbers:
    """The length of each list; -1 where null."""
    sizes = np.diff(offsets(array)).astype(np.int64)
    if array.null_count:
        sizes[~bits(array.is_valid())] = -1
    return sizes


def _items_of(array: pa.ListArray, sizes: Numbers, rows: Numbers) -> pa.Array:
    """All items of the lists in these rows, which ascend."""
    items = array.flatten()  # of lists that are not null
    if len(rows) == len(array):
        return items
    is_wanted = np.zeros(len(array), np.bool_)
    is_wanted[rows] = True
    held: Bits = np.repeat(is_wanted, np.maximum(sizes, 0))
    return items.filter(from_bits(held))


def _picked(array: pa.Array, rows: Numbers) -> pa.Array:
    """These rows, which ascend; without a copy if possible."""
    first = int(rows[0]) if len(rows) else 0
    if not len(rows) or rows[-1] - first + 1 == len(rows):
        return array.slice(first, len(rows))
    mask = np.zeros(len(array), np.bool_)
    mask[rows] = True
    return array.filter(from_bits(mask))
