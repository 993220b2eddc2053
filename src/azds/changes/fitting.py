"""Whether a patch fits a table, and all that stands in its way where it does not."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.keys import key_strings
from azds.arrow.layout import Bits, Numbers, bits, from_bits, from_numbers, from_strings, numbers
from azds.changes.applying import apply_patch
from azds.changes.edits import CellEdits, Edits
from azds.changes.making import has_same_key
from azds.changes.misfits import column_words, misfit, place
from azds.changes.patch import Patch
from azds.changes.positions import positions
from azds.changes.texts import value_texts
from azds.columns import TableSchema

__all__ = ["Lenient", "apply_leniently", "check_columns", "check_fits", "conflicts"]

_CONFLICTS = pa.schema([(name, pa.string()) for name in ("key", "column", "expected", "got")])
_ROW, _NO_ROW = "a row", "no row"


@dataclass(frozen=True, slots=True, eq=False)
class Lenient:
    """What came of a patch that was applied as far as it fits.

    Attributes:
        table: The table with what fitted, conformed by the patch's new schema.
        conflicts: What did not: see `conflicts`.
    """

    table: pa.Table
    conflicts: pa.Table


def check_fits(patch: Patch, schema: TableSchema, digest: str) -> None:
    """Refuse a table that is not the one at the patch's old end.

    Raises:
        InvalidInputError: naming the column that differs, or both digests.
    """
    check_columns(patch, schema)
    if digest != patch.old.digest:
        raise misfit(
            "the patch is for another table",
            patch.old.schema.name,
            patch.old.digest,
            digest,
        )


def check_columns(patch: Patch, schema: TableSchema) -> None:
    """Refuse a table whose columns are not those of the patch's old end.

    Raises:
        InvalidInputError: naming the first column that differs.
    """
    wanted, held = column_words(patch.old.schema), column_words(schema)
    if wanted == held:
        return
    name = patch.old.schema.name
    before, after = ({column[0]: column[1:] for column in side} for side in (wanted, held))
    for column in dict.fromkeys([*before, *after]):
        if before.get(column) != after.get(column):
            raise misfit(
                "the patch is for a table with other columns",
                place(name, column=column),
                _in_words(before.get(column)),
                _in_words(after.get(column)),
            )
    raise misfit(
        "the patch is for a table with its columns in another order",
        name,
        ", ".join(before),
        ", ".join(after),
    )


def _in_words(column: tuple[str, bool] | None) -> str:
    if column is None:
        return "no such column"
    return f"{column[0]}, a key" if column[1] else column[0]


def conflicts(table: pa.Table, patch: Patch) -> pa.Table:
    """All that stands in the way of applying a patch to a table.

    Shape: `table` with the columns of the patch's old end, conformed. The result has a row per
    conflict, by kind and then in key order: `key` (canonical), `column` (empty: the whole
    row), `expected` and `got`, as text, null where the value is. What the table has as the
    patch would leave it is no conflict.
    """
    return _lenient(table, patch)[1]


def apply_leniently(table: pa.Table, patch: Patch) -> Lenient:
    """The patch applied as far as it fits, and what did not fit.

    Shape: as for `conflicts`.

    Raises:
        InvalidInputError: the patch changes columns or key: such a patch fits whole or not at all.
    """
    fitting, found = _lenient(table, patch)
    if column_words(patch.old.schema) != column_words(patch.new.schema):
        if found.num_rows:
            raise misfit(
                "a patch that changes the columns fits whole or not at all",
                patch.old.schema.name,
                "no conflict",
                str(found.num_rows),
            )
        return Lenient(apply_patch(table, patch), found)
    return Lenient(apply_patch(table, replace(patch, edits=fitting)), found)


def _lenient(table: pa.Table, patch: Patch) -> tuple[Edits, pa.Table]:
    edits, key = patch.edits, patch.old.schema.key
    removed, gone = _removable(table, edits.removed, key)
    added, there = _addable(table, edits.added, key, patch)
    cells, told = _changeable(table, patch)
    touched = np.zeros(edits.keys.num_rows, np.bool_)
    for cell in cells.values():
        touched[numbers(cell.rows)] = True
    place_of = np.cumsum(touched) - 1
    kept = {
        name: replace(cell, rows=from_numbers(place_of[numbers(cell.rows)]))
        for name, cell in cells.items()
    }
    return (
        Edits(removed, added, edits.keys.filter(from_bits(touched)), kept),
        pa.concat_tables([gone, there, *told]).combine_chunks(),
    )


def _removable(table: pa.Table, rows: pa.Table, key: tuple[str, ...]) -> tuple[pa.Table, pa.Table]:
    """Rows that are there as the patch knows them; the conflicts of those that are not."""
    found = positions(table, rows, key)
    held, fits = found.rows[found.is_there], found.is_there.copy()
    told = []
    some, there = rows.filter(from_bits(found.is_there)), table.take(from_numbers(held))
    same = np.ones(some.num_rows, np.bool_)
    for name in rows.column_names:
        differs = ~bits(equal(some.column(name), there.column(name)))
        same &= ~differs
        told.append(_told(some, differs, key, name, (some.column(name), there.column(name))))
    fits[np.flatnonzero(fits)[~same]] = False
    return rows.filter(from_bits(fits)), pa.concat_tables(told)


def _addable(
    table: pa.Table, rows: pa.Table, key: tuple[str, ...], patch: Patch
) -> tuple[pa.Table, pa.Table]:
    """Rows whose key is free; the conflicts of those that stand there otherwise."""
    if not has_same_key(patch.old.schema, patch.new.schema):
        return rows, _CONFLICTS.empty_table()
    found = positions(table, rows, key)
    some = rows.filter(from_bits(found.is_there))
    there = table.take(from_numbers(found.rows[found.is_there]))
    differs = np.zeros(some.num_rows, np.bool_)
    for name in rows.column_names:
        if (
            name in there.column_names
            and there.schema.field(name).type == rows.schema.field(name).type
        ):
            differs |= ~bits(equal(some.column(name), there.column(name)))
    return rows.filter(from_bits(~found.is_there)), _words(some, differs, key, _NO_ROW, _ROW)


def _changeable(table: pa.Table, patch: Patch) -> tuple[dict[str, CellEdits], list[pa.Table]]:
    """Cells that hold the old value; the conflicts of those that hold neither it nor the new."""
    edits, key = patch.edits, patch.old.schema.key
    if not edits.keys.num_rows:
        return {}, []
    found = positions(table, edits.keys, key)
    told = [_words(edits.keys, ~found.is_there, key, _ROW, _NO_ROW)]
    cells = {}
    for name, cell in edits.cells.items():
        rows = numbers(cell.rows)
        there = found.is_there[rows]
        if cell.old is None:
            cells[name] = cell
            continue
        at = from_numbers(np.flatnonzero(there))
        old, held = (
            cell.old.take(at),
            table.column(name).take(from_numbers(found.rows[rows[there]])),
        )
        fits, is_done = bits(equal(old, held)), np.zeros(len(old), np.bool_)
        new = None if cell.new is None else cell.new.take(at)
        if new is not None and new.type == old.type:
            is_done = bits(equal(new, held))
        keys = edits.keys.take(from_numbers(rows[there]))
        told.append(_told(keys, ~fits & ~is_done, key, name, (old, held)))
        kept = np.flatnonzero(there)[fits]
        if len(kept):
            cells[name] = _some_cells(cell, kept)
    return cells, told


def _some_cells(cell: CellEdits, kept: Numbers) -> CellEdits:
    at = from_numbers(kept)
    old, new = (None if side is None else side.take(at) for side in (cell.old, cell.new))
    return CellEdits(cell.rows.take(at), old, new)


def _told(
    rows: pa.Table,
    mask: Bits,
    key: tuple[str, ...],
    column: str,
    values: tuple[pa.Array | pa.ChunkedArray, pa.Array | pa.ChunkedArray],
) -> pa.Table:
    """Conflicts of one column."""
    if not mask.any():
        return _CONFLICTS.empty_table()
    chosen = from_bits(mask)
    texts = [value_texts(side.filter(chosen)) for side in values]
    keys = key_strings(rows.filter(chosen), key)
    return pa.Table.from_arrays(
        [keys, from_strings([column] * len(keys)), *texts], schema=_CONFLICTS
    )


def _words(rows: pa.Table, mask: Bits, key: tuple[str, ...], expected: str, got: str) -> pa.Table:
    """Conflicts of whole rows."""
    if not mask.any():
        return _CONFLICTS.empty_table()
    keys = key_strings(rows.filter(from_bits(mask)), key)
    columns = [from_strings([word] * len(keys)) for word in ("", expected, got)]
    return pa.Table.from_arrays([keys, *columns], schema=_CONFLICTS)
