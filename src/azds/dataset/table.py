"""A table of one revision, as users hold it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from azds.arrow.kernels import kernel
from azds.arrow.keys import key_strings
from azds.arrow.layout import bits, scalar
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import NotFoundError, RefusedError
from azds.ids import KeyValue, format_key, near_names

if TYPE_CHECKING:  # optional, and heavy
    import pandas as pd
    import polars as pl

    from azds.records import Record

__all__ = ["Table"]


class Table:
    """Rows of one type, in key order; what it holds is Arrow.

    Records are made when they are asked for: of the record type that the program gave
    or that is installed for the table, else plain mappings.
    """

    def __init__(
        self,
        schema: TableSchema,
        rows: pa.Table,
        coverage: Coverage | None = None,
        of: str = "",
        record: "type[Record] | None" = None,
    ) -> None:
        self.schema = schema
        self.coverage = coverage
        self._rows = rows
        self._of = of
        self._own = record

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[Any]:
        """The records, in key order."""
        return iter(self.records)

    def __repr__(self) -> str:
        """The table's name, size and coverage in one line."""
        level = f", {self.coverage.level}" if self.coverage else ""
        of = f" of {self._of}" if self._of else ""
        return f"<Table {self.schema.name}{of}: {len(self)} rows{level}>"

    def _repr_html_(self) -> str:
        """The first rows as a table, for notebooks."""
        from azds.dataset.html import table_html  # noqa: PLC0415 - for notebooks alone

        return table_html(self)

    def __getitem__(self, key: KeyValue | tuple[KeyValue, ...]) -> Any:  # noqa: ANN401 - the table's record type
        """The record of a key: ``table["BLR"]``, ``table["AZE", "NLD", "embassy", "The Hague"]``.

        Raises:
            NotFoundError: `unknown-key`.
        """
        values = key if isinstance(key, tuple) else (key,)
        return self.find(format_key(values))

    def find(self, key: str) -> Any:  # noqa: ANN401 - the table's record type
        """The record of a canonical key string.

        Raises:
            NotFoundError: `unknown-key`, with the near ones.
        """
        row = self.row_of(key)
        return self._record(row)

    def row_of(self, key: str) -> pa.Table:
        """The one row of a canonical key string, as Arrow.

        Raises:
            NotFoundError: `unknown-key`.
        """
        keys = self.keys()
        at = bits(kernel("equal", keys, scalar(key))).nonzero()[0]
        if not len(at):
            where = f"{self._of} {self.schema.name}".strip()
            raise NotFoundError(
                "unknown-key",
                "no row has this key",
                where=where,
                got=repr(key),
                advice=near_names(key, keys.to_pylist()),
            )
        return self._rows.slice(int(at[0]), 1)

    def __contains__(self, key: object) -> bool:
        """Whether a row has this key: a value, a tuple of values, or the canonical string."""
        values = key if isinstance(key, tuple) else (key,)
        texts = {format_key(values), *([key] if isinstance(key, str) else [])}
        return any(self.has_key(text) for text in texts)

    def has_key(self, key: str) -> bool:
        """Whether a row has this canonical key string."""
        return bool(bits(kernel("equal", self.keys(), scalar(key))).any())

    def keys(self) -> pa.Array:
        """The canonical key string of each row, in key order."""
        if not len(self):
            return pa.nulls(0, pa.string())
        return key_strings(self._rows, self.schema.key)

    @property
    def records(self) -> list[Any]:
        """All records, in key order."""
        record = _record_type(self.schema, self._rows.column_names, self._own)
        if record is None:
            rows: list[Mapping[str, object]] = self._rows.to_pylist()
            return rows
        from azds.arrow.rows import table_to_rows  # noqa: PLC0415 - loads pydantic

        return list(table_to_rows(record, self._rows))

    def to_arrow(self) -> pa.Table:
        """All columns as an Arrow table, in key order, without copying."""
        return self._rows

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The Arrow PyCapsule stream, for any library that takes one."""
        return self._rows.__arrow_c_stream__(requested_schema)

    def to_flat(self) -> pa.Table:
        """As a spreadsheet has it: no place columns, lists joined, days of dates beside them."""
        from azds.dataset.flat import flatten  # noqa: PLC0415 - 20 ms, for this alone

        return flatten(self._rows, self.schema)

    def to_pandas(self) -> "pd.DataFrame":
        """`to_flat` as a pandas frame with Arrow types.

        Raises:
            RefusedError: `missing-extra`, if pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415 - optional, and heavy
        except ImportError as error:
            raise _missing("pandas") from error
        return self.to_flat().to_pandas(types_mapper=pd.ArrowDtype)

    def to_polars(self) -> "pl.DataFrame":
        """All columns as a polars frame.

        Raises:
            RefusedError: `missing-extra`, if polars is not installed.
        """
        try:
            import polars as pl  # noqa: PLC0415 - optional, and heavy
        except ImportError as error:
            raise _missing("polars") from error
        frame = pl.from_arrow(self._rows)
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    def _record(self, row: pa.Table) -> Any:  # noqa: ANN401 - the table's record type
        return Table(self.schema, row, self.coverage, self._of, self._own).records[0]


def _record_type(schema: TableSchema, columns: list[str], own: Any) -> Any:  # noqa: ANN401 - a class that is loaded late
    """The program's or the installed record type of a table with these columns, or None."""
    if own is not None and set(own.model_fields) == set(columns):
        return own
    if not schema.record:
        return None
    from azds.records import record_type  # noqa: PLC0415 - loads pydantic

    try:
        record = record_type(schema.record)
    except NotFoundError:
        return None
    return record if set(record.model_fields) == set(columns) else None


def _missing(extra: str) -> RefusedError:
    return RefusedError(
        "missing-extra",
        f"{extra} is not installed",
        advice=f'install it: pip install "azds[{extra}]"',
    )
