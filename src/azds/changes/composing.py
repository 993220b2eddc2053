"""Patches that follow each other, as one."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.layout import Numbers, bits, from_numbers, numbers
from azds.arrow.types import to_arrow_schema, type_from_words
from azds.changes.applying import apply_patch
from azds.changes.edits import CellEdits, Edits
from azds.changes.grouping import number_keys
from azds.changes.making import has_same_key, invert, make_patch
from azds.changes.misfits import broken, column_words, misfit, place
from azds.changes.patch import Patch
from azds.columns import TableSchema

__all__ = ["compose", "compose_all"]


def compose(first: Patch, second: Patch) -> Patch:
    """The patch that does what `first` and then `second` do.

    Raises:
        InvalidInputError: the second starts from another table than the first ends in.
    """
    return compose_all([first, second])


def compose_all(patches: Sequence[Patch]) -> Patch:
    """The patch that does what all do, one after the other; at least one.

    What is put back, is not in it: the result depends on both ends alone, so that it equals
    the patch between them.
    """
    for first, second in pairwise(patches):
        _refuse_apart(first, second)
    if len(patches) == 1:
        return patches[0]
    schemas = [patches[0].old.schema, *(patch.new.schema for patch in patches)]
    if all(has_same_key(schemas[0], schema) for schema in schemas):
        return _composed(patches)
    whole = patches[0]
    for patch in patches[1:]:
        whole = _over_keys(whole, patch)
    return whole


def _refuse_apart(first: Patch, second: Patch) -> None:
    name = first.new.schema.name
    a, b = column_words(first.new.schema), column_words(second.old.schema)
    if a != b:
        x, y = next(((x, y) for x, y in zip(a, b, strict=False) if x != y), (a[-1], b[-1]))
        raise misfit(
            "the patches do not meet: the second is for another schema",
            place(name, column=x[0]),
            " ".join(x[:2]) if x != y else f"{len(a)} columns",
            " ".join(y[:2]) if x != y else str(len(b)),
        )
    if first.new.digest != second.old.digest:
        raise misfit(
            "the patches do not meet: the second starts from another table",
            name,
            first.new.digest,
            second.old.digest,
        )


def _over_keys(first: Patch, second: Patch) -> Patch:
    """The same where a key changes: such a patch holds both tables whole, so one is at hand."""
    if not has_same_key(first.old.schema, first.new.schema):
        old, middle = first.edits.removed, first.edits.added
        return make_patch(old, apply_patch(middle, second), first.old, second.new)
    if has_same_key(second.old.schema, second.new.schema):
        return _composed([first, second])
    old = apply_patch(second.edits.removed, invert(first))
    return make_patch(old, second.edits.added, first.old, second.new)


class _Events:
    """Each key that each patch touches, as an event: by key, and in the order of time."""

    def __init__(self, patches: Sequence[Patch], key: tuple[str, ...]) -> None:
        tables = [
            side.select(list(key))
            for patch in patches
            for side in (patch.edits.removed, patch.edits.keys, patch.edits.added)
        ]
        numbered = number_keys(tables, key)
        counts = [len(ids) for ids in numbered.ids]
        self.keys = numbered.keys
        self.ids = np.concatenate(numbered.ids)
        self.starts = np.cumsum([0, *counts])
        what = np.repeat(np.arange(len(counts)) % 3, counts)
        every = np.arange(len(self.ids))
        first, last = np.zeros((2, numbered.count), np.int64)
        first[self.ids[::-1]] = every[::-1]
        last[self.ids] = every
        self.is_before = what[first] != _ADDED
        self.is_after = what[last] != _REMOVED


_REMOVED, _ADDED = 0, 2


def _composed(patches: Sequence[Patch]) -> Patch:
    before, after = patches[0].old, patches[-1].new
    key = before.schema.key
    events = _Events(patches, key)
    both = np.flatnonzero(events.is_before & events.is_after)
    removed = np.flatnonzero(events.is_before & ~events.is_after)
    added = np.flatnonzero(~events.is_before & events.is_after)
    found: dict[str, list[_Stated | None]] = {}
    for at, (schema, is_old) in enumerate(((before.schema, True), (after.schema, False))):
        for column in schema.columns:
            if column.name not in key:
                sides = found.setdefault(column.name, [None, None])
                sides[at] = _stated(patches, events, column.name, column.type, is_old=is_old)
    cells = {}
    for name in dict.fromkeys([*after.schema.names, *before.schema.names]):
        if name not in key:
            cells[name] = _cells(
                found[name][0], found[name][1], both, place(after.schema.name, column=name)
            )
    touched = np.zeros(events.keys.num_rows, np.bool_)
    for ids, _, _ in cells.values():
        touched[ids] = True
    place_of = np.cumsum(touched) - 1
    return Patch(
        before,
        after,
        Edits(
            _rows(before.schema, events, removed, {n: s[0] for n, s in found.items()}),
            _rows(after.schema, events, added, {n: s[1] for n, s in found.items()}),
            events.keys.take(from_numbers(np.flatnonzero(touched))),
            {
                name: CellEdits(from_numbers(place_of[ids]), old, new)
                for name, (ids, old, new) in cells.items()
                if len(ids)
            },
        ),
    )


class _Stated:
    """The values of a column at one end, of the keys of which the patches state one."""

    def __init__(self, values: pa.Array, at: Numbers) -> None:
        self.values = values
        self.at = at
        """By key: where in `values`; -1 where it is not stated."""

    def of(self, ids: Numbers, where: str) -> pa.Array:
        """The values of these keys, which must all be stated."""
        at = self.at[ids]
        if len(at) and at.min() < 0:
            raise broken(
                "a patch lacks a value", where, "a value for every row that it adds or removes"
            )
        return self.values.take(from_numbers(at))


def _stated(
    patches: Sequence[Patch], events: _Events, name: str, words: str, *, is_old: bool
) -> _Stated:
    """The first old values of a column, or the last new ones."""
    chunks: list[pa.Array] = []
    places: list[Numbers] = []
    for number, patch in enumerate(patches):
        schema = patch.old.schema if is_old else patch.new.schema
        if name not in schema.names or schema.column(name).type != words:
            continue
        edits, start = patch.edits, events.starts[3 * number :]
        rows = edits.removed if is_old else edits.added
        if rows.num_rows:
            at = start[0] if is_old else start[2]
            chunks += rows.column(name).chunks
            places.append(np.arange(at, at + rows.num_rows))
        cell = edits.cells.get(name)
        values = None if cell is None else cell.old if is_old else cell.new
        if cell is not None and values is not None:
            chunks.append(values)
            places.append(numbers(cell.rows) + start[1])
    at = np.full(events.keys.num_rows, -1, np.int64)
    if not chunks:
        return _Stated(pa.nulls(0, type_from_words(words)), at)
    ids = events.ids[np.concatenate(places)]
    every = np.arange(len(ids))
    if is_old:
        at[ids[::-1]] = every[::-1]
    else:
        at[ids] = every
    return _Stated(chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks), at)


def _cells(
    old: _Stated | None, new: _Stated | None, both: Numbers, where: str
) -> tuple[Numbers, pa.Array | None, pa.Array | None]:
    """Which keys of both ends have another value, the old values and the new ones."""
    stated = old if old is not None else new
    ids = both[stated.at[both] >= 0] if stated is not None else both[:0]
    a, b = (None if side is None else side.of(ids, where) for side in (old, new))
    if a is None or b is None or a.type != b.type or not len(ids):
        return ids, a, b
    differs = ~bits(equal(a, b))
    if differs.all():
        return ids, a, b
    rows = from_numbers(np.flatnonzero(differs))
    return ids[differs], a.take(rows), b.take(rows)


def _rows(
    schema: TableSchema, events: _Events, ids: Numbers, stated: dict[str, _Stated | None]
) -> pa.Table:
    """Whole rows of these keys."""
    keys = events.keys.take(from_numbers(ids))
    columns = []
    for name in schema.names:
        column = stated.get(name)
        columns.append(
            keys.column(name) if column is None else column.of(ids, place(schema.name, column=name))
        )
    return pa.Table.from_arrays(columns, schema=to_arrow_schema(schema))
