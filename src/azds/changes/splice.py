"""Columns with some rows taken out and others put in, copying runs and not rows where it can."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.layout import Bits, Numbers, distinct, from_numbers, plain

__all__ = ["Runs", "lay_runs", "splice"]

_ROWS_PER_RUN = 64
"""Copying a run costs about as much as taking so many rows one by one."""
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Runs:
    """What a spliced column is made of, in order.

    Shape: all of one length.

    Attributes:
        is_new: Whether the run is of the rows put in.
        start: Where it starts: in the rows put in, or in the old column.
        length: How many rows it has; never 0.
    """

    is_new: Bits
    start: Numbers
    length: Numbers


def lay_runs(rows: int, dropped: Numbers, points: Numbers) -> Runs:
    """The runs of a column of so many rows, without some and with others put in.

    Shape: `dropped` ascending, each once; `points` ascending: before which old row each row
    put in comes.

    >>> runs = lay_runs(4, np.array([1]), np.array([1, 4]))
    >>> list(zip(runs.is_new.tolist(), runs.start.tolist(), runs.length.tolist()))
    [(False, 0, 1), (True, 0, 1), (False, 2, 2), (True, 1, 1)]
    """
    cuts = distinct(np.concatenate([np.zeros(1, np.int64), dropped, dropped + 1, points]))
    cuts = cuts[cuts < rows]
    lengths = np.diff(np.append(cuts, rows))
    at = np.searchsorted(dropped, cuts)
    is_kept = np.append(dropped, -1)[at] != cuts if len(dropped) else np.ones(len(cuts), np.bool_)
    cuts, lengths, at = cuts[is_kept], lengths[is_kept], at[is_kept]
    place = cuts - at + np.searchsorted(points, cuts, side="right")
    new = np.arange(len(points))
    new_place = points - np.searchsorted(dropped, points) + new
    order = np.argsort(np.concatenate([place, new_place]), kind="stable")
    is_new = (np.arange(len(order)) >= len(cuts))[order]
    start = np.concatenate([cuts, new])[order]
    length = np.concatenate([lengths, np.ones(len(new), np.int64)])[order]
    return _joined(Runs(is_new, start, length))


def _joined(runs: Runs) -> Runs:
    """Runs that go on where the one before ends, as one."""
    if not len(runs.start):
        return runs
    goes_on = np.zeros(len(runs.start), np.bool_)
    goes_on[1:] = (runs.is_new[1:] == runs.is_new[:-1]) & (
        runs.start[1:] == runs.start[:-1] + runs.length[:-1]
    )
    firsts = np.flatnonzero(~goes_on)
    return Runs(runs.is_new[firsts], runs.start[firsts], np.add.reduceat(runs.length, firsts))


def splice(column: pa.ChunkedArray, inserted: pa.ChunkedArray, runs: Runs) -> pa.ChunkedArray:
    """The column that the runs make of the old one and of the rows put in.

    Shape: both of one plain type. Runs of the old column are not copied where they are long.
    """
    rows = int(runs.length.sum())
    if len(runs.start) * _ROWS_PER_RUN <= rows or len(runs.start) <= 2:  # noqa: PLR2004 - a slice or two
        pieces = []
        for is_new, start, length in zip(
            runs.is_new.tolist(), runs.start.tolist(), runs.length.tolist(), strict=True
        ):
            pieces += _slices(inserted if is_new else column, start, length)
        return pa.chunked_array(pieces, column.type)
    ends = np.cumsum(runs.length)
    begins = ends - runs.length
    pieces = [
        _taken(column, inserted, *_rows_of(runs, begins, ends, at, min(at + _PIECE, rows)))
        for at in range(0, rows, _PIECE)
    ]
    return pa.chunked_array(pieces, column.type)


def _slices(column: pa.ChunkedArray, start: int, length: int) -> list[pa.Array]:
    if column.num_chunks == 1:
        return [column.chunk(0).slice(start, length)]
    return list(column.slice(start, length).chunks)


def _rows_of(
    runs: Runs, begins: Numbers, ends: Numbers, start: int, stop: int
) -> tuple[Bits, Numbers]:
    """For each row of a stretch of the result: is it new, and where does it stand."""
    first = int(np.searchsorted(ends, start, side="right"))
    last = int(np.searchsorted(begins, stop))
    low = np.maximum(begins[first:last], start)
    lengths = np.minimum(ends[first:last], stop) - low
    offset = runs.start[first:last] + low - begins[first:last]
    within = np.arange(stop - start) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(runs.is_new[first:last], lengths), np.repeat(offset, lengths) + within


def _taken(
    column: pa.ChunkedArray, inserted: pa.ChunkedArray, is_new: Bits, rows: Numbers
) -> pa.Array:
    parts, taken, done = [], rows.copy(), 0
    for source, mask in ((column, ~is_new), (inserted, is_new)):
        some = rows[mask]
        if len(some):
            low, high = int(some[0]), int(some[-1]) + 1
            parts.append(plain(source.slice(low, high - low)))
            taken[mask] += done - low
            done += high - low
    return pa.concat_arrays(parts).take(from_numbers(taken))
