"""`assert_same_table` passes on equal tables, and fails with a diff that a person can read."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import azds
from azds.errors import InvalidInputError
from azds.testing import assert_same_table

ROWS = [{"id": 1, "name": "Ganja", "area": 1.5}, {"id": 2, "name": "Sheki", "area": None}]


def fault(old: object, new: object, **options: object) -> str:
    """What the failure says."""
    with pytest.raises(AssertionError) as told:
        assert_same_table(old, new, **{"key": "id", **options})  # type: ignore[arg-type]
    return str(told.value)


KINDS = {
    "rows": lambda rows: rows,
    "arrow": pa.Table.from_pylist,
    "pandas": lambda rows: pd.DataFrame(rows).convert_dtypes(),
    "polars": pl.DataFrame,
}


@pytest.mark.parametrize("kind", KINDS)
def test_equal_tables_pass_whatever_holds_them(kind: str) -> None:
    assert_same_table(pa.Table.from_pylist(ROWS), KINDS[kind](ROWS[::-1]), key="id")


def test_the_message_is_the_diff() -> None:
    new = [{"id": 1, "name": "Gəncə", "area": 1.5}, {"id": 3, "name": "Quba", "area": 2.0}]
    assert fault(ROWS, new).splitlines() == [
        "the tables differ: 1 changed, 1 added, 1 removed",
        "old → new",
        "  table  old  new  equal  changed  added  removed  newly stated  unstated  not comparable",
        "  table    2    2      ·        1      1        1             ·         ·               ·",
        "",
        "Cells, by column",
        "  column      changes",
        "  table.name  1 replaced",
        "",
        "table: 1 changed, 1 added, 1 removed",
        "  added:",
        "  id  name  area",
        "  3   Quba  2.0",
        "  removed:",
        "  id  name   area",
        "  2   Sheki  –",
        "  changed:",
        "  key  column  old       new    kind",
        "  1    name    Ganja  →  Gəncə  replaced",
    ]


def test_of_a_large_difference_the_first_rows_are_shown_and_the_rest_counted() -> None:
    many = [{"id": at} for at in range(500)]
    told = fault(many, [])
    assert told.startswith("the tables differ: 500 removed\n")
    assert "  … 480 more" in told
    assert len(told.splitlines()) < 40


@pytest.mark.parametrize("sides", [(ROWS, []), ([], ROWS)], ids=["new", "old"])
def test_no_row_at_all_is_a_difference_and_no_wrong_use(
    sides: tuple[list[object], list[object]],
) -> None:
    assert "2 " in fault(*sides).splitlines()[0]
    assert_same_table([], [], key="id")


def test_a_column_that_is_not_there_is_a_difference() -> None:
    told = fault(ROWS, [{"id": one["id"], "name": one["name"]} for one in ROWS])
    assert "other columns" in told.splitlines()[0]
    assert "area" in told
    assert_same_table(
        ROWS, [{"id": 1, "name": "Ganja"}, {"id": 2, "name": "Sheki"}], key="id", ignore="area"
    )


def test_nearness_and_ignored_columns_are_as_in_a_diff() -> None:
    near = [{**one, "area": one["area"] and 1.5000001} for one in ROWS]
    assert_same_table(ROWS, near, key="id", rtol=1e-6)
    assert "1 changed" in fault(ROWS, near)
    assert_same_table(ROWS, near, key="id", ignore="area")


def test_rows_without_a_key_are_a_difference_where_their_numbers_differ() -> None:
    keyless = [*ROWS, {"id": None, "name": "?", "area": None}]
    with pytest.raises(InvalidInputError):
        assert_same_table(ROWS, keyless, key="id")
    assert "rows without a key: 0 and 1" in fault(ROWS, keyless, null_keys=True)
    assert_same_table(keyless, keyless, key="id", null_keys=True)


def test_files_are_compared_as_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,Ganja\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("name,id\nGanja,1\n", encoding="utf-8")
    assert_same_table(tmp_path / "a.csv", str(tmp_path / "b.csv"), key="id")


def test_an_azds_table_knows_its_key() -> None:
    relations = azds.open()["foreign-relations"]["2016"]["relations"]
    assert_same_table(relations, relations.to_arrow())
    with pytest.raises(AssertionError, match="1 removed"):
        assert_same_table(relations, relations.to_arrow().slice(1))
    with pytest.raises(InvalidInputError, match="key=COLUMNS"):
        assert_same_table(ROWS, ROWS)


@given(
    st.dictionaries(st.integers(0, 5), st.text(max_size=3)),
    st.dictionaries(st.integers(0, 5), st.text(max_size=3)),
)
def test_it_passes_exactly_where_the_rows_are_the_same(
    old: dict[int, str], new: dict[int, str]
) -> None:
    sides = [
        pa.table({"id": pa.array(one.keys(), pa.int64()), "x": pa.array(one.values(), pa.string())})
        for one in (old, new)
    ]
    try:
        assert_same_table(sides[0], sides[1], key="id")
    except AssertionError:
        assert old != new
    else:
        assert old == new


def test_hostile_values_cannot_speak_to_a_terminal() -> None:
    told = fault([{"id": 1, "x": "a"}], [{"id": 1, "x": "\x1b[31m\u202e\r"}])
    assert not {"\x1b", "\u202e", "\r"} & set(told)


def test_pytest_shows_the_diff_and_not_our_code(tmp_path: Path) -> None:
    (tmp_path / "test_cities.py").write_text(
        "from azds.testing import assert_same_table\n\n"
        "def test_cities():\n"
        "    assert_same_table([{'id': 1, 'x': 2}], [{'id': 1, 'x': 3}], key='id')\n",
        encoding="utf-8",
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)  # noqa: S603 - ours
    assert done.returncode == 1
    assert "AssertionError: the tables differ: 1 changed" in done.stdout
    assert "def _told" not in done.stdout
    assert "raise AssertionError" not in done.stdout


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ("pyarrow", "pydantic", "pytest")
    program = f"import sys, azds.testing; print([m for m in {heavy} if m in sys.modules])"
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    assert done.stdout == "[]\n"
