"""What holds for every patch, whatever the tables."""

import json
from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from tests.changes.states import states
from tests.strategies import Side, table_layouts

from azds.arrow.digest import content_digest
from azds.arrow.tables import conform
from azds.changes.patch import End, Patch
from azds.changes.patch_json import patch_from_document, patch_to_document
from azds.changes.patch_parquet import from_parquet, to_parquet
from azds.changes.patch_table import from_table, to_table
from azds.changes.patching import (
    apply_patch,
    compose,
    compose_all,
    conflicts,
    invert,
    make_patch,
    same_patch,
)
from azds.records.patch_documents import PatchDocument


def end(side: Side) -> End:
    digest = content_digest(side.table, side.schema).digest
    return End(side.schema, digest, side.table.num_rows, side.coverage)


def patch(old: Side, new: Side) -> Patch:
    return make_patch(old.table, new.table, end(old), end(new))


def is_at(table: pa.Table, side: Side) -> bool:
    """Whether the table is what the side has: conformed, and of the same content."""
    conformed = conform(table, side.schema)
    return (
        table.schema == conformed.schema
        and content_digest(table, side.schema).digest == end(side).digest
    )


@given(states(2))
def test_applying_the_patch_between_two_tables_gives_the_second(sides: list[Side]) -> None:
    """apply(a, diff(a, b)) == b, and nothing stands in its way."""
    old, new = sides
    there = patch(old, new)
    assert is_at(apply_patch(old.table, there), new)
    assert conflicts(old.table, there).num_rows == 0


@given(states(2))
def test_an_inverted_patch_is_the_patch_back(sides: list[Side]) -> None:
    """invert(diff(a, b)) == diff(b, a); it applies; after the patch it does nothing."""
    old, new = sides
    there = patch(old, new)
    assert same_patch(invert(there), patch(new, old))
    assert same_patch(invert(invert(there)), there)
    assert is_at(apply_patch(new.table, invert(there)), old)
    assert len(compose(there, invert(there)).edits) == 0


@given(states(1))
def test_a_table_differs_from_itself_in_nothing(sides: list[Side]) -> None:
    """diff(a, a) is empty."""
    assert len(patch(sides[0], sides[0]).edits) == 0


@given(states(3))
def test_composing_gives_the_patch_between_the_ends(sides: list[Side]) -> None:
    """compose(diff(a, b), diff(b, c)) == diff(a, c)."""
    a, b, c = sides
    whole = compose(patch(a, b), patch(b, c))
    assert same_patch(whole, patch(a, c))
    assert is_at(apply_patch(a.table, whole), c)


@given(states(4))
def test_composition_is_associative(sides: list[Side]) -> None:
    """However patches are put together, they make the same one."""
    x, y, z = (patch(*pair) for pair in pairwise(sides))
    left, right = compose(compose(x, y), z), compose(x, compose(y, z))
    assert same_patch(left, right)
    assert same_patch(left, compose_all([x, y, z]))
    assert same_patch(left, patch(sides[0], sides[3]))


@given(states(2), st.data())
def test_the_order_and_layout_of_input_rows_do_not_matter(
    sides: list[Side], data: st.DataObject
) -> None:
    """Rows shuffled and laid out otherwise, once conformed, give the same patch and result."""
    old, new = sides
    shuffled = []
    for side in sides:
        order = data.draw(st.permutations(range(side.table.num_rows)))
        table = side.table.take(pa.array(order, pa.int64()))
        relaid = data.draw(table_layouts(table))
        shuffled.append(replace(side, table=conform(relaid, side.schema)))
    assert same_patch(patch(*shuffled), patch(old, new))
    assert is_at(apply_patch(shuffled[0].table, patch(old, new)), new)


@given(states(2))
def test_every_stored_form_is_the_patch(sides: list[Side]) -> None:
    """Reading what was written is the identity: as a table, as Parquet, as a JSON document."""
    there = patch(*sides)
    table = to_table(there)
    assert same_patch(from_table(table), there)
    assert table.num_rows == len(there.edits)
    text = json.dumps(patch_to_document(there), allow_nan=False)
    assert same_patch(patch_from_document(json.loads(text)), there)
    PatchDocument.model_validate_json(text)
    if not has_empty_struct(sides):  # Parquet knows no struct without fields
        assert same_patch(from_parquet(to_parquet(there)), there)


def has_empty_struct(sides: list[Side]) -> bool:
    return any("struct<>" in column.type for side in sides for column in side.schema.columns)
