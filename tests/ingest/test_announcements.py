"""Lists that a sentence announces: which announce relations, and what stands behind a name."""

import pytest
from tests.ingest.reading import facts, read, rejected

LEAD = "Fiji has diplomatic relations with the following countries:"


def item(words: str) -> tuple[str, str | None, str | None]:
    """What an item of such a list tells of Togo."""
    text = f"Fiji is a state.\n\n{LEAD}\n* Togo {words}\n* Chad\n"
    rows = facts(read(text, subject="FJI", style="wikitext"), "relations")
    assert rows["TCD"]["status"] == "established"
    return rows["TGO"]["status"], rows["TGO"]["began"], rows["TGO"]["ended"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("– 12 May 1992", ("established", "1992-05-12", None)),
        ("(November 2015 or before)", ("established", "../2015-11", None)),
        ("– established, date unknown", ("established", None, None)),
        ("(suspended)", ("none", None, None)),
        ("(suspended) – 5 May 1990", ("none", "1990-05-05", None)),
        ("– 4 May 1971 (suspended)", ("none", "1971-05-04", None)),
        ("– 1991 (severed in 1999)", ("none", "1991", "1999")),
        ("- 1972, suspended 1980", ("none", "1972", "1980")),
        ("– 1972, severed 1980, restored 1985", ("established", "1972", None)),
    ],
)
def test_what_stands_behind_a_name_is_read_like_the_cell_of_a_row(
    words: str, told: tuple[str, str | None, str | None]
) -> None:
    assert item(words) == told


def test_the_following_states_are_a_list_without_a_colon_too() -> None:
    lead = "The following states have established diplomatic relations with Moldova.\n"
    rows = facts(read(f"A title\n\n{lead}- Togo (May 2011 or before)\n- Chad\n"), "relations")
    assert {key: row["began"] for key, row in rows.items()} == {"TGO": "../2011-05", "TCD": None}
    found = read(f"A title\n\n{lead}\nSo it is.")
    assert "list-vanished" not in {one.rule for one in found.rejections}


@pytest.mark.parametrize(
    "sentence",
    [
        "Two states did not recognize the diplomatic passports of Moldova: Togo and Chad.",
        "Moldova has non-diplomatic official relations with two more states: Togo and Chad.",
        "Ten countries maintain a diplomatic presence in Moldova: Togo, Mali and Chad.",
        "Moldova has a diplomatic presence in the following countries: Togo, Mali and Chad.",
        "States that gave diplomatic recognition to Moldova are these countries: Togo and Chad.",
    ],
)
def test_a_list_of_something_else_that_is_diplomatic_tells_no_relations(sentence: str) -> None:
    assert facts(read(f"A title\n{sentence}"), "relations") == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "Moldova has diplomatic and consular relations with these countries: Togo and Chad.",
        "Moldova has full diplomatic ties with these states: Togo and Chad.",
        "Moldova has established diplomatic with: Togo and Chad.",
    ],
)
def test_a_list_of_relations_may_name_them_in_other_words(sentence: str) -> None:
    assert set(facts(read(f"A title\n{sentence}"), "relations")) == {"TGO", "TCD"}


def test_a_picture_between_the_announcement_and_its_table_is_passed() -> None:
    picture = "Relations of Moldova.svg"
    lead = "A title\n\nMoldova has diplomatic relations with:\n\n"
    text = f"{lead}{picture}\n\n#CountryDate\n1Togo3 May 1970\n"
    found = read(text, style="cell-lines")
    assert set(facts(found, "relations")) == {"TGO"}
    assert rejected(text, found, "relations") == []


def test_items_under_the_heading_of_a_state_are_sentences_on_it() -> None:
    told = "* Diplomatic relations between the two countries were established on 3 May 1990.\n"
    rows = facts(read(f"A.\n\n== Togo ==\n{told}", style="wikitext"), "relations")
    assert rows["TGO"]["began"] == "1990-05-03"
