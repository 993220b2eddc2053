"""Types that hold the values of two."""

import pyarrow as pa
import pytest

from azds.arrow.widening import wider


@pytest.mark.parametrize(
    ("a", "b", "wide"),
    [
        (pa.int16(), pa.int64(), pa.int64()),
        (pa.int64(), pa.float32(), pa.float64()),
        (pa.timestamp("ms"), pa.timestamp("ns"), pa.timestamp("ns")),
        (pa.timestamp("us", "UTC"), pa.timestamp("us", "Asia/Baku"), pa.timestamp("us", "UTC")),
        (pa.timestamp("us"), pa.timestamp("us", "UTC"), None),
        (pa.date32(), pa.timestamp("s"), pa.timestamp("us")),
        (pa.date32(), pa.timestamp("us", "UTC"), None),
        (pa.decimal128(8, 2), pa.decimal128(6, 4), pa.decimal128(10, 4)),
        (pa.decimal128(38, 0), pa.decimal128(38, 9), None),
        (pa.list_(pa.int8()), pa.list_(pa.int64()), pa.list_(pa.int64())),
        (pa.list_(pa.int8()), pa.list_(pa.string()), None),
        (pa.int64(), pa.string(), None),
        (pa.bool_(), pa.int64(), None),
    ],
    ids=str,
)
def test_the_wider_type_holds_both_whichever_comes_first(
    a: pa.DataType, b: pa.DataType, wide: pa.DataType | None
) -> None:
    assert wider(a, b) == wide
    assert wider(b, a) == wide
    assert wider(a, a) == a
