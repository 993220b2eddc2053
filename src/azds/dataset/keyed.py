"""Tables with a key, whole in memory: what patches are made of and applied to."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from azds.arrow.digest import content_digest
from azds.arrow.tables import conform
from azds.arrow.types import plain_type, schema_from_arrow, to_arrow_schema, type_in_words
from azds.changes.patch import End
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.inputs import Input, open_input
from azds.dataset.table import Table
from azds.dataset.typing_text import cast_text, find_types, fits
from azds.errors import InvalidInputError
from azds.ids import near_names

__all__ = ["Keyed", "keyed_as", "keyed_tables"]


@dataclass(frozen=True, slots=True, eq=False)
class Keyed:
    """A table as its schema declares it, in key order.

    Attributes:
        name: What to call it in messages.
        rows: Its rows.
        schema: Its columns.
        coverage: How much of the table it holds.
    """

    name: str
    rows: pa.Table
    schema: TableSchema
    coverage: Coverage

    def end(self) -> End:
        """What it is at one end of a patch; reads every value, for the digest."""
        digest = content_digest(self.rows, self.schema).digest
        return End(self.schema, digest, self.rows.num_rows, self.coverage)


def keyed_tables(
    given: Sequence[tuple[str, object, Coverage | None]],
    *,
    key: Sequence[str],
    name: str,
    encoding: str = "utf-8",
) -> list[Keyed]:
    """Tables that belong together, each told by its side, what was given and its coverage.

    What is given is a path, an Arrow-compatible object, rows, or a table of a revision,
    which has its own key and coverage. Columns of text files get the narrowest types
    that fit the values of all.

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-key` (none is given, or the tables have several), `bad-column`,
            `key-null`, `key-repeated`, `key-type`, `source-unreadable`, `bad-argument`.
    """
    own = [one for _, one, _ in given if isinstance(one, Table)]
    wanted = tuple(key) or (own[0].schema.key if own else ())
    if not wanted or len(set(wanted)) < len(wanted):
        raise InvalidInputError(
            "bad-key",
            "a key is one column or several, each once",
            got=", ".join(wanted) or "none",
        )
    inputs = [
        None if isinstance(one, Table) else open_input(one, side, encoding=encoding)
        for side, one, _ in given
    ]
    typed = _types([one for one in inputs if one is not None], own)
    result = []
    for (side, one, coverage), source in zip(given, inputs, strict=True):
        if source is not None:
            result.append(_keyed(source, typed, wanted, name, coverage or Coverage("complete")))
        elif isinstance(one, Table):
            told = coverage or one.coverage or Coverage("complete")
            result.append(Keyed(side, one.to_arrow(), _named(one.schema, wanted), told))
    return result


def keyed_as(given: object, schema: TableSchema, *, encoding: str = "utf-8") -> Keyed:
    """A table as a known schema has it: no column more, none less, of these types.

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-column` (one is missing, unknown or of another type), `key-null`,
            `key-repeated`, `source-unreadable`, `bad-argument`.
    """
    if isinstance(given, Table):
        return Keyed(
            "table", given.to_arrow(), given.schema, given.coverage or Coverage("complete")
        )
    source = open_input(given, "table", encoding=encoding)
    _refuse_columns(source, schema)
    columns = [
        _as_declared(source, column, schema.column(field.name).type, field.type)
        for field, column in (
            (field, values)
            for field, values in zip(
                to_arrow_schema(schema),
                source.read().select(list(schema.names)).columns,
                strict=True,
            )
        )
    ]
    table = pa.Table.from_arrays(columns, names=list(schema.names))
    return Keyed(source.name, conform(table, schema), schema, Coverage("complete"))


def _named(schema: TableSchema, key: tuple[str, ...]) -> TableSchema:
    if schema.key != key:
        raise InvalidInputError(
            "bad-key",
            "a table of a revision has its own key",
            where=schema.name,
            expected=", ".join(schema.key),
            got=", ".join(key),
        )
    return schema


def _types(inputs: Sequence[Input], own: Sequence[Table]) -> dict[str, pa.DataType]:
    """The types of text columns, and of columns that hold no value: one for all inputs."""
    known = {
        column.name: field.type
        for table in own
        for column, field in zip(table.schema.columns, to_arrow_schema(table.schema), strict=True)
    }
    for source in inputs:
        for field in source.schema:
            if field.name not in source.text and not pa.types.is_null(field.type):
                known.setdefault(field.name, _plain(field.type, f"{source.name} {field.name}"))
    return known | dict(find_types([one for one in inputs if one.is_text], known).types)


def _keyed(
    source: Input,
    typed: dict[str, pa.DataType],
    key: tuple[str, ...],
    name: str,
    coverage: Coverage,
) -> Keyed:
    missing = [column for column in key if column not in source.schema.names]
    if missing:
        raise InvalidInputError(
            "bad-column",
            "no such key column",
            where=source.name,
            got=repr(missing[0]),
            advice=near_names(missing[0], source.schema.names),
        )
    table = source.read()
    columns = []
    for field, values in zip(table.schema, table.columns, strict=True):
        is_open = field.name in source.text or pa.types.is_null(field.type)
        kind = typed.get(field.name, pa.string()) if is_open else field.type
        columns.append(_cast(values, kind) if is_open else values)
    table = pa.Table.from_arrays(columns, names=table.column_names)
    try:
        schema = schema_from_arrow(table.schema, name=name, key=key)
        return Keyed(source.name, conform(table, schema), schema, coverage)
    except InvalidInputError as error:
        raise InvalidInputError(
            error.kind,
            error.what,
            where=" ".join(part for part in (source.name, error.where) if part),
            expected=error.expected,
            got=error.got,
            advice=error.advice,
        ) from error


def _refuse_columns(source: Input, schema: TableSchema) -> None:
    held = source.schema.names
    missing = [name for name in schema.names if name not in held]
    unknown = [name for name in held if name not in schema.names]
    if missing or unknown:
        raise InvalidInputError(
            "bad-column",
            "not the columns of this table",
            where=source.name,
            expected=", ".join(schema.names)[:200],
            got=", ".join(held)[:200],
        )


def _as_declared(
    source: Input, values: pa.ChunkedArray, words: str, kind: pa.DataType
) -> pa.ChunkedArray:
    """A column in its declared type; types are not changed but where the input has none."""
    name = source.name
    if pa.types.is_null(values.type):
        return _cast(values, kind)
    if type_in_words(values.type) != words and (
        values.type != pa.string() or not all(fits(chunk, kind) for chunk in values.chunks)
    ):
        raise InvalidInputError(
            "bad-column",
            "values do not fit the type of the column",
            where=name,
            expected=words,
            got=str(values.type),
        )
    return _cast(values, kind)


def _cast(values: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return pa.chunked_array([cast_text(chunk, kind) for chunk in values.chunks], kind)


def _plain(kind: pa.DataType, where: str) -> pa.DataType:
    try:
        return plain_type(kind)
    except InvalidInputError as error:
        raise InvalidInputError(error.kind, error.what, where=where, got=error.got) from error
