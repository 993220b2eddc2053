"""Blocks: one key range of both sides, compared without the rest of the tables.

Memory stays at what a block needs, and blocks are compared on two threads.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import cast
from azds.arrow.layout import Numbers, distinct, plain, taken
from azds.arrow.types import plain_schema, plain_type
from azds.changes.codes import comparable
from azds.changes.matched import Matched
from azds.changes.rows import pair

__all__ = [
    "Block",
    "Part",
    "Plan",
    "compare_blocks",
    "compare_rows",
    "cut_blocks",
    "key_at",
    "plain_rows",
    "rows_until",
]

_ROWS = 1 << 16
_THREADS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one key range: half-open, on both sides."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to compare, and what to bring of rows that differ.

    Attributes:
        key: The key columns.
        columns: The columns to compare.
        old_shown: What to bring of the old side of a changed row, the key first.
        new_shown: What to bring of its new side, the key first.
        rtol: The relative tolerance for floats.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]
    old_shown: tuple[str, ...]
    new_shown: tuple[str, ...]
    rtol: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one block gives; all in key order.

    Attributes:
        only_old: Numbers of the rows that only old has, counted in the whole table.
        only_new: The same of new.
        old_rows: These rows of old.
        new_rows: These rows of new.
        changed_old: Of rows on both sides with a differing cell: the plan's `old_shown`.
        changed_new: The plan's `new_shown`.
        cells: By column: where in `changed_old` the row is, the old and the new values.
    """

    only_old: Numbers
    only_new: Numbers
    old_rows: pa.RecordBatch
    new_rows: pa.RecordBatch
    changed_old: pa.RecordBatch
    changed_new: pa.RecordBatch
    cells: dict[str, tuple[Numbers, pa.Array, pa.Array]]


def compare_blocks(old: pa.Table, new: pa.Table, plan: Plan) -> list[Part]:
    """All differences of two key-sorted tables, block by block; at least one part."""
    old_keys, new_keys = ([_laid_plain(t.column(name)) for name in plan.key] for t in (old, new))
    blocks = cut_blocks(old_keys, new_keys)
    if len(blocks) == 1:
        return [_compare_block(old, new, plan, blocks[0])]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(lambda block: _compare_block(old, new, plan, block), blocks))


def cut_blocks(old: list[pa.ChunkedArray], new: list[pa.ChunkedArray]) -> list[Block]:
    """Blocks that hold all rows of both sides, each at most 65,536 rows of either.

    Shape: the key columns of each side, sorted, keys unique. At least one block.
    """
    blocks, done = [], (0, 0)
    while True:
        ends = min(done[0] + _ROWS, len(old[0])), min(done[1] + _ROWS, len(new[0]))
        cut = _first_key(old, new, ends)
        if cut is not None:
            ends = _before(old, cut, done[0], ends[0]), _before(new, cut, done[1], ends[1])
        blocks.append(Block(done[0], ends[0], done[1], ends[1]))
        if cut is None:
            return blocks
        done = ends


def _compare_block(old: pa.Table, new: pa.Table, plan: Plan, block: Block) -> Part:
    return compare_rows(
        plain_rows(old, block.old_start, block.old_stop),
        plain_rows(new, block.new_start, block.new_stop),
        plan,
        (block.old_start, block.new_start),
    )


def compare_rows(
    old: pa.RecordBatch, new: pa.RecordBatch, plan: Plan, starts: tuple[int, int]
) -> Part:
    """What differs between plain rows of one key range, which start there in their tables."""
    pairing = pair(_arrays(old, plan.key), _arrays(new, plan.key))
    matched, found = Matched(pairing), {}
    for name in plan.columns if len(pairing.old) else ():
        old_values, new_values = old.column(name), new.column(name)
        rows = matched.differing(*comparable(old_values, new_values), plan.rtol)
        if len(rows):
            found[name] = (
                rows,
                plain(taken(old_values, pairing.old[rows])),
                plain(taken(new_values, pairing.new[rows])),
            )
    none = np.empty(0, np.int64)
    changed = distinct(np.concatenate([none, *(rows for rows, _, _ in found.values())]))
    return Part(
        pairing.only_old + starts[0],
        pairing.only_new + starts[1],
        _rows(old, pairing.only_old),
        _rows(new, pairing.only_new),
        _rows(old.select(plan.old_shown), pairing.old[changed]),
        _rows(new.select(plan.new_shown), pairing.new[changed]),
        {name: (np.searchsorted(changed, rows), a, b) for name, (rows, a, b) in found.items()},
    )


def _rows(rows: pa.RecordBatch, at: Numbers) -> pa.RecordBatch:
    """These rows, in the plain layout."""
    some = rows if len(at) == rows.num_rows else taken(rows, at)
    schema = plain_schema(some.schema)
    if schema is some.schema:
        return some
    return pa.RecordBatch.from_arrays([plain(column) for column in some.columns], schema=schema)


def _laid_plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return cast(column, plain_type(column.type))


def plain_rows(table: pa.Table, start: int, stop: int) -> pa.RecordBatch:
    """Some rows in the plain layout; without a copy where they are so already."""
    schema, rows = plain_schema(table.schema), table.slice(start, stop - start)
    if schema is table.schema and len(batches := rows.to_batches()) == 1:
        return batches[0]
    return pa.RecordBatch.from_arrays([plain(column) for column in rows.columns], schema=schema)


def _arrays(rows: pa.RecordBatch, names: tuple[str, ...]) -> list[pa.Array]:
    return [rows.column(name) for name in names]


def _first_key(
    old: list[pa.ChunkedArray], new: list[pa.ChunkedArray], ends: tuple[int, int]
) -> tuple[object, ...] | None:
    """The lesser of the keys that come next on each side; None at the end of both."""
    sides = zip((old, new), ends, strict=True)
    following = [key_at(columns, end) for columns, end in sides if end < len(columns[0])]
    return min(following, default=None)


def _before(columns: list[pa.ChunkedArray], key: tuple[object, ...], start: int, stop: int) -> int:
    """How many rows come before `key`, of which `start` surely do and `stop` at most."""
    return bisect.bisect_left(range(stop), key, lo=start, key=lambda row: key_at(columns, row))


def rows_until(columns: Sequence[pa.Array], key: tuple[object, ...], start: int) -> int:
    """How many rows come before `key` or have it, of which `start` surely do."""
    rows = range(len(columns[0]))
    return bisect.bisect_right(rows, key, lo=start, key=lambda row: key_at(columns, row))


def key_at(columns: Sequence[pa.Array | pa.ChunkedArray], row: int) -> tuple[object, ...]:
    """The key of a row, as a value that sorts in Python as Arrow sorts it."""
    return tuple(_sortable(column[row]) for column in columns)


def _sortable(value: pa.Scalar) -> object:
    return value.value if pa.types.is_temporal(value.type) else value.as_py()
