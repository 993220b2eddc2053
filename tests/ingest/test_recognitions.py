"""Recognitions: what was done, by a state; not what was threatened, denied or taken back."""

import pytest
from tests.ingest.reading import facts, read, rejected


def recognitions(text: str) -> dict[str, str | None]:
    rows = facts(read(f"A title\n{text}"), "recognitions")
    return {key: row["date"] for key, row in rows.items()}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Romania recognized Moldova on 27 August 1991.", {"ROU/MDA": "1991-08-27"}),
        ("Romania recognised Moldova's independence in 1991.", {"ROU/MDA": "1991"}),
        (
            "Romania was the first to recognize the independence of Moldova, on 27 August 1991.",
            {"ROU/MDA": "1991-08-27"},
        ),
        (
            (
                "On 8 June 2011, Moldova became the 76th member state of the United Nations to "
                "recognise the independence of Kosovo."
            ),
            {"MDA/Q1246": "2011-06-08"},
        ),
        (
            "The independence of Moldova was recognised by Romania and Iran on 27 August 1991.",
            {"ROU/MDA": "1991-08-27", "IRN/MDA": "1991-08-27"},
        ),
        (
            "Moldova recognised Kosovo, Montenegro and South Sudan on 8 May 2012.",
            {"MDA/Q1246": "2012-05-08", "MDA/MNE": "2012-05-08", "MDA/SSD": "2012-05-08"},
        ),
        (
            (
                "On 25 December 1991 President Smith announced that the United States "
                "recognized the independence of twelve republics, including Moldova."
            ),
            {"USA/MDA": "1991-12-25"},
        ),
        ("Moldova recognises the State of Palestine.", {"MDA/PSE": None}),
        ("Moldova formally recognizes the government of Cyprus.", {"MDA/CYP": None}),
        (
            "Abkhazia and South Ossetia recognize the independence of Transnistria.",
            {"Q31354462/Q907112": None, "Q23427/Q907112": None},
        ),
        (
            "Iran recognized Moldova on 28 May 1991 and Moldova recognized Iran on 20 May 1992.",
            {"IRN/MDA": "1991-05-28", "MDA/IRN": "1992-05-20"},
        ),
        ("In 1991 Moldova left the union and recognized Fiji.", {"MDA/FJI": None}),
        (
            "Moldova recognised Fiji as an independent country on 2 May 1992.",
            {"MDA/FJI": "1992-05-02"},
        ),
        ("Moldova recognised Fiji (2 May 1992).", {"MDA/FJI": "1992-05-02"}),
        ("Moldova in 1992 recognised Fiji.", {"MDA/FJI": "1992"}),
        (
            "On May 2, 1992, Moldova became the fourth state to recognize Fiji.",
            {"MDA/FJI": "1992-05-02"},
        ),
        ("Moldova extended diplomatic recognition to Fiji in 1992.", {"MDA/FJI": "1992"}),
        (
            "Moldova retains recognition from two states: Fiji (2 May 1992) and Peru (in 1993).",
            {"FJI/MDA": "1992-05-02", "PER/MDA": "1993"},
        ),
        ("Moldova received recognition from Fiji and Peru.", {"FJI/MDA": None, "PER/MDA": None}),
        (
            "Moldova was recognised by Fiji (2 May 1992), Peru and Nauru (1993).",
            {"FJI/MDA": "1992-05-02", "PER/MDA": None, "NRU/MDA": "1993"},
        ),
        (
            "Two countries (Fiji and Peru) have recognized Moldova.",
            {"FJI/MDA": None, "PER/MDA": None},
        ),
        (
            "Fiji and Peru recognised Moldova. However, Fiji withdrew its recognition in 2000.",
            {"PER/MDA": None},
        ),
        (
            "Fiji recognised Moldova. In 2000 Fiji withdrew its recognition of Kosovo.",
            {"FJI/MDA": None},
        ),
    ],
)
def test_a_recognition_that_was_done_is_read(text: str, pairs: dict[str, str | None]) -> None:
    assert recognitions(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "Moldova threatened to recognize Kosovo.",
        "Moldova announced its intention to recognise Kosovo.",
        "Moldova does not recognize Kosovo.",
        "Moldova has never recognised Kosovo.",
        "Moldova denied that it had recognised Kosovo.",
        "Moldova considered recognising Kosovo.",
        "Moldova would recognise Kosovo.",
        "Moldova recognised Kosovo in 2008 but withdrew the recognition.",
        "Moldova recognised Kosovo in 2008. In 2010 Moldova revoked its recognition of Kosovo.",
        "The resolution urged Moldova to recognise Kosovo.",
    ],
)
def test_a_recognition_announced_denied_or_withdrawn_is_refused(text: str) -> None:
    text = f"A title\n{text}"
    extraction = read(text)
    assert facts(extraction, "recognitions") == {}
    assert {rule for rule, _ in rejected(text, extraction, "recognitions")} <= {
        "not-done",
        "withdrawn",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Moldova recognised Taiwan as part of China.",
        "Moldova recognised China's sovereignty over Taiwan.",
        "Moldova recognised Russia's claims.",
        "Moldova recognised that Fiji is far.",
        "Moldova re-recognized Fiji in 1991.",
        "The annexation of the coast by Russia was recognised by Syria.",
        "The opposition party of Moldova recognised Kosovo.",
        "Moldova recognizes the territorial integrity of Georgia.",
        "Northern Cyprus is recognised as a risk.",
        "The poet recognised Fiji from the air.",
    ],
)
def test_what_is_not_the_recognition_of_a_state_by_a_state_is_none(text: str) -> None:
    assert recognitions(text) == {}


def test_the_subject_of_a_second_clause_is_its_own() -> None:
    text = "The assembly recognised Kosovo, and Moldova recognised Abkhazia."
    assert recognitions(text) == {"MDA/Q31354462": None}


def test_a_pronoun_stands_for_the_state_of_which_the_text_spoke() -> None:
    text = "Moldova has no ties with Kosovo, although it recognised Montenegro in 2006."
    assert recognitions(text) == {"MDA/MNE": "2006"}


def test_an_item_of_a_list_tells_as_a_sentence_does() -> None:
    text = "# A title\n\n- Moldova recognised Fiji in 1992.\n- Peru is far.\n"
    rows = facts(read(text, style="markdown"), "recognitions")
    assert {key: row["date"] for key, row in rows.items()} == {"MDA/FJI": "1992"}
