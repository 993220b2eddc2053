"""Records to Arrow tables and back. Loads pydantic: import it only where records are made."""

from collections.abc import Iterable
from typing import TypeVar

import pyarrow as pa

from azds.arrow.tables import conform
from azds.arrow.types import to_arrow_schema
from azds.errors import InvalidInputError
from azds.records import Record, table_schema

__all__ = ["rows_to_table", "table_to_rows"]

R = TypeVar("R", bound=Record)


def rows_to_table(record: type[Record], rows: Iterable[Record]) -> pa.Table:
    """Records as an Arrow table in key order; may be empty.

    Raises:
        InvalidInputError: `key-repeated`; `bad-record`, if a value does not fit its column,
            such as an integer of more than 64 bits.
    """
    schema = table_schema(record)
    target = to_arrow_schema(schema)
    dumped = [row.model_dump(mode="python") for row in rows]
    arrays = []
    for field in target:
        values = [_plain(row[field.name], field.type) for row in dumped]
        try:
            arrays.append(pa.array(values, field.type))
        except (pa.ArrowException, OverflowError) as error:
            raise InvalidInputError(
                "bad-record",
                "a value does not fit its column",
                where=f"{schema.name}.{field.name}",
                expected=schema.column(field.name).type,
                got=str(error),
            ) from error
    return conform(pa.Table.from_arrays(arrays, schema=target), schema)


def table_to_rows(record: type[R], table: pa.Table) -> list[R]:
    """Records from a table: the twin of `rows_to_table`."""
    return [record.model_validate(_frozen(row)) for row in table.to_pylist()]


def _plain(value: object, kind: pa.DataType) -> object:
    if isinstance(value, tuple):
        return [_plain(item, kind.value_type) for item in value]
    return str(value) if value is not None and pa.types.is_string(kind) else value


def _frozen(row: dict[str, object]) -> dict[str, object]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}
