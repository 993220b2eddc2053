"""Dated happenings: dates with what they leave to the context, kinds, actors."""

from pathlib import Path

import pytest

from azds.ingest.dated_words import DateReader
from azds.ingest.extracted import Extracted
from azds.ingest.extractors.events import extract_events
from azds.ingest.readers import read_document
from azds.ingest.source import read_source
from azds.records import Event
from azds.records.base import key_of
from azds.spans import words_digest

ARTICLE = Path(__file__).parents[2] / "fixtures" / "reactions-ferry.txt"


def events(text: str) -> Extracted[Event]:
    return extract_events(read_document(read_source(text.encode()), "plain-lines"))


def found(sentence: str) -> list[tuple[str, str, str]]:
    return [(e.kind, e.actors, str(e.date)) for e in events(f"A title.\n{sentence}\n").rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("On 3 May 2031 it began. The next day it rose.", ["2031-05-03", "2031-05-04"]),
        pytest.param("On 3 May 2031 and, two days later, again.", ["2031-05-03", "2031-05-05"]),
        pytest.param("On 3 May 2031. Later that day it sank.", ["2031-05-03", "2031-05-03"]),
        pytest.param("In June 2031. On 4 July it sank.", ["2031-06", "2031-07-04"]),
        pytest.param("On 1 October and 5 October 2031 it sank.", ["2031-10-01", "2031-10-05"]),
        pytest.param("Between 19 and 20 June 2031 it sank.", ["2031-06-19/2031-06-20"]),
        pytest.param("On March 13–14, 2031 it sank.", ["2031-03-13/2031-03-14"]),
        pytest.param("In 1918–20 and in late 1995.", ["1918/1920", "1995"]),
        pytest.param("By October 1993 it sank.", ["1993-10"]),
        pytest.param("3 May 2031 or before. The next day.", ["../2031-05-03", "2031-05-04"]),
        pytest.param("In May 2031. In mid-June it sank.", ["2031-05", "2031-06"]),
        pytest.param("On 4 July it sank. The next day too.", []),
        pytest.param("On 30 February 2031 it sank.", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_date_is_read_with_its_context(text: str, expected: list[str]) -> None:
    assert [one.edtf for one in DateReader().read(text, 0, len(text))] == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("On 24 July 2006, Kenya recognized Malta.", ("recognition", "KEN;MLT", "2006-07-24")),
        ("In 1992, a war broke out between Peru and Chile.", ("war", "CHL;PER", "1992")),
        (
            "On 2 May 2031, Kenya's President Jo Ray signed a decree.",
            ("decree", "KEN", "2031-05-02"),
        ),
        ("On 2 May 2031, Kenya condemned Malta.", ("statement", "KEN", "2031-05-02")),
        ("After the war, in January 2021, Kenya said so.", ("statement", "KEN", "2021-01")),
        ("The Greenpeace report of 2012 was long.", ("report", "Greenpeace", "2012")),
        (
            "On 5 May 2031, Peruvian Americans protested.",
            ("protest", "Peruvian Americans", "2031-05-05"),
        ),
    ],
)
def test_a_sentence_states_a_happening(sentence: str, expected: tuple[str, str, str]) -> None:
    assert found(sentence) == [expected]


def test_a_year_that_the_sentence_dates_more_precisely_is_no_second_happening() -> None:
    assert [date for _, _, date in found("The 2020 attack took place on 8 October 2020.")] == [
        "2020-10-08"
    ]


def test_a_season_and_a_list_are_no_happenings() -> None:
    assert found("Peru left the 2020–21 UEFA League.") == []
    assert found("This is a list of events in Peru in 2023.") == []


def test_a_reworded_sentence_keeps_its_key() -> None:
    one = events("A title.\nOn 2 May 2031, Kenya condemned Malta.\n").rows[0]
    other = events("A title.\nKenya condemned Malta on 2 May 2031.\n").rows[0]
    assert key_of(one) == key_of(other)
    assert one.date == other.date
    assert one.words_digest != other.words_digest


def test_every_event_has_evidence_and_fragments_have_none() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    extracted = events(text)
    assert {key_of(row) for row in extracted.rows} == {
        e.key for e in extracted.evidence if not e.column
    }
    for one in extracted.evidence:
        assert words_digest(text[one.start : one.end]) == one.digest
    dates = [str(row.date) for row in extracted.rows]
    assert "2031-07-01" not in dates
    assert {"2031-03-03", "2031-04-10", "2033-05-04/2033-05-06"} <= set(dates)


def test_a_text_without_dates_gives_an_empty_table() -> None:
    assert events("A title.\nNothing happened.\n").rows == []
