"""Two tables that came of one, brought together: cells merge where only one side changed.

A conflict is where both sides changed the same cell otherwise, or one changed a row that the
other removed. Conflicts are rows of a table, which people resolve. What a side only does not
state (its coverage says so) it did not change, and so did not remove. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.equality import equal
from azds.arrow.keys import key_strings
from azds.arrow.layout import Numbers, bits, distinct, from_numbers, from_strings, numbers
from azds.changes.applying import apply_patch
from azds.changes.edits import CellEdits, Edits
from azds.changes.grouping import Numbered, number_keys
from azds.changes.merge_sides import Aligned, State, align, own_changes
from azds.changes.misfits import misfit
from azds.changes.patch import End, Patch
from azds.changes.texts import value_texts

__all__ = ["TAKES", "MergePlan", "State", "finish", "plan_merge"]

TAKES = ("ours", "theirs", "base")
"""What a conflict can be resolved to."""

_CONFLICTS = pa.schema(
    [(name, pa.string()) for name in ("key", "column", "base", "ours", "theirs")]
)
_OURS, _THEIRS, _BASE = range(3)
_ROW = ""


@dataclass(frozen=True, slots=True, eq=False)
class MergePlan:
    """What merging three tables comes to, before anything is decided.

    Attributes:
        aligned: The three in the merged columns.
        ours: What ours changed of base; the columns are the same, so that cells have both sides.
        theirs: What theirs changed of base; likewise.
        numbered: Each key that either changed; ids of ours (removed, changed, added), of theirs.
        conflicts: Where they disagree: ``key``, ``column`` (empty: the whole row), and the values
            of ``base``, ``ours`` and ``theirs`` as text. By column, then in key order.
        at: For each column with conflicts, the ids of their keys; of whole rows by ``""``.
    """

    aligned: Aligned
    ours: Edits
    theirs: Edits
    numbered: Numbered
    conflicts: pa.Table
    at: dict[str, Numbers]


def plan_merge(base: State, ours: State, theirs: State) -> MergePlan:
    """What ours and theirs changed of base, and where they disagree.

    Shape: each table conformed by its schema; all have one key.

    Raises:
        InvalidInputError: `bad-key`, `bad-column`: keys differ, or a column was changed in
            ways that do not go together.
    """
    aligned = align(base, ours, theirs)
    key = aligned.schema.key
    left, right = (own_changes(aligned.base, side) for side in (aligned.ours, aligned.theirs))
    numbered = number_keys(
        [part.select(list(key)) for edits in (left, right) for part in _parts(edits)], key
    )
    plan = MergePlan(aligned, left, right, numbered, _CONFLICTS.empty_table(), {})
    found = [_row_conflicts(plan), *(_cell_conflicts(plan, name) for name in _others(plan))]
    at = {name: ids for name, ids, _ in found if len(ids)}
    told = [table for _, ids, table in found if len(ids)]
    conflicts = pa.concat_tables(told).combine_chunks() if told else plan.conflicts
    return MergePlan(aligned, left, right, numbered, conflicts, at)


def finish(plan: MergePlan, takes: Sequence[str]) -> State:
    """The merged table, with each conflict resolved to a side.

    Shape: `takes` has for each row of `plan.conflicts` one of `TAKES`. A row that both sides
    added has no base: where one of its cells takes it, the row is left out.
    """
    if len(takes) != plan.conflicts.num_rows:
        expected = f"{plan.conflicts.num_rows}, one for each conflict"
        raise misfit("conflicts are open", plan.aligned.schema.name, expected, str(len(takes)))
    codes = np.array([TAKES.index(take) for take in takes], np.int64)
    chosen: dict[str, tuple[Numbers, Numbers]] = {}
    start = 0
    for name, ids in plan.at.items():
        chosen[name] = ids, codes[start : start + len(ids)]
        start += len(ids)
    rows, row_codes = chosen.get(_ROW, (_NONE, _NONE))
    gone, removed = _removed(plan, rows, row_codes)
    edits = Edits(removed, _added(plan, chosen), *_cells(plan, chosen, gone))
    base, aligned = plan.aligned.base, plan.aligned
    count = base.rows.num_rows - edits.removed.num_rows + edits.added.num_rows
    ends = (
        End(aligned.schema, "", base.rows.num_rows, base.coverage),
        End(aligned.schema, "", count, aligned.coverage),
    )
    return State(apply_patch(base.rows, Patch(*ends, edits)), aligned.schema, aligned.coverage)


_NONE = np.empty(0, np.int64)


def _parts(edits: Edits) -> tuple[pa.Table, pa.Table, pa.Table]:
    return edits.removed, edits.keys, edits.added


def _others(plan: MergePlan) -> list[str]:
    schema = plan.aligned.schema
    return [name for name in schema.names if name not in schema.key]


def _ids(plan: MergePlan) -> tuple[Numbers, ...]:
    """Ids of ours (removed, changed, added), then of theirs."""
    return plan.numbered.ids


def _told(plan: MergePlan, ids: Numbers, column: str, sides: list[pa.Array]) -> pa.Table:
    keys = key_strings(plan.numbered.keys.take(from_numbers(ids)), plan.aligned.schema.key)
    return pa.Table.from_arrays(
        [keys, from_strings([column] * len(ids)), *sides], schema=_CONFLICTS
    )


def _row_conflicts(plan: MergePlan) -> tuple[str, Numbers, pa.Table]:
    """Rows that one side removed and the other changed, in columns that base has."""
    removed_ours, _, _, removed_theirs, _, _ = _ids(plan)
    changed_ours, changed_theirs = (_changed(plan, side) for side in (_OURS, _THEIRS))
    gone_here = np.intersect1d(removed_ours, changed_theirs, assume_unique=True)
    gone_there = np.intersect1d(changed_ours, removed_theirs, assume_unique=True)
    ids = np.sort(np.concatenate([gone_here, gone_there]))
    if not len(ids):
        return _ROW, ids, plan.conflicts
    is_ours = np.isin(ids, gone_here)
    words = [
        from_strings(["the row"] * len(ids)),
        from_strings(["removed" if gone else "changed" for gone in is_ours.tolist()]),
        from_strings(["changed" if gone else "removed" for gone in is_ours.tolist()]),
    ]
    return _ROW, ids, _told(plan, ids, _ROW, words)


def _changed(plan: MergePlan, side: int) -> Numbers:
    """The rows in which a side changed more than columns that base lacks."""
    edits, ids = (plan.ours, plan.theirs)[side], _ids(plan)[3 * side + 1]
    rows = [
        numbers(cell.rows)
        for name, cell in edits.cells.items()
        if name not in plan.aligned.base.coverage.columns_absent
    ]
    return ids[distinct(np.concatenate([_NONE, *rows]))]


def _cell_conflicts(plan: MergePlan, name: str) -> tuple[str, Numbers, pa.Table]:
    """Cells of one column that both sides changed, or added, otherwise."""
    _, changed_ours, added_ours, _, changed_theirs, added_theirs = _ids(plan)
    both, left, right = _meeting(added_ours, added_theirs)
    a = plan.ours.added.column(name).take(from_numbers(left))
    b = plan.theirs.added.column(name).take(from_numbers(right))
    differs = np.flatnonzero(~bits(equal(a, b)))
    at = from_numbers(differs)
    ids, sides = both[differs], [a.take(at), b.take(at)]
    held = [_array(side) for side in (pa.chunked_array([pa.nulls(len(ids), a.type)]), *sides)]
    mine, others = plan.ours.cells.get(name), plan.theirs.cells.get(name)
    if mine is not None and others is not None:
        both, left, right = _meeting(
            changed_ours[numbers(mine.rows)], changed_theirs[numbers(others.rows)]
        )
        values = [
            _taken(mine.old, left),
            _taken(mine.new, left),
            _taken(others.new, right),
        ]
        differs = np.flatnonzero(~bits(equal(values[1], values[2])))
        at = from_numbers(differs)
        held = [
            pa.concat_arrays([one, more.take(at)]) for one, more in zip(held, values, strict=True)
        ]
        ids = np.concatenate([ids, both[differs]])
    if not len(ids):
        return name, ids, plan.conflicts
    order = np.argsort(ids)
    texts = [value_texts(side.take(from_numbers(order))) for side in held]
    return name, ids[order], _told(plan, ids[order], name, texts)


def _taken(values: pa.Array | None, rows: Numbers) -> pa.Array:
    """Some values of a column that both sides have."""
    if values is None:
        raise AssertionError
    return values.take(from_numbers(rows))


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _meeting(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The ids that both have, and where in each."""
    return np.intersect1d(a, b, assume_unique=True, return_indices=True)


def _removed(plan: MergePlan, rows: Numbers, codes: Numbers) -> tuple[Numbers, pa.Table]:
    """The ids and the rows that go: removed by a side, and not kept by a decision."""
    removed_ours, _, _, removed_theirs, _, _ = _ids(plan)
    kept = [rows[codes != side] for side in (_OURS, _THEIRS)]
    mine = ~np.isin(removed_ours, kept[0])
    others = ~np.isin(removed_theirs, np.concatenate([kept[1], removed_ours]))
    # A row that theirs removed and ours changed is in `rows` too; it goes if theirs is taken.
    ids = np.concatenate([removed_ours[mine], removed_theirs[others]])
    together = pa.concat_tables(
        [
            plan.ours.removed.take(from_numbers(np.flatnonzero(mine))),
            plan.theirs.removed.take(from_numbers(np.flatnonzero(others))),
        ]
    )
    return np.sort(ids), together.take(from_numbers(np.argsort(ids))).combine_chunks()


def _added(plan: MergePlan, chosen: dict[str, tuple[Numbers, Numbers]]) -> pa.Table:
    """Rows that come: those of either side, where both added one, cell by cell."""
    _, _, ours, _, _, theirs = _ids(plan)
    both = np.intersect1d(ours, theirs, assume_unique=True)
    left_out = [
        ids[(codes == _BASE) & np.isin(ids, both)]
        for name, (ids, codes) in chosen.items()
        if name != _ROW
    ]
    ids = np.setdiff1d(np.union1d(ours, theirs), np.concatenate([_NONE, *left_out]))
    place = np.full(plan.numbered.count, -1)
    place[theirs] = np.arange(len(theirs)) + len(ours)
    from_theirs = place.copy()
    place[ours] = np.arange(len(ours))
    columns = []
    for field in plan.ours.added.schema:
        at = place[ids]
        if field.name in chosen:
            marked, codes = chosen[field.name]
            is_theirs = np.isin(ids, np.intersect1d(marked[codes == _THEIRS], both))
            at[is_theirs] = from_theirs[ids[is_theirs]]
        values = [
            chunk
            for side in (plan.ours.added, plan.theirs.added)
            for chunk in side.column(field.name).chunks
        ]
        held = pa.concat_arrays(values) if values else pa.nulls(0, field.type)
        columns.append(held.take(from_numbers(at)))
    return pa.Table.from_arrays(columns, schema=plan.ours.added.schema)


def _cells(
    plan: MergePlan, chosen: dict[str, tuple[Numbers, Numbers]], gone: Numbers
) -> tuple[pa.Table, dict[str, CellEdits]]:
    """Cells that change: those of either side, but what a decision or the other side rules out."""
    _, ours, _, _, theirs, _ = _ids(plan)
    rows, row_codes = chosen.get(_ROW, (_NONE, _NONE))
    dropped = [np.append(rows[row_codes != side], gone) for side in (_OURS, _THEIRS)]
    found: dict[str, tuple[Numbers, pa.Array, pa.Array]] = {}
    for name in _others(plan):
        sides = []
        for cells, ids in (
            (plan.ours.cells.get(name), ours),
            (plan.theirs.cells.get(name), theirs),
        ):
            sides.append((cells, _NONE if cells is None else ids[numbers(cells.rows)]))
        (mine, left), (others, right) = sides
        marked, codes = chosen.get(name, (_NONE, _NONE))
        keep_left = ~np.isin(left, np.concatenate([dropped[0], marked[codes != _OURS]]))
        shadowed = np.setdiff1d(left, marked[codes == _THEIRS])
        keep_right = ~np.isin(right, np.concatenate([dropped[1], shadowed]))
        ids = np.concatenate([left[keep_left], right[keep_right]])
        if not len(ids):
            continue
        order = from_numbers(np.argsort(ids))
        values = [
            pa.concat_arrays(
                [
                    getattr(cells, side).take(from_numbers(np.flatnonzero(keep)))
                    for cells, keep in ((mine, keep_left), (others, keep_right))
                    if cells is not None
                ]
            ).take(order)
            for side in ("old", "new")
        ]
        found[name] = np.sort(ids), values[0], values[1]
    every = distinct(np.concatenate([_NONE, *(ids for ids, _, _ in found.values())]))
    return plan.numbered.keys.take(from_numbers(every)), {
        name: CellEdits(from_numbers(np.searchsorted(every, ids)), old, new)
        for name, (ids, old, new) in found.items()
    }
