"""Pages as text and markdown: safe on a terminal, aligned, fitted."""

import pytest

from azds.render.page import Grid, Note, Title, clean, to_markdown, to_text, width_of

PAGE: list[Title | Note | Grid] = [
    Title("A title"),
    Note("a note"),
    Note("deeper", 1),
    Grid(["name", "n"], [["a", "1"], ["bb", "10"]], more=3, right=frozenset({"n"})),
    Title("Another", 2),
    Grid(["", ""], [["x", "y"]]),
]


def test_text_is_aligned_and_says_what_it_leaves_out() -> None:
    assert to_text(PAGE) == (
        "A title\n"
        "a note\n"
        "  deeper\n"
        "  name   n\n"
        "  a      1\n"
        "  bb    10\n"
        "  … 3 more\n"
        "\n"
        "Another\n"
        "  x  y\n"
    )


def test_markdown_has_headings_lists_and_tables() -> None:
    assert to_markdown(PAGE) == (
        "# A title\n"
        "\n"
        "a note\n"
        "\n"
        "- deeper\n"
        "\n"
        "| name | n |\n"
        "| --- | ---: |\n"
        "| a | 1 |\n"
        "| bb | 10 |\n"
        "\n"
        "… 3 more\n"
        "\n"
        "## Another\n"
        "\n"
        "|  |  |\n"
        "| --- | --- |\n"
        "| x | y |\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("<script>", r"\<script\>"),
        ("[a](b)", r"\[a\](b)"),
        ("# no heading", r"\# no heading"),
        ("&amp; ~~gone~~", r"\&amp; \~\~gone\~\~"),
        ("a\\|b", r"a\\\|b"),
        ("two\nlines", "two lines"),
        ("\x1b[31m", r"\\x1b\[31m"),
    ],
    ids=ascii,
)
def test_markdown_in_data_stays_text(text: str, escaped: str) -> None:
    lines = to_markdown([Grid(["c"], [[text]])]).splitlines()
    assert lines[2] == f"| {escaped} |"
    assert to_markdown([Note(text)]) == f"{escaped}\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\rb", r"a\rb"),
        ("tab\tand\nline", "tab and line"),
        ("\u202egnihsif\u2066", r"\u202egnihsif\u2066"),
        ("\x9b31m", r"\x9b31m"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("half \ud800", r"half \ud800"),
        ("tag \U000e0041", r"tag \U000e0041"),
        ("Bakü – “é” 中 \U0001f600", "Bakü – “é” 中 \U0001f600"),
    ],
    ids=ascii,
)
def test_what_would_move_a_terminal_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_wide_characters_take_two_columns_and_marks_none() -> None:
    assert width_of("abc") == 3
    assert width_of("中文") == 4
    assert width_of("e\u0301") == 1


def test_columns_are_aligned_by_what_a_terminal_shows() -> None:
    lines = to_text([Grid(["name", "n"], [["中文", "1"], ["abcd", "2"]])]).splitlines()
    assert lines == ["  name  n", "  中文  1", "  abcd  2"]


def test_a_page_without_rows_still_has_its_columns() -> None:
    assert to_text([Grid(["a", "b"], [])]) == "  a  b\n"
