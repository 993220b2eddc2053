"""Three tables in the same columns, and what each side of a merge changed of the base."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.keys import key_strings, sort_by_key
from azds.arrow.layout import bits, from_bits, from_numbers, numbers, scalar
from azds.arrow.types import to_arrow_schema, type_from_words, type_in_words
from azds.arrow.widening import wider
from azds.changes.compare import compare
from azds.changes.edits import CellEdits, Edits
from azds.changes.result import Kind, TableChanges
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage, Level
from azds.errors import InvalidInputError

__all__ = ["Aligned", "State", "align", "own_changes"]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One of the three tables: conformed rows, their columns, and how much they hold."""

    rows: pa.Table
    schema: TableSchema
    coverage: Coverage


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """The three tables in the merged columns, and the coverage of what they merge to."""

    base: State
    ours: State
    theirs: State
    schema: TableSchema
    coverage: Coverage


def align(base: State, ours: State, theirs: State) -> Aligned:
    """The three tables in the columns of the merge.

    A column that one side added, dropped or gave another type is as that side has it. What
    a partial side lacks it did not drop.

    Raises:
        InvalidInputError: `bad-key`, `bad-column`.
    """
    for side in (ours, theirs):
        _refuse_other_key(base.schema, side.schema)
    names = dict.fromkeys([*ours.schema.names, *theirs.schema.names, *base.schema.names])
    columns = []
    for name in names:
        column = _merged_column(name, base, ours, theirs)
        if column is not None:
            columns.append(column)
    keys = set(base.schema.key)
    ordered = sorted(columns, key=lambda column: column.name not in keys)
    schema = replace(ours.schema, columns=tuple(ordered))
    for side, by in ((ours, "theirs"), (theirs, "ours")):
        _refuse_lost_cells(base, side, schema, by)
    before, mine, other = (_in_columns(side, schema) for side in (base, ours, theirs))
    return Aligned(before, mine, other, schema, _merged_coverage(ours.coverage, theirs.coverage))


def own_changes(base: State, side: State) -> Edits:
    """What a side changed of the base: without what it only does not state."""
    changes = compare(
        base.rows,
        side.rows,
        old_schema=base.schema,
        new_schema=side.schema,
        old_coverage=base.coverage,
        new_coverage=side.coverage,
    )
    cells = {}
    for name, found in changes.cells.items():
        silent = bits(pc.equal(found.kinds, scalar(Kind.UNSTATED)))
        if found.column.role is not Role.FACT and not side.coverage.is_complete_for(name):
            silent |= ~bits(found.new.is_valid())
        kept = from_numbers(np.flatnonzero(~silent))
        if len(kept):
            cells[name] = CellEdits(*(one.take(kept) for one in (found.rows, found.old, found.new)))
    return _only_touched(changes, cells)


def _only_touched(changes: TableChanges, cells: dict[str, CellEdits]) -> Edits:
    touched = np.zeros(changes.keys.num_rows, np.bool_)
    for cell in cells.values():
        touched[numbers(cell.rows)] = True
    place = np.cumsum(touched) - 1
    added = [changes.added, changes.newly_stated, changes.not_comparable_new]
    held = [table for table in added if table.num_rows] or added[:1]
    together = pa.concat_tables(held).combine_chunks()
    if len(held) > 1:
        together = sort_by_key(together, changes.schema.key)
    return Edits(
        changes.removed,
        together,
        changes.keys.filter(from_bits(touched)),
        {
            name: CellEdits(from_numbers(place[numbers(cell.rows)]), cell.old, cell.new)
            for name, cell in cells.items()
        },
    )


def _refuse_other_key(base: TableSchema, side: TableSchema) -> None:
    wanted, held = (
        ", ".join(f"{name} {schema.column(name).type}" for name in schema.key)
        for schema in (base, side)
    )
    if wanted != held:
        raise InvalidInputError(
            "bad-key",
            "tables with different keys do not merge",
            where=side.name,
            expected=wanted,
            got=held,
        )


def _merged_column(name: str, base: State, ours: State, theirs: State) -> Column | None:
    """The column as the merge has it; None where a side dropped it."""
    before, mine, other = (
        next((c for c in side.schema.columns if c.name == name), None)
        for side in (base, ours, theirs)
    )
    if mine is None and ours.coverage.level != "complete":
        mine = before
    if other is None and theirs.coverage.level != "complete":
        other = before
    chosen = _chosen_column(name, before, mine, other)
    if chosen is None:
        return None
    is_everywhere = all(name in side.schema.names for side in (base, ours, theirs))
    may_lack = any(one is not None and one.nullable for one in (before, mine, other))
    is_key = name in base.schema.key
    return replace(chosen, nullable=(may_lack or not is_everywhere) and not is_key)


def _chosen_column(
    name: str, before: Column | None, mine: Column | None, other: Column | None
) -> Column | None:
    types = [None if one is None else one.type for one in (before, mine, other)]
    if types[1] == types[2]:
        return other if mine == before else mine
    if types[2] == types[0]:
        return mine
    if types[1] == types[0]:
        return other
    if mine is not None and other is not None:
        wide = wider(type_from_words(mine.type), type_from_words(other.type))
        if wide is not None:
            return replace(mine, type=type_in_words(wide))
    raise InvalidInputError(
        "bad-column",
        "both sides changed a column, in ways that do not go together",
        where=name,
        expected=f"ours: {types[1] or 'dropped'}",
        got=f"theirs: {types[2] or 'dropped'}",
    )


def _refuse_lost_cells(base: State, side: State, schema: TableSchema, by: str) -> None:
    """Refuse to drop a column in which the other side changed a cell."""
    shared = {*base.schema.names} & {*side.schema.names} - {*schema.names}
    if not shared:
        return
    columns = tuple(c for c in base.schema.columns if c.name in shared or c.role is Role.KEY)
    narrow = replace(base.schema, columns=columns)
    sides = [_in_columns(one, narrow) for one in (base, side)]
    edits = own_changes(*sides)
    for name, cell in edits.cells.items():
        keys = key_strings(edits.keys.take(cell.rows.slice(0, 1)), narrow.key)
        raise InvalidInputError(
            "bad-column",
            f"{by} dropped a column in which the other side changed cells",
            where=f"{schema.name} {keys[0].as_py()} {name}",
            expected="no change",
            got=f"{len(cell)} cells",
        )


def _in_columns(side: State, schema: TableSchema) -> State:
    columns, absent = [], []
    for field in to_arrow_schema(schema):
        if field.name not in side.schema.names:
            absent.append(field.name)
            columns.append(pa.nulls(side.rows.num_rows, field.type))
            continue
        column = side.rows.column(field.name)
        try:
            columns.append(column if column.type == field.type else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InvalidInputError(
                "bad-column",
                "values do not fit the type that the merge has",
                where=f"{schema.name} {field.name}",
                expected=str(field.type),
                got=str(column.type),
            ) from error
    rows = pa.Table.from_arrays(columns, schema=to_arrow_schema(schema)).combine_chunks()
    told = (*side.coverage.columns_absent, *absent)
    return State(rows, schema, replace(side.coverage, columns_absent=tuple(dict.fromkeys(told))))


def _merged_coverage(ours: Coverage, theirs: Coverage) -> Coverage:
    """Complete if both are; else partial, with the reasons of both."""
    absent = tuple(name for name in ours.columns_absent if name in theirs.columns_absent)
    places = tuple(dict.fromkeys([*ours.places, *theirs.places]))
    if ours.level == theirs.level == "complete":
        return Coverage("complete", places, absent)
    level: Level = "absent" if ours.level == theirs.level == "absent" else "partial"
    if ours.covers == theirs.covers and ours.level == theirs.level and ours.reason == theirs.reason:
        return Coverage(level, places, absent, ours.covers, ours.reason)
    told = "; ".join(
        f"{name} is {one.level}" + (f" ({one.reason})" if one.reason else "")
        for name, one in (("ours", ours), ("theirs", theirs))
    )
    return Coverage(level, places, absent, reason=f"merged: {told}")
