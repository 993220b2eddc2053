"""Keys of several tables, numbered in key order: equal keys have one number."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import compute, kernel
from azds.arrow.layout import Bits, Numbers, bits, numbers, taken

__all__ = ["Numbered", "number_keys"]


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """The keys of some tables.

    Attributes:
        keys: Each key once, in order.
        ids: For each table, the number of each row's key: its place in `keys`.
    """

    keys: pa.Table
    ids: tuple[Numbers, ...]

    @property
    def count(self) -> int:
        """How many different keys there are."""
        return int(self.keys.num_rows)


def number_keys(tables: Sequence[pa.Table], key: tuple[str, ...]) -> Numbered:
    """The keys of these tables; at least one table, all with the key columns of the same types.

    >>> numbered = number_keys([pa.table({"id": [2, 5]}), pa.table({"id": [1, 5]})], ("id",))
    >>> [ids.tolist() for ids in numbered.ids]
    [[1, 2], [0, 2]]
    """
    counts = [table.num_rows for table in tables]
    columns = []
    for name in key:
        chunks = [c for table in tables if table.num_rows for c in table.column(name).chunks]
        kind = tables[0].schema.field(name).type
        columns.append(pa.concat_arrays(chunks) if chunks else pa.nulls(0, kind))
    fields = [tables[0].schema.field(name) for name in key]
    together = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    by = compute.SortOptions([(name, "ascending") for name in key])
    sort = kernel("sort_indices", together, options=by)
    order = numbers(sort).astype(np.int64)
    is_first = _is_another(taken(together, order))
    ids = np.empty(len(order), np.int64)
    ids[order] = np.cumsum(is_first) - 1
    cuts = np.cumsum(counts)[:-1]
    return Numbered(taken(together, order[is_first]), tuple(np.split(ids, cuts)))


def _is_another(keys: pa.Table) -> Bits:
    """Whether each row's key is another than that of the row before."""
    result = np.zeros(keys.num_rows, np.bool_)
    result[:1] = True
    for column in keys.columns:
        values = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        if len(values) > 1:
            result[1:] |= bits(
                kernel("not_equal", values.slice(1), values.slice(0, len(values) - 1))
            )
    return result
