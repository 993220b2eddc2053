"""Spark's types as Arrow's, and the few that azds compares in as Spark's."""

import pyarrow as pa
from pyspark.sql import types as st

from azds.errors import InvalidInputError

__all__ = ["arrow_schema", "spark_words"]

_FLAT: dict[type[st.DataType], pa.DataType] = {
    st.BooleanType: pa.bool_(),
    st.ByteType: pa.int8(),
    st.ShortType: pa.int16(),
    st.IntegerType: pa.int32(),
    st.LongType: pa.int64(),
    st.FloatType: pa.float32(),
    st.DoubleType: pa.float64(),
    st.StringType: pa.string(),
    st.CharType: pa.string(),
    st.VarcharType: pa.string(),
    st.BinaryType: pa.binary(),
    st.DateType: pa.date32(),
    st.TimestampType: pa.timestamp("us", "UTC"),
    st.TimestampNTZType: pa.timestamp("us"),
    st.DayTimeIntervalType: pa.duration("us"),
    st.NullType: pa.null(),
}
_WORDS = {
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.timestamp("us", "UTC"): "timestamp",
    pa.timestamp("us"): "timestamp_ntz",
}


def arrow_schema(
    schema: st.StructType, where: str, ignore: frozenset[str] = frozenset()
) -> pa.Schema:
    """The columns of a DataFrame as Arrow has them, whatever the zone of the session.

    Raises:
        InvalidInputError: `type-unsupported`: a map, which Spark cannot compare, or a type that
            Arrow lacks.
    """
    return pa.schema(
        [
            pa.field(one.name, _arrow(one.dataType, f"{where}: {one.name}"))
            for one in schema.fields
            if one.name not in ignore
        ]
    )


def _arrow(kind: st.DataType, where: str) -> pa.DataType:
    if isinstance(kind, st.ArrayType):
        return pa.list_(_arrow(kind.elementType, where))
    if isinstance(kind, st.StructType):
        return pa.struct([(one.name, _arrow(one.dataType, where)) for one in kind.fields])
    if isinstance(kind, st.DecimalType):
        return pa.decimal128(kind.precision, kind.scale)
    found = _FLAT.get(type(kind))
    if found is None:
        is_map = isinstance(kind, st.MapType)
        raise InvalidInputError(
            "type-unsupported",
            "maps cannot be compared, by Spark either"
            if is_map
            else "a column of this type cannot be kept",
            where=where,
            got=kind.simpleString(),
            advice="leave it out with ignore (--ignore)",
        )
    return found


def spark_words(kind: pa.DataType) -> str | None:
    """What Spark calls a type that two narrower ones are compared in; None for others."""
    if pa.types.is_list(kind):
        item = spark_words(kind.value_type)
        return None if item is None else f"array<{item}>"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return _WORDS.get(kind)
