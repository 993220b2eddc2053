"""A patch: the edits between two states of one table, with what both states are.

A value with laws (DESIGN section 7): it applies to the table that its old end names and gives the
one that its new end names; it inverts, and it composes with a patch that starts where it ends.
"""

from dataclasses import dataclass

from azds.changes.edits import Edits
from azds.columns import TableSchema
from azds.coverage import Coverage

__all__ = ["End", "Patch"]


@dataclass(frozen=True, slots=True)
class End:
    """What a table is at one end of a patch, without its rows.

    Attributes:
        schema: Its columns.
        digest: Of its content (`azds.arrow.digest`).
        rows: How many rows it has.
        coverage: How much of it the source could show.
    """

    schema: TableSchema
    digest: str
    rows: int
    coverage: Coverage


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """All that differs between the table at `old` and the table at `new`.

    Shape: where both ends have the key columns in common (names and types), `edits.cells` speaks of
    rows of both. A column that only one end has, or that has another type there,
    has a cell for every row of both ends, with `old` or `new` None where that end lacks it.
    Where the keys differ, all rows of old are removed and all of new are added.
    """

    old: End
    new: End
    edits: Edits
