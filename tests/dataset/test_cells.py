"""Values of changes as text."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from azds.dataset.cells import as_text


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["a", None, ""], pa.string(), ["a", None, ""]),
        ([1, None], pa.int64(), ["1", None]),
        ([True], pa.bool_(), ["true"]),
        ([dt.date(1992, 4, 2)], pa.date32(), ["1992-04-02"]),
        ([Decimal("1.50")], pa.decimal128(5, 2), ["1.5"]),
        ([b"az", None], pa.binary(), ["617a", None]),
        ([["a", "b"], [], None], pa.list_(pa.string()), ["a;b", "", None]),
        ([[1, 2]], pa.list_(pa.int64()), ["1;2"]),
        ([{"a": 1}, None], pa.struct({"a": pa.int64()}), ['{"a": 1}', None]),
        ([[{"a": "é"}]], pa.list_(pa.struct({"a": pa.string()})), ['[{"a": "é"}]']),
    ],
    ids=lambda value: str(value) if isinstance(value, pa.DataType) else "",
)
def test_each_type_has_its_text(
    values: list[object], kind: pa.DataType, texts: list[str | None]
) -> None:
    array = pa.array(values, kind)
    assert as_text(array).to_pylist() == texts
    assert as_text(pa.chunked_array([array, array])).to_pylist() == texts * 2
