"""Relations: who with whom, since when, until when; from sentences, lists and tables."""

import pytest
from tests.ingest.reading import facts, read, rejected

from azds.ingest.extract import Extraction, extract

HEAD = "Country Formal Relations Began Notes\n"


def found(text: str) -> dict[str, tuple[str, str | None, str | None]]:
    """Status, beginning and end by counterpart, of plain lines."""
    rows = facts(read(f"A title\n{text}"), "relations")
    return {key: (row["status"], row["began"], row["ended"]) for key, row in rows.items()}


def table(rows: str) -> Extraction:
    return read(f"A title\n\n{HEAD}{rows}", style="html-text")


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        (
            "Moldova established diplomatic relations with Fiji on 5 May 1992.",
            {"FJI": ("established", "1992-05-05", None)},
        ),
        (
            "Fiji and Moldova established diplomatic relations in late 1992.",
            {"FJI": ("established", "1992", None)},
        ),
        (
            "On 5 May 1992, diplomatic relations between Moldova and Fiji were established.",
            {"FJI": ("established", "1992-05-05", None)},
        ),
        (
            "Diplomatic relations with Fiji were formally established on the 5th of May 1992.",
            {"FJI": ("established", "1992-05-05", None)},
        ),
        (
            "Moldova established diplomatic relations with Fiji, Nauru and Niue in 1992.",
            dict.fromkeys(["FJI", "NRU", "NIU"], ("established", "1992", None)),
        ),
        (
            "Moldova established diplomatic relations with Fiji in May 1992 and with Niue in 1993.",
            {"FJI": ("established", "1992-05", None), "NIU": ("established", "1993", None)},
        ),
        (
            "Fiji was the first state to establish diplomatic relations with Moldova, in 1992.",
            {"FJI": ("established", "1992", None)},
        ),
        (
            "Moldova and Fiji have had diplomatic relations since May 1992.",
            {"FJI": ("established", "1992-05", None)},
        ),
        (
            "Moldova recognized Fiji in 1991 and established diplomatic relations in 1992.",
            {"FJI": ("established", "1992", None)},
        ),
        (
            "In 1991 Moldova left the union and established diplomatic relations with Fiji.",
            {"FJI": ("established", None, None)},
        ),
        (
            "Moldova maintains diplomatic relations with the Republic of China (Taiwan).",
            {"TWN": ("established", None, None)},
        ),
        (
            "Fiji is far away. The two countries established diplomatic relations in 1992.",
            {"FJI": ("established", "1992", None)},
        ),
        (
            (
                "From 1975 to 1989 Moldova looked to Cuba and Libya. In 1993, it established "
                "diplomatic relations with Fiji."
            ),
            {"FJI": ("established", "1993", None)},
        ),
        (
            "Moldova does not have diplomatic relations with Fiji.",
            {"FJI": ("none", None, None)},
        ),
        ("Moldova has no formal relations with Fiji.", {"FJI": ("none", None, None)}),
        (
            "Moldova has yet to establish diplomatic relations with Fiji.",
            {"FJI": ("none", None, None)},
        ),
        (
            "Fiji, with which Moldova has not established diplomatic relations, is far.",
            {"FJI": ("none", None, None)},
        ),
        (
            "Moldova severed diplomatic relations with Fiji on 5 May 1992.",
            {"FJI": ("none", None, "1992-05-05")},
        ),
        (
            (
                "Moldova established diplomatic relations with Fiji in 1992, but cut off all "
                "relations in 1999."
            ),
            {"FJI": ("none", "1992", "1999")},
        ),
        (
            "In 1992 Moldova suspended diplomatic relations with Fiji and restored them in 1999.",
            {"FJI": ("established", None, None)},
        ),
        (
            "Diplomatic ties with Fiji were cut in 1992 and resumed in 1999.",
            {"FJI": ("established", None, None)},
        ),
        (
            "Diplomatic ties with Fiji were cut in 1992 and trade fell in 1999.",
            {"FJI": ("none", None, "1992")},
        ),
        (
            "Moldova suspended its relations with Fiji in 1992.",
            {"FJI": ("none", None, "1992")},
        ),
        (
            "Formal relations between Moldova and Fiji began on 5 June 1992.",
            {"FJI": ("established", "1992-06-05", None)},
        ),
        (
            "Moldova and Fiji re-established diplomatic relations in 1999.",
            {"FJI": ("established", None, None)},
        ),
        (
            "Moldova and Fiji have had diplomatic relations between 1918 and 1921.",
            {"FJI": ("none", "1918", "1921")},
        ),
    ],
)
def test_a_sentence_that_names_both_sides_is_a_relation(
    text: str, relations: dict[str, tuple[str, str | None, str | None]]
) -> None:
    assert found(text) == relations


@pytest.mark.parametrize(
    "text",
    [
        "Romania established diplomatic relations with Fiji in 1992.",
        "In Moldova it is known that Fiji established diplomatic relations with Niue.",
        "NATO established diplomatic relations with Fiji in 1992.",
        "Moldova plans to establish diplomatic relations with Fiji.",
        "Moldova considered establishing diplomatic relations with Fiji.",
        "Moldova hopes that diplomatic relations with Fiji will be established.",
        "Diplomatic relations with Fiji would have been established in 1992.",
        "Until 1998 Moldova had no diplomatic relations with Fiji.",
        "Moldova did not have diplomatic relations with Fiji in 1985.",
        "Moldova briefly suspended diplomatic relations with Fiji.",
        "Moldova re-established relations with Fiji in 1975.",
        "Fiji and Niue are far. The two countries established diplomatic relations in 1992.",
        "Moldova has excellent trade relations with Fiji.",
        "Moldova has an embassy in Suva. Moldova recognized Fiji in 1992.",
    ],
)
def test_what_is_planned_past_or_of_others_is_no_relation(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Moldova has diplomatic relations with 2 states: Fiji,Niue.", "established"),
        (
            "Moldova has diplomatic relations with the following states:\nFiji\nNiue\nPeru",
            "established",
        ),
        (
            "Moldova has diplomatic relations with the following states:\nFiji, Niue, Peru",
            "established",
        ),
        ("Moldova has no diplomatic relations with: Fiji and Niue.", "none"),
        ("Moldova has suspended diplomatic relations with these states: Fiji and Niue.", "none"),
        (
            "List of countries with which Moldova has diplomatic relations: Fiji and Niue",
            "established",
        ),
    ],
)
def test_an_announced_list_is_read(text: str, status: str) -> None:
    rows = found(text)
    assert {"FJI", "NIU"} <= set(rows)
    assert {one for one, _, _ in rows.values()} == {status}


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "\nThe sea is wide, and Fiji is far.",
        "\nACP\nAU (observer)\nEU\nFAO\nWHO\nUNESCO",
        "\nFiji is an island in the sea.",
    ],
)
def test_a_list_that_has_vanished_is_not_what_comes_next(behind: str) -> None:
    text = f"A title\nMoldova has no diplomatic relations with the following states:{behind}"
    extraction = read(text)
    assert facts(extraction, "relations") == {}
    assert [rule for rule, _ in rejected(text, extraction, "relations")] == ["list-vanished"]


def test_a_table_behind_the_colon_is_the_list() -> None:
    text = (
        f"A title\n\nMoldova has diplomatic relations with these states:\n\n{HEAD}\xa0Fiji 1992\n"
    )
    extraction = read(text, style="html-text")
    assert set(facts(extraction, "relations")) == {"FJI"}
    assert rejected(text, extraction, "relations") == []


def test_a_list_of_countries_of_another_state_is_not_the_subjects() -> None:
    assert found("Romania has diplomatic relations with the following states: Fiji and Niue.") == {}


@pytest.mark.parametrize(
    ("cell", "status", "began", "ended"),
    [
        ("5 June 1992", "established", "1992-06-05", None),
        ("1992See Fiji–Moldova relations", "established", "1992", None),
        ("Unknown", "established", None, None),
        ("Established, date unknown", "established", None, None),
        ("No date given", "established", None, None),
        ("07/09/1992", "established", None, None),
        ("No diplomatic relations", "none", None, None),
        ("None", "none", None, None),
        ("–", "not_given", None, None),
        ("", "not_given", None, None),
        ("See Fiji–Moldova relations", "not_given", None, None),
        ("1974 (suspended)", "none", "1974", None),
        ("(suspended) 27 December 1974", "none", "1974-12-27", None),
        ("1974, severed 5 May 1980", "none", "1974", "1980-05-05"),
        ("1974, severed 5 May 1980. Restored 1984", "established", "1974", None),
        ("1974, broke off 1980, re-established 1984", "established", "1974", None),
        ("27 December 1974, but severs 19 February 2014", "none", "1974-12-27", "2014-02-19"),
        ("1918–1921", "none", "1918", "1921"),
        ("1974 (suspended 1990–1995)", "established", "1974", None),
        ("1974 (suspended since 1990)", "none", "1974", "1990"),
        ("5–7 June 1992", "established", "1992-06-05/1992-06-07", None),
        ("1992 Fiji and Moldova signed a pact in 2004", "established", "1992", None),
    ],
)
def test_the_cell_of_a_row_tells_how_relations_stand(
    cell: str, status: str, began: str | None, ended: str | None
) -> None:
    row = facts(table(f"\xa0Fiji {cell}\n"), "relations")["FJI"]
    assert (row["status"], row["began"], row["ended"]) == (status, began, ended)
    assert row["name"] == "Fiji"


def test_other_dates_of_the_same_text_are_kept_beside_the_tables() -> None:
    text = "\xa0Fiji 1991; 5 June 1992\n  • Fiji established diplomatic relations in 1993.\n"
    row = facts(table(text), "relations")["FJI"]
    assert (row["began"], row["began_also"]) == ("1991", ["1992-06-05", "1993"])


@pytest.mark.parametrize(
    "row",
    [
        "\xa0Fiji 1992\n",
        "\xa0\xa0Fiji 1992\n",
        "1 \xa0Fiji 1992\n",
        "—  Fiji 1992\n",
        "Fiji Fiji 1992\n",
        "Fiji 1992\n",
    ],
)
def test_a_row_is_known_by_its_flag_its_number_or_its_name(row: str) -> None:
    assert facts(table(row), "relations")["FJI"]["began"] == "1992"


def test_a_name_that_nobody_has_is_refused_and_not_guessed() -> None:
    text = f"A title\n\n{HEAD}\xa0Buglaria 5 June 1992\n"
    extraction = read(text, style="html-text")
    assert facts(extraction, "relations") == {}
    assert rejected(text, extraction, "relations") == [("name-unresolved", "Buglaria")]


@pytest.mark.parametrize(
    "notes",
    [
        "  • Niue has an embassy in Chișinău.\n",
        "  • Moldova is represented in Niue through its embassy in Wellington (New Zealand).\n",
        "  • Moldova has a consulate in Alofi.\n  • Niue has an embassy in Chișinău.\n",
    ],
)
@pytest.mark.parametrize("row", ["", "\xa0Fiji 1992\n"])
def test_notes_that_speak_of_another_state_belong_to_a_row_that_lost_its_head(
    notes: str, row: str
) -> None:
    rows = facts(table(row + notes), "relations")
    assert rows["NIU"]["status"] == "not_given"


@pytest.mark.parametrize(
    "notes",
    [
        "  • Moldova has an embassy in Suva.\n  • Niue mediated in the talks.\n",
        "  • Fiji has an embassy in Chișinău.\n  • Niue has an embassy in Suva.\n",
        "  • Both countries signed a pact.\n",
    ],
)
def test_notes_that_speak_of_their_own_row_stay_there(notes: str) -> None:
    assert set(facts(table(f"\xa0Fiji 1992\n{notes}"), "relations")) == {"FJI"}


def test_both_countries_in_a_row_are_the_subject_and_its_counterpart() -> None:
    text = (
        "\xa0Fiji\n\nNiue gave advice. Both countries established diplomatic relations in 1992.\n"
    )
    assert facts(table(text), "relations")["FJI"]["began"] == "1992"


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("See Fiji–Moldova relations", ["Fiji–Moldova relations"]),
        ("See Fiji–Moldova relations, Fiji War", ["Fiji–Moldova relations", "Fiji War"]),
        ("See Fiji–Moldova relations Both met in 1992", ["Fiji–Moldova relations"]),
        ("See Foreign relations of Fiji", ["Foreign relations of Fiji"]),
    ],
)
def test_a_pointer_ends_where_its_titles_do(words: str, titles: list[str]) -> None:
    assert facts(table(f"\xa0Fiji 1992 {words}\n"), "relations")["FJI"]["see_also"] == titles


def test_the_holy_see_points_nowhere() -> None:
    text = "A title\nMoldova has diplomatic relations with 9 states, the Holy See and Niue."
    assert facts(read(text), "relations")["NIU"]["see_also"] == []


RULE = f"+{'-' * 9}+{'-' * 24}+{'-' * 80}+"
GRID = f"""FOREIGN RELATIONS OF MOLDOVA are the relations of Moldova.

{RULE}
| Country | Formal Relations Began | {"Notes".ljust(78)} |
{RULE.replace("-", "=")}
|         | 3 May 1992             | NOTES |
{RULE}
"""


@pytest.mark.parametrize(
    ("notes", "counterpart"),
    [
        ("See Fiji\u2013Moldova relations", "FJI"),
        ("See Fiji\u2013Moldova relations. Moldova has an embassy in Tonga.", "FJI"),
        ("- Fiji has an embassy in Chisinau, the capital of Moldova.", "FJI"),
        ("- Both were occupied by the USSR. Both countries established relations.", None),
        ("- Moldova was occupied by the USSR. Both established diplomatic relations.", None),
        ("- The USSR held Moldova. Both countries established diplomatic relations.", None),
        ("- Fiji is near Moldova. Tonga has an embassy in Moldova's Chisinau.", "FJI"),
        ("- Fiji has an embassy in Tonga.", None),
        ("- Moldova is represented through its embassy in Oslo (Norway).", None),
        ("Both countries established diplomatic relations on May 3, 1992.", None),
    ],
)
def test_a_row_whose_country_is_lost_is_told_by_notes_that_leave_no_doubt(
    notes: str, counterpart: str | None
) -> None:
    extraction = extract(
        GRID.replace("NOTES", notes.ljust(78)).encode(), subject="MDA", style="markdown"
    )
    rows = facts(extraction, "relations").values()
    assert [(row["counterpart"], str(row["began"])) for row in rows] == (
        [(counterpart, "1992-05-03")] if counterpart else []
    )


def test_a_date_told_again_less_nearly_is_no_other_date() -> None:
    days = ("On 4 May 1992", "In 1992", "In June 1993")
    text = "A title\n" + "".join(f"{day} Moldova established ties with Peru. " for day in days)
    row = facts(read(text), "relations")["PER"]
    assert (row["began"], row["began_also"]) == ("1992-05-04", ["1993-06"])
