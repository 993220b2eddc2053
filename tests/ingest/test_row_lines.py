"""Rows that came out as one line each are read like rows in cells."""

import pytest

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
