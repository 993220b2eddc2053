"""Faults of patches: each names the table, the key, the column, what was expected and got."""

from azds.columns import TableSchema
from azds.errors import InvalidInputError

__all__ = ["broken", "column_words", "misfit", "place"]

MISFIT = "patch-misfit"
BROKEN = "patch-invalid"


def misfit(
    what: str, where: str, expected: str | None = None, got: str | None = None
) -> InvalidInputError:
    """The error of a patch that is whole, but does not fit what it is used with."""
    return InvalidInputError(MISFIT, what, where=where, expected=expected, got=got)


def broken(
    what: str, where: str, expected: str | None = None, got: str | None = None
) -> InvalidInputError:
    """The error of a patch that is none: what it says contradicts itself or means nothing."""
    return InvalidInputError(BROKEN, what, where=where, expected=expected, got=got)


def place(table: str, key: str = "", column: str = "") -> str:
    """Where in a table, for an error.

    >>> place("relations", "BLR", "began")
    'relations BLR began'
    """
    return " ".join(part for part in (table, key, column) if part)


def column_words(schema: TableSchema) -> tuple[tuple[str, str, bool], ...]:
    """What decides whether a table can stand where another does: names, types, which are keys."""
    keys = set(schema.key)
    return tuple((column.name, column.type, column.name in keys) for column in schema.columns)
