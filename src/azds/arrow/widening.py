"""Types that hold the values of two: so that a column that was retyped can still be compared."""

import pyarrow as pa

from azds.arrow.types import to_arrow_schema, type_from_words, type_in_words
from azds.columns import Column, TableSchema

__all__ = ["aligned", "wider"]

_UNITS = ("s", "ms", "us", "ns")
_MOST_DIGITS = 38


def wider(a: pa.DataType, b: pa.DataType) -> pa.DataType | None:
    """The type that holds the values of both; None where they are of different kinds.

    Whole numbers of any width are int64, with fractions float64; time stamps
    take the finer unit, and differ in kind with and without a zone; a date is
    also a time stamp without one; decimals keep all digits of both.

    >>> wider(pa.int32(), pa.float64()), wider(pa.int32(), pa.string())
    (DataType(double), None)
    """
    if a == b:
        return a
    if all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in (a, b)):
        is_float = pa.types.is_floating(a) or pa.types.is_floating(b)
        return pa.float64() if is_float else pa.int64()
    if pa.types.is_timestamp(a) or pa.types.is_timestamp(b):
        return _wider_stamp(*((a, b) if pa.types.is_timestamp(a) else (b, a)))
    if pa.types.is_decimal(a) and pa.types.is_decimal(b):
        return _wider_decimal(a, b)
    if pa.types.is_list(a) and pa.types.is_list(b):
        item = wider(a.value_type, b.value_type)
        return None if item is None else pa.list_(item)
    return None


def _wider_stamp(a: pa.DataType, b: pa.DataType) -> pa.DataType | None:
    if pa.types.is_timestamp(b) and (a.tz is None) == (b.tz is None):
        return pa.timestamp(max(a.unit, b.unit, key=_UNITS.index), "UTC" if a.tz else None)
    if a.tz is None and b == pa.date32():
        return pa.timestamp(max(a.unit, "us", key=_UNITS.index))
    return None


def _wider_decimal(a: pa.DataType, b: pa.DataType) -> pa.DataType | None:
    scale = max(a.scale, b.scale)
    digits = max(a.precision - a.scale, b.precision - b.scale) + scale
    return pa.decimal128(digits, scale) if digits <= _MOST_DIGITS else None


def aligned(
    old: pa.Table, new: pa.Table, old_schema: TableSchema, new_schema: TableSchema
) -> tuple[pa.Table, pa.Table, TableSchema, TableSchema]:
    """Both sides with the columns that both have under one name and in one type.

    The upgrade from an older schema to a newer: a column that the newer declares
    to have been another (`Column.was`) is renamed, and a non-key column whose type was
    changed to one of the same kind is read in the wider of both.
    """
    before, after = set(old_schema.names), set(new_schema.names)
    was = {c.was: c.name for c in new_schema.columns if c.was and c.was not in after}
    renamed = [
        was.get(name, name) if was.get(name) not in before else name for name in old_schema.names
    ]
    if tuple(renamed) != old_schema.names:
        old = old.rename_columns(renamed)
        old_schema = _with(old_schema, dict(zip(old_schema.names, renamed, strict=True)), {})
    types = {}
    for name in set(old_schema.names) & set(new_schema.names) - set(old_schema.key):
        a, b = old_schema.column(name).type, new_schema.column(name).type
        wide = wider(type_from_words(a), type_from_words(b)) if a != b else None
        if wide is not None:
            types[name] = type_in_words(wide)
    if not types:
        return old, new, old_schema, new_schema
    old_schema, new_schema = _with(old_schema, {}, types), _with(new_schema, {}, types)
    return (
        old.cast(to_arrow_schema(old_schema)),
        new.cast(to_arrow_schema(new_schema)),
        old_schema,
        new_schema,
    )


def _with(schema: TableSchema, names: dict[str, str], types: dict[str, str]) -> TableSchema:
    columns = tuple(
        Column(
            names.get(c.name, c.name),
            types.get(c.name, c.type),
            c.role,
            c.nullable,
            c.meaning,
            c.description,
            c.was,
        )
        for c in schema.columns
    )
    return TableSchema(schema.name, schema.version, columns, schema.record)
