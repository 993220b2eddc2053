"""The changes of a column in short: its largest differences, its most frequent replacements."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.keys import key_strings
from azds.changes import CellChanges, TableChanges
from azds.dataset.cells import as_text

__all__ = ["ColumnTop", "tops_of"]

MOST = 3


@dataclass(frozen=True, slots=True)
class ColumnTop:
    """What stands out in one column.

    Attributes:
        column: Its name.
        largest: For numbers: key, old, new and difference of the largest differences, by size.
        frequent: Old and new as text, and how often one became the other, where more than once.
    """

    column: str
    largest: tuple[tuple[str, object, object, float], ...]
    frequent: tuple[tuple[str | None, str | None, int], ...]

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "largest": [
                {"key": key, "old": old, "new": new, "difference": difference}
                for key, old, new, difference in self.largest
            ],
            "frequent": [
                {"old": old, "new": new, "count": count} for old, new, count in self.frequent
            ],
        }


def tops_of(changes: TableChanges, most: int = MOST) -> list[ColumnTop]:
    """What stands out in each changed column; whole columns at a time."""
    keys = key_strings(changes.keys, changes.schema.key) if changes.keys.num_rows else None
    if keys is None:
        return []
    found = []
    for name, cell in changes.cells.items():
        top = ColumnTop(name, _largest(cell, keys, most), _frequent(cell, most))
        if top.largest or top.frequent:
            found.append(top)
    return found


def _largest(
    cell: CellChanges, keys: pa.Array, most: int
) -> tuple[tuple[str, object, object, float], ...]:
    kind = cell.old.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return ()
    difference = pc.subtract(
        cell.new.cast(pa.float64(), safe=False), cell.old.cast(pa.float64(), safe=False)
    )
    size = pc.abs(difference)
    usable = pc.and_kleene(pc.is_valid(size), pc.is_finite(size))
    at = pc.indices_nonzero(pc.fill_null(usable, fill_value=False))
    order = pc.sort_indices(size.take(at), [("", "descending")])[:most]
    at = at.take(order)
    parts = (
        keys.take(cell.rows.take(at)),
        cell.old.take(at),
        cell.new.take(at),
        difference.take(at),
    )
    return tuple(zip(*(part.to_pylist() for part in parts), strict=True))


def _frequent(cell: CellChanges, most: int) -> tuple[tuple[str | None, str | None, int], ...]:
    if len(cell) < most:
        return ()
    pairs = pa.table({"old": as_text(cell.old), "new": as_text(cell.new)})
    counted = pairs.group_by(["old", "new"], use_threads=False).aggregate([([], "count_all")])
    often = counted.filter(pc.greater(counted["count_all"], pa.scalar(1)))
    ordered = often.sort_by(
        [("count_all", "descending"), ("old", "ascending"), ("new", "ascending")]
    )
    rows = ordered.slice(0, most).to_pylist()
    return tuple((row["old"], row["new"], row["count_all"]) for row in rows)
