"""Tables of one's own in ``dataset.toml``: declared by people, or written down as first seen.

::

    format = 0
    title = "Daily prices"

    [tables.prices]
    key = ["ticker", "day"]

    [tables.prices.columns]
    close = { type = "float64", null = true, role = "fact", was = "closing" }

    [measures.turnover]
    table = "prices"
    column = "volume"
    aggregate = "sum"
"""

import json
import tomllib
from collections.abc import Mapping
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from azds.arrow.types import schema_from_arrow, type_from_words
from azds.columns import Column, Meaning, Role, TableSchema
from azds.errors import AzdsError, InvalidInputError
from azds.ids import near_names, parse_name

__all__ = ["MeasureDeclaration", "OwnDeclaration", "parse_own", "render_own", "to_declaration"]


_RoleName = Literal["fact", "wording", "place"]
_ROLES: dict[Role, _RoleName] = {Role.WORDING: "wording", Role.PLACE: "place"}


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class ColumnDeclaration(_Declared):
    """One column that is no key, or a key column's type."""

    type: str
    role: _RoleName = "fact"
    null: bool = False
    meaning: Literal["", "date", "dates", "set", "digest"] = ""
    was: str = ""
    description: str = ""


class TableDeclaration(_Declared):
    """One table: its key, its columns in order, or none where they follow the data."""

    key: Annotated[list[str], Field(min_length=1)]
    columns: dict[str, ColumnDeclaration] = {}
    follows_data: bool = False
    """New columns and wider types are taken as they come; otherwise they are refused."""

    def to_schema(self, name: str) -> TableSchema:
        """The schema that it declares."""
        columns = []
        ordered = [*self.key, *(one for one in self.columns if one not in self.key)]
        for column in ordered:
            if column not in self.columns:
                raise InvalidInputError(
                    "dataset-file-invalid", "a key column is not declared", where=name, got=column
                )
            one = self.columns[column]
            role = Role.KEY if column in self.key else Role(one.role)
            meaning: Meaning = one.meaning
            columns.append(
                Column(column, one.type, role, one.null, meaning, one.description, one.was)
            )
        return TableSchema(name, 1, tuple(columns))


class MeasureDeclaration(_Declared):
    """A number that each revision is followed by: an aggregate of a column, or of rows."""

    table: str
    column: str = ""
    aggregate: Literal["count", "sum", "mean", "min", "max", "distinct"]


class OwnDeclaration(_Declared):
    """The whole file, of a dataset without article sources."""

    format: Literal[0] = 0
    title: str = ""
    origin: dict[str, str] = {}
    tables: dict[str, TableDeclaration] = {}
    measures: dict[str, MeasureDeclaration] = {}


def parse_own(data: bytes, where: str) -> OwnDeclaration:
    """The declaration in the bytes of a ``dataset.toml`` of one's own.

    Raises:
        InvalidInputError: `dataset-file-invalid`, with the path of the first field at fault.
    """
    try:
        declared = OwnDeclaration.model_validate(tomllib.loads(data.decode("utf-8")))
        for name, table in declared.tables.items():
            parse_name(name, "table")
            _refuse_wrong(name, table)
        for name, measure in declared.measures.items():
            _refuse_wrong_measure(name, measure, declared.tables)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(
            "dataset-file-invalid",
            first["msg"],
            where=f"{where}: {path}",
            got=repr(first["input"])[:80],
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, AzdsError) as error:
        raise InvalidInputError("dataset-file-invalid", str(error), where=where) from error
    return declared


def _refuse_wrong(name: str, table: TableDeclaration) -> None:
    """Refuse a declaration that no data can meet."""
    if len(set(table.key)) < len(table.key):
        raise _fault(f"tables.{name}.key", "a key column stands twice", got=", ".join(table.key))
    if not table.columns:
        return
    for column, one in table.columns.items():
        path = f"tables.{name}.columns.{column}"
        try:
            kind = type_from_words(one.type)
        except InvalidInputError as error:
            raise _fault(
                f"{path}.type",
                "unknown type",
                expected="such as string, int64, float64, bool, date32, timestamp[us, UTC], "
                "decimal128(10, 2), list<string>",
                got=repr(one.type),
            ) from error
        if column in table.key:
            if one.null:
                raise _fault(f"{path}.null", "a key is never null")
            schema_from_arrow(pa.schema([(column, kind)]), name=f"tables.{name}", key=(column,))
        if one.was and one.was in table.columns:
            raise _fault(f"{path}.was", "the name it had is that of another column", got=one.was)
    table.to_schema(name)


def _refuse_wrong_measure(
    name: str, measure: MeasureDeclaration, tables: Mapping[str, TableDeclaration]
) -> None:
    """Refuse a measure of what is not declared; a table without columns follows its data."""
    path = f"measures.{name}"
    if measure.table not in tables:
        advice = near_names(measure.table, tables)
        raise _fault(f"{path}.table", "no such table", got=repr(measure.table), advice=advice)
    columns = tables[measure.table].columns
    if measure.aggregate != "count" and not measure.column:
        raise _fault(f"{path}.column", f"{measure.aggregate} needs a column")
    if measure.column and columns and measure.column not in columns:
        advice = near_names(measure.column, columns)
        raise _fault(f"{path}.column", "no such column", got=repr(measure.column), advice=advice)


def _fault(
    where: str,
    what: str,
    *,
    expected: str | None = None,
    got: str | None = None,
    advice: str | None = None,
) -> InvalidInputError:
    return InvalidInputError(
        "dataset-file-invalid", what, where=where, expected=expected, got=got, advice=advice
    )


def to_declaration(schema: TableSchema, *, follows_data: bool) -> TableDeclaration:
    """A table's declaration from its schema: the twin of `TableDeclaration.to_schema`."""
    return TableDeclaration(
        key=list(schema.key),
        columns={
            column.name: ColumnDeclaration(
                type=column.type,
                role=_ROLES.get(column.role, "fact"),
                null=column.nullable,
                meaning=column.meaning,
                was=column.was,
                description=column.description,
            )
            for column in schema.columns
        },
        follows_data=follows_data,
    )


def render_own(declared: OwnDeclaration) -> str:
    """The declaration as TOML: the twin of `parse_own`."""
    lines = [
        "# What this dataset holds; for people to edit. Commits are checked against it.",
        "format = 0",
    ]
    if declared.title:
        lines.append(f"title = {_value(declared.title)}")
    if declared.origin:
        lines += [
            "",
            "[origin]",
            *(f"{_name(k)} = {_value(v)}" for k, v in declared.origin.items()),
        ]
    for name, table in declared.tables.items():
        lines += ["", f"[tables.{_name(name)}]", f"key = {_value(table.key)}"]
        if table.follows_data:
            lines.append("follows_data = true")
        lines += ["", f"[tables.{_name(name)}.columns]"]
        for column, one in table.columns.items():
            told = {k: v for k, v in one.model_dump().items() if v not in ("", False)}
            if column in table.key or told.get("role") == "fact":
                told.pop("role")
            inner = ", ".join(f"{k} = {_value(v)}" for k, v in told.items())
            lines.append(f"{_name(column)} = {{ {inner} }}")
    for name, measure in declared.measures.items():
        lines += ["", f"[measures.{_name(name)}]"]
        lines += [f"{k} = {_value(v)}" for k, v in measure.model_dump().items() if v]
    return "\n".join(lines) + "\n"


def _name(text: str) -> str:
    bare = text.isascii() and text.replace("_", "a").replace("-", "a").isalnum()
    return text if bare else _value(text)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        raise TypeError(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
