"""Changes of parts of a table, joined to the changes of the whole."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from azds.arrow.keys import sort_by_key
from azds.arrow.layout import from_numbers, numbers
from azds.changes.result import CellChanges, TableChanges

__all__ = ["join_changes"]


def join_changes(parts: Sequence[TableChanges]) -> TableChanges:
    """The changes of a table that was compared in parts.

    Shape: the parts hold disjoint keys, in any order, with the same schemas and
    coverage; at least one. The result is in key order, as if compared at once.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    key = first.schema.key

    def rows(of: Callable[[TableChanges], pa.Table]) -> pa.Table:
        return sort_by_key(pa.concat_tables([of(part) for part in parts]), key)

    keys = pa.concat_tables([part.keys for part in parts])
    place = from_numbers(np.arange(keys.num_rows, dtype=np.int64))
    ordered = sort_by_key(keys.append_column("", place), key)
    order = numbers(ordered.column("").combine_chunks())
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    changed = pa.concat_arrays([part.is_changed for part in parts]).take(from_numbers(order))
    starts = np.cumsum([0, *(part.keys.num_rows for part in parts)])
    return replace(
        first,
        rows_old=sum(part.rows_old for part in parts),
        rows_new=sum(part.rows_new for part in parts),
        equal=sum(part.equal for part in parts),
        added=rows(lambda part: part.added),
        removed=rows(lambda part: part.removed),
        newly_stated=rows(lambda part: part.newly_stated),
        unstated=rows(lambda part: part.unstated),
        not_comparable_old=rows(lambda part: part.not_comparable_old),
        not_comparable_new=rows(lambda part: part.not_comparable_new),
        keys=ordered.drop_columns([""]),
        is_changed=changed,
        cells={
            name: _joined_cells(name, parts, starts, position)
            for name in first.schema.names
            if any(name in part.cells for part in parts)
        },
    )


def _joined_cells(
    name: str, parts: Sequence[TableChanges], starts: np.ndarray, position: np.ndarray
) -> CellChanges:
    held = [
        (start, part.cells[name])
        for start, part in zip(starts, parts, strict=False)
        if name in part.cells
    ]
    rows = position[np.concatenate([numbers(cell.rows) + start for start, cell in held])]
    order = from_numbers(np.argsort(rows, kind="stable"))
    return CellChanges(
        column=held[0][1].column,
        rows=from_numbers(rows).take(order),
        old=pa.concat_arrays([cell.old for _, cell in held]).take(order),
        new=pa.concat_arrays([cell.new for _, cell in held]).take(order),
        kinds=pa.concat_arrays([cell.kinds for _, cell in held]).take(order),
    )
