"""Pipe tables whose cells kept their line breaks: a row has as many bars as the header."""

import pytest
from tests.ingest.reading import facts, read

from azds.ingest.readers import read_document, sniff
from azds.ingest.source import read_source

HEAD = "Country | Formal Relations Began | Notes |\n---|---|---|\n"
LED = "| Country | Formal Relations Began | Notes |\n|---|---|---|\n"
CLOSED = "Country |\nFormal Relations Began |\nNotes |\n"
CELLS = (
    CLOSED + "Peru |\n4 May 1992 |\n- Peru has an embassy in Suva.\n|\n"
    "Chad |\n|\n- Chad is far.\n|\nMali |\n1984 |\nSee Fiji–Mali relations |\n"
)


def rows(text: str) -> list[tuple[str, ...]]:
    """The country and the date of each row."""
    document = read_document(read_source(text.encode()), "markdown")
    found = ({c.column: document.words(c) for c in row.cells} for row in document.of_kind("row"))
    return [(cells["country"], cells.get("began", "")) for cells in found]


def relations(text: str) -> dict[str, tuple[str, str | None]]:
    found = facts(read(text, subject="FJI", style="markdown"), "relations")
    return {name: (row["status"], row["began"]) for name, row in found.items()}


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Chad | See Chad\n| |\nPeru | 4 May 1992 | See Peru\n|\nMali | 1984 | |\n",
        HEAD + "Chad |\n| |\nPeru |\n4 May 1992 | It was so.\nFar off. |\nMali | 1984 |\n|\n",
        LED + "| Chad |\n| |\n| Peru | 4 May 1992 |\nIn 2001 all was well. |\n| Mali | 1984 |\n|\n",
        CLOSED + "Chad | |\n- Chad is far.\n|\nPeru | 4 May 1992 |\n- A.\n|\nMali |\n1984 |\n|\n",
        CELLS,
    ],
)  # fmt: skip
def test_a_row_goes_on_until_it_has_the_bars_of_the_header(text: str) -> None:
    assert {name: began for name, (_, began) in relations(text).items()} == {
        "TCD": None,
        "PER": "1992-05-04",
        "MLI": "1984",
    }


def test_dates_in_the_lines_below_a_closed_cell_are_not_of_that_cell() -> None:
    text = LED + "| Peru | 4 May 1992 |\nIn 2000 there was a row. In May 2003 it ended. |\n"
    row = facts(read(text, subject="FJI", style="markdown"), "relations")["PER"]
    assert (row["began"], row["began_also"]) == ("1992-05-04", [])


def test_the_date_of_a_row_without_a_name_goes_to_no_other_row() -> None:
    text = (
        HEAD + "![]() | 24 June 1964 |\n|\n![]() | See Fiji–Peru relations\nPeru is near. | |\n"
        "![]() | 1990 |\n|\n"
    )
    assert rows(text)[0][1] == "24 June 1964"
    assert [row for row in relations(text).values() if row[1]] == []


def test_an_incomplete_row_takes_no_cell_of_the_next() -> None:
    assert rows(HEAD + "Serbia | 1968 |\nMalta |\n1970 | x |\nChad | 1980 |\n") == [
        ("Serbia", "1968"),
        ("Malta", "1970"),
        ("Chad", "1980"),
    ]


def test_words_where_the_date_is_missing_are_notes() -> None:
    text = HEAD + "Chad |\n- Chad has an embassy in Suva since 1990.\n| |\nPeru | 1992 | |\n"
    found = read(text, subject="FJI", style="markdown")
    assert facts(found, "relations")["TCD"]["began"] is None
    assert list(facts(found, "missions")) == ["TCD/FJI/embassy/Suva"]


@pytest.mark.parametrize("text", [CELLS, HEAD + "Peru | 1992 | See Peru\n|\n"])
def test_such_a_table_tells_the_form(text: str) -> None:
    assert sniff(read_source(f"Ties of Fiji\n{text}".encode())) == "markdown"


def test_cells_that_a_bar_closes_one_a_line_are_no_table_without_a_header() -> None:
    words = "Main page |\nTalk |\nFiji has ties. |\n"
    assert sniff(read_source(words.encode())) == "plain-lines"
    assert rows(words) == []


def test_a_bar_in_a_template_divides_nothing() -> None:
    text = HEAD + "Peru | 1992{{cite|a|b}} | See {{main|x\n|\nMali | 1984 | |\n"
    assert rows(text) == [("Peru", "1992{{cite|a|b}}"), ("Mali", "1984")]


def test_a_sentence_right_below_a_sidebar_of_one_column_is_a_paragraph() -> None:
    side = "Member of a series |\n---|\nParliament\n|\n"
    lead = "Fiji cut diplomatic ties with Peru in March 2003.\n"
    text = side + lead + HEAD + "Mali | 1984 | |\n"
    assert relations(text) == {"PER": ("none", None), "MLI": ("established", "1984")}


def test_the_name_of_a_lost_flag_template_is_no_part_of_the_name() -> None:
    assert rows(LED + "| Template:Country data Ghana | 1984 | |\n") == [("Ghana", "1984")]
    assert rows(LED + "| Template:Flag Template:Dts | 1984 | |\n")[0][0].startswith("Template")
