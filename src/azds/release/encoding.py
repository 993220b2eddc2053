"""Tables as the files of a release: Parquet as it is stored, CSV as spreadsheets want it.

CSV: UTF-8, a header, line feeds, RFC 4180; lists joined by ``;``, dates with their first and
last day beside them, null an empty cell. Text that a spreadsheet would run as a formula
gets an apostrophe before it; Parquet has every value as it is.
"""

import base64

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from azds.arrow.layout import scalar
from azds.dataset.table import Table
from azds.store.parquet import encode

__all__ = ["GROUP_ROWS", "csv_bytes", "flat_for_csv", "parquet_bytes"]

GROUP_ROWS = 1 << 17
"""Rows in a row group: small enough for viewers that load one at a time."""

_FORMULA = r"^[=+\-@\t\r\n]"
_NUMBER = r"^-\d+(\.\d+)?([eE][+-]?\d+)?$"


def parquet_bytes(rows: pa.Table) -> bytes:
    """A table as one Parquet file; the same values give the same bytes under one pyarrow.

    Raises:
        InvalidInputError: `type-unsupported`.
    """
    whole, rest = divmod(rows.num_rows, GROUP_ROWS)
    return encode(rows, [GROUP_ROWS] * whole + ([rest] if rest else []))


def csv_bytes(flat: pa.Table) -> bytes:
    """The columns of `flat_for_csv` as CSV: see the head of this module."""
    sink = pa.BufferOutputStream()
    csv.write_csv(flat, sink, csv.WriteOptions(quoting_style="needed"))
    return bytes(sink.getvalue())


def flat_for_csv(table: Table) -> pa.Table:
    """The columns of the CSV, each of a type that has one written form."""
    flat = table.to_flat()
    return pa.table({name: _written(flat.column(name)) for name in flat.column_names})


def _written(values: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _written(values.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _guarded(values)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or _is_fixed(kind):
        return pa.chunked_array([_base64(values)])
    if pa.types.is_timestamp(kind):
        return pc.strftime(values, format=f"%Y-%m-%dT%H:%M:%S{'Z' if kind.tz else ''}")
    plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    if plain or pa.types.is_date(kind) or pa.types.is_null(kind) or pa.types.is_decimal(kind):
        return values
    return values.cast(pa.string())


def _guarded(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text with an apostrophe before what a spreadsheet would run."""
    runs = pc.and_not(
        pc.match_substring_regex(values, _FORMULA), pc.match_substring_regex(values, _NUMBER)
    )
    if not pc.any(runs).as_py():
        return values
    return pc.if_else(runs, pc.binary_join_element_wise(scalar("'"), values, scalar("")), values)


def _is_fixed(kind: pa.DataType) -> bool:
    return bool(pa.types.is_fixed_size_binary(kind))


def _base64(values: pa.ChunkedArray) -> pa.Array:
    """Binary values as base64; each distinct one is written once."""
    encoded = pc.dictionary_encode(values).combine_chunks()
    texts = [base64.b64encode(one).decode() for one in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)
