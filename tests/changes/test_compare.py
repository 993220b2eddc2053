"""What a comparison says in the cases that people ask about."""

from dataclasses import replace
from itertools import product

import pyarrow as pa
import pytest

from azds.arrow.tables import conform
from azds.arrow.types import to_arrow_schema
from azds.changes import SchemaChange, TableChanges, compare, rows
from azds.changes.classify import Seen
from azds.columns import Column, Meaning, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError

COMPLETE = Coverage("complete")
PARTIAL = Coverage("partial", reason="a part")
ABSENT = Coverage("absent", reason="nothing")
SCHEMA = TableSchema(
    "relations",
    1,
    (
        Column("who", "string", Role.KEY),
        Column("region", "string", Role.FACT, nullable=True),
        Column("began", "string", Role.FACT, nullable=True, meaning="date"),
        Column("with", "list<string>", Role.FACT, nullable=True, meaning="set"),
        Column("name", "string", Role.WORDING, nullable=True),
        Column("number", "int64", Role.PLACE, nullable=True),
    ),
)
ROW: dict[str, object] = {
    "who": "BLR",
    "region": "EU",
    "began": "1992",
    "with": ["a", "b"],
    "name": "Belarus",
    "number": 1,
}


def run(  # noqa: PLR0913 - what a comparison takes, each with its plainest value
    old: list[dict[str, object]],
    new: list[dict[str, object]],
    *,
    coverage: tuple[Coverage, Coverage] = (COMPLETE, COMPLETE),
    seen: tuple[list[bool] | None, list[bool] | None] = (None, None),
    schema: TableSchema = SCHEMA,
    rtol: float = 0.0,
) -> TableChanges:
    tables = []
    for side in (old, new):
        arrays = [
            pa.array([row[field.name] for row in side], field.type)
            for field in to_arrow_schema(schema)
        ]
        tables.append(conform(pa.table(arrays, names=list(schema.names)), schema))
    old_seen, new_seen = (None if s is None else _always(s) for s in seen)
    return compare(
        *tables,
        old_schema=schema,
        new_schema=schema,
        old_coverage=coverage[0],
        new_coverage=coverage[1],
        old_seen=old_seen,
        new_seen=new_seen,
        rtol=rtol,
    )


def _always(seen: list[bool]) -> Seen:
    return lambda _: pa.array(seen, pa.bool_())


def counts(changes: TableChanges) -> dict[str, int]:
    names = ("added", "removed", "newly_stated", "unstated")
    sizes = {name: getattr(changes, name).num_rows for name in names}
    sizes["not_comparable"] = (
        changes.not_comparable_old.num_rows + changes.not_comparable_new.num_rows
    )
    return {name: size for name, size in sizes.items() if size}


def kind(changes: TableChanges, column: str) -> str:
    cells = changes.cells[column]
    assert len(cells) == 1
    text = cells.kinds[0].as_py()
    assert isinstance(text, str)
    return text


COVERS_EU = Coverage("partial", covers={"region": ("EU", "AS")}, reason="a feed")


@pytest.mark.parametrize(
    ("new_coverage", "is_seen", "expected"),
    [
        (COMPLETE, True, "removed"),
        (PARTIAL, True, "unstated"),
        (ABSENT, True, "not_comparable"),
        (COVERS_EU, True, "removed"),
        (replace(COVERS_EU, covers={"region": ("AS",)}), True, "unstated"),
        (replace(COVERS_EU, covers={"nowhere": ("EU",)}), True, "unstated"),
        (replace(COVERS_EU, covers={"with": ("a",)}), True, "unstated"),
        (replace(COVERS_EU, covers={"region": ("EU",), "who": ("AZE",)}), True, "unstated"),
        (COMPLETE, False, "not_comparable"),
        (PARTIAL, False, "not_comparable"),
    ],
    ids=[
        "complete",
        "partial",
        "absent",
        "covered",
        "another part covered",
        "no such column",
        "a list covers nothing",
        "one of two columns",
        "complete, its place not seen",
        "partial, its place not seen",
    ],
)
def test_a_row_only_on_one_side_is_named_by_what_the_other_could_show(
    new_coverage: Coverage, expected: str, *, is_seen: bool
) -> None:
    gone = run([ROW], [], coverage=(PARTIAL, new_coverage), seen=([is_seen], None))
    assert counts(gone) == {expected: 1}
    come = run([], [ROW], coverage=(new_coverage, PARTIAL), seen=(None, [is_seen]))
    mirrored = {"removed": "added", "unstated": "newly_stated"}
    assert counts(come) == {mirrored.get(expected, expected): 1}
    assert gone
    assert come


def test_a_covered_column_that_is_null_covers_nothing() -> None:
    row = ROW | {"region": None}
    assert counts(run([row], [], coverage=(COMPLETE, COVERS_EU))) == {"unstated": 1}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1992", "1992-04-02", "refined"),
        ("1992-04", "1992-04-30", "refined"),
        ("1992-02", "1992-02-29", "refined"),
        ("1993-02", "1993-02-29", "replaced"),
        ("1992-04-02", "1992", "coarsened"),
        ("1991", "1992-04-07", "replaced"),
        ("1992", "1992-21", "refined"),
        ("1992?", "1992", "refined"),
        ("1992", "1992?", "coarsened"),
        ("199X", "1992-04", "refined"),
        ("1992", "1991/1993", "coarsened"),
        ("1992", "1992-XX", "replaced"),
        ("1992", "1992-4", "replaced"),
        ("late", "1992", "replaced"),
        ("0000", "0000-01", "replaced"),
        (None, "1992", "filled"),
        ("1992", None, "emptied"),
    ],
    ids=str,
)
def test_a_date_is_refined_coarsened_or_replaced(
    old: str | None, new: str | None, expected: str
) -> None:
    assert kind(run([ROW | {"began": old}], [ROW | {"began": new}]), "began") == expected


@pytest.mark.parametrize("meaning", ["set", "dates"])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["a"], ["a", "b"], "extended"),
        ([], ["a"], "extended"),
        (["a", "b"], ["b"], "reduced"),
        (["a", "b"], ["b", "c"], "replaced"),
        (["a"], ["b"], "replaced"),
        (["b", "a"], ["a", "b"], "replaced"),
        (None, [], "filled"),
        ([], None, "emptied"),
    ],
    ids=str,
)
def test_a_set_is_extended_reduced_or_replaced(
    meaning: Meaning, old: list[str] | None, new: list[str] | None, expected: str
) -> None:
    columns = (*SCHEMA.columns[:3], replace(SCHEMA.columns[3], meaning=meaning))
    schema = replace(SCHEMA, columns=columns)
    changes = run([ROW | {"with": old}], [ROW | {"with": new}], schema=schema)
    assert kind(changes, "with") == expected


def test_values_and_nulls_change_side_by_side() -> None:
    """Among changed cells, those without a value on both sides do not disturb the others."""
    values = (("1992", "1992-04"), (None, "1992"), ("1992-04", "1992"), ("1992", None))
    old, new = (
        [ROW | {"who": str(n), "began": pair[side], "with": None} for n, pair in enumerate(values)]
        for side in (0, 1)
    )
    kinds = run(old, new).cells["began"].kinds
    assert kinds.to_pylist() == ["refined", "filled", "coarsened", "emptied"]


@pytest.mark.parametrize("room", [1, 4, 1 << 62], ids=str)
def test_long_keys_pair_like_short_ones(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """Codes of many key columns are made dense before they outgrow 64 bits."""
    monkeypatch.setattr(rows, "_ROOM", room)
    columns = tuple(Column(f"k{n}", "string", Role.KEY) for n in range(4))
    schema = TableSchema("t", 1, columns)
    keys = list(product("ab", repeat=4))
    old: list[dict[str, object]] = [dict(zip(schema.names, key, strict=True)) for key in keys[:12]]
    new: list[dict[str, object]] = [dict(zip(schema.names, key, strict=True)) for key in keys[3:]]
    changes = run(old, new, schema=schema)
    assert counts(changes) == {"added": 4, "removed": 3}
    assert changes.equal == 9


NO_BEGAN = Coverage("complete", columns_absent=("began", "with"))


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (PARTIAL, "unstated"),
        (NO_BEGAN, "unstated"),
        (replace(COVERS_EU, columns_absent=("began", "with")), "unstated"),
        (replace(COVERS_EU, covers={"region": ("AS",)}), "unstated"),
        (COMPLETE, "emptied"),
        (COVERS_EU, "emptied"),
    ],
    ids=[
        "partial",
        "without the column",
        "covered without the column",
        "not covered",
        "complete",
        "covered",
    ],
)
def test_less_in_a_cell_is_a_loss_only_where_the_source_was_complete(
    coverage: Coverage, expected: str
) -> None:
    less = ROW | {"began": None, "with": ["a"]}
    gone = run([ROW], [less], coverage=(COMPLETE, coverage))
    assert kind(gone, "began") == expected
    assert kind(gone, "with") == ("reduced" if expected == "emptied" else "unstated")
    come = run([less], [ROW], coverage=(coverage, COMPLETE))
    assert kind(come, "began") == ("filled" if expected == "emptied" else "newly_stated")
    assert kind(come, "with") == ("extended" if expected == "emptied" else "newly_stated")


def test_a_side_is_judged_by_its_own_row() -> None:
    moved = ROW | {"region": "XX", "began": None}
    changes = run([ROW], [moved], coverage=(COMPLETE, COVERS_EU))
    assert kind(changes, "began") == "unstated"


def test_another_wording_or_place_alone_is_no_difference() -> None:
    changes = run([ROW], [ROW | {"name": None, "number": 2}], coverage=(PARTIAL, PARTIAL))
    assert not changes
    assert (changes.equal, changes.changed, changes.keys.num_rows) == (1, 0, 1)
    assert kind(changes, "name") == "reworded"
    assert kind(changes, "number") == "moved"
    assert changes.is_changed.to_pylist() == [False]


def test_another_coverage_alone_is_a_difference() -> None:
    changes = run([ROW], [ROW], coverage=(COMPLETE, PARTIAL))
    assert changes
    assert (changes.equal, changes.cells) == (1, {})


def test_cells_point_to_their_rows() -> None:
    old = [ROW | {"who": who} for who in ("A", "B", "C", "D")]
    new = [
        old[0],
        old[1] | {"began": "1992-01"},
        old[2] | {"number": 9},
        old[3] | {"began": "1993", "region": "AS"},
    ]
    changes = run(old, new)
    assert changes.keys.to_pylist() == [{"who": "B"}, {"who": "C"}, {"who": "D"}]
    assert changes.is_changed.to_pylist() == [True, False, True]
    assert list(changes.cells) == ["region", "began", "number"]
    began = changes.cells["began"]
    assert began.rows.to_pylist() == [0, 2]
    assert began.old.to_pylist() == ["1992", "1992"]
    assert began.new.to_pylist() == ["1992-01", "1993"]
    assert began.kinds.to_pylist() == ["refined", "replaced"]
    assert (changes.equal, changes.changed) == (2, 2)


def test_a_tolerance_hides_small_differences() -> None:
    schema = TableSchema(
        "t", 1, (Column("k", "int64", Role.KEY), Column("x", "float64", Role.FACT))
    )
    old: list[dict[str, object]] = [{"k": 1, "x": 1.0}, {"k": 2, "x": 1.0}]
    new: list[dict[str, object]] = [{"k": 1, "x": 1.001}, {"k": 2, "x": 1.1}]
    assert run(old, new, schema=schema).changed == 2
    assert run(old, new, schema=schema, rtol=0.01).changed == 1


def _side(*columns: Column) -> tuple[pa.Table, TableSchema]:
    schema = TableSchema("t", 2, columns)
    table = pa.table({column.name: ["1"] for column in columns})
    return conform(table, schema), schema


KEY = Column("k", "string", Role.KEY)


def test_columns_of_one_side_are_told_and_not_compared() -> None:
    gone, come, kept = (Column(name, "string", Role.FACT) for name in ("gone", "come", "kept"))
    was, became = Column("typed", "string", Role.FACT), Column("typed", "int64", Role.FACT)
    old, old_schema = _side(KEY, gone, was, kept)
    new, new_schema = _side(KEY, kept, became, come)
    changes = compare(
        old,
        new,
        old_schema=old_schema,
        new_schema=new_schema,
        old_coverage=COMPLETE,
        new_coverage=COMPLETE,
    )
    assert changes
    assert changes.schema_change == SchemaChange((come,), (gone,), ((was, became),))
    assert changes.schema.columns == (KEY, kept)
    assert (changes.equal, changes.cells) == (1, {})


def test_rows_of_one_side_have_all_its_columns() -> None:
    old, old_schema = _side(KEY, Column("gone", "string", Role.FACT))
    new, new_schema = _side(KEY, Column("come", "int64", Role.FACT))
    changes = compare(
        old.slice(0, 0),
        new,
        old_schema=old_schema,
        new_schema=new_schema,
        old_coverage=COMPLETE,
        new_coverage=COMPLETE,
    )
    assert changes.added.to_pylist() == [{"k": "1", "come": 1}]
    assert changes.added.schema == new.schema
    assert changes.removed.schema == old.schema


@pytest.mark.parametrize(
    "key",
    [
        (Column("k", "int64", Role.KEY),),
        (Column("j", "string", Role.KEY),),
        (KEY, replace(KEY, name="j")),
    ],
    ids=["of another type", "of another name", "longer"],
)
def test_tables_with_different_keys_do_not_compare(key: tuple[Column, ...]) -> None:
    old, old_schema = _side(KEY)
    new, new_schema = _side(*key)
    with pytest.raises(InvalidInputError) as caught:
        compare(
            old,
            new,
            old_schema=old_schema,
            new_schema=new_schema,
            old_coverage=COMPLETE,
            new_coverage=COMPLETE,
        )
    assert caught.value.kind == "bad-key"


def test_a_comparison_loads_nothing_heavy() -> None:
    """In a fresh process: pandas, pydantic and deepdiff stay out, and Arrow's wrappers too."""
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from azds.arrow.layout import from_strings\n"
        "from azds.changes import compare\n"
        "from azds.columns import Column, Role, TableSchema\n"
        "from azds.coverage import Coverage\n"
        "import pyarrow as pa\n"
        "schema = TableSchema('t', 1, (Column('k', 'string', Role.KEY),"
        " Column('x', 'string', Role.FACT, True, 'date')))\n"
        "t = [pa.Table.from_arrays([from_strings(k), from_strings(x)], names=['k', 'x'])"
        " for k, x in ((['a', 'b'], ['1992', 'x']), (['b', 'c'], ['1992-04', '']))]\n"
        "c = Coverage('complete')\n"
        "changes = compare(*t, old_schema=schema, new_schema=schema,"
        " old_coverage=c, new_coverage=c)\n"
        "assert changes.changed == 1\n"
        "heavy = {'pandas', 'pydantic', 'deepdiff', 'rich', 'logging', 'pyarrow.dataset',"
        " 'pyarrow.compute'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - this test's own code
    assert done.stdout == "[]\n"
