"""Coverage and table schemas as documents; what is empty is left out."""

from types import MappingProxyType
from typing import get_args

from azds.columns import Column, Meaning, Role, TableSchema
from azds.coverage import LEVELS, Coverage
from azds.errors import IntegrityError, InvalidInputError
from azds.store.canonical import Json
from azds.store.fields import Fields

__all__ = [
    "coverage_from_fields",
    "coverage_to_document",
    "not_empty",
    "schema_from_fields",
    "schema_to_document",
]

_MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
_EMPTY: tuple[Json, ...] = (None, "", [], {})


def not_empty(document: dict[str, Json]) -> dict[str, Json]:
    """The document without the fields that say nothing."""
    return {name: value for name, value in document.items() if value not in _EMPTY}


def coverage_to_document(coverage: Coverage) -> dict[str, Json]:
    """Coverage as manifests and diffs write it.

    >>> coverage_to_document(Coverage("partial", places=("list",), reason="no dates"))
    {'level': 'partial', 'places': ['list'], 'reason': 'no dates'}
    """
    return {"level": coverage.level} | not_empty(
        {
            "places": list(coverage.places),
            "columns_absent": list(coverage.columns_absent),
            "covers": {column: list(values) for column, values in coverage.covers.items()},
            "reason": coverage.reason,
        }
    )


def coverage_from_fields(fields: Fields) -> Coverage:
    """Coverage from its document: the twin of `coverage_to_document`."""
    level = fields.text("level")
    for known in LEVELS:
        if level == known:
            covers = Fields(fields.mapping("covers"), kind=fields.kind, where=fields.where)
            try:
                return Coverage(
                    known,
                    fields.texts("places"),
                    fields.texts("columns_absent"),
                    MappingProxyType({column: covers.texts(column) for column in covers.document}),
                    fields.text("reason", ""),
                )
            except InvalidInputError as error:
                raise _as_stored(fields, error) from error
    raise fields.fault("level", " or ".join(LEVELS), level)


def schema_to_document(schema: TableSchema) -> dict[str, Json]:
    """A table's schema with its roles, as manifests write it."""
    document: dict[str, Json] = {
        "name": schema.name,
        "version": schema.version,
        "columns": [_column_to_document(column) for column in schema.columns],
    }
    return document | not_empty({"record": schema.record})


def schema_from_fields(fields: Fields) -> TableSchema:
    """A table's schema from its document: the twin of `schema_to_document`."""
    try:
        return TableSchema(
            fields.text("name"),
            fields.number("version"),
            tuple(_column_from_fields(column) for column in fields.children("columns")),
            fields.text("record", ""),
        )
    except InvalidInputError as error:
        raise _as_stored(fields, error) from error


def _column_to_document(column: Column) -> dict[str, Json]:
    return {"name": column.name, "type": column.type, "role": column.role.value} | not_empty(
        {
            "nullable": column.nullable or None,
            "meaning": column.meaning,
            "description": column.description,
            "was": column.was,
        }
    )


def _column_from_fields(fields: Fields) -> Column:
    role, meaning = fields.text("role"), fields.text("meaning", "")
    for known in _MEANINGS:
        if meaning == known and role in set(Role):
            return Column(
                fields.text("name"),
                fields.text("type"),
                Role(role),
                fields.flag("nullable"),
                known,
                fields.text("description", ""),
                fields.text("was", ""),
            )
    raise fields.fault("role", "a role and a meaning that exist", f"{role}, {meaning}")


def _as_stored(fields: Fields, error: InvalidInputError) -> IntegrityError:
    return IntegrityError(
        fields.kind,
        error.what,
        where=fields.where,
        expected=error.expected,
        got=error.got,
    )
