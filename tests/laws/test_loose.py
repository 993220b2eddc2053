"""What holds for diffs of any two tables: in parts or whole, from any container."""

from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import Side, pairs

from azds.arrow.digest import key_hashes
from azds.arrow.tables import conform
from azds.arrow.types import schema_from_arrow
from azds.changes import TableChanges, compare
from azds.changes.joined import join_changes
from azds.coverage import Coverage
from azds.dataset.loose import diff
from azds.dataset.parts import divide, read_part
from azds.dataset.typing_text import cast_text, misfits

COMPLETE = Coverage("complete")


def changes_of(old: Side, new: Side, tables: tuple[pa.Table, pa.Table]) -> TableChanges:
    """The changes of two tables that have the schemas and coverage of these sides."""
    return compare(
        *tables,
        old_schema=old.schema,
        new_schema=new.schema,
        old_coverage=old.coverage,
        new_coverage=new.coverage,
    )


def told(changes: TableChanges) -> dict[str, object]:
    """All that changes hold, as values that compare; rows as lists, since NaN is in them."""
    found: dict[str, object] = {}
    for field in fields(changes):
        value = getattr(changes, field.name)
        if isinstance(value, (pa.Table, pa.Array)):
            value = str(value.to_pylist())
        elif field.name == "cells":
            value = {
                name: str([part.to_pylist() for part in (c.rows, c.old, c.new, c.kinds)])
                for name, c in value.items()
            }
        found[field.name] = value
    return found


@given(pairs(), st.integers(1, 5))
def test_parts_joined_are_the_whole(sides: tuple[Side, Side], count: int) -> None:
    """The changes of a table compared in parts by key hash are those of the whole."""
    old, new = sides
    key = new.schema.key
    parts = []
    for part in range(count):
        masks = [key_hashes(s.table, key) % np.uint64(count) == part for s in sides]
        tables = [s.table.filter(pa.array(m)) for s, m in zip(sides, masks, strict=True)]
        parts.append(changes_of(old, new, (tables[0], tables[1])))
    assert told(join_changes(parts)) == told(changes_of(old, new, (old.table, new.table)))


@given(pairs(), st.integers(1, 5), st.integers(1, 4), st.randoms(use_true_random=False))
def test_a_divided_table_loses_nothing_and_divides_by_key(
    sides: tuple[Side, Side], count: int, rows: int, order: "st.DrawFn"
) -> None:
    """The parts of a table hold each of its rows once; rows of one key share a part."""
    key = sides[0].schema.key
    with TemporaryDirectory() as folder:
        read = []
        for at, side in enumerate(sides):
            batches = side.table.to_batches(max_chunksize=rows)
            order.shuffle(batches)  # type: ignore[attr-defined]  # a Random
            paths = divide(batches, side.table.schema, key, count, Path(folder) / str(at))
            read.append([read_part(path) for path in paths])
        assert not list(Path(folder).iterdir())
    for side, parts in zip(sides, read, strict=True):
        whole = conform(pa.concat_tables(parts), side.schema)
        assert str(whole.to_pylist()) == str(side.table.to_pylist())
    found = [
        {
            str(row): at
            for at, part in enumerate(parts)
            for row in part.select(list(key)).to_pylist()
        }
        for parts in read
    ]
    assert all(found[0][row] == found[1][row] for row in set(found[0]) & set(found[1]))


_CELLS = st.one_of(st.none(), st.integers(-3, 3))
_ROWS = st.dictionaries(st.text("ab/~", max_size=2), st.tuples(_CELLS, _CELLS), max_size=6)


def _table(rows: dict[str, tuple[int | None, int | None]]) -> pa.Table:
    x, y = ([row[at] for row in rows.values()] for at in (0, 1))
    return pa.table(
        {
            "id": pa.array(list(rows), pa.string()),
            "x": pa.array(x, pa.int64()),
            "y": pa.array(y, pa.int64()),
        }
    )


@given(_ROWS, _ROWS, st.sampled_from(["table", "reader", "batches", "large"]))
def test_the_loose_diff_is_the_comparison_of_conformed_tables(
    old: dict[str, tuple[int | None, int | None]],
    new: dict[str, tuple[int | None, int | None]],
    container: str,
) -> None:
    """Whatever holds the rows and in which order they come, the diff is `compare`'s."""
    tables = _table(old), _table(new)
    schema = schema_from_arrow(tables[0].schema, name="table", key=("id",))
    whole = compare(
        *(conform(one, schema) for one in tables),
        old_schema=schema,
        new_schema=schema,
        old_coverage=COMPLETE,
        new_coverage=COMPLETE,
    )

    def held(table: pa.Table) -> object:
        if container == "reader":
            return table.to_reader(max_chunksize=2)
        if container == "batches" and table.num_rows:
            return iter(table.to_batches(max_chunksize=2))
        if container == "large":
            return table.set_column(0, "id", table["id"].cast(pa.large_string()))
        return table

    assert told(diff(held(tables[0]), held(tables[1]), key="id").changes) == told(whole)


_KINDS = (
    pa.int64(),
    pa.uint8(),
    pa.float64(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.timestamp("us", "UTC"),
    pa.decimal128(6, 2),
    pa.binary(),
    pa.time32("s"),
)
_ALMOST_NUMBERS = (
    "007",
    "9223372036854775808",
    "-1",
    "256",
    "1.234",
    "99999.9",
    "True",
    "nan",
    "ff",
)
_ALMOST_DATES = ("2024-02-30", "2024-02-29", "2024-06-03T10:00Z", "2024-06-03T25:00", "0")
_TEXTS = st.one_of(
    st.none(),
    st.text("0123456789-+.:TZeEtruefalsnNI ", max_size=20),
    st.sampled_from([*_ALMOST_NUMBERS, *_ALMOST_DATES]),
)


@given(st.lists(_TEXTS, max_size=8), st.sampled_from(_KINDS))
def test_what_fits_a_type_can_be_cast_and_nothing_is_lost(
    texts: list[str | None], kind: pa.DataType
) -> None:
    """Text that is no misfit becomes a value of the type; nulls stay, and no value becomes null."""
    values = pa.array(texts, pa.string())
    fine = values.filter(pc.invert(misfits(values, kind)))
    cast = cast_text(fine, kind)
    assert cast.type == kind
    assert cast.is_null().equals(fine.is_null())
    assert values.null_count == fine.null_count
