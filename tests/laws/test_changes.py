"""What holds for every comparison of two tables."""

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.strategies import Side, pairs, seen_of, table_layouts

from azds.changes import TableChanges, blocks, compare
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dates import Relation, parse_date, relate
from azds.errors import InvalidInputError
from azds.ids import format_key_value

Row: TypeAlias = dict[str, object]
Keyed: TypeAlias = dict[str, Row]

_ROWS = ("removed", "unstated", "not_comparable_old", "added", "newly_stated", "not_comparable_new")
_MIRRORED = {
    "added": "removed",
    "newly_stated": "unstated",
    "not_comparable_new": "not_comparable_old",
    "refined": "coarsened",
    "filled": "emptied",
    "extended": "reduced",
}
_MIRROR = _MIRRORED | {b: a for a, b in _MIRRORED.items()}


@dataclass
class Told:
    """What a comparison says, as plain Python, so that the model can say it too."""

    rows: dict[str, Keyed] = field(default_factory=lambda: {name: {} for name in _ROWS})
    cells: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    equal: int = 0


def run(old: Side, new: Side) -> TableChanges:
    return compare(
        old.table,
        new.table,
        old_schema=old.schema,
        new_schema=new.schema,
        old_coverage=old.coverage,
        new_coverage=new.coverage,
        old_seen=seen_of(old),
        new_seen=seen_of(new),
    )


def told(changes: TableChanges) -> Told:
    """The answer of `compare`, in the words of the model."""
    key = changes.schema.key
    keys = list(keyed(changes.keys, key))
    result = Told(equal=changes.equal)
    result.rows = {name: keyed(getattr(changes, name), key) for name in _ROWS}
    result.changed = {
        k for k, is_so in zip(keys, changes.is_changed.to_pylist(), strict=True) if is_so
    }
    for name, cells in changes.cells.items():
        assert len(cells) == len(cells.old) == len(cells.new) == len(cells.kinds) > 0
        for row, old, new, kind in zip(
            cells.rows.to_pylist(),
            cells.old.to_pylist(),
            cells.new.to_pylist(),
            cells.kinds.to_pylist(),
            strict=True,
        ):
            result.cells[keys[row], name] = (repr(old), repr(new), kind)
    return result


def model(old: Side, new: Side) -> Told:
    """The same by plain dicts, row by row, as DESIGN sections 4 and 6 read."""
    key = new.schema.key
    before, after = keyed(old.table, key), keyed(new.table, key)
    result = Told()
    for names, rows, other_rows, side, other in (
        (_ROWS[:3], before, after, old, new),
        (_ROWS[3:], after, before, new, old),
    ):
        for n, (k, row) in enumerate(rows.items()):
            if k not in other_rows:
                is_seen = side.seen is None or side.seen[n]
                result.rows[names[category(row, other.coverage, is_seen=is_seen)]][k] = row
    for k in before.keys() & after.keys():
        for column in new.schema.columns:
            if column not in old.schema.columns or column.role is Role.KEY:
                continue
            a, b = before[k][column.name], after[k][column.name]
            if not same(a, b):
                old_whole = is_whole(before[k], column, old.coverage)
                new_whole = is_whole(after[k], column, new.coverage)
                kind = kind_of(column, a, b, old_whole=old_whole, new_whole=new_whole)
                result.cells[k, column.name] = (repr(a), repr(b), kind)
                if column.role is Role.FACT:
                    result.changed.add(k)
        result.equal += k not in result.changed
    return result


def keyed(table: pa.Table, key: tuple[str, ...]) -> Keyed:
    """Rows by key, in the order of the table."""
    return {repr([row[name] for name in key]): row for row in table.to_pylist()}


def category(row: Row, other: Coverage, *, is_seen: bool) -> int:
    """0: the other side would have shown it, 1: it may not have, 2: it cannot have."""
    if other.level == "absent" or not is_seen:
        return 2
    return 0 if is_covered(row, other) else 1


def is_covered(row: Row, coverage: Coverage) -> bool:
    if coverage.level != "partial" or not coverage.covers:
        return coverage.level == "complete"
    return all(
        row.get(name) is not None and format_key_value(row[name]) in texts  # type: ignore[arg-type]  # a key value
        for name, texts in coverage.covers.items()
    )


def is_whole(row: Row, column: Column, coverage: Coverage) -> bool:
    return is_covered(row, coverage) and column.name not in coverage.columns_absent


def same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return all(same(a[name], b[name]) for name in a)
    return a is None and b is None if a is None or b is None else a == b


def kind_of(column: Column, a: object, b: object, *, old_whole: bool, new_whole: bool) -> str:
    if column.role is not Role.FACT:
        return "reworded" if column.role is Role.WORDING else "moved"
    kind = "filled" if a is None else "emptied" if b is None else value_kind(column, a, b)
    if kind in {"filled", "extended"} and not old_whole:
        return "newly_stated"
    return "unstated" if kind in {"emptied", "reduced"} and not new_whole else kind


def value_kind(column: Column, a: object, b: object) -> str:
    if column.meaning == "date" and isinstance(a, str) and isinstance(b, str):
        try:
            relation = relate(parse_date(a), parse_date(b))
        except InvalidInputError:
            return "replaced"
        kinds = {Relation.REFINES: "refined", Relation.COARSENS: "coarsened"}
        return kinds.get(relation, "replaced")
    if column.meaning in {"set", "dates"} and isinstance(a, list) and isinstance(b, list):
        return "extended" if set(a) < set(b) else "reduced" if set(b) < set(a) else "replaced"
    return "replaced"


@given(pairs())
def test_the_vectorised_comparison_agrees_with_plain_dicts(sides: tuple[Side, Side]) -> None:
    """Categories, kinds and counts are those of a model that walks over rows."""
    old, new = sides
    changes = run(old, new)
    expected = model(old, new)
    for kind in {kind for _, _, kind in expected.cells.values()}:
        event(kind)
    got = told(changes)
    assert got.rows.keys() == expected.rows.keys()
    for name in _ROWS:
        assert repr(got.rows[name]) == repr(expected.rows[name]), name
    assert got.cells == expected.cells
    assert got.changed == expected.changed
    assert (got.equal, changes.changed) == (expected.equal, len(expected.changed))
    assert list(changes.cells) == [n for n in changes.schema.names if n in changes.cells]
    assert (changes.rows_old, changes.rows_new) == (old.table.num_rows, new.table.num_rows)


@given(pairs())
def test_each_row_is_counted_once(sides: tuple[Side, Side]) -> None:
    """On each side: equal, changed and the three categories add up to its rows."""
    changes = run(*sides)
    count = Counter({name: getattr(changes, name).num_rows for name in _ROWS})
    both = changes.equal + changes.changed
    assert both + sum(count[name] for name in _ROWS[:3]) == changes.rows_old
    assert both + sum(count[name] for name in _ROWS[3:]) == changes.rows_new


@given(pairs())
def test_a_table_does_not_differ_from_itself(sides: tuple[Side, Side]) -> None:
    """compare(a, a) is empty, whatever the coverage."""
    side = sides[0]
    changes = run(side, side)
    assert not changes
    assert (changes.equal, changes.keys.num_rows) == (side.table.num_rows, 0)
    assert changes.cells == {}


@given(pairs())
def test_swapping_the_sides_mirrors_the_changes(sides: tuple[Side, Side]) -> None:
    """Added is removed the other way, refined is coarsened, and so on."""
    old, new = sides
    new = replace(new, schema=_in_roles_of(new.schema, old.schema))
    there, back = told(run(old, new)), told(run(new, old))
    for name in _ROWS:
        assert repr(there.rows[name]) == repr(back.rows[_MIRROR[name]]), name
    assert there.changed == back.changed
    assert there.cells == {
        at: (a, b, _MIRROR.get(kind, kind)) for at, (b, a, kind) in back.cells.items()
    }


@given(pairs(), st.data())
def test_chunks_and_layouts_do_not_matter(sides: tuple[Side, Side], data: st.DataObject) -> None:
    """The same values in other layouts give the same changes."""
    old, new = sides
    relaid = [replace(side, table=data.draw(table_layouts(side.table))) for side in sides]
    expected, got = told(run(old, new)), told(run(relaid[0], relaid[1]))
    assert repr(got) == repr(expected)


@given(pairs(), st.integers(1, 5), st.data())
def test_blocks_do_not_matter(sides: tuple[Side, Side], rows: int, data: st.DataObject) -> None:
    """Cut into key ranges and compared on several threads, tables give the same changes."""
    expected = told(run(*sides))
    old, new = (replace(side, table=data.draw(table_layouts(side.table))) for side in sides)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_ROWS", rows)
        assert repr(told(run(old, new))) == repr(expected)


@given(pairs())
def test_only_facts_rows_schema_and_coverage_make_a_difference(sides: tuple[Side, Side]) -> None:
    """A comparison is false where there is nothing but wording and place, or nothing."""
    old, new = sides
    changes = run(old, new)
    before, after = ({c.name: c.type for c in side.schema.columns} for side in sides)
    expected = model(old, new)
    assert bool(changes) == bool(
        before != after
        or old.coverage != new.coverage
        or expected.changed
        or any(expected.rows.values())
    )


def _in_roles_of(schema: TableSchema, other: TableSchema) -> TableSchema:
    """The schema with its own columns in an order that does not depend on the side."""
    names = [name for name in other.names if name in schema.names]
    rest = [name for name in schema.names if name not in names]
    return replace(schema, columns=tuple(schema.column(name) for name in [*names, *rest]))
