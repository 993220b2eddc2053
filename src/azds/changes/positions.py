"""Where keys stand in a key-sorted table, by binary search of all at once."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import kernel
from azds.arrow.layout import Bits, Numbers, bits, numbers, plain, taken

__all__ = ["Positions", "positions"]


@dataclass(frozen=True, slots=True)
class Positions:
    """Where keys stand.

    Shape: one per key that was looked for.

    Attributes:
        rows: How many rows of the table come before the key.
        is_there: Whether the row at that place has the key.
    """

    rows: Numbers
    is_there: Bits


def positions(table: pa.Table, keys: pa.Table, key: tuple[str, ...]) -> Positions:
    """Where each of `keys` stands in `table`, or would.

    Shape: `table` in key order, in plain layouts, in any chunks; `keys` in the same types, in
    any order. The work follows the number of keys; the table is read where the search looks.

    >>> table = pa.table({"id": [1, 3, 5]})
    >>> found = positions(table, pa.table({"id": [3, 4]}), ("id",))
    >>> found.rows.tolist(), found.is_there.tolist()
    ([1, 2], [True, False])
    """
    wanted = [plain(keys.column(name)) for name in key]
    batches = [batch for batch in table.select(list(key)).to_batches() if batch.num_rows]
    rows, is_there = np.zeros(len(wanted[0]), np.int64), np.zeros(len(wanted[0]), np.bool_)
    if not batches or not len(rows):
        return Positions(rows, is_there)
    starts = np.cumsum([0, *(batch.num_rows for batch in batches)])
    held_by = _batch_of(batches, wanted)
    for at in np.flatnonzero(np.bincount(held_by, minlength=len(batches))):
        which = np.flatnonzero(held_by == at)
        some = wanted if len(which) == len(rows) else [taken(column, which) for column in wanted]
        found, same = _search(batches[at].columns, some)
        rows[which], is_there[which] = found + starts[at], same
    return Positions(rows, is_there)


def _batch_of(batches: list[pa.RecordBatch], wanted: list[pa.Array]) -> Numbers:
    """The last batch that starts with a key not above the wanted one; else the first."""
    if len(batches) == 1:
        return np.zeros(len(wanted[0]), np.int64)
    firsts = [
        pa.concat_arrays([batch.column(n).slice(0, 1) for batch in batches])
        for n in range(len(wanted))
    ]
    found, same = _search(firsts, wanted)
    return np.maximum(found - ~same, 0)


def _search(there: list[pa.Array], wanted: list[pa.Array]) -> tuple[Numbers, Bits]:
    """The place of each wanted key, and whether it is there; at least one row."""
    count, kind = len(there[0]), there[0].type
    if len(there) == 1 and (pa.types.is_integer(kind) or pa.types.is_temporal(kind)):
        held, sought = numbers(there[0]), numbers(wanted[0])
        found = np.searchsorted(held, sought)
        return found, held[np.minimum(found, count - 1)] == sought
    low, high = np.zeros(len(wanted[0]), np.int64), np.full(len(wanted[0]), count)
    for _ in range(count.bit_length()):
        middle = (low + high) >> 1
        is_open = low < high
        is_less = _compare(there, wanted, middle)[0] & is_open
        low = np.where(is_less, middle + 1, low)
        high = np.where(is_open & ~is_less, middle, high)
    return low, _compare(there, wanted, low)[1] & (low < count)


def _compare(there: list[pa.Array], wanted: list[pa.Array], rows: Numbers) -> tuple[Bits, Bits]:
    """Whether the key at each row is less than the wanted one; whether it is the same."""
    at = np.minimum(rows, len(there[0]) - 1)
    is_less, is_same = np.zeros(len(rows), np.bool_), np.ones(len(rows), np.bool_)
    for column, sought in zip(there, wanted, strict=True):
        held = taken(column, at)
        is_less |= is_same & bits(kernel("less", held, sought))
        is_same &= bits(kernel("equal", held, sought))
    return is_less, is_same
