"""Rows of both sides that have the same key, and where they differ."""

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.kernels import kernel
from azds.arrow.layout import Bits, Numbers, bits, from_bits, kept, list_sizes
from azds.changes.rows import Pairing

__all__ = ["Matched"]


class Matched:
    """The pairs of a pairing, whose columns are compared one by one."""

    def __init__(self, pairing: Pairing) -> None:
        self._rows = pairing.old, pairing.new
        sides = zip(self._rows, (pairing.only_old, pairing.only_new), strict=True)
        self._picks = [_Pick(rows, len(rows) + len(others)) for rows, others in sides]

    def differing(self, a: pa.Array, b: pa.Array, rtol: float) -> Numbers:
        """The numbers of the pairs in which `a` and `b` differ.

        Shape: `a` and `b` have all rows of their sides, in one plain type.

        >>> pairing = Pairing(*(np.array(rows) for rows in ([0, 1], [0, 2], [2], [1])))
        >>> Matched(pairing).differing(pa.array([5, 6, 7]), pa.array([5, 8, 9]), 0.0).tolist()
        [1]
        """
        if pa.types.is_list(a.type):
            return self._differing_lists(a, b, rtol)
        left, right = (pick(side) for pick, side in zip(self._picks, (a, b), strict=True))
        return np.flatnonzero(~bits(equal(left, right, rtol=rtol)))

    def _differing_lists(self, a: pa.ListArray, b: pa.ListArray, rtol: float) -> Numbers:
        """The same for lists, of which only the items are copied, and only where lengths agree."""
        sizes = list_sizes(a), list_sizes(b)
        wanted, got = (own[rows] for own, rows in zip(sizes, self._rows, strict=True))
        same = wanted == got
        items = [
            _items_of(array, own, rows[same])
            for array, own, rows in zip((a, b), sizes, self._rows, strict=True)
        ]
        agree = bits(equal(items[0], items[1], rtol=rtol))
        if not agree.all():
            ends = np.cumsum(np.maximum(wanted[same], 0))
            wrong = np.searchsorted(ends, np.flatnonzero(~agree), side="right")
            same[np.flatnonzero(same)[wrong]] = False
        return np.flatnonzero(~same)


class _Pick:
    """Some rows of a side, which ascend, of each column that is given."""

    def __init__(self, rows: Numbers, count: int) -> None:
        self.start, self.count = int(rows[0]) if len(rows) else 0, len(rows)
        self.mask: pa.BooleanArray | None = None
        if self.count and rows[-1] - self.start + 1 > self.count:
            self.mask = from_bits(_mask(rows, count))

    def __call__(self, array: pa.Array) -> pa.Array:
        """These rows; without a copy where they follow each other."""
        if self.mask is None:
            return array.slice(self.start, self.count)
        return kernel("filter", array, self.mask)


def _items_of(array: pa.ListArray, sizes: Numbers, rows: Numbers) -> pa.Array:
    """All items of the lists in these rows, which ascend."""
    items = kernel("list_flatten", array)  # of lists that are not null
    if len(rows) == len(array):
        return items
    held: Bits = np.repeat(_mask(rows, len(array)), np.maximum(sizes, 0))
    return kept(items, held)


def _mask(rows: Numbers, count: int) -> Bits:
    mask = np.zeros(count, np.bool_)
    mask[rows] = True
    return mask
