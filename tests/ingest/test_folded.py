# ruff: noqa: E501 - markup reads best in one line
"""Wikitext whose tables were folded into one line gives what it gives unfolded."""

import re

import pytest
from tests.ingest.forms import derive
from tests.ingest.reading import facts, read

from azds.ingest.extract import extract
from azds.ingest.readers import sniff
from azds.ingest.readers.folded import has_folded
from azds.ingest.source import read_source

ROWS = (
    '==Ties== ===Far=== {| class="wikitable sortable" style="width:100%; margin:auto;" |- '
    '! style="width:15%;" | Country ! Formal Relations Began !Notes |- valign="top" '
    "|{{Flag|Peru}}||4 May 1992<ref>{{cite web |title=A |date=1 June 1990}}</ref>||See [[Fiji–Peru relations]] "
    '* Peru has an embassy in [[Suva]]. * Fiji has an embassy in [[Lima]]. |- valign="top" | align="left" | {{flag|Mali}} '
    "|{{dts|1984|3}} | |- |{{flag|Chad}}||<!--Date-->||See [[Chad]] |} Fiji is a member of the [[World Bank]].\n"
)


def folded(text: str) -> str:
    """A wikitext with each of its tables in one line."""
    return re.sub(
        r"\{\|.*?\n\|\}", lambda table: table[0].replace("\n", " "), text, flags=re.DOTALL
    )


def test_the_rows_of_a_folded_table_are_read() -> None:
    found = read(ROWS, subject="FJI", style=None)
    assert {name: row["began"] for name, row in facts(found, "relations").items()} == {
        "PER": "1992-05-04",
        "MLI": "1984-03",
        "TCD": None,
    }
    assert set(facts(found, "missions")) == {"PER/FJI/embassy/Suva", "FJI/PER/embassy/Lima"}
    assert list(facts(found, "sections")) == ["/1", "Ties/1", "Far/1"]


@pytest.mark.parametrize("table", ["counts", "relations", "missions", "organizations"])
def test_an_article_with_folded_tables_gives_what_it_gives_otherwise(table: str) -> None:
    text = derive("wikitext").decode()
    assert has_folded(folded(text))
    assert not has_folded(text)
    found, expected = (extract(one.encode(), subject="FJI") for one in (folded(text), text))
    assert found.style == expected.style == "wikitext"
    assert facts(found, table) == facts(expected, table)


def test_evidence_in_a_folded_table_points_to_the_words_as_they_are_stored() -> None:
    found = read(ROWS, subject="FJI", style=None)
    told = {ROWS[one.start : one.end] for one in found.evidence if one.column == "began"}
    assert told == {"4 May 1992", "1984|3"}


def test_a_folded_table_without_templates_or_links_is_read_as_plain_lines() -> None:
    text = "Ties of Fiji\nWith: {| ! Country ! Date |- | || 1990 |- | || 1991 |}\n"
    assert sniff(read_source(text.encode())) == "plain-lines"


def test_a_mark_outside_a_table_folds_nothing() -> None:
    text = "Fiji said no ! and yes |- or * Not at all.\n{| class=x\n|-\n| Peru |- | Mali\n|}\n"
    assert not has_folded(text)
