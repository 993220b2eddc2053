"""What holds for the content digest of every table."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.strategies import Side, arrays, layouts, pairs, table_layouts, types

from azds.arrow import digest
from azds.arrow.digest import content_digest, digest_of_groups
from azds.arrow.equality import equal
from azds.arrow.types import type_from_words
from azds.columns import Column, Role, TableSchema

_NUMBERS = TableSchema("t", 1, (Column("n", "int64", Role.KEY),))


@pytest.fixture(scope="module", autouse=True)
def _small_groups() -> Iterator[None]:
    """Groups of about four rows and at most six, so that small tables have several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "_LIMIT", np.uint64((1 << 64) // 4))
        patch.setattr(digest, "LARGEST_GROUP", 6)
        yield


@given(pairs(), st.data())
def test_chunks_and_layouts_do_not_move_a_digest(
    sides: tuple[Side, Side], data: st.DataObject
) -> None:
    """The same values in other layouts have the same digest."""
    schema, table = sides[0].schema, sides[0].table
    assert content_digest(data.draw(table_layouts(table)), schema) == content_digest(table, schema)


@given(pairs())
def test_tables_have_one_digest_exactly_if_they_are_equal(sides: tuple[Side, Side]) -> None:
    """Same columns and equal rows, or another digest."""
    old, new = sides
    columns = [[(c.name, c.type) for c in side.schema.columns] for side in sides]
    is_equal = columns[0] == columns[1] and old.table.num_rows == new.table.num_rows
    if is_equal:
        cells = zip(old.table.columns, new.table.columns, strict=True)
        is_equal = all(all(equal(a, b).to_pylist()) for a, b in cells)
    event(f"equal: {is_equal}")
    digests = {content_digest(side.table, side.schema).digest for side in sides}
    assert (len(digests) == 1) == is_equal


@given(types, st.data())
def test_columns_have_one_digest_exactly_if_they_are_equal(words: str, data: st.DataObject) -> None:
    """Equality and digest agree on values of every type."""
    size = data.draw(st.integers(0, 3))
    a, b = (data.draw(arrays(type_from_words(words), size)) for _ in range(2))
    schema = TableSchema("t", 1, (Column("n", "int64", Role.KEY), Column("c", words, Role.FACT)))
    keys = pa.array(range(size), pa.int64())
    one, other = (
        content_digest(pa.table({"n": keys, "c": data.draw(layouts(c))}), schema) for c in (a, b)
    )
    is_equal = all(equal(a, b).to_pylist())
    event(f"equal: {is_equal}")
    assert (one == other) == is_equal


@given(pairs())
def test_groups_hold_all_rows_and_give_the_digest(sides: tuple[Side, Side]) -> None:
    """The digest of the whole follows from the groups alone."""
    side = sides[0]
    content = content_digest(side.table, side.schema)
    assert sum(group.rows for group in content.groups) == side.table.num_rows
    assert all(0 < group.rows <= 6 for group in content.groups)
    assert digest_of_groups(side.schema, content.groups) == content.digest


@given(st.sets(st.integers(0, 200), min_size=1), st.data())
def test_an_edit_moves_few_groups_whatever_came_before(
    numbers: set[int], data: st.DataObject
) -> None:
    """Without one row, all groups but those around it are the same."""
    gone = data.draw(st.sampled_from(sorted(numbers)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "LARGEST_GROUP", 1 << 20)
        before, after = (
            content_digest(pa.table({"n": pa.array(sorted(rows), pa.int64())}), _NUMBERS).groups
            for rows in (numbers, numbers - {gone})
        )
    assert len(set(before) - set(after)) <= 2
    assert len(set(after) - set(before)) <= 1
