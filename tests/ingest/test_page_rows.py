"""Rows of tables in the text of a page: known by their words, whatever was lost around them."""

import pytest
from tests.ingest.reading import facts, read

from azds.ingest.blocks import Document
from azds.ingest.readers import read_document, sniff
from azds.ingest.source import read_source

TOP = "Foreign relations of Moldova\n\nIt has relations.\n\nBilateral relations\n\n"
HEADS = ("Country Formal Relations Began Notes\n", "CountryFormal Relations BeganNotes\n")


def document(text: str) -> Document:
    return read_document(read_source(text.encode()), "html-text")


def rows(text: str) -> list[tuple[str, ...]]:
    found = document(text)
    return [tuple(found.words(cell) for cell in row.cells) for row in found.of_kind("row")]


def told(text: str) -> dict[str, tuple[str, str | None]]:
    relations = facts(read(text, style=None), "relations")
    return {key: (row["status"], row["began"]) for key, row in relations.items()}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("Ghana4 June 1980See X", ("Ghana", "4 June 1980", "See X")),
        (" MaltaDecember 1975", ("Malta", "December 1975")),
        ("KenyaSee Kenya relations", ("Kenya", "See Kenya relations")),
        ("Flag of Mali.svg  Mali 1 May 1970", ("Mali", "1 May 1970")),
        ("12  Mali 1 May 1970", ("Mali", "1 May 1970")),
        (
            " Peru 1 May 1970 On 4 May 1999 it left.",
            ("Peru", "1 May 1970", "On 4 May 1999 it left."),
        ),
    ],
)
def test_a_row_is_cut_behind_its_name_and_its_date(
    head: str, line: str, cells: tuple[str, ...]
) -> None:
    assert rows(f"{TOP}{head}Chad1974\n\nWords are here.\n\n{line}\n")[1:] == [cells]


@pytest.mark.parametrize("line", [" Nauru", "Flag of Nauru.svg  Nauru"])
def test_a_name_alone_in_a_table_is_a_row(line: str) -> None:
    found = document(f"{TOP}{HEADS[0]} Kenya5 May 1965\n\n{line}\n\nBoth have no relations.\n")
    note = list(found.of_kind("paragraph"))[-1]
    assert note.row is not None
    assert found.words(found.blocks[note.row].cells[0]) == "Nauru"


def test_a_note_hangs_on_the_name_right_above_it() -> None:
    found = document(f"{TOP}{HEADS[0]} Kenya1965\n\nNauru\n  • Nauru has an embassy.\n")
    (note,) = found.of_kind("note")
    assert note.row is not None
    assert found.words(found.blocks[note.row].cells[0]) == "Nauru"


@pytest.mark.parametrize("head", HEADS)
def test_a_header_with_rows_tells_the_form_without_any_flag(head: str) -> None:
    text = f"Foreign relations of Moldova\n{head}Chad1974\nBurkina Faso1985-10-25\n"
    assert sniff(read_source(text.encode())) == "html-text"
    assert told(text) == {"TCD": ("established", "1974"), "BFA": ("established", "1985-10-25")}


def test_edit_links_tell_the_form() -> None:
    text = f"{TOP}Nepal[edit]\n\nThe two countries established diplomatic relations in May 1980.\n"
    assert told(text) == {"NPL": ("established", "1980-05")}


def test_of_two_dates_the_one_under_relations_counts() -> None:
    text = (
        f"{TOP}State Date of diplomatic recognition Diplomatic relations established Notes\n"
        "\xa0Norway 15 May 1909 16 May 1910\n\xa0Peru 1 May 1911\n"
    )
    assert told(text) == {"NOR": ("established", "1910-05-16"), "PER": ("not_given", None)}


def test_both_countries_behind_a_wide_gap_are_not_those_of_the_heading_before() -> None:
    gap = f"{TOP}Kenya–Moldova relations[edit]\n\nWords are here.\n\n\n"
    sentence = "Both countries established diplomatic relations on 11 May 1961.\n"
    assert told(gap + sentence) == {}
    assert told(gap.replace("\n\n\n", "\n\n") + sentence) == {"KEN": ("established", "1961-05-11")}


@pytest.mark.parametrize("before", ["", "Jump to content\n\n", "Foreign relations of Moldova\n\n"])
def test_a_sentence_is_no_title(before: str) -> None:
    found = document(
        f"{before}Moldova has relations with 52 states.[1]\n\nMore.\n\nTies\n\nWords.\n"
    )
    assert "Moldova has relations with 52 states." in map(found.words, found.of_kind("paragraph"))


def test_navigation_over_the_title_is_neither_title_nor_heading() -> None:
    found = document("Jump to content\n\nForeign relations of Moldova\n\nWords stand here.\n")
    assert [block.kind for block in found.blocks] == ["notice", "title", "paragraph"]
