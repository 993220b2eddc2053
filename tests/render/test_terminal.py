"""Pages on a terminal: they fit, nothing is lost, and colour only repeats what words say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.render.page import Grid, Note, Page, Title, to_text, width_of
from azds.render.terminal import to_terminal

COLOUR = re.compile(r"\x1b\[\d*m")
COUNTS = Grid(
    ["table", "old", "new", "added", "removed", "not comparable"],
    [["organizations", "80", "4", "1", "·", "75"]],
    right=frozenset({"old", "new", "added", "removed", "not comparable"}),
)
REASONS = Grid(["code", "where", "what"], [["undated", "–", "its position is declared " * 5]])
CHANGED = Grid(["key", "old", "", "new", "kind"], [["L2", "Barda", "→", "Bərdə", "replaced"]])


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("grid", [COUNTS, REASONS, CHANGED], ids=["counts", "reasons", "changed"])
def test_every_line_fits_and_no_word_is_lost(grid: Grid, width: int) -> None:
    page: Page = [Title("A title of some words " * 6), Note("a note of some words " * 9, 1), grid]
    told = to_terminal(page, width, colour=False)
    assert all(width_of(line) <= width for line in told.splitlines())
    words = {word for row in grid.rows for cell in row for word in cell.split()}
    assert words - {"·", "–", "→"} <= set(told.split())


def test_where_there_is_room_it_is_what_a_pipe_gets() -> None:
    page: Page = [Title("t"), Note("n", 1), COUNTS, CHANGED]
    assert to_terminal(page, 200, colour=False) == to_text(page)


def test_a_long_text_at_the_end_goes_below_its_row() -> None:
    lines = to_terminal([REASONS], 60, colour=False).splitlines()
    assert lines[0].split() == ["code", "where"]
    assert lines[1].split() == ["undated", "–"]
    assert lines[2].startswith("      its position is declared")


def test_what_goes_below_is_named_where_it_does_not_say_itself() -> None:
    grid = Grid(["id", "n", "title"], [["a", "1", "some words of a title " * 9]])
    assert to_terminal([grid], 60, colour=False).splitlines()[2].startswith("      title: some")


def test_columns_without_room_are_told_below_each_other() -> None:
    assert to_terminal([COUNTS], 30, colour=False).splitlines() == [
        "  organizations",
        "    old             80",
        "    new             4",
        "    added           1",
        "    not comparable  75",
    ]


def test_values_of_any_script_are_aligned() -> None:
    names = ["Gəncə", "北京市", "Москва", "القَاهِرَة", "कीव", "e\u0301te\u0301"]
    grid = Grid(["name", "n"], [[name, "1"] for name in names])
    lines = to_terminal([grid], 80, colour=False).splitlines()
    assert {width_of(line) for line in lines} == {width_of(lines[0])}


def test_colours_say_what_is_meant_and_change_no_word() -> None:
    page: Page = [Title("t"), Note("removed:", 1), COUNTS, CHANGED]
    told = to_terminal(page, 120, colour=True)
    assert COLOUR.sub("", told) == to_terminal(page, 120, colour=False)
    assert "\x1b[32m1\x1b[0m" in told  # one row added
    assert "\x1b[31mBarda\x1b[0m" in told
    assert "\x1b[32mBərdə\x1b[0m" in told
    assert "\x1b[31m·" not in told  # none removed


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=4), st.integers(20, 120))
def test_no_text_of_data_speaks_to_the_terminal(rows: list[list[str]], width: int) -> None:
    hostile = [["\x1b[2J", "\x9b31m", "\u202e"], *rows]
    told = to_terminal([Grid(["a", "old", "kind"], hostile)], width, colour=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", COLOUR.sub("", told))
