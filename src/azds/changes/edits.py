"""Edits: all that differs between two states of one table, before anybody says what it means.

Per key the old row or none and the new row or none, and nothing else. What the
differences mean (categories, kinds) depends on coverage, and is computed from edits
when they are read (`azds.changes.classify`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.layout import from_numbers, numbers
from azds.changes.blocks import Part

__all__ = ["CellEdits", "Edits", "concat_edits", "edits_of_parts", "one_table", "slice_edits"]


@dataclass(frozen=True, slots=True, eq=False)
class CellEdits:
    """The cells of one column that differ, in rows of both sides.

    Shape: all of one length, in key order.

    Attributes:
        rows: Where the row stands in `Edits.keys`; ascending.
        old: The old values; None where the old side has no such column.
        new: The new values; None where the new side has no such column.
    """

    rows: pa.Int64Array
    old: pa.Array | None
    new: pa.Array | None

    def __len__(self) -> int:
        """How many cells differ."""
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """What differs between two states of a table.

    Shape: all in key order; any may be empty.

    Attributes:
        removed: Whole rows that only old has, in old's columns.
        added: Whole rows that only new has, in new's columns.
        keys: The key of each row of both sides with a differing cell.
        cells: By column; only columns with a difference.
    """

    removed: pa.Table
    added: pa.Table
    keys: pa.Table
    cells: Mapping[str, CellEdits]

    def __len__(self) -> int:
        """How many keys differ."""
        return int(self.removed.num_rows + self.added.num_rows + self.keys.num_rows)


def edits_of_parts(parts: Sequence[Part], columns: Sequence[str], key: Sequence[str]) -> Edits:
    """The edits of a table that was compared in parts, which are in key order; at least one."""
    starts = np.cumsum([0, *(part.changed_old.num_rows for part in parts)])
    cells = {}
    for name in columns:
        found = [
            (at, *part.cells[name])
            for at, part in zip(starts, parts, strict=False)
            if name in part.cells
        ]
        if found:
            rows = np.concatenate([at + rows for at, rows, _, _ in found])
            old, new = (pa.concat_arrays([part[side] for part in found]) for side in (2, 3))
            cells[name] = CellEdits(from_numbers(rows), old, new)
    return Edits(
        one_table([part.old_rows for part in parts]),
        one_table([part.new_rows for part in parts]),
        one_table([part.changed_old.select(list(key)) for part in parts]),
        cells,
    )


def one_table(parts: Sequence[pa.RecordBatch]) -> pa.Table:
    """Batches as one table with one chunk a column; at least one batch."""
    table = pa.Table.from_batches(list(parts))
    return table if len(parts) == 1 else table.combine_chunks()


def slice_edits(
    edits: Edits, removed: tuple[int, int], added: tuple[int, int], keys: tuple[int, int]
) -> Edits:
    """Some of the edits, by ranges of their rows, half-open; without a copy."""
    cells = {}
    for name, found in edits.cells.items():
        start, stop = np.searchsorted(numbers(found.rows), keys).tolist()
        if stop > start:
            rows = from_numbers(numbers(found.rows)[start:stop] - keys[0])
            old, new = (
                None if side is None else side.slice(start, stop - start)
                for side in (found.old, found.new)
            )
            cells[name] = CellEdits(rows, old, new)
    return Edits(
        edits.removed.slice(removed[0], removed[1] - removed[0]),
        edits.added.slice(added[0], added[1] - added[0]),
        edits.keys.slice(keys[0], keys[1] - keys[0]),
        cells,
    )


def concat_edits(parts: Sequence[Edits]) -> Edits:
    """Edits of disjoint key ranges in order, together; at least one part, all of one schema."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(part.keys.num_rows for part in parts)])
    names = dict.fromkeys(name for part in parts for name in part.cells)
    cells = {}
    for name in names:
        found = [
            (start, part.cells[name])
            for start, part in zip(starts, parts, strict=False)
            if name in part.cells
        ]
        cells[name] = CellEdits(
            from_numbers(np.concatenate([numbers(cell.rows) + start for start, cell in found])),
            *(_joined([getattr(cell, side) for _, cell in found]) for side in ("old", "new")),
        )
    removed, added, keys = (
        pa.concat_tables([getattr(part, name) for part in parts]).combine_chunks()
        for name in ("removed", "added", "keys")
    )
    return Edits(removed, added, keys, cells)


def _joined(arrays: Sequence[pa.Array | None]) -> pa.Array | None:
    held = [array for array in arrays if array is not None]
    return pa.concat_arrays(held) if held else None
