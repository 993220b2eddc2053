"""SQL over a dataset by DuckDB (extra ``sql``), which may read its tables and nothing else.

Every table is a view of all revisions, stacked, with the columns ``revision`` and
``coverage``; and each revision is a schema with its own tables: ``"2016".relations``. A table
is read when a query scans it, and checked as it always is. The database lives in memory, its
configuration is locked, and it has no way to files, the network, extensions or the program's
variables.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from azds.arrow.types import to_arrow_schema
from azds.dataset.dataset import Dataset
from azds.errors import AzdsError, InvalidInputError, RefusedError

if TYPE_CHECKING:  # an extra
    import duckdb

__all__ = ["sql"]

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_LOCK = (
    "SET enable_progress_bar = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
_TAKEN = frozenset({"main", "temp", "system", "information_schema", "pg_catalog"})
"""Schemas that DuckDB has; a revision of such a label is read by ``WHERE revision = ...``."""
_MOST_SCHEMAS = 20
"""Of more revisions only those that a query names have their schema."""
_KIND = re.compile(r"^[A-Z][A-Za-z ]* Error: ")


def sql(dataset: Dataset, query: str) -> pa.Table:
    """What a query in DuckDB's SQL gives, as an Arrow table.

    Shape: Each table of the dataset is a view of all its revisions with the columns
    ``revision`` and ``coverage`` before its own, and ``"LABEL".table`` is that of one
    revision. ``SHOW TABLES`` and ``DESCRIBE relations`` tell what there is.

    >>> import azds
    >>> found = sql(azds.open()["foreign-relations"], '''
    ...     SELECT revision, count(*) AS dated FROM relations
    ...     WHERE began IS NOT NULL GROUP BY revision ORDER BY revision''')
    >>> found.column_names
    ['revision', 'dated']

    Raises:
        InvalidInputError: `bad-argument`, if the query is wrong, is not one that reads, or asks
            for files, the network or settings.
        IntegrityError: what is stored is not what was written.
        RefusedError: `missing-extra`, without DuckDB.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and heavy
    except ImportError as error:
        raise RefusedError(
            "missing-extra", "duckdb is not installed", advice='install it: pip install "azds[sql]"'
        ) from error
    faults: list[AzdsError] = []
    connection = duckdb.connect(":memory:", config=_CLOSED)
    try:
        _add_views(connection, dataset, query, faults)
        for line in _LOCK:
            connection.execute(line)
        _refuse_other_statements(connection, query)
        found = connection.sql(query)
        if found is None:
            raise _not_reading("nothing to show")
        return found.to_arrow_table()
    except (duckdb.Error, OverflowError, pa.ArrowException) as error:
        if faults:  # told by DuckDB as a failed scan
            raise faults[0] from error
        raise InvalidInputError("bad-argument", _in_one_line(str(error)), where="SQL") from error
    finally:
        connection.close()


class _Rows:
    """A table that is read when DuckDB scans it: an Arrow PyCapsule stream with a known schema."""

    def __init__(
        self, schema: pa.Schema, read: Callable[[], pa.Table], faults: list[AzdsError]
    ) -> None:
        self.schema = schema
        self._read = read
        self._faults = faults

    def __arrow_c_schema__(self) -> object:
        return self.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        try:
            return self._read().__arrow_c_stream__(requested_schema)
        except AzdsError as error:
            self._faults.append(error)
            raise


def _add_views(
    connection: "duckdb.DuckDBPyConnection", dataset: Dataset, query: str, faults: list[AzdsError]
) -> None:
    schemas = {
        (revision.label, name): to_arrow_schema(entry.schema)
        for revision in dataset.revisions
        for name, entry in revision.manifest.tables.items()
    }
    for name in dataset.tables:
        stacked = _stacked_schema([one for (_, table), one in schemas.items() if table == name])
        if stacked is not None:
            rows = _Rows(stacked, partial(dataset.table, name), faults)
            connection.from_arrow(rows).create_view(name)
    labels = [label for label in dataset if label not in _TAKEN]
    if len(labels) > _MOST_SCHEMAS:  # a view costs a millisecond
        labels = [label for label in labels if label in query.lower()]
    for label in labels:
        connection.execute(f'CREATE SCHEMA "{label}"')
        connection.execute(f'USE "{label}"')
        for (of, name), schema in schemas.items():
            if of == label:
                rows = _Rows(schema, partial(_read, dataset, label, name), faults)
                connection.from_arrow(rows).create_view(name)
    connection.execute("USE main")


def _read(dataset: Dataset, label: str, name: str) -> pa.Table:
    return dataset[label][name].to_arrow()


def _stacked_schema(schemas: list[pa.Schema]) -> pa.Schema | None:
    """The columns of a stacked table; None where a column changed its type."""
    ahead = {"revision": pa.string(), "coverage": pa.string()}
    parts = [pa.schema({**ahead, **{f.name: f.type for f in one}}) for one in schemas]
    try:
        return pa.unify_schemas(parts, promote_options="default")
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return None


def _refuse_other_statements(connection: Any, query: str) -> None:  # noqa: ANN401 - an extra
    """Refuse all but one statement that reads."""
    if not query.isascii() and query != query.encode(errors="replace").decode():
        raise _not_reading("text that is not Unicode")
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise _not_reading(f"{len(statements)} statements")
    kind = statements[0].type.name
    if kind not in {"SELECT", "EXPLAIN"}:
        raise _not_reading(kind)


def _not_reading(got: str) -> InvalidInputError:
    return InvalidInputError(
        "bad-argument",
        "a query only reads",
        where="SQL",
        expected="one SELECT (or WITH, FROM, VALUES, DESCRIBE, SUMMARIZE, SHOW, EXPLAIN)",
        got=got,
    )


def _in_one_line(message: str) -> str:
    """What DuckDB says without its kind of error and its picture of the line."""
    told = _KIND.sub("", message.split("\n\nLINE", 1)[0])
    return " ".join(told.split()) or "the query fails"
