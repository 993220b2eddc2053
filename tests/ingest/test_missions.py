"""Missions: who sends which kind where, since when; what is planned, denied or closed is none."""

import pytest
from tests.ingest.reading import facts, read, rejected

HEAD = "A title\n\nCountry Formal Relations Began Notes\n"


def missions(text: str) -> set[str]:
    return set(facts(read(f"A title\n{text}"), "missions"))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Moldova has an embassy in Suva.", {"MDA/FJI/embassy/Suva"}),
        (
            "Moldova has an embassy in Rome and consulates-general in Milan,Bologna and Padua.",
            {
                "MDA/ITA/embassy/Rome",
                "MDA/ITA/consulate_general/Milan",
                "MDA/ITA/consulate_general/Bologna",
                "MDA/ITA/consulate_general/Padua",
            },
        ),
        (
            "Moldova has an embassy and a consulate in Riga.",
            {"MDA/LVA/embassy/Riga", "MDA/LVA/consulate/Riga"},
        ),
        (
            "Moldova has embassies in Riga, Suva (Fiji) and Washington, D.C., United States.",
            {
                "MDA/LVA/embassy/Riga",
                "MDA/FJI/embassy/Suva",
                "MDA/USA/embassy/Washington, D.C.",
            },
        ),
        (
            "Moldova has an embassy in Stockholm and two honorary consulates (in Visby and Umeå).",
            {
                "MDA/SWE/embassy/Stockholm",
                "MDA/SWE/honorary_consulate/Visby",
                "MDA/SWE/honorary_consulate/Umeå",
            },
        ),
        ("Fiji opened a High Commission in Chișinău.", {"FJI/MDA/embassy/Chișinău"}),
        (
            "Fiji is accredited to Moldova from its embassy in Brussels, Belgium.",
            {"FJI/MDA/non_resident/Brussels"},
        ),
        (
            "Moldova is represented in Fiji and Nauru through its embassy in Canberra (Australia).",
            {"MDA/FJI/non_resident/Canberra", "MDA/NRU/non_resident/Canberra"},
        ),
        (
            (
                "Fiji is accredited to Moldova from its embassy in Rome, Italy and maintains an "
                "honorary consulate in Chișinău."
            ),
            {"FJI/MDA/non_resident/Rome", "FJI/MDA/honorary_consulate/Chișinău"},
        ),
        (
            (
                "Fiji is represented in Moldova through its embassy in Rome (Italy) and through an "
                "honorary consulate in Xanadu."
            ),
            {"FJI/MDA/non_resident/Rome", "FJI/MDA/honorary_consulate/Xanadu"},
        ),
        (
            (
                "Fiji is represented in Moldova through the embassy of Peru in Rome and through an "
                "honorary consulate in Xanadu."
            ),
            {"FJI/MDA/honorary_consulate/Xanadu"},
        ),
        (
            "Fiji is represented in Moldova through its embassy in Chișinău.",
            {"FJI/MDA/embassy/Chișinău"},
        ),
        (
            "Moldova has an embassy in Rome and 2 honorary consulates (in Milan and Padua).",
            {
                "MDA/ITA/embassy/Rome",
                "MDA/ITA/honorary_consulate/Milan",
                "MDA/ITA/honorary_consulate/Padua",
            },
        ),
        ("Moldova has a general consulate in Milan.", {"MDA/ITA/consulate_general/Milan"}),
        ("Moldova has an honorary consul in Milan.", {"MDA/ITA/honorary_consulate/Milan"}),
        ("Moldova, like Romania, has an embassy in Riga.", {"MDA/LVA/embassy/Riga"}),
        ("Moldova is small. It also has an embassy in Riga.", {"MDA/LVA/embassy/Riga"}),
        ("The country has an embassy in Port-au-Prince.", {"MDA/HTI/embassy/Port-au-Prince"}),
        (
            "Fiji and Nauru have embassies in Chișinău.",
            {"FJI/MDA/embassy/Chișinău", "NRU/MDA/embassy/Chișinău"},
        ),
    ],
)
def test_a_sentence_that_says_who_sends_it_where_is_a_mission(text: str, keys: set[str]) -> None:
    assert missions(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "Moldova has no embassy in Suva.",
        "Moldova does not have an embassy in Suva.",
        "Moldova plans to open an embassy in Suva, but it maintains an embassy in no atoll.",
        "Moldova opened an embassy in Suva in 1990, which was closed in 1999.",
        "Moldova had an embassy in Suva until 1999.",
        "Moldova has an embassy in Suva no longer.",
        "Romania has an embassy in Suva.",
        "Moldova has an embassy in Tiraspol.",
        "Moldova has an embassy in Fiji.",
        "Moldova has embassies in Western Europe.",
        "Fiji is represented in Moldova by its High Commission in Trinidad and Tobago.",
        "Moldova has a military base near the embassy in Paris.",
        "Moldova is not represented in Fiji through its embassy in Canberra.",
        "The embassy in Suva burnt down.",
        "Romania is far. It has an embassy in Suva.",
    ],
)
def test_what_is_planned_denied_closed_or_of_others_is_no_mission(text: str) -> None:
    assert missions(text) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Moldova does not have an embassy in Suva.", "not-done"),
        ("Moldova opened an embassy in Suva but closed it in 1999.", "mission-closed"),
        ("Romania has an embassy in Suva.", "parties-unclear"),
    ],
)
def test_what_is_refused_is_kept_with_its_rule(text: str, rule: str) -> None:
    text = f"A title\n{text}"
    assert rejected(text, read(text), "missions") == [(rule, "embassy in Suva")]


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("Fiji has an embassy in Chișinău since 16 May 1994.", "1994-05-16"),
        ("Fiji has had an embassy in Chișinău, Moldova, since 1994.", "1994"),
        ("Fiji opened an embassy in Chișinău in May 1994.", "1994-05"),
        ("On 16 May 1994 Fiji opened an embassy in Chișinău.", "1994-05-16"),
        ("In 1994 Fiji met envoys and has an embassy in Chișinău.", None),
        ("Fiji has an embassy in Chișinău. It was built in 1994.", None),
    ],
)
def test_since_when_it_stands_is_read_where_the_text_says_so(text: str, since: str | None) -> None:
    (row,) = facts(read(f"A title\n{text}"), "missions").values()
    assert row["since"] == since


def test_the_words_of_the_text_are_kept_beside_the_kind_and_the_city() -> None:
    (row,) = facts(read("A title\nMoldova has a High Commission in Kiev."), "missions").values()
    assert (row["kind"], row["kind_as_written"]) == ("embassy", "High Commission")
    assert (row["city"], row["city_as_written"]) == ("Kyiv", "Kiev")


def test_a_mission_in_a_row_may_stand_in_a_city_that_nobody_lists() -> None:
    text = f"{HEAD}\xa0Fiji 1992\n  • Moldova has a consulate in Xanadu Bay.\n"
    (row,) = facts(read(text, style="html-text"), "missions").values()
    assert (row["receiver"], row["city"], row["host"]) == ("FJI", "Xanadu Bay", "FJI")


def test_an_unknown_city_lies_where_the_one_beside_it_lies() -> None:
    (_, row) = facts(
        read("A title\nFiji has an embassy in Chișinău and a consulate in Xanadu."), "missions"
    ).values()
    assert (row["city"], row["host"]) == ("Xanadu", "MDA")
