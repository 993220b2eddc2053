"""Tables as spreadsheets and data frames want them: flat, one value a cell."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.layout import from_bits, from_numbers, scalar
from azds.columns import Column, Role, TableSchema
from azds.dates import parse_date
from azds.errors import InvalidInputError

__all__ = ["SEPARATOR", "flatten"]

SEPARATOR = ";"
"""Between the items of a list in one cell."""
_EPOCH = dt.date(1970, 1, 1)


def flatten(table: pa.Table, schema: TableSchema) -> pa.Table:
    """The table without its place columns, lists joined, dates with their first and last day.

    Shape: the columns in their order; behind a date column ``began`` stand
    ``began_earliest`` and ``began_latest`` (date32, null where open).
    """
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    for name in table.column_names:
        values = table.column(name)
        column = schema.column(name) if name in schema.names else Column(name, "", Role.FACT)
        if column.role is Role.PLACE:
            continue
        if pa.types.is_list(values.type):
            values = _joined(values)
        columns[name] = values
        if column.meaning == "date":
            columns[f"{name}_earliest"], columns[f"{name}_latest"] = _days(values)
    return pa.table(columns)


def _joined(values: pa.ChunkedArray) -> pa.Array:
    """Lists as one string each; a separator inside an item becomes a comma."""
    flat = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    items = flat.cast(pa.list_(pa.string()))
    clean = pc.replace_substring(items.values, SEPARATOR, ",")
    again = pa.ListArray.from_arrays(
        items.offsets, clean, mask=items.is_null() if items.null_count else None
    )
    return pc.binary_join(again, scalar(SEPARATOR))


def _days(values: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """The first and last day of each date; each distinct date is parsed once."""
    encoded = pc.dictionary_encode(values)
    flat = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    bounds = [_bounds(text) for text in flat.dictionary.to_pylist()]
    first, last = (_as_days([pair[side] for pair in bounds]) for side in (0, 1))
    return first.take(flat.indices), last.take(flat.indices)


def _as_days(dates: list[dt.date | None]) -> pa.Array:
    """Dates as Arrow has them: days since 1970, null where open."""
    days = np.array([(one - _EPOCH).days if one else 0 for one in dates], np.int64)
    held = from_bits(np.array([one is not None for one in dates], np.bool_))
    values = from_numbers(days).cast(pa.int32()).cast(pa.date32())
    return pc.if_else(held, values, pa.nulls(len(dates), pa.date32()))


def _bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    try:
        date = parse_date(text)
    except InvalidInputError:
        return None, None
    return date.earliest, date.latest
