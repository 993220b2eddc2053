"""The comparison of two states of one table."""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from azds.changes.blocks import Part, Plan, compare_blocks
from azds.changes.classify import Seen, Side, classify
from azds.changes.edits import edits_of_parts, one_table
from azds.changes.result import SchemaChange, TableChanges
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import InvalidInputError

__all__ = ["changes_of_parts", "common_columns", "compare", "plan_of"]


def compare(  # noqa: PLR0913 - two sides with three things each
    old: pa.Table,
    new: pa.Table,
    *,
    old_schema: TableSchema,
    new_schema: TableSchema,
    old_coverage: Coverage,
    new_coverage: Coverage,
    old_seen: Seen | None = None,
    new_seen: Seen | None = None,
    rtol: float = 0.0,
) -> TableChanges:
    """What changed in a table from `old` to `new`, and how that is known.

    Shape: both tables as `azds.arrow.tables.conform` makes them by their schemas; either may
    be empty. `old_seen` says of rows that only `old` has whether the source of `new` saw any
    place where each one's evidence stands (`seen`), `new_seen` the mirror image; None: all.
    Units: `rtol` is the relative tolerance for floats, as in `azds.arrow.equality.equal`.

    >>> from azds.arrow.types import schema_from_arrow
    >>> old, new = pa.table({"id": [1, 2], "x": [5, 5]}), pa.table({"id": [2, 3], "x": [6, 7]})
    >>> schema = schema_from_arrow(old.schema, name="t", key=("id",))
    >>> half = Coverage("partial", reason="the feed broke off")
    >>> changes = compare(
    ...     old,
    ...     new,
    ...     old_schema=schema,
    ...     new_schema=schema,
    ...     old_coverage=Coverage("complete"),
    ...     new_coverage=half,
    ... )
    >>> changes.changed, changes.removed.num_rows, changes.unstated.num_rows, changes.added.num_rows
    (1, 0, 1, 1)
    >>> changes.cells["x"].kinds.to_pylist()
    ['replaced']

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
    """
    plan = plan_of(old_schema, new_schema, old_coverage, new_coverage, rtol)
    return changes_of_parts(
        compare_blocks(old, new, plan),
        old_schema=old_schema,
        new_schema=new_schema,
        old=Side(old_coverage, old.num_rows, old_seen),
        new=Side(new_coverage, new.num_rows, new_seen),
    )


def plan_of(
    old: TableSchema, new: TableSchema, old_coverage: Coverage, new_coverage: Coverage, rtol: float
) -> Plan:
    """What there is to compare of tables with these schemas.

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
    """
    common, _ = common_columns(old, new)
    key = common.key
    return Plan(
        key,
        tuple(name for name in common.names if name not in key),
        _shown(key, old_coverage, old),
        _shown(key, new_coverage, new),
        rtol,
    )


def changes_of_parts(
    parts: Sequence[Part],
    *,
    old_schema: TableSchema,
    new_schema: TableSchema,
    old: Side,
    new: Side,
) -> TableChanges:
    """What the parts of a comparison by `plan_of` mean.

    Shape: `parts` in key order, at least one.
    """
    common, schema_change = common_columns(old_schema, new_schema)
    edits = edits_of_parts(parts, [n for n in common.names if n not in common.key], common.key)
    return classify(
        edits,
        replace(old, shown=one_table([part.changed_old for part in parts])),
        replace(new, shown=one_table([part.changed_new for part in parts])),
        schema=common,
        schema_change=schema_change,
    )


def common_columns(old: TableSchema, new: TableSchema) -> tuple[TableSchema, SchemaChange]:
    """The columns that compare, as new declares them, and what became of the others."""
    old_key, new_key = (
        ", ".join(f"{name} {schema.column(name).type}" for name in schema.key)
        for schema in (old, new)
    )
    if old_key != new_key:
        raise InvalidInputError(
            "bad-key",
            "tables with different keys do not compare",
            where=new.name,
            expected=old_key,
            got=new_key,
            advice="declare one key for both",
        )
    if old.columns == new.columns:
        return new, SchemaChange()
    before, after = ({column.name: column for column in s.columns} for s in (old, new))
    change = SchemaChange(
        added=tuple(column for column in new.columns if column.name not in before),
        removed=tuple(column for column in old.columns if column.name not in after),
        retyped=tuple(
            (before[column.name], column)
            for column in new.columns
            if column.name in before and before[column.name].type != column.type
        ),
    )
    columns = (c for c in new.columns if c.name in before and before[c.name].type == c.type)
    return TableSchema(new.name, new.version, tuple(columns), new.record), change


def _shown(key: tuple[str, ...], coverage: Coverage, schema: TableSchema) -> tuple[str, ...]:
    """The key, and the columns by which a side says what it covers."""
    others = (name for name in coverage.covers if name in schema.names and name not in key)
    return (*key, *others)
