"""What each side could have shown: the rule that comes before every category and kind.

Source: DESIGN section 4.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.keys import to_text
from azds.arrow.layout import Bits, bits, from_strings, plain
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
        return pc.is_valid(keys)
    own = pc.and_(
        pc.is_in(plain(evidence.column("table")), value_set=from_strings([table_name])),
        pc.is_in(plain(evidence.column("column")), value_set=from_strings([""])),
    )
    stated, place = (plain(evidence.column(name)).filter(own) for name in ("key", "place"))
    among = stated.filter(pc.is_in(place, value_set=from_strings(places)))
    known = pc.is_in(keys, value_set=stated)
    return pc.or_(pc.invert(known), pc.is_in(keys, value_set=among))


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
        held &= bits(pc.is_in(to_text(rows.column(at)), value_set=from_strings(values)))
    return held
