"""The comparison of two states whose schemas differ: told once, and what both have compared."""

from dataclasses import replace

import pyarrow as pa

from azds.arrow.widening import aligned
from azds.changes.classify import Seen
from azds.changes.compare import compare
from azds.changes.result import SchemaChange, TableChanges
from azds.columns import Column, TableSchema
from azds.coverage import Coverage

__all__ = ["compare_upgraded", "told_as_declared"]


def compare_upgraded(  # noqa: PLR0913 - two sides with four things each
    old: pa.Table,
    new: pa.Table,
    *,
    old_schema: TableSchema,
    new_schema: TableSchema,
    old_coverage: Coverage,
    new_coverage: Coverage,
    old_seen: Seen | None = None,
    new_seen: Seen | None = None,
) -> TableChanges:
    """As `compare`, with renamed columns under their new name, and retyped ones in the wider type.

    What was renamed, retyped or made nullable is told in `schema_change`, compared or not.

    Raises:
        InvalidInputError: `bad-key`, if the key columns differ.
    """
    sides = aligned(old, new, old_schema, new_schema)
    changes = compare(
        sides[0],
        sides[1],
        old_schema=sides[2],
        new_schema=sides[3],
        old_coverage=old_coverage,
        new_coverage=new_coverage,
        old_seen=old_seen,
        new_seen=new_seen,
    )
    return told_as_declared(changes, old_schema, new_schema, sides[2])


def told_as_declared(
    changes: TableChanges, old: TableSchema, new: TableSchema, upgraded: TableSchema
) -> TableChanges:
    """The changes with what became of the columns as both declare them.

    Shape: `upgraded` is `old` under the names and in the types in which it was compared.
    """
    if old == new:
        return changes
    before, after = _by_name(upgraded, old), _by_name(new, new)
    common = [name for name in new.names if name in before]
    return replace(
        changes,
        schema_change=SchemaChange(
            added=changes.schema_change.added,
            removed=changes.schema_change.removed,
            retyped=_pairs(before, after, [n for n in common if before[n].type != after[n].type]),
            renamed=_pairs(before, after, [n for n in common if before[n].name != n]),
            nullable=_pairs(
                before, after, [n for n in common if before[n].nullable != after[n].nullable]
            ),
        ),
    )


def _by_name(named: TableSchema, told: TableSchema) -> dict[str, Column]:
    """The columns as they were declared, under the names by which they compare."""
    return dict(zip(named.names, told.columns, strict=True))


def _pairs(
    before: dict[str, Column], after: dict[str, Column], names: list[str]
) -> tuple[tuple[Column, Column], ...]:
    return tuple((before[name], after[name]) for name in names)
