"""Stated numbers: only those of all the subject's relations today are counts."""

import pytest
from tests.ingest.reading import facts, read, rejected


def counts(text: str) -> list[tuple[str, int]]:
    rows = facts(read(f"A title\n{text}"), "counts").values()
    return [(row["scope"], row["value"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Moldova has diplomatic relations with 160 countries.", ("countries", 160)),
        ("Moldova maintains diplomatic ties with 12[3] states.", ("states", 12)),
        ("Moldova has diplomatic relations with 133 UN-states.", ("un_members", 133)),
        ("Moldova retains diplomatic relations with 72 countries.", ("countries", 72)),
        ("Moldova has established relations with 151 countries.", ("countries", 151)),
        ("Moldova has diplomatic relations with 90UN member states.", ("un_members", 90)),
        (
            "Moldova has diplomatic relations with 11 of the 193United Nations member states.",
            ("un_members", 11),
        ),
        (
            "Moldova has diplomatic relations with most nations – 88 states in total – and others.",
            ("states", 88),
        ),
        (
            "With diplomatic relations with 121 countries, Moldova is well connected.",
            ("countries", 121),
        ),
        (
            "Until March 2015, Moldova had established diplomatic relations with 77 countries.",
            ("countries", 77),
        ),
        (
            "Moldova enjoys full diplomatic relations with 193 UN member states.",
            ("un_members", 193),
        ),
        (
            "Moldova has established diplomatic relations with all 193 member states of the UN.",
            ("un_members", 193),
        ),
        ("Moldova has diplomatic relations with twenty-one other nations.", ("countries", 21)),
        ("Moldova has diplomatic relations with a hundred and ten states.", ("states", 110)),
        ("As of 2019, Moldova had diplomatic relations with 180 countries.", ("countries", 180)),
        ("The country has diplomatic relations with 12 states.", ("states", 12)),
        ("Moldova is small. It has diplomatic relations with 12 states.", ("states", 12)),
        (
            "Moldova, unlike Romania, has diplomatic relations with 150 states.",
            ("states", 150),
        ),
        (
            "Since the fall of the Soviet Union, Moldova has diplomatic relations with 9 states.",
            ("states", 9),
        ),
        ("On 5 May 2010 Moldova has diplomatic relations with 99 states.", ("states", 99)),
        (
            "Moldova has diplomatic relations with 187 of the 192 other UN member states.",
            ("un_members", 187),
        ),
        (
            "Moldova has diplomatic relations with all 192 other member states of the UN.",
            ("un_members", 192),
        ),
        (
            "Moldova has diplomatic relations with 193 member countries of the United Nations.",
            ("un_members", 193),
        ),
        (
            "Moldova has diplomatic relations with 184 (out of 193) UN member states.",
            ("un_members", 184),
        ),
        (
            "Of the 193 UN member states, Moldova maintains diplomatic relations with 152.",
            ("un_members", 152),
        ),
        (
            "Out of 193 UN members, Moldova has diplomatic relations with 152 of them.",
            ("un_members", 152),
        ),
        ("Moldova has diplomatic relations with 184 (as of 2020) countries.", ("countries", 184)),
        ("Moldova has diplomatic relations with exactly 152 countries.", ("countries", 152)),
        ("Moldova has diplomatic relations with the following 152 states:", ("states", 152)),
        (
            "Moldova has diplomatic relations at ambassadorial level with 152 states.",
            ("states", 152),
        ),
        ("List of 152 states with which Moldova maintains diplomatic relations:", ("states", 152)),
        (
            "The number of countries with which Moldova has diplomatic relations has reached 183.",
            ("countries", 183),
        ),
        (
            "The number of states with which Moldova maintains diplomatic relations is 183.",
            ("states", 183),
        ),
        (
            "Diplomatic relations have been established with 160 countries.",
            ("countries", 160),
        ),
        ("140 states maintain diplomatic relations with Moldova.", ("states", 140)),
        ("Moldova has 40 embassies and diplomatic relations with 3 observers.", None),
        (
            "Moldova has 40 embassies and maintains diplomatic relations with 180 states.",
            ("states", 180),
        ),
        (
            "Moldova has diplomatic relations with 102 countries, of which 30 have embassies.",
            ("countries", 102),
        ),
        ("Since 1991, Moldova established diplomatic relations with 90 states.", ("states", 90)),
        ("In total, Moldova established diplomatic relations with 90 states.", ("states", 90)),
        ("It has diplomatic relations with 120 countries.", ("countries", 120)),
        ("By 1995, Moldova had diplomatic relations with nine countries.", ("countries", 9)),
        ("Moldova had established ties: diplomatic ties exist with 90 states.", ("states", 90)),
        ("Moldova has, as of 2019, diplomatic relations with 90 foreign states.", ("states", 90)),
        ("Moldova has diplomatic relations with (as of 2019) 90 states.", ("states", 90)),
        (
            "Moldova is recognized by, and has diplomatic relations with, 90 countries.",
            ("countries", 90),
        ),
        (
            "Moldova is recognized by 101 UN members, and has diplomatic ties with 80 of them.",
            ("un_members", 80),
        ),
        (
            "Moldova maintains diplomatic and consular relations with 90 of the world's countries.",
            ("countries", 90),
        ),
        (
            "The number of states that maintain diplomatic relations with Moldova is 184.",
            ("states", 184),
        ),
    ],
)
def test_a_number_of_the_subjects_relations_is_a_count(
    text: str, count: tuple[str, int] | None
) -> None:
    assert counts(text) == ([count] if count else [])


@pytest.mark.parametrize(
    ("text", "count", "words"),
    [
        ("{} more than 130 countries.", ("countries", 130, "more_than"), "more than"),
        ("{} more than 130[3] countries.", ("countries", 130, "more_than"), "more than"),
        ("{} over 100 states and the EU.", ("states", 100, "more_than"), "over"),
        ("{} well over a hundred states.", ("states", 100, "more_than"), "over"),
        ("{} a total of over 130 countries.", ("countries", 130, "more_than"), "over"),
        ("{} in excess of 120 countries.", ("countries", 120, "more_than"), "in excess of"),
        ("{} more than 184 of the 193 UN members.", ("un_members", 184, "more_than"), "more than"),
        ("{} at least 130 countries.", ("countries", 130, "at_least"), "at least"),
        ("{} no fewer than 130 countries.", ("countries", 130, "at_least"), "no fewer than"),
        ("{} 130+ countries.", ("countries", 130, "at_least"), "+"),
        ("{} 130 or more countries.", ("countries", 130, "at_least"), "or more"),
        ("{} about 90 states.", ("states", 90, "about"), "about"),
        ("{} some ninety other nations.", ("countries", 90, "about"), "some"),
        ("{} roughly 90 UN member states.", ("un_members", 90, "about"), "roughly"),
        ("{} close to 90 states.", ("states", 90, "about"), "close to"),
        ("{} 90 or so states.", ("states", 90, "about"), "or so"),
        ("{} nearly fifty states.", ("states", 50, "less_than"), "nearly"),
        ("{} almost all 193 UN members.", ("un_members", 193, "less_than"), "almost"),
        ("{} just under 100 countries.", ("countries", 100, "less_than"), "under"),
        ("{} fewer than 40 states.", ("states", 40, "less_than"), "fewer than"),
        ("{} at most 40 states.", ("states", 40, "at_most"), "at most"),
        ("{} up to 40 states.", ("states", 40, "at_most"), "up to"),
        ("{} as many as 40 states.", ("states", 40, "at_most"), "as many as"),
        ("{} no more than 40 states.", ("states", 40, "at_most"), "no more than"),
        (
            "No fewer than 140 states maintain diplomatic relations with Moldova.",
            ("states", 140, "at_least"),
            "No fewer than",
        ),
        (
            "Not more than 40 states have diplomatic relations with Moldova.",
            ("states", 40, "at_most"),
            "Not more than",
        ),
        (
            "Over 140 states with which Moldova has diplomatic relations are listed.",
            ("states", 140, "more_than"),
            "Over",
        ),
        (
            "Of the 193 UN members, Moldova has diplomatic relations with more than 150.",
            ("un_members", 150, "more_than"),
            "more than",
        ),
        (
            "The number of states with which Moldova has diplomatic relations has exceeded 180.",
            ("states", 180, "more_than"),
            "exceeded",
        ),
        (
            "Diplomatic relations have been established with over 160 countries.",
            ("countries", 160, "more_than"),
            "over",
        ),
        (
            "As of 2019, Moldova had diplomatic relations with almost 180 states.",
            ("states", 180, "less_than"),
            "almost",
        ),
        (
            "For over 20 years Moldova has had diplomatic relations with 30 states.",
            ("states", 30, None),
            None,
        ),
        (
            "Moldova joined the first 12 and maintains diplomatic relations with 130 states.",
            ("states", 130, None),
            None,
        ),
    ],
)
def test_a_bound_or_an_estimate_is_a_count_that_says_so(
    text: str, count: tuple[str, int, str | None], words: str | None
) -> None:
    """And the words that bound it are its evidence."""
    text = "A title\n" + text.format("Moldova has diplomatic relations with")
    found = read(text)
    [row] = facts(found, "counts").values()
    assert (row["scope"], row["value"], row["qualifier"]) == count
    cited = [
        text[one.start : one.end]
        for one in found.evidence
        if (one.table, one.column) == ("counts", "qualifier")
    ]
    assert cited == ([words] if words else [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Moldova has no diplomatic relations with 9 states.", "count-negated"),
        ("Moldova has not established diplomatic relations with 9 states.", "count-negated"),
        ("Moldova does not have diplomatic relations with 9 states.", "count-negated"),
        ("Moldova plans to have diplomatic relations with 190 states.", "count-negated"),
        ("In 1990 Moldova had diplomatic relations with 9 states.", "count-past"),
        ("Until 1990, Moldova had diplomatic relations with 9 states.", "count-past"),
        ("With diplomatic relations with 12 states, Romania is near.", "other-subject"),
        ("Moldova has diplomatic relations with 9 countries of Africa.", "count-of-some"),
        ("Moldova has diplomatic relations with 27 states of the European Union.", "count-of-some"),
        ("Romania has diplomatic relations with 190 states.", "other-subject"),
        ("Moldova's friend Romania has diplomatic relations with 190 states.", "other-subject"),
        ("Romania is near. It has diplomatic relations with 190 states.", "other-subject"),
        ("NATO maintains diplomatic relations with 12 states.", "other-subject"),
        ("In 1992, Moldova established diplomatic relations with 12 states.", "count-of-a-time"),
        ("Moldova established diplomatic relations with 12 states in 1992.", "count-of-a-time"),
        ("That year Moldova established diplomatic relations with 12 states.", "count-of-a-time"),
        (
            "Under Maia, Moldova established diplomatic relations with five states.",
            "count-of-a-time",
        ),
        (
            "There are 12 states with which Moldova does not have diplomatic relations.",
            "count-negated",
        ),
        (
            "Diplomatic ties between Romania and Moldova have been established with 12 states.",
            "not-relations",
        ),
        ("The pact has parties in 33 countries.", "not-relations"),
        ("Moldova has diplomatic relations with 1991 countries.", "count-unlikely"),
        (
            "Over the last decade Moldova has established diplomatic relations with 30 countries.",
            "count-of-a-time",
        ),
        (
            "The number of states that have diplomatic relations with Romania is 184.",
            "other-subject",
        ),
        (
            "Recognized by Romania in 1991, Moldova had diplomatic relations with 9 states.",
            "count-past",
        ),
        ("Moldova recognizes 193 member states of the United Nations.", "not-relations"),
        ("Moldova has consular relations with 12 countries.", "not-relations"),
        ("Moldova has trade relations with 120 countries.", "not-relations"),
        ("Moldova has signed 140 bilateral treaties with 50 countries.", "not-relations"),
        ("Moldova took part with eleven other republics.", "not-relations"),
        ("Moldova sent envoys to 40 embassies.", "not-relations"),
        (
            "Moldova has established diplomatic relations with 30 countries over the last decade.",
            "count-of-a-time",
        ),
        (
            "Over 20 years, Moldova has established diplomatic relations with about 30 states.",
            "count-of-a-time",
        ),
        ("Over 20 years Moldova established diplomatic ties with 30 states.", "count-of-a-time"),
        (
            "In 1992 Moldova established diplomatic relations with more than 12 states.",
            "count-of-a-time",
        ),
        ("Moldova established diplomatic ties with some 9 states in 1992.", "count-of-a-time"),
        ("Moldova has diplomatic relations with some 20 countries in Africa.", "count-of-some"),
        ("Moldova has diplomatic ties with more than 9 countries of Africa.", "count-of-some"),
        ("Ambassadors of over 40 states hold diplomatic ties with Moldova.", "count-of-some"),
        ("Moldova has no diplomatic relations with over 9 states.", "count-negated"),
        ("Moldova hopes to have diplomatic ties with at least 190 states.", "count-negated"),
        ("Moldova had diplomatic relations with over 90 states.", "count-past"),
        ("Moldova has diplomatic relations with over 1,900 countries.", "count-unlikely"),
        ("Romania has diplomatic relations with more than 190 states.", "other-subject"),
        ("Moldova has diplomatic relations with some 20 African countries.", "not-relations"),
        ("Moldova has diplomatic relations with some of the 193 UN members.", "not-relations"),
        (
            "Moldova has diplomatic relations with more than half of the 193 UN member states.",
            "not-relations",
        ),
        ("Moldova has diplomatic ties with between 130 and 140 countries.", "not-relations"),
        ("Between 130 and 140 states have diplomatic relations with Moldova.", "count-range"),
        ("130 to 140 states have diplomatic relations with Moldova.", "count-range"),
        ("130–140 states have diplomatic relations with Moldova.", "not-relations"),
        ("~140 states have diplomatic relations with Moldova.", "not-relations"),
        ("Moldova has consular relations with more than 12 countries.", "not-relations"),
        ("Moldova presides over 20 states.", "not-relations"),
    ],
)
def test_a_number_of_anything_else_is_refused_with_its_rule(text: str, rule: str) -> None:
    text = f"A title\n{text}"
    found = read(text)
    assert facts(found, "counts") == {}
    assert [one for one, _ in rejected(text, found, "counts")] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "The number of countries with which Moldova has diplomatic relations has doubled.",
        "Most members of the UN have diplomatic relations with Moldova.",
        "The two countries met in 2019.",
        "On 27 September 2019 both countries met.",
        "Moldova has diplomatic relations with more than half of the states.",
        "Moldova has diplomatic relations with more than two-thirds of the UN member states.",
        "Moldova has diplomatic relations with over 60 percent of the UN member states.",
    ],
)
def test_no_number_is_no_count_and_no_refusal(text: str) -> None:
    text = f"A title\n{text}"
    found = read(text)
    assert facts(found, "counts") == {}
    assert rejected(text, found, "counts") == []


@pytest.mark.parametrize(
    ("text", "includes", "alongside"),
    [
        ("174 states (including Palestine and Niue) and the EU.", ["NIU", "PSE"], ["Q458"]),
        ("174 states, including Palestine and Niue.", ["NIU", "PSE"], []),
        ("184 UN member states, Palestine and the Holy See.", [], ["PSE", "VAT"]),
        ("184 UN member states as well as the Holy See.", [], ["VAT"]),
        ("184 UN member states and the Holy See, and it hosts 40 embassies.", [], ["VAT"]),
        ("184 UN member states, excluding Kosovo.", [], []),
        ("184 UN member states and is a member of the UN.", [], []),
    ],
)
def test_names_in_and_beside_the_number_are_kept_apart(
    text: str, includes: list[str], alongside: list[str]
) -> None:
    found = read(f"A title\nMoldova has diplomatic relations with {text}")
    (row,) = facts(found, "counts").values()
    assert (row["includes"], row["alongside"]) == (includes, alongside)
    assert set(facts(found, "relations")) == {*includes, *alongside}


def test_the_second_statement_of_a_scope_is_its_second_occurrence() -> None:
    text = "A title\nMoldova has diplomatic relations with 9 states.\n"
    found = read(f"{text}Moldova has diplomatic relations with 8 states.")
    assert list(facts(found, "counts")) == ["states/1", "states/2"]
