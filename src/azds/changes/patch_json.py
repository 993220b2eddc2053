"""A patch as plain JSON values, and back: the form that a person reads and edits.

The document is typed in `azds.records.patch_documents`; this module takes it after that check.
Rows may stand in any order, and then the same rules hold as for the stored form.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from azds.arrow.keys import sort_by_key
from azds.arrow.layout import numbers
from azds.arrow.types import to_arrow_schema
from azds.changes.edits import CellEdits, Edits
from azds.changes.end_documents import Json, end_from_document, end_to_document
from azds.changes.json_values import from_json, to_json
from azds.changes.making import has_same_key
from azds.changes.misfits import broken, place
from azds.changes.patch import End, Patch
from azds.changes.patch_table import FORMAT, from_table, to_table

__all__ = ["patch_from_document", "patch_to_document"]


def patch_to_document(patch: Patch) -> dict[str, Json]:
    """The patch as JSON values: both ends, whole rows removed and added, changed cells by key."""
    edits = patch.edits
    changed: list[dict[str, Json]] = [{"key": key, "cells": {}} for key in _rows(edits.keys)]
    for name, cell in edits.cells.items():
        sides = {
            side: to_json(values)
            for side, values in (("old", cell.old), ("new", cell.new))
            if values is not None
        }
        for at, row in enumerate(numbers(cell.rows).tolist()):
            cells = changed[row]["cells"]
            assert isinstance(cells, dict)  # noqa: S101 - made above
            cells[name] = {side: values[at] for side, values in sides.items()}
    return {
        "format": FORMAT,
        "old": end_to_document(patch.old),
        "new": end_to_document(patch.new),
        "removed": _rows(edits.removed),
        "added": _rows(edits.added),
        "changed": changed,
    }


def patch_from_document(document: Mapping[str, Json]) -> Patch:
    """The patch that a document says: the twin of `patch_to_document`.

    Raises:
        InvalidInputError: it is no patch, naming table, key and column, expected and got.
    """
    old = end_from_document(document["old"], "patch: old")
    new = end_from_document(document["new"], "patch: new")
    keys, cells = _changed(_list(document, "changed"), old, new)
    edits = Edits(
        _table(_list(document, "removed"), old, old.schema.names),
        _table(_list(document, "added"), new, new.schema.names),
        keys,
        cells,
    )
    return from_table(to_table(Patch(old, new, edits)))  # which checks everything


def _rows(table: pa.Table) -> list[dict[str, Json]]:
    columns = {name: to_json(table.column(name)) for name in table.column_names}
    return [{name: part[row] for name, part in columns.items()} for row in range(table.num_rows)]


def _list(document: Mapping[str, Json], name: str) -> Sequence[Mapping[str, Json]]:
    rows = document[name]
    assert isinstance(rows, list)  # noqa: S101 - the document was checked
    return rows


def _table(rows: Sequence[Mapping[str, Json]], end: End, names: tuple[str, ...]) -> pa.Table:
    """Rows as a table in key order, with just these columns."""
    where = f"patch: {end.schema.name}"
    for row in rows:
        if row.keys() != set(names):
            raise broken(
                "a row with other columns than its table",
                f"{where} {_key_words(row, end)}".rstrip(),
                ", ".join(names)[:80],
                ", ".join(row)[:80],
            )
    schema = to_arrow_schema(end.schema)
    columns = [
        from_json([row[name] for row in rows], schema.field(name).type, f"{where} {name}")
        for name in names
    ]
    fields = [pa.field(name, schema.field(name).type) for name in names]
    return sort_by_key(
        pa.Table.from_arrays(columns, schema=pa.schema(fields)), end.schema.key
    ).combine_chunks()


def _key_words(row: Mapping[str, Json], end: End) -> str:
    return "/".join(str(row[name]) for name in end.schema.key if name in row)[:80]


def _changed(
    rows: Sequence[Mapping[str, Json]], old: End, new: End
) -> tuple[pa.Table, dict[str, CellEdits]]:
    """The keys of changed rows in order, and their cells."""
    if not has_same_key(old.schema, new.schema):
        if rows:
            raise broken("a row changed where the key did", f"patch: {new.schema.name}")
        return pa.table({}), {}
    stated = [(_mapping(row["key"]), _mapping(row["cells"])) for row in rows]
    keys = _table([key for key, _ in stated], new, new.schema.key)
    order = _order([key for key, _ in stated], new)
    known = dict.fromkeys([*new.schema.names, *old.schema.names])
    for key, cells in stated:
        for name in cells:
            if name not in known or name in new.schema.key:
                where = f"patch: {place(new.schema.name, _key_words(key, new), name)}"
                raise broken("a cell of a column that neither end has", where)
        if not cells:
            where = f"patch: {place(new.schema.name, _key_words(key, new))}"
            raise broken("a changed row without a changed cell", where)
    found = {}
    for name in known:
        at = [place_of for place_of, row in enumerate(order) if name in stated[row][1]]
        if at:
            held = [_mapping(stated[order[row]][1][name]) for row in at]
            sides = [_side(held, name, side, end) for side, end in (("old", old), ("new", new))]
            found[name] = CellEdits(pa.array(at, pa.int64()), *sides)
    return keys, found


def _order(keys: Sequence[Mapping[str, Json]], end: End) -> list[int]:
    """Which row comes first, second and so on in key order."""
    schema = to_arrow_schema(end.schema)
    columns = [
        from_json([key[name] for key in keys], schema.field(name).type, name)
        for name in end.schema.key
    ]
    numbered = pa.table([*columns, pa.array(range(len(keys)), pa.int64())], [*end.schema.key, ""])
    ordered: list[int] = sort_by_key(numbered, end.schema.key).column("").to_pylist()
    return ordered


def _side(cells: Sequence[Mapping[str, Json]], name: str, side: str, end: End) -> pa.Array | None:
    where = f"patch: {place(end.schema.name, column=name)}"
    if name not in end.schema.names:
        if any(side in cell for cell in cells):
            raise broken(f"a value of a column that the {side} end lacks", where)
        return None
    if not all(side in cell for cell in cells):
        raise broken(f"a changed cell without its {side} value", where)
    kind = to_arrow_schema(end.schema).field(name).type
    return from_json([cell[side] for cell in cells], kind, where)


def _mapping(value: Json) -> Mapping[str, Json]:
    assert isinstance(value, Mapping)  # noqa: S101 - the document was checked
    return value
