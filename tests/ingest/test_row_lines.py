"""Rows that came out as one line each are read like rows in cells."""

import time

import pytest
from tests.ingest.reading import facts, read

from azds.ingest.readers import read_document, sniff
from azds.ingest.source import Source, read_source

GLUED = """#CountryDate[1]
1Australia10 October 1970
2New Zealand10 October 1970[2]
3LuxembourgJanuary 1971
"""
SPACED = """# Country[5] Date
1  New Zealand 11 March 1992
2  United States[6] 24 March 1992
 Holy See 23 May 1992
"""
TABBED = "#\tCountry\tDate\n1\tAustria\t25 March 1992\n—\tState of Palestine\t\n2\tCuba\tUnknown\n"


PICTURED = """#Country Date
1Flag of India.svg  India 14 January 1968
Flag of Europe.svg  European Union 9 August 1985
"""


def source(text: str) -> Source:
    return read_source(f"Foreign relations of Somewhere\n\nIt has relations.\n\n{text}".encode())


def rows(text: str) -> list[tuple[str, ...]]:
    document = read_document(source(text), "cell-lines")
    return [tuple(document.words(cell) for cell in row.cells) for row in document.of_kind("row")]


@pytest.mark.parametrize("text", [GLUED, SPACED, TABBED])
def test_a_header_on_one_line_tells_the_form(text: str) -> None:
    assert sniff(source(text)) == "cell-lines"


def test_glued_rows_are_divided_at_the_name_and_the_date() -> None:
    assert rows(GLUED) == [
        ("1", "Australia", "10 October 1970"),
        ("2", "New Zealand", "10 October 1970"),
        ("3", "Luxembourg", "January 1971"),
    ]


def test_a_row_may_lack_its_number_or_its_date() -> None:
    assert rows(SPACED)[-1] == ("Holy See", "23 May 1992")
    assert rows(TABBED)[1:] == [("—", "State of Palestine"), ("2", "Cuba", "Unknown")]


def test_the_name_of_a_flag_s_file_is_no_part_of_the_name() -> None:
    assert [row[-2:] for row in rows(PICTURED)] == [
        ("India", "14 January 1968"),
        ("European Union", "9 August 1985"),
    ]


def test_a_sentence_ends_the_table() -> None:
    assert len(rows(GLUED + "In 1992 it opened an embassy.\n4Chad10 May 1999\n")) == 3


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("7  Togo 1960s", ("7", "Togo", "1960s")),
        ("7  Togo ?", ("7", "Togo", "?")),
        ("7Togobefore 1982", ("7", "Togo", "before 1982")),
        ("7  Togo 1st May 1975", ("7", "Togo", "1st May 1975")),
        ("7  Togo 12 December", ("7", "Togo", "12 December")),
        ("7  Togo (de facto)", ("7", "Togo (de facto)")),
        ("7  Togoland", ("7", "Togoland")),
        ("8  Template:Country data Togo Template:Dts[1]", ("8", "Togo")),
        ("Flag of Togo (1958–1960; state).svg  Togo 3 May 1975", ("Togo", "3 May 1975")),
    ],
)
def test_an_odd_row_is_a_row_and_ends_no_table(row: str, cells: tuple[str, ...]) -> None:
    assert rows(f"#CountryDate\n6Peru3 March 1971\n{row}\n9Chad1974\n")[1:] == [
        cells,
        ("9", "Chad", "1974"),
    ]


@pytest.mark.parametrize(
    "line",
    ["7 May 1993", "2[2]", "(suspended)[3]", "(restored 6 June 1999)", "Map of ties.png", "2"],
)
def test_what_is_left_of_a_row_is_no_part_of_the_row_before(line: str) -> None:
    text = f"# Country Date\n1  Peru 3 March 1971\n{line}\n3  Chad 1974\n"
    assert rows(text) == [("1", "Peru", "3 March 1971"), ("3", "Chad", "1974")]


@pytest.mark.parametrize(
    "line", ["Visits", "Countries that left", "Country Date Purpose", "Ties[edit]", "It left."]
)
def test_rows_without_numbers_behind_a_heading_are_of_no_numbered_list(line: str) -> None:
    text = f"# Country Date\n1  Peru 3 March 1971\n{line}\nChad 1974\nMali 1 May 1980\n"
    assert rows(text) == [("1", "Peru", "3 March 1971")]


def test_a_date_on_the_next_line_is_that_of_an_undated_row() -> None:
    assert rows("# Country Date\n1  Peru\n3 March 1971\n2  Chad 1974\n") == [
        ("1", "Peru", "3 March 1971"),
        ("2", "Chad", "1974"),
    ]


def test_rows_may_be_numbered_where_the_header_is_not() -> None:
    text = "List of countries with which Moldova maintains diplomatic relations:\nCountryDate\n"
    told = facts(
        read(text + "1 Malta[1]\n2[2]\n3 Fiji 3 May 1999\n", style="cell-lines"), "relations"
    )
    assert {key: (row["status"], row["began"]) for key, row in told.items()} == {
        "MLT": ("established", None),
        "FJI": ("established", "1999-05-03"),
    }


NOTED = """# Name Diplomatic relations established[5] Region Notes
1 Afghanistan2000Asia
2 Peru 1954 On 10 May 2012 the envoy left.
"""
MIXED = """#CountryDate
1Peru3 March 1971
Country Formal Relations Began Notes
Ghana 4 June 1980 See Ghana–Moldova relations since 1960
• Moldova has an embassy in Accra.
Embassy of Ghana
It was opened in 1999.
Kenya1975See Kenya–Moldova relations
Nepal See the war of 1984
Other relations
In 1990 there was more.
"""


def test_a_sentence_behind_the_date_is_a_note() -> None:
    assert sniff(source(NOTED)) == "cell-lines"
    assert rows(NOTED) == [("1", "Afghanistan", "2000"), ("2", "Peru", "1954")]


def test_the_holy_see_is_no_pointer() -> None:
    assert rows(NOTED + "Holy See 4 June 1980 See Ties\n")[-1] == ("Holy See", "4 June 1980")


def test_a_table_with_notes_may_follow_a_list() -> None:
    document = read_document(source(MIXED), "cell-lines")
    ghana, kenya, nepal = list(document.of_kind("row"))[1:]
    assert [[document.words(cell) for cell in row.cells] for row in (ghana, kenya, nepal)] == [
        ["Ghana", "4 June 1980"],
        ["Kenya", "1975"],
        ["Nepal"],
    ]
    notes = {
        document.words(block): block.row and document.blocks[block.row]
        for block in document.of_kind("note", "paragraph")
    }
    assert notes["Moldova has an embassy in Accra."] == ghana
    assert notes["It was opened in 1999."] == ghana
    assert notes["See the war of 1984"] == nepal
    assert notes["In 1990 there was more."] is None


@pytest.mark.parametrize(
    "head", ["Country Date Purpose", "# Country Date of recognition", "Country Since Ambassador"]
)
def test_a_header_of_something_else_opens_no_table(head: str) -> None:
    assert rows(f"{head}\n1 Peru 3 March 1971\n2 Chad 1974\n") == []
    assert sniff(source(f"{head}\n1 Peru 3 March 1971\n2 Chad 1974\n")) == "plain-lines"


def test_a_line_that_announces_a_list_is_no_header() -> None:
    text = "Countries\nList of states which have since established relations\nPeru\nChad\n"
    assert sniff(source(text)) == "plain-lines"


@pytest.mark.parametrize("style", ["cell-lines", "html-text"])
@pytest.mark.parametrize(
    "piece",
    [
        "1 Fiji 1990\n",
        "#CountryDate\n1Fiji1990\n",
        "Country Formal Relations Began Notes\n Fiji1990See X\nWords.\n",
        "Template:111",
        "1      ",
        "Flag of ",
    ],
)
def test_rows_take_time_by_their_number(style: str, piece: str) -> None:
    def taken(length: int) -> float:
        one = source("#CountryDate\n" + piece * (length // len(piece)))
        start = time.process_time()
        sniff(one)
        read_document(one, style)
        return time.process_time() - start

    once = max(min(taken(5_000) for _ in range(2)), 0.01)
    assert min(taken(20_000) for _ in range(2)) / once < 2.5 * 2.5 * 1.6
