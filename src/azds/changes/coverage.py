"""What each side could have shown: the rule that comes before every category and kind.

Source: DESIGN section 4.
"""

import numpy as np
import pyarrow as pa

from azds.arrow.kernels import is_in, kernel
from azds.arrow.keys import to_text
from azds.arrow.layout import Bits, bits, from_bits, from_strings, kept, plain, scalar
from azds.coverage import Coverage

__all__ = ["covered", "seen"]


def seen(
    evidence: pa.Table, table_name: str, keys: pa.Array, places: tuple[str, ...]
) -> pa.BooleanArray:
    """Whether a source that saw `places` saw any place where each row's evidence stands.

    Shape: `evidence` has the columns `table`, `key`, `column` and `place`; `keys` holds
    canonical key strings (`azds.arrow.keys.key_strings`). One answer per key, never null.
    Only evidence of the row itself (`column` empty) counts. A row without any is seen,
    and where `places` is empty, as for tables without places, every row is.

    >>> evidence = pa.table(
    ...     {"table": ["relations"], "key": ["BLR"], "column": [""], "place": ["table"]}
    ... )
    >>> seen(evidence, "relations", pa.array(["BLR", "EST"]), ("list", "prose")).to_pylist()
    [False, True]
    """
    if not places:
        return from_bits(np.ones(len(keys), np.bool_))
    tables, columns, stated, place = (
        plain(evidence.column(name)) for name in ("table", "column", "key", "place")
    )
    of_rows = _is(tables, table_name) & _is(columns, "")
    stated, place = kept(stated, of_rows), kept(place, of_rows)
    among = kept(stated, bits(is_in(place, from_strings(places))))
    if len(among) == len(stated):
        return from_bits(np.ones(len(keys), np.bool_))
    return from_bits(~bits(is_in(keys, stated)) | bits(is_in(keys, among)))


def _is(values: pa.Array, text: str) -> Bits:
    return bits(kernel("equal", values, scalar(text)))


def covered(rows: pa.Table, coverage: Coverage) -> Bits:
    """Whether a source of this coverage holds, of these rows, all that there is.

    All rows if it is complete; of a partial one those whose every covered column, as text,
    has a covered value. A column that is not there, is null or is nested covers nothing.
    """
    if coverage.level == "complete":
        return np.ones(rows.num_rows, np.bool_)
    held = np.full(rows.num_rows, fill_value=bool(coverage.covers))
    for name, values in coverage.covers.items():
        at = rows.schema.get_field_index(name)
        if at < 0 or pa.types.is_nested(rows.schema.field(at).type):
            return np.zeros(rows.num_rows, np.bool_)
        held &= bits(is_in(to_text(rows.column(at)), from_strings(values)))
    return held
