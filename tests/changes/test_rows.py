"""Rows are paired by key, whatever the key is made of."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.changes.rows import pair

_EDGES = {
    "int8": (-128, -1, 0, 127),
    "int64": (-(2**63), -1, 0, 2**63 - 1),
    "uint64": (0, 1, 2**63, 2**64 - 1),
    "timestamp[us]": (-(2**62), 0, 60_000_000),
    "date32[day]": (-1, 0, 20_000),
    "string": ("", "a", "é"),
}


def _type(words: str) -> pa.DataType:
    known = {"timestamp[us]": pa.timestamp("us"), "date32[day]": pa.date32()}
    return known.get(words) or getattr(pa, words)()


@given(st.data(), st.lists(st.sampled_from(sorted(_EDGES)), min_size=1, max_size=3))
def test_rows_meet_their_like(data: st.DataObject, kinds: list[str]) -> None:
    """Two rows are a pair exactly if their keys are equal; all others are on one side only."""
    one = st.tuples(*(st.sampled_from(_EDGES[kind]) for kind in kinds))
    sides = [sorted(data.draw(st.sets(one, max_size=8))) for _ in range(2)]
    arrays = [
        [
            pa.array([row[n] for row in rows], _type(kind) if kind == "string" else _raw(kind))
            for n, kind in enumerate(kinds)
        ]
        for rows in sides
    ]
    old, new = (
        [a.view(_type(k)) if a.type != _type(k) else a for a, k in zip(side, kinds, strict=True)]
        for side in arrays
    )
    found = pair(old, new)
    met = [(sides[0][a], sides[1][b]) for a, b in zip(found.old, found.new, strict=True)]
    assert all(a == b for a, b in met)
    assert [a for a, _ in met] == [row for row in sides[0] if row in set(sides[1])]
    assert [sides[0][n] for n in found.only_old] == [r for r in sides[0] if r not in sides[1]]
    assert [sides[1][n] for n in found.only_new] == [r for r in sides[1] if r not in sides[0]]


def _raw(kind: str) -> pa.DataType:
    return {"timestamp[us]": pa.int64(), "date32[day]": pa.int32()}.get(kind) or _type(kind)


@pytest.mark.parametrize("width", [10, 2**31])
def test_compound_keys_of_numbers_pair_in_narrow_and_in_wide_ranges(width: int) -> None:
    at = np.arange(1_000)
    old = [pa.array(at // 10 * width), pa.array(at % 10 * width)]
    new = [column.filter(pa.array(at % 7 != 0)) for column in old]
    found = pair(old, new)
    assert found.only_old.tolist() == at[at % 7 == 0].tolist()
    assert found.old.tolist() == at[at % 7 != 0].tolist()
    assert len(found.only_new) == 0
