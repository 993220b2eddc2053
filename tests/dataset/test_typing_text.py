"""Which types text columns get, and what is told of mixed ones."""

from pathlib import Path

import pyarrow as pa
import pytest

from azds.dataset.inputs import Input, open_input
from azds.dataset.typing_text import cast_text, find_types, misfits


def texts(path: Path, *values: str) -> Input:
    """A CSV file with these values in its column x."""
    path.write_text("x,y\n" + "".join(f"{value},\n" for value in values), encoding="utf-8")
    return open_input(path)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", "0"], pa.int64()),
        (["9223372036854775807"], pa.int64()),
        (["1", "2.5", "1e3", "nan"], pa.float64()),
        (["true", "False"], pa.bool_()),
        (["2024-06-03"], pa.date32()),
        (["2024-06-03", "2024-06-03T10:00:00"], pa.timestamp("us")),
        (["2024-06-03T10:00Z", "2024-06-03 10:00:00+02:00"], pa.timestamp("us", "UTC")),
        (["007", "12"], pa.string()),
        (["+49"], pa.string()),
        (["9223372036854775808"], pa.string()),
        (["12345678901234567", "0.5"], pa.string()),
        (["0.1234567890123456789012"], pa.string()),
        (["2024-02-30"], pa.string()),
        (["2024-06-03T10:00", "2024-06-03T10:00Z"], pa.string()),
    ],
    ids=str,
)
def test_a_column_has_the_narrowest_type_that_gives_its_text_back(
    tmp_path: Path, values: list[str], kind: pa.DataType
) -> None:
    assert find_types([texts(tmp_path / "a.csv", *values)]).types == {"x": kind}


def test_a_column_without_values_has_no_type(tmp_path: Path) -> None:
    assert find_types([texts(tmp_path / "a.csv")]).types == {}


def test_both_sides_decide(tmp_path: Path) -> None:
    sides = [texts(tmp_path / "a.csv", "1", "2"), texts(tmp_path / "b.csv", "1", "2.5")]
    assert find_types(sides).types["x"] == pa.float64()


def test_a_mixed_column_is_text_and_the_value_that_made_it_so_is_told(tmp_path: Path) -> None:
    sides = [texts(tmp_path / "a.csv", "1", "2"), texts(tmp_path / "b.csv", "1", "n/a")]
    found = find_types(sides)
    assert found.types["x"] == pa.string()
    assert found.notes == (f"{tmp_path / 'b.csv'}: x is compared as text: 'n/a' is no int64",)


def test_words_are_no_mixed_column(tmp_path: Path) -> None:
    assert find_types([texts(tmp_path / "a.csv", "Baku", "2024", "Gence")]).notes == ()


def test_a_type_known_elsewhere_is_taken_where_all_fits(tmp_path: Path) -> None:
    side = texts(tmp_path / "a.csv", "1", "2")
    for kind in (pa.string(), pa.decimal128(5, 1), pa.uint8()):
        assert find_types([side], {"x": kind}).types["x"] == kind
    assert find_types([side], {"x": pa.date32()}).types["x"] == pa.int64()


def test_misfits_are_told_one_by_one() -> None:
    values = pa.array(["1", "256", "x", None, "-1", "07"])
    assert misfits(values, pa.uint8()).to_pylist() == [False, True, True, False, True, True]


def test_binary_text_is_hexadecimal() -> None:
    values = pa.array(["00ff", None, ""])
    assert misfits(pa.array(["0", "zz"]), pa.binary()).to_pylist() == [True, True]
    assert cast_text(values, pa.binary()).to_pylist() == [b"\x00\xff", None, b""]
