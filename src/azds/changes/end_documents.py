"""Both ends of a patch as plain JSON values, and back, from outside: every field is checked."""

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, TypeGuard, Union, get_args

from azds.arrow.types import to_arrow_schema
from azds.changes.misfits import broken
from azds.changes.patch import End
from azds.columns import Column, Meaning, Role, TableSchema
from azds.coverage import LEVELS, Coverage
from azds.errors import InvalidInputError

__all__ = [
    "Json",
    "end_from_document",
    "end_to_document",
    "text_of",
    "whole_of",
]

Json: TypeAlias = Union[bool, int, float, str, "Sequence[Json]", "Mapping[str, Json]", None]

_DIGEST = re.compile(r"[a-z0-9-]{1,40}:[0-9a-f]{16,128}")
_MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
_MOST_COLUMNS = 10_000
_MOST_KEPT = 1 << 16


def end_to_document(end: End) -> dict[str, Json]:
    """One end of a patch as JSON values; what is empty is left out."""
    return {
        "digest": end.digest,
        "rows": end.rows,
        "coverage": _coverage_to_document(end.coverage),
        "schema": {
            "name": end.schema.name,
            "version": end.schema.version,
            "columns": [_column_to_document(column) for column in end.schema.columns],
            **_said({"record": end.schema.record}),
        },
    }


def end_from_document(document: Json, where: str) -> End:
    """One end of a patch: the twin of `end_to_document`.

    Raises:
        InvalidInputError: naming the field that is missing, unknown or not of its type.
    """
    fields = _fields(document, where, {"digest", "rows", "coverage", "schema"})
    digest = text_of(fields, "digest", where)
    if not _DIGEST.fullmatch(digest):
        raise broken("this is no digest", f"{where}.digest", "azds-hash-1:...", repr(digest[:80]))
    try:
        schema = _schema_from_document(fields.get("schema"), f"{where}.schema")
        to_arrow_schema(schema)
        coverage = _coverage_from_document(fields.get("coverage"), f"{where}.coverage")
    except InvalidInputError as error:
        if error.where and error.where.startswith(where):
            raise
        raise broken(error.what, where, error.expected, error.got) from error
    return End(schema, digest, whole_of(fields, "rows", where), coverage)


def text_of(fields: Mapping[str, Json], name: str, where: str, default: str | None = None) -> str:
    """A text field."""
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise broken("not what a patch has there", f"{where}.{name}", "text", _shown(value))
    return value


def whole_of(fields: Mapping[str, Json], name: str, where: str) -> int:
    """A field that counts something."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise broken(
            "not what a patch has there", f"{where}.{name}", "a whole number", _shown(value)
        )
    return value


def _said(document: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in document.items() if value not in ("", [], {}, False)}


def _coverage_to_document(coverage: Coverage) -> dict[str, Json]:
    return {"level": coverage.level} | _said(
        {
            "places": list(coverage.places),
            "columns_absent": list(coverage.columns_absent),
            "covers": {column: list(values) for column, values in coverage.covers.items()},
            "reason": coverage.reason,
        }
    )


def _column_to_document(column: Column) -> dict[str, Json]:
    return {"name": column.name, "type": column.type, "role": column.role.value} | _said(
        {
            "nullable": column.nullable,
            "meaning": column.meaning,
            "description": column.description,
            "was": column.was,
        }
    )


def _coverage_from_document(document: Json, where: str) -> Coverage:
    names = {"level", "places", "columns_absent", "covers", "reason"}
    fields = _fields(document, where, names)
    level = text_of(fields, "level", where)
    for known in LEVELS:
        if level == known:
            covers = _fields(fields.get("covers", {}), f"{where}.covers")
            return Coverage(
                known,
                _texts(fields, "places", where),
                _texts(fields, "columns_absent", where),
                {column: _texts(covers, column, f"{where}.covers") for column in covers},
                text_of(fields, "reason", where, ""),
            )
    raise broken("unknown level", f"{where}.level", " or ".join(LEVELS), repr(level[:80]))


def _schema_from_document(document: Json, where: str) -> TableSchema:
    try:
        text = json.dumps(document)
    except (TypeError, ValueError, RecursionError):  # no schema, as is told there
        return _checked_schema(document, where)
    return _parsed(text, where) if len(text) <= _MOST_KEPT else _checked_schema(document, where)


@functools.lru_cache(maxsize=64)
def _parsed(text: str, where: str) -> TableSchema:
    """The schema that a JSON text is; a history has many patches of few schemas."""
    return _checked_schema(json.loads(text), where)


def _checked_schema(document: Json, where: str) -> TableSchema:
    fields = _fields(document, where, {"name", "version", "columns", "record"})
    columns = fields.get("columns")
    if not _is_list(columns) or not 0 < len(columns) <= _MOST_COLUMNS:
        raise broken("not what a patch has there", f"{where}.columns", "a list", _shown(columns))
    return TableSchema(
        text_of(fields, "name", where),
        whole_of(fields, "version", where),
        tuple(
            _column_from_document(column, f"{where}.columns[{number}]")
            for number, column in enumerate(columns)
        ),
        text_of(fields, "record", where, ""),
    )


def _column_from_document(document: Json, where: str) -> Column:
    names = {"name", "type", "role", "nullable", "meaning", "description", "was"}
    fields = _fields(document, where, names)
    role, meaning = text_of(fields, "role", where), text_of(fields, "meaning", where, "")
    nullable = fields.get("nullable", False)
    if not isinstance(nullable, bool):
        raise broken(
            "not what a patch has there", f"{where}.nullable", "true or false", _shown(nullable)
        )
    for known in _MEANINGS:
        if meaning == known and role in set(Role):
            return Column(
                text_of(fields, "name", where),
                text_of(fields, "type", where),
                Role(role),
                nullable,
                known,
                text_of(fields, "description", where, ""),
                text_of(fields, "was", where, ""),
            )
    raise broken("a role or a meaning that does not exist", where, None, f"{role}, {meaning}"[:80])


def _fields(document: Json, where: str, names: set[str] | None = None) -> Mapping[str, Json]:
    if not isinstance(document, Mapping):
        raise broken("not what a patch has there", where, "an object", _shown(document))
    unknown = sorted(document.keys() - names) if names is not None else []
    if unknown:
        raise broken("unknown fields", where, None, ", ".join(unknown)[:80])
    return document


def _texts(fields: Mapping[str, Json], name: str, where: str) -> tuple[str, ...]:
    items = fields.get(name, [])
    if not _is_list(items) or not all(isinstance(item, str) for item in items):
        raise broken(
            "not what a patch has there", f"{where}.{name}", "a list of text", _shown(items)
        )
    return tuple(str(item) for item in items)


def _is_list(value: Json) -> TypeGuard[Sequence[Json]]:
    return isinstance(value, list | tuple)


def _shown(value: object) -> str:
    try:
        return repr(value)[:80]
    except RecursionError:
        return f"a {type(value).__name__} that is nested too deeply"
