"""What became of each differing cell.

Source: DESIGN sections 3 (roles), 4 (coverage) and 6 (kinds).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from azds.arrow.layout import Bits, Numbers, from_strings, taken, valid
from azds.changes.meanings import Kinds, date_kinds, set_kinds
from azds.changes.result import Kind
from azds.columns import Column, Role

__all__ = ["Cells", "kinds_of"]

_KINDS = tuple(Kind)
_NAMES = from_strings(_KINDS)
_CODE = {kind: code for code, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of one column that differ.

    Shape: all of one length. `old_whole` and `new_whole` say whether that side's source
    could have shown all that there is to say in the cell.
    """

    old: pa.Array
    new: pa.Array
    old_whole: Bits
    new_whole: Bits


def kinds_of(column: Column, cells: Cells) -> pa.StringArray:
    """The `Kind` of each cell, by the role and the meaning of its column."""
    if column.role in {Role.WORDING, Role.PLACE}:
        kind = Kind.REWORDED if column.role is Role.WORDING else Kind.MOVED
        codes = np.full(len(cells.old), _CODE[kind])
    else:
        codes = _fact_codes(column, cells)
    return taken(_NAMES, codes)


def _fact_codes(column: Column, cells: Cells) -> Numbers:
    old, new = cells.old, cells.new
    codes = np.full(len(old), _CODE[Kind.REPLACED])
    old_valid, new_valid = valid(old), valid(new)
    both = np.flatnonzero(old_valid & new_valid)
    rule = _rule(column, old.type)
    if rule is not None and len(both):
        if len(both) < len(old):
            old, new = (taken(side, both) for side in (old, new))
        for kind, mask in rule(old, new).items():
            codes[both[mask]] = _CODE[kind]
    codes[~old_valid] = _CODE[Kind.FILLED]
    codes[~new_valid] = _CODE[Kind.EMPTIED]
    grew = (codes == _CODE[Kind.FILLED]) | (codes == _CODE[Kind.EXTENDED])
    shrank = (codes == _CODE[Kind.EMPTIED]) | (codes == _CODE[Kind.REDUCED])
    codes[grew & ~cells.old_whole] = _CODE[Kind.NEWLY_STATED]
    codes[shrank & ~cells.new_whole] = _CODE[Kind.UNSTATED]
    return codes


def _rule(column: Column, kind: pa.DataType) -> Callable[[pa.Array, pa.Array], Kinds] | None:
    """How values of this column compare, where there is more to say than that they differ."""
    if column.meaning == "date" and pa.types.is_string(kind):
        return date_kinds
    is_set = column.meaning in {"dates", "set"} and pa.types.is_list(kind)
    return set_kinds if is_set and not pa.types.is_nested(kind.value_type) else None
