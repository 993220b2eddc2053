"""Any Arrow table, brought to its declared columns, types and key order."""

from collections import Counter

import pyarrow as pa

from azds.arrow.keys import check_keys, is_strictly_sorted, sort_by_key
from azds.arrow.types import to_arrow_schema
from azds.columns import TableSchema
from azds.errors import InvalidInputError

__all__ = ["conform"]


def conform(table: pa.Table, schema: TableSchema) -> pa.Table:
    """The table with the declared columns in the declared order and types, sorted by key.

    Shape: one chunk a column at most, but for more text than one array holds (2 GiB);
    the layouts of Arrow that mean the same (large, view, dictionary) become the plain one.

    >>> from azds.arrow.types import schema_from_arrow
    >>> mixed = pa.table({"n": [1, 2], "id": pa.array(["b", "a"], pa.large_string())})
    >>> conform(mixed, schema_from_arrow(mixed.schema, name="t", key=("id",))).to_pylist()
    [{'id': 'a', 'n': 2}, {'id': 'b', 'n': 1}]

    Raises:
        InvalidInputError: `bad-column` (one is missing, there twice or does not fit its type),
            `key-type`, `key-null`, `key-repeated`.
    """
    counts = Counter(table.column_names)
    missing = [name for name in schema.names if name not in counts]
    if missing:
        raise InvalidInputError(
            "bad-column", "columns are missing", where=schema.name, expected=", ".join(missing)
        )
    twice = [name for name in schema.names if counts[name] > 1]
    if twice:
        raise InvalidInputError(
            "bad-column", "column names repeat", where=schema.name, got=", ".join(twice)
        )
    target = to_arrow_schema(schema)
    for name in schema.key:
        if pa.types.is_floating(target.field(name).type) or pa.types.is_nested(
            target.field(name).type
        ):
            raise InvalidInputError(
                "key-type",
                "a key is never a float or nested",
                where=f"{schema.name}.{name}",
                got=schema.column(name).type,
            )
    columns = []
    for field in target:
        column = table.column(field.name)
        try:
            columns.append(column if column.type == field.type else column.cast(field.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InvalidInputError(
                "bad-column",
                "values do not fit the declared type",
                where=f"{schema.name}.{field.name}",
                expected=schema.column(field.name).type,
                got=str(column.type),
            ) from error
        if not field.nullable and columns[-1].null_count:
            kind = "key-null" if field.name in schema.key else "bad-column"
            raise InvalidInputError(
                kind,
                f"{columns[-1].null_count} row(s) have no value",
                where=f"{schema.name}.{field.name}",
                expected="a value in every row",
            )
    plain = pa.Table.from_arrays(columns, schema=target).combine_chunks()
    if is_strictly_sorted(plain, schema.key):
        return plain
    ordered = sort_by_key(plain, schema.key)
    check_keys(ordered, schema.key, schema.name)
    return ordered
