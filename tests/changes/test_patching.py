"""Patches: what applying, composing and checking refuse, and what they cost."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from azds.arrow.digest import content_digest
from azds.arrow.tables import conform
from azds.arrow.types import schema_from_arrow
from azds.changes.patch import End, Patch
from azds.changes.patching import (
    apply_leniently,
    apply_patch,
    check_fits,
    compose,
    compose_all,
    conflicts,
    invert,
    make_patch,
    same_patch,
)
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError

CITIES = pa.table({"id": ["a", "b", "c"], "n": [1, 2, 3], "tags": [["x"], None, []]})


def schema_of(table: pa.Table, *key: str) -> TableSchema:
    return schema_from_arrow(table.schema, name="cities", key=key or ("id",))


def end(table: pa.Table, *key: str) -> End:
    schema = schema_of(table, *key)
    rows = conform(table, schema)
    return End(schema, content_digest(rows, schema).digest, rows.num_rows, Coverage("complete"))


def patch(old: pa.Table, new: pa.Table) -> Patch:
    sides = [conform(table, schema_of(table)) for table in (old, new)]
    return make_patch(sides[0], sides[1], end(old), end(new))


def changed(**columns: list[object]) -> pa.Table:
    names = CITIES.column_names
    return pa.table(
        {n: pa.array(columns.get(n, CITIES[n].to_pylist()), CITIES[n].type) for n in names}
    )


def test_a_patch_for_another_table_is_refused_by_its_digest() -> None:
    there = patch(CITIES, changed(n=[1, 2, 4]))
    other = end(changed(n=[9, 2, 3]))
    with pytest.raises(
        InvalidInputError, match=r"cities: .*for another table; expected azds-hash-1"
    ):
        check_fits(there, other.schema, other.digest)
    check_fits(there, there.old.schema, there.old.digest)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (CITIES.drop_columns(["n"]), "cities n: .* expected int64, got no such column"),
        (CITIES.append_column("m", pa.array([1, 2, 3])), "cities m: .* got int64"),
        (CITIES.set_column(1, "n", pa.array([1.0, 2, 3])), "cities n: .* got float64"),
        (CITIES.select(["id", "tags", "n"]), "in another order"),
    ],
    ids=["missing", "more", "retyped", "reordered"],
)
def test_a_table_with_other_columns_is_refused_by_column(table: pa.Table, told: str) -> None:
    there = patch(CITIES, changed(n=[1, 2, 4]))
    with pytest.raises(InvalidInputError, match=told):
        check_fits(there, schema_of(table), there.old.digest)


@pytest.mark.parametrize(
    ("new", "table", "told"),
    [
        (CITIES.slice(0, 2), CITIES.slice(0, 2), "cities c: a row to remove is not there"),
        (changed(n=[1, 2, 4]), CITIES.slice(0, 2), "cities c: a row to change is not there"),
    ],
    ids=["remove", "change"],
)
def test_a_row_that_is_not_there_is_named(new: pa.Table, table: pa.Table, told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        apply_patch(conform(table, schema_of(table)), patch(CITIES, new))


def test_a_row_that_is_there_already_is_named() -> None:
    there = patch(CITIES.slice(0, 2), CITIES)
    with pytest.raises(InvalidInputError, match="cities c: a row to add is there already"):
        apply_patch(CITIES, there)


def test_patches_that_do_not_meet_are_refused() -> None:
    first, second = patch(CITIES, changed(n=[1, 2, 4])), patch(CITIES, changed(n=[1, 2, 5]))
    with pytest.raises(InvalidInputError, match="cities: the patches do not meet"):
        compose(first, second)
    narrow = CITIES.drop_columns(["n"])
    with pytest.raises(InvalidInputError, match=r"cities n: .*another schema"):
        compose(first, patch(narrow, narrow.slice(0, 2)))


def test_composition_keeps_what_lasts() -> None:
    """Put back: gone. Added and removed: gone. Removed and added again: changed cells."""
    states = [
        CITIES,
        pa.concat_tables([changed(n=[1, 2, 7]).slice(1), CITIES.slice(0, 1)]),
        changed(n=[1, 2, 8]).slice(1),
        changed(n=[5, 2, 3]),
    ]
    links = [patch(a, b) for a, b in pairwise(states)]
    whole = compose_all(links)
    assert same_patch(whole, patch(states[0], states[-1]))
    assert whole.edits.keys.to_pylist() == [{"id": "a"}]
    assert list(whole.edits.cells) == ["n"]
    assert len(compose(whole, invert(whole)).edits) == 0


def test_every_conflict_is_listed_with_key_and_cell() -> None:
    new = pa.concat_tables(
        [changed(n=[1, 5, 3], tags=[["y"], None, []]).slice(0, 2), CITIES.slice(0, 0)]
    )
    new = pa.concat_tables([new, pa.table({"id": ["d"], "n": [4], "tags": [["z"]]}, CITIES.schema)])
    held = pa.table(
        {"id": ["a", "c", "d"], "n": [1, 30, 40], "tags": [["q"], [], ["z"]]}, CITIES.schema
    )
    there = patch(CITIES, new)
    found = conflicts(held, there).to_pylist()
    assert found == [
        {"key": "c", "column": "n", "expected": "3", "got": "30"},
        {"key": "d", "column": "", "expected": "no row", "got": "a row"},
        {"key": "b", "column": "", "expected": "a row", "got": "no row"},
        {"key": "a", "column": "tags", "expected": '["x"]', "got": '["q"]'},
    ]
    done = apply_leniently(held, there)
    assert done.table.equals(conform(held, schema_of(held)))
    assert done.conflicts.num_rows == 4


def test_what_is_there_already_is_no_conflict() -> None:
    new = changed(n=[1, 2, 4])
    done = apply_leniently(conform(new, schema_of(new)), patch(CITIES, new))
    assert done.conflicts.num_rows == 0
    assert done.table["n"].to_pylist() == [1, 2, 4]


def test_what_fits_is_applied_beside_a_conflict() -> None:
    held = changed(n=[1, 20, 3])
    done = apply_leniently(conform(held, schema_of(held)), patch(CITIES, changed(n=[9, 8, 7])))
    assert done.table["n"].to_pylist() == [9, 20, 7]
    assert done.conflicts["key"].to_pylist() == ["b"]


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.6], ids=["few", "some", "most"])
def test_runs_and_rows_give_the_same_table(share: float) -> None:
    """However many rows differ, and so whichever way the columns are put together."""
    random = np.random.default_rng(7)
    count = 100_000
    table = pa.table(
        {
            "id": pa.array(np.arange(count) * 2),
            "s": pa.array([f"text {n % 97}" for n in range(count)]),
            "x": pa.array(random.random(count)),
        }
    )
    old = conform(table, schema_of(table))
    marked = random.random(count) < share
    text = [f"new {n}" if is_so else None for n, is_so in enumerate(marked)]
    kept = np.roll(~marked, 1)
    fresh = pa.table(
        {
            "id": pa.array(np.flatnonzero(marked) * 2 + 1),
            "s": pa.array(["fresh"] * int(marked.sum()), pa.string()),
            "x": pa.array(np.ones(int(marked.sum()))),
        }
    )
    renamed = table.set_column(
        1, "s", pa.array([a or b for a, b in zip(text, table["s"].to_pylist(), strict=True)])
    )
    new = conform(pa.concat_tables([renamed.filter(pa.array(kept)), fresh]), schema_of(table))
    there = make_patch(old, new, end(old), end(new))
    assert apply_patch(old, there).equals(new)
    assert apply_patch(new, invert(there)).equals(old)


def test_text_in_many_chunks_is_searched_and_spliced_chunk_by_chunk() -> None:
    pieces = [pa.table({"id": [f"{n:03d}{m}" for m in "acegi"], "n": [n] * 5}) for n in range(50)]
    old = pa.concat_tables(pieces)
    new = old.filter(pa.array([n % 7 != 0 for n in range(250)]))
    new = pa.concat_tables([new, pa.table({"id": ["", "0001b", "0495z"], "n": [-1, -2, -3]})])
    new = conform(new, schema_of(new))
    there = make_patch(conform(old, schema_of(old)), new, end(old), end(new))
    assert apply_patch(old, there).equals(new)
