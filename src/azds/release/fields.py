"""Arrow types in the words of other standards: Data Package, Croissant, JSON Schema."""

import pyarrow as pa

__all__ = ["croissant_type", "json_type", "package_type"]


def package_type(kind: pa.DataType) -> str:
    """The field type of Data Package 2.0 for a column of the CSV copy."""
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "date" if pa.types.is_date(kind) else "string"


def croissant_type(kind: pa.DataType) -> str:
    """The data type of Croissant for a column of the Parquet file; of the items, for a list."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return croissant_type(kind.value_type)
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "sc:Float"
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    return "sc:Date" if pa.types.is_temporal(kind) else "sc:Text"


def json_type(kind: pa.DataType) -> dict[str, object]:
    """The JSON Schema of a value, as `azds show --format json` writes it."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return {"type": "array", "items": json_type(kind.value_type)}
    if pa.types.is_integer(kind):
        return {"type": "integer"}
    if pa.types.is_floating(kind):
        return {"type": "number"}
    if pa.types.is_boolean(kind):
        return {"type": "boolean"}
    return {"type": "string"}
