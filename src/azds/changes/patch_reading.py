"""A patch from its stored form, which may come from anywhere: nothing in it is believed.

What a table says must be a patch: each key once, in order; only the values that its mask
names; a value that differs; as many rows as both ends say. Reading touches no file.
"""

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.kernels import cast, compute, kernel
from azds.arrow.keys import is_strictly_sorted, key_strings
from azds.arrow.layout import (
    Bits,
    bits,
    from_bits,
    from_numbers,
    from_strings,
    numbers,
    offsets,
    plain,
    taken,
    valid,
)
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import CellEdits, Edits
from azds.changes.making import has_same_key, one_sided
from azds.changes.misfits import broken, place
from azds.changes.patch import Patch
from azds.changes.patch_metadata import Metadata, read_metadata

__all__ = ["check_patch", "from_table"]

_COLUMNS = ("key", "change", "mask", "old", "new")
_CHANGES = ("added", "removed", "changed")
_CODES = compute.SetLookupOptions(from_strings(_CHANGES))


def from_table(table: pa.Table) -> Patch:
    """The patch that a table holds: the twin of `azds.changes.patch_table.to_table`.

    Shape: any layouts; types that Parquet lacks may be their nearest.

    Raises:
        FormatError: `format-unknown`.
        InvalidInputError: it is no patch, naming table, key and column, expected and got.
    """
    return _Reading(table, read_metadata(table.schema.metadata)).patch()


class _Reading:
    """One stored table on its way to a patch."""

    def __init__(self, table: pa.Table, said: Metadata) -> None:
        self.said = said
        self.name = said.new.schema.name
        self.old = to_arrow_schema(said.old.schema)
        self.new = (
            self.old if said.new.schema == said.old.schema else to_arrow_schema(said.new.schema)
        )
        unknown = [name for name in table.column_names if name not in _COLUMNS]
        if unknown or len(set(table.column_names)) < table.num_columns:
            raise self.fault(
                "not the columns of a patch",
                "",
                ", ".join(_COLUMNS),
                ", ".join(table.column_names)[:80],
            )
        self.table = table
        self.rows = table.num_rows
        if said.key:
            self.keys = self.struct("key", self.old, said.key, is_whole=True)
            if not is_strictly_sorted(self.keys, said.key):
                raise self.fault(
                    "keys are null, repeat or are out of order", "key", "each key once, in order"
                )
        elif "key" in table.column_names:
            raise self.fault("a key where both ends have different ones", "key", "no such column")
        self.what = self.changes()

    def fault(
        self, what: str, column: str, expected: str | None = None, got: str | None = None,
        row: int | None = None,
    ) -> Exception:  # fmt: skip
        """The error at a column, and at a row where one is known."""
        key = ""
        if row is not None and self.said.key:
            key = key_strings(self.keys.slice(row, 1), self.said.key)[0].as_py()
        return broken(what, f"patch: {place(self.name, key, column)}", expected, got)

    def patch(self) -> Patch:
        """The patch, checked."""
        said = self.said
        others = [[n for n in side.names if n not in said.key] for side in (self.old, self.new)]
        old = self.struct("old", self.old, others[0])
        new = self.struct("new", self.new, others[1])
        is_added, is_removed, is_changed = (self.what == n for n in range(3))
        masks = self.masks(is_changed)
        self.refuse_unnamed(old, "old", is_added, is_removed, masks)
        self.refuse_unnamed(new, "new", is_removed, is_added, masks)
        edits = Edits(
            self.whole(old, self.old, is_removed),
            self.whole(new, self.new, is_added),
            kernel("filter", self.keys, from_bits(is_changed)) if said.key else pa.table({}),
            self.cells(old, new, masks, is_changed),
        )
        patch = Patch(said.old, said.new, edits)
        check_patch(patch)
        return patch

    def changes(self) -> np.ndarray:
        """What became of each row, as its place in `_CHANGES`."""
        if "change" not in self.table.column_names:
            raise self.fault("a column is missing", "change")
        column = self.table.column("change")
        if not pa.types.is_string(self.plain(column, "change").type):
            raise self.fault("a column of another type", "change", "string", str(column.type))
        codes = kernel("index_in", self.plain(column, "change"), options=_CODES)
        if codes.null_count:
            row = int(np.flatnonzero(~valid(codes))[0])
            got = repr(column[row].as_py())[:80]
            raise self.fault("no such change", "change", " or ".join(_CHANGES), got, row)
        what = numbers(codes)
        if not self.said.key and (what == 2).any():  # noqa: PLR2004 - changed
            raise self.fault("a row changed where the key did", "change", "added or removed")
        return what

    def plain(self, column: pa.ChunkedArray, name: str) -> pa.Array:
        """A column as one plain array."""
        try:
            return plain(column)
        except (pa.ArrowException, ValueError) as error:
            raise self.fault(
                "a column of a type that no patch has", name, None, str(column.type)[:80]
            ) from error

    def struct(
        self,
        name: str,
        schema: pa.Schema,
        wanted: tuple[str, ...] | list[str],
        *,
        is_whole: bool = False,
    ) -> pa.Table:
        """The columns in a struct, cast; null where the struct is."""
        if name not in self.table.column_names:
            if is_whole:
                raise self.fault("a column is missing", name)
            return pa.table({})
        array = self.plain(self.table.column(name), name)
        if not pa.types.is_struct(array.type):
            raise self.fault("a column of another type", name, "struct", str(array.type)[:80])
        names = [field.name for field in array.type]
        bad = [n for n in names if n not in wanted]
        if bad or len(set(names)) < len(names) or (is_whole and len(names) < len(wanted)):
            raise self.fault(
                "not the columns of this end", name, ", ".join(wanted)[:80], ", ".join(names)[:80]
            )
        columns = {}
        for field, values in zip(names, array.flatten(), strict=True):
            kind = schema.field(field).type
            try:
                columns[field] = cast(values, kind)
            except pa.ArrowException as error:
                raise self.fault(
                    "values do not fit the declared type",
                    f"{name}.{field}",
                    str(kind),
                    str(values.type),
                ) from error
        return pa.table({n: columns[n] for n in wanted if n in columns})

    def masks(self, is_changed: Bits) -> Bits:
        """Which of the columns changed in each row: rows by columns."""
        columns = self.said.columns
        result = np.zeros((self.rows, len(columns)), np.bool_)
        if "mask" not in self.table.column_names:
            if is_changed.any():
                raise self.fault("a column is missing", "mask")
            return result
        array = self.plain(self.table.column("mask"), "mask")
        if not pa.types.is_binary(array.type):
            raise self.fault("a column of another type", "mask", "binary", str(array.type)[:80])
        wrong = np.flatnonzero(valid(array) != is_changed)
        if len(wrong):
            raise self.fault(
                "a mask is for changed rows, and for all of them", "mask", row=int(wrong[0])
            )
        held = kernel("drop_null", array)
        width = -(-len(columns) // 8)
        sizes = np.diff(offsets(held))
        if (sizes != width).any():
            row = int(np.flatnonzero(is_changed)[np.flatnonzero(sizes != width)[0]])
            raise self.fault("a mask of another length", "mask", f"{width} bytes", row=row)
        if len(held):
            start = int(offsets(held)[0])
            packed = np.frombuffer(held.buffers()[2], np.uint8, len(held) * width, start)
            unpacked = np.unpackbits(packed.reshape(-1, width), axis=1, bitorder="little")
            is_bad = unpacked[:, len(columns) :].any(axis=1)
            if not self.one_sided:
                is_bad |= ~unpacked.any(axis=1)
            if is_bad.any():
                row = int(np.flatnonzero(is_changed)[np.flatnonzero(is_bad)[0]])
                raise self.fault(
                    "a mask names no column, or one that is not there", "mask", row=row
                )
            result[is_changed] = unpacked[:, : len(columns)].astype(np.bool_)
        return result

    @property
    def one_sided(self) -> tuple[str, ...]:
        """Columns that only one end has, or in another type."""
        return one_sided(self.said.old.schema, self.said.new.schema)

    def refuse_unnamed(
        self, values: pa.Table, side: str, is_none: Bits, is_whole: Bits, masks: Bits
    ) -> None:
        """Refuse a value that no mask names: it would not be seen."""
        names = self.said.columns
        for name in values.column_names:
            allowed = (
                masks[:, names.index(name)] if name in names else np.zeros(self.rows, np.bool_)
            )
            found = valid(plain(values.column(name))) & ~(allowed | is_whole)
            if found.any():
                row = int(np.flatnonzero(found)[0])
                why = "a side that the row lacks" if is_none[row] else "a cell that did not change"
                raise self.fault(f"a value for {why}", f"{side}.{name}", "none", row=row)

    def whole(self, values: pa.Table, schema: pa.Schema, mask: Bits) -> pa.Table:
        """Whole rows of one end."""
        count = int(mask.sum())
        if not count:
            return pa.Table.from_arrays([pa.nulls(0, f.type) for f in schema], schema=schema)
        chosen = from_bits(mask)
        columns = []
        for field in schema:
            if field.name in self.said.key:
                column = kernel("filter", self.keys.column(field.name), chosen)
            elif field.name in values.column_names:
                column = kernel("filter", values.column(field.name), chosen)
            else:
                column = pa.nulls(count, field.type)
            if not field.nullable and column.null_count:
                raise self.fault("a value is missing", field.name, "a value in every row")
            columns.append(column)
        return pa.Table.from_arrays(columns, schema=schema).combine_chunks()

    def cells(
        self, old: pa.Table, new: pa.Table, masks: Bits, is_changed: Bits
    ) -> dict[str, CellEdits]:
        """The cells that changed, by column."""
        place_of = np.cumsum(is_changed) - 1
        cells = {}
        for bit, name in enumerate(self.said.columns):
            rows = np.flatnonzero(masks[:, bit])
            if not len(rows):
                raise self.fault("a column is named in which nothing changed", name)
            before, after = (
                self.side(values, schema, name, rows)
                for values, schema in ((old, self.old), (new, self.new))
            )
            if before is not None and after is not None and before.type == after.type:
                same = bits(equal(before, after))
                if same.any():
                    row = int(rows[np.flatnonzero(same)[0]])
                    raise self.fault(
                        "a cell changed to what it was", name, "another value", row=row
                    )
            cells[name] = CellEdits(from_numbers(place_of[rows]), before, after)
        return cells

    def side(
        self, values: pa.Table, schema: pa.Schema, name: str, rows: np.ndarray
    ) -> pa.Array | None:
        """The values of one side of some cells; None where that end has no such column."""
        at = schema.get_field_index(name)
        if at < 0:
            return None
        field = schema.field(at)
        if name in values.column_names:
            found = taken(plain(values.column(name)), rows)
        else:
            found = pa.nulls(len(rows), field.type)
        if not field.nullable and found.null_count:
            row = int(rows[np.flatnonzero(~valid(found))[0]])
            raise self.fault("a value is missing", name, "a value in every row", row=row)
        return found


def check_patch(patch: Patch) -> None:
    """Refuse a patch that contradicts itself: in its numbers of rows, or in its new columns.

    Raises:
        InvalidInputError: naming table and column.
    """
    edits, old, new = patch.edits, patch.old, patch.new
    name = f"patch: {new.schema.name}"
    rows = old.rows - edits.removed.num_rows + edits.added.num_rows
    both = old.rows - edits.removed.num_rows
    if rows != new.rows or both < edits.keys.num_rows:
        raise broken("its numbers of rows do not fit", name, f"{new.rows} rows", f"{rows}")
    if not has_same_key(old.schema, new.schema):
        if both:
            raise broken("the key changes, but not all rows are replaced", name, "0", str(both))
        return
    for column in one_sided(old.schema, new.schema):
        cells = edits.cells.get(column)
        if both != (0 if cells is None else len(cells)):
            raise broken(
                "a column of one end only has a cell for each row of both ends",
                f"{name} {column}",
                f"{both} cells",
                str(0 if cells is None else len(cells)),
            )
