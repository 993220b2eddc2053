"""What holds for whatever is rendered: any text is safe, whole and in its place."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from azds.render.page import Grid, Note, Title, clean, to_markdown, to_text
from azds.render.terminal import to_terminal

BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(
    "\x00\x1b[31m\n\r\t\x9b\u202e|\\a"
)
GRIDS = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        Grid,
        st.lists(ANY_TEXT, min_size=width, max_size=width),
        st.lists(st.lists(ANY_TEXT, min_size=width, max_size=width), max_size=3),
        st.integers(0, 9),
    )
)
PAGES = st.lists(
    st.builds(Title, ANY_TEXT, st.integers(1, 3))
    | st.builds(Note, ANY_TEXT, st.integers(0, 2))
    | GRIDS,
    max_size=3,
)


def is_safe(text: str) -> bool:
    """No control character but the line feed, no change of direction, nothing that is half."""
    return not any(
        (unicodedata.category(char) in {"Cc", "Cs"} and char != "\n") or char in BIDI
        for char in text
    )


@given(PAGES, st.integers(1, 200))
def test_text_and_markdown_take_any_string_and_are_safe_on_a_terminal(
    page: list[Title | Note | Grid], width: int
) -> None:
    """No C0 but the line feed, no C1, no bidirectional mark, whatever the data hold."""
    for rendered in (to_text(page), to_terminal(page, width, colour=False), to_markdown(page)):
        assert is_safe(rendered)
        rendered.encode()


@given(PAGES)
def test_data_cannot_add_lines(page: list[Title | Note | Grid]) -> None:
    """A text has as many lines as its parts have, whatever stands in them."""
    lines = 0
    for part in page:
        if isinstance(part, Grid):
            header = any(clean(name) for name in part.columns)
            lines += header + len(part.rows) + bool(part.more)
        else:
            lines += 1 + (isinstance(part, Title) and lines > 0)
    assert len(to_text(page).split("\n")) == max(lines, 1) + 1


@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What is safe stays as it is."""
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "Mn"])))
def test_text_that_is_safe_already_is_kept(text: str) -> None:
    """Letters, numbers, marks and signs of any script come through."""
    assert clean(text) == text


@given(st.lists(ANY_TEXT, min_size=1, max_size=4))
def test_a_row_of_markdown_has_as_many_cells_as_columns(cells: list[str]) -> None:
    """A pipe in the data divides no cell."""
    [_, _, row] = to_markdown([Grid(["c"] * len(cells), [cells])]).splitlines()
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == len(cells) + 1
