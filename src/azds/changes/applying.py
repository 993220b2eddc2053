"""Patches applied: the table at the new end, made of the one at the old end."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from azds.arrow.keys import key_strings
from azds.arrow.layout import Bits, Numbers, from_bits, from_numbers, numbers
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import CellEdits
from azds.changes.making import has_same_key, one_sided
from azds.changes.misfits import misfit, place
from azds.changes.patch import Patch
from azds.changes.positions import Positions, positions
from azds.changes.splice import Runs, lay_runs, splice

__all__ = ["apply_patch"]


def apply_patch(table: pa.Table, patch: Patch) -> pa.Table:
    """The table at the new end of the patch.

    Shape: `table` as `azds.arrow.tables.conform` makes it by the old end's schema, with the old
    end's content: see that it is so first (`azds.changes.fitting.check_fits`). The result
    is conformed by the new end's schema.

    Raises:
        InvalidInputError: a key to remove or to change is not there, one to add is there,
            or the patch lacks cells of a column that is new.
    """
    edits, schema = patch.edits, to_arrow_schema(patch.new.schema)
    if not has_same_key(patch.old.schema, patch.new.schema):
        if table.num_rows != edits.removed.num_rows:
            raise misfit(
                "the patch is not for this table",
                patch.old.schema.name,
                f"{edits.removed.num_rows} rows",
                f"{table.num_rows}",
            )
        return edits.added.cast(schema)
    key = patch.old.schema.key
    gone = _there(table, edits.removed, patch, "remove")
    changed = _there(table, edits.keys, patch, "change")
    points = _free(positions(table, edits.added, key), gone, patch)
    rows_runs = lay_runs(table.num_rows, gone, points)
    is_whole = not len(gone) and not len(points)
    alone = set(one_sided(patch.old.schema, patch.new.schema))

    def column_of(name: str) -> pa.ChunkedArray:
        added, cells = edits.added.column(name), edits.cells.get(name)
        if name in alone:
            kept = _whole_column(cells, table.num_rows - len(gone), patch, name)
            shifted = points - np.searchsorted(gone, points)
            return splice(kept, added, lay_runs(len(kept), _NONE, shifted))
        if cells is not None and cells.new is not None:
            at = changed[numbers(cells.rows)]
            return _spliced(table.column(name), added, cells.new, (gone, points, at))
        return table.column(name) if is_whole else splice(table.column(name), added, rows_runs)

    columns = _each(column_of, schema.names, table.num_rows)
    return pa.Table.from_arrays(columns, schema=schema)


def _each(
    make: Callable[[str], pa.ChunkedArray], names: Sequence[str], rows: int
) -> list[pa.ChunkedArray]:
    """The columns, each as one chunk where one array holds it; of large tables on two threads."""

    def one(name: str) -> pa.ChunkedArray:
        column = make(name)
        if column.num_chunks < 2:  # noqa: PLR2004 - nothing to join
            return column
        return pa.table([column], [""]).combine_chunks().column(0)

    if rows < _LARGE:
        return [one(name) for name in names]
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(one, names))


_LARGE = 1 << 18
_THREADS = 2
_NONE = np.empty(0, np.int64)


def _spliced(
    column: pa.ChunkedArray,
    added: pa.ChunkedArray,
    changed: pa.Array,
    where: tuple[Numbers, Numbers, Numbers],
) -> pa.ChunkedArray:
    """A column without the rows that are gone, with those added, and with the changed cells."""
    gone, points, at = where
    runs: Runs
    if not len(points):
        return splice(
            column, pa.chunked_array([changed]), lay_runs(len(column), _union(gone, at), at)
        )
    order = np.argsort(np.concatenate([2 * points, 2 * at + 1]), kind="stable")
    inserted = pa.chunked_array([*added.chunks, changed], column.type)
    runs = lay_runs(len(column), _union(gone, at), np.concatenate([points, at])[order])
    return splice(column, inserted.take(from_numbers(order)), runs)


def _union(a: Numbers, b: Numbers) -> Numbers:
    return np.sort(np.concatenate([a, b])) if len(a) else b


def _there(table: pa.Table, rows: pa.Table, patch: Patch, what: str) -> Numbers:
    """Where the rows stand that the patch means."""
    key = patch.old.schema.key
    found = positions(table, rows, key)
    if not found.is_there.all():
        raise misfit(
            f"a row to {what} is not there",
            place(patch.old.schema.name, _first(rows, ~found.is_there, key)),
            "a row of this key",
            "none",
        )
    return found.rows


def _free(found: Positions, gone: Numbers, patch: Patch) -> Numbers:
    taken = found.is_there.copy()
    if taken.any() and len(gone):
        taken &= ~np.isin(found.rows, gone)
    if taken.any():
        key = patch.old.schema.key
        raise misfit(
            "a row to add is there already",
            place(patch.new.schema.name, _first(patch.edits.added, taken, key)),
            "no row of this key",
            "one",
        )
    return found.rows


def _first(rows: pa.Table, mask: Bits, key: tuple[str, ...]) -> str:
    text: str = key_strings(rows.filter(from_bits(mask)).slice(0, 1), key)[0].as_py()
    return text


def _whole_column(cells: CellEdits | None, rows: int, patch: Patch, name: str) -> pa.ChunkedArray:
    """A column that the old end lacks, of every row of both ends."""
    kind = to_arrow_schema(patch.new.schema).field(name).type
    if cells is None or cells.new is None:
        if rows == 0:
            return pa.chunked_array([], kind)
        count = 0
    else:
        count = len(cells.new)
    if count != rows:
        raise misfit(
            "the patch lacks values of a new column",
            place(patch.new.schema.name, column=name),
            f"{rows} values",
            str(count),
        )
    return pa.chunked_array([cells.new], kind) if cells is not None else pa.chunked_array([], kind)
