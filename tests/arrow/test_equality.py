"""Which values are equal."""

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import arrays, layouts, types

from azds.arrow import equality
from azds.arrow.equality import equal
from azds.arrow.types import type_from_words
from azds.errors import InvalidInputError

_NAN = math.nan
_STRUCT = pa.struct([("x", pa.float64()), ("s", pa.list_(pa.string()))])


@pytest.mark.parametrize(
    ("kind", "a", "b", "expected"),
    [
        (pa.int64(), None, None, True),
        (pa.int64(), None, 0, False),
        (pa.string(), None, "", False),
        (pa.string(), "e\u0301", "\u00e9", False),
        (pa.float64(), _NAN, _NAN, True),
        (pa.float64(), _NAN, None, False),
        (pa.float64(), 0.0, -0.0, True),
        (pa.float32(), _NAN, 1.0, False),
        (pa.list_(pa.string()), None, [], False),
        (pa.list_(pa.string()), [], [], True),
        (pa.list_(pa.string()), [None], [], False),
        (pa.list_(pa.string()), [None], [""], False),
        (pa.list_(pa.string()), ["a", "b"], ["b", "a"], False),
        (pa.list_(pa.float64()), [_NAN, 0.0], [_NAN, -0.0], True),
        (pa.list_(pa.list_(pa.int8())), [[1], [2, 3]], [[1, 2], [3]], False),
        (_STRUCT, None, {"x": None, "s": None}, False),
        (_STRUCT, {"x": _NAN, "s": ["a"]}, {"x": _NAN, "s": ["a"]}, True),
        (_STRUCT, {"x": 0.0, "s": []}, {"x": -0.0, "s": None}, False),
        (pa.struct([]), {}, {}, True),
        (pa.struct([]), {}, None, False),
    ],
    ids=str,
)
def test_two_values_are_equal_or_not(
    kind: pa.DataType, a: object, b: object, *, expected: bool
) -> None:
    left, right = pa.array([a], kind), pa.array([b], kind)
    assert equal(left, right).to_pylist() == equal(right, left).to_pylist() == [expected]


@given(types, st.data())
def test_columns_agree_with_values_one_by_one(words: str, data: st.DataObject) -> None:
    kind = type_from_words(words)
    size = data.draw(st.integers(0, 6))
    a, b = data.draw(arrays(kind, size)), data.draw(arrays(kind, size))
    got = equal(data.draw(layouts(a)), data.draw(layouts(b)))
    assert got.to_pylist() == [
        _same(x, y) for x, y in zip(a.to_pylist(), b.to_pylist(), strict=True)
    ]
    assert got.null_count == 0


def _same(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_same(a[name], b[name]) for name in a)
    return a is b if a is None or b is None else bool(a == b)


def test_long_columns_in_chunks_are_compared_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(equality, "_PIECE", 3)
    a = pa.chunked_array([[1, 2, 3, 4, 5], [6, 7]])
    b = pa.chunked_array([[1, 2], [3, 0, 5, 6, 7]])
    assert equal(a, b).to_pylist() == [True, True, True, False, True, True, True]


def test_a_tolerance_holds_for_floats_at_any_depth_and_nothing_else() -> None:
    a = pa.array([[100.0, None], [math.inf], [math.inf], [_NAN], [0.0]])
    b = pa.array([[101.0, None], [math.inf], [1.0], [_NAN], [1e-9]])
    assert equal(a, b, rtol=0.01).to_pylist() == [True, True, False, True, False]
    assert equal(b, a, rtol=0.01).to_pylist() == [True, True, False, True, False]
    assert equal(a, b, rtol=0.001).to_pylist() == [False, True, False, True, False]
    assert equal(pa.array([100]), pa.array([101]), rtol=0.5).to_pylist() == [False]
    nulls = pa.nulls(2, pa.float64())
    assert equal(pa.array([1.0, None]), nulls, rtol=0.5).to_pylist() == [False, True]


@pytest.mark.parametrize("other", [pa.array([1, 2]), pa.array(["1"])], ids=["length", "type"])
def test_columns_that_do_not_match_are_refused(other: pa.Array) -> None:
    with pytest.raises(InvalidInputError) as caught:
        equal(pa.array([1]), other)
    assert caught.value.kind == "bad-argument"
