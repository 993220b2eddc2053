"""What holds for every comparison of two tables that are read in groups."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.strategies import Side, pairs, seen_of, table_layouts

from azds.changes import TableChanges
from azds.changes.blocks import Plan
from azds.changes.groups import TableGroups
from azds.changes.streamed import diff_groups
from azds.changes.streams import stream_parts
from azds.changes.upgraded import compare_upgraded
from azds.errors import IntegrityError


def told(changes: TableChanges) -> dict[str, object]:
    """All that changes hold, as values that compare; rows as text, since NaN is in them."""
    found: dict[str, object] = {}
    for one in fields(changes):
        value = getattr(changes, one.name)
        if isinstance(value, pa.Table):
            value = str(value.to_pylist()), value.schema.types, value.column_names
        elif isinstance(value, pa.Array):
            value = str(value.to_pylist())
        elif one.name == "cells":
            value = {
                name: str([part.to_pylist() for part in (c.rows, c.old, c.new, c.kinds)])
                for name, c in value.items()
            }
        found[one.name] = value
    return found


@st.composite
def cuts(draw: st.DrawFn, table: pa.Table, *, digested: bool) -> TableGroups:
    """The table in groups of any numbers of rows, empty ones too, in any layout."""
    inner = draw(st.lists(st.integers(0, table.num_rows), max_size=6).map(sorted))
    ends = [0, *inner, table.num_rows]
    rows = [stop - start for start, stop in pairwise(ends)]
    digests = [
        str(table.slice(start, count).to_pylist()) for start, count in zip(ends, rows, strict=False)
    ]
    return TableGroups(draw(table_layouts(table)), rows, digests if digested else None)


def run(sides: tuple[Side, Side], groups: Sequence[TableGroups]) -> TableChanges:
    old, new = sides
    return diff_groups(
        groups[0],
        groups[1],
        old_schema=old.schema,
        new_schema=new.schema,
        old_coverage=old.coverage,
        new_coverage=new.coverage,
        old_seen=seen_of(old),
        new_seen=seen_of(new),
    )


def whole(sides: tuple[Side, Side]) -> TableChanges:
    old, new = sides
    return compare_upgraded(
        old.table,
        new.table,
        old_schema=old.schema,
        new_schema=new.schema,
        old_coverage=old.coverage,
        new_coverage=new.coverage,
        old_seen=seen_of(old),
        new_seen=seen_of(new),
    )


@given(pairs(), st.tuples(st.booleans(), st.booleans()), st.data())
def test_groups_do_not_matter(
    sides: tuple[Side, Side], have_digests: tuple[bool, bool], data: st.DataObject
) -> None:
    """However either side is cut into groups, with digests or without, the changes are the same."""
    groups = [
        data.draw(cuts(side.table, digested=digested))
        for side, digested in zip(sides, have_digests, strict=True)
    ]
    assert told(run(sides, groups)) == told(whole(sides))


@given(pairs(), st.data())
def test_a_table_in_the_same_groups_with_digests_is_not_read(
    sides: tuple[Side, Side], data: st.DataObject
) -> None:
    """Groups with equal digests are skipped unread, so that what they hold is not asked for."""
    side = sides[0]
    groups = data.draw(cuts(side.table, digested=True))
    unread = TableGroups(_rubbish(side.table), groups.rows, groups.digests)
    changes = run((side, side), (groups, unread))
    assert not changes
    assert changes.equal == changes.rows_new == side.table.num_rows


@given(pairs(), st.integers(0, 5), st.integers(0, 5), st.data())
def test_a_side_out_of_order_is_refused(
    sides: tuple[Side, Side], at: int, to: int, data: st.DataObject
) -> None:
    """Keys that repeat or go back are found wherever groups are cut, and never compared."""
    table, key = sides[0].table, sides[0].schema.key
    assume(table.num_rows)
    order = list(range(table.num_rows))
    order.insert(to % (len(order) + 1), at % len(order))
    wrong = table.take(pa.array(order, pa.int64())).select(list(key))
    other = data.draw(cuts(sides[1].table.select(list(key)), digested=False))
    groups = data.draw(cuts(wrong, digested=False))
    with pytest.raises(IntegrityError) as error:
        list(stream_parts(groups, other, Plan(key, (), key, key)))
    assert error.value.kind == "key-order"


def _rubbish(table: pa.Table) -> pa.Table:
    """A table of that schema whose reading would be seen: every key is null."""
    return pa.Table.from_arrays(
        [pa.nulls(table.num_rows, field.type) for field in table.schema], schema=table.schema
    )
