"""CSV that opens safely in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.render.csv_text import to_csv


def test_there_is_a_header_and_null_is_an_empty_cell() -> None:
    assert to_csv(["a", "b"], [[1, None], ["x", True]]) == "a,b\n1,\nx,True\n"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-a", "@x", "\tx", "\rx", "\n=1", "=", "-", "--1"])
def test_text_that_a_spreadsheet_would_run_is_kept_from_it(text: str) -> None:
    [[cell]] = csv.reader(io.StringIO(to_csv([text], []), newline=""))
    assert cell == f"'{text}"


@pytest.mark.parametrize("value", [-5, -1.5, "-5", "-1.5", "-2e-05"], ids=repr)
def test_negative_numbers_stay_numbers(value: object) -> None:
    assert to_csv([], [[value]]).splitlines()[1] == str(value)


def test_what_divides_cells_or_rows_is_quoted() -> None:
    assert to_csv(["a,b", 'c"d'], [["x\ny", [1, 2]]]) == '"a,b","c""d"\n"x\ny","[1, 2]"\n'


def test_a_row_of_one_empty_cell_is_a_row() -> None:
    assert to_csv(["a"], [[None], ["x"]]) == 'a\n""\nx\n'


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_no_cell_starts_a_formula_and_every_cell_comes_back(rows: list[list[str]]) -> None:
    """A cell that starts with = + - @ is a plain negative number; all else is as it was."""
    text = to_csv(["x", "y"], rows)
    [_, *read] = csv.reader(io.StringIO(text, newline=""))
    for row, back in zip(rows, read, strict=True):
        for cell, shown in zip(row, back, strict=True):
            assert shown in {cell, f"'{cell}"}
            if shown[:1] in set("=+-@"):
                assert float(shown) <= 0
