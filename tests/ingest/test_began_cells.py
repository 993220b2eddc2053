"""The cell that tells when relations began: its own dates, what became of them, and notes in it."""

import pytest
from tests.ingest.reading import facts, read

from azds.ingest.extract import extract

Told = tuple[str, str | None, str | None, list[str]]


def told(cell: str, *, numbered: bool = False) -> Told:
    """What a table row of Togo tells in a list, or in a table of a region."""
    rows = f"! # !! Country !! Date\n|-\n| 1 || Togo || {cell}"
    if not numbered:
        rows = f"! Country !! Formal relations began !! Notes\n|-\n| Togo || {cell} || x"
    text = f"Fiji is a state.\n\n{{|\n{rows}\n|}}\n"
    row = facts(read(text, subject="FJI", style="wikitext"), "relations")["TGO"]
    return row["status"], row["began"], row["ended"], row["began_also"]


@pytest.mark.parametrize("numbered", [True, False], ids=["list", "region"])
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("(severed) 12 December 1984", ("none", "1984-12-12", None, [])),
        ("(severed in 1990) 12 December 1982", ("none", "1982-12-12", "1990", [])),
        ("(severed 1980) 12 December 1982", ("established", "1982-12-12", None, [])),
        ("1982, severed 1990, resumed 1995", ("established", "1982", None, [])),
        ("1981-Nov-01", ("established", "1981-11-01", None, [])),
        ("established in 1982 after a visit in 1981", ("established", "1982", None, [])),
        ("The states maintain diplomatic relations.", ("established", None, None, [])),
        (
            "Both maintain diplomatic relations and the president came to London in 2014.",
            ("established", None, None, []),
        ),
        ("1965 (consular), 1970 (diplomatic)", ("established", "1965", None, ["1970"])),
        ("consular relations 1965; 12 May 1970", ("established", "1970-05-12", None, [])),
        ("Recognized in 1965, relations 1970", ("established", "1970", None, [])),
        ("1965, embassy opened 1970", ("established", "1965", None, [])),
        ("Until 1970", ("none", None, "1970", [])),
        ("No relations since 1970", ("none", None, None, [])),
        (
            "with the Federal Republic of Germany 1955; 1990",
            ("established", "1955", None, ["1990"]),
        ),
    ],
)
def test_a_cell_gives_the_dates_of_relations(cell: str, expected: Told, *, numbered: bool) -> None:
    assert told(cell, numbered=numbered) == expected


@pytest.mark.parametrize("cell", ["1972–1979, 1985", "1972 to 1979; 1985"])
def test_what_began_again_after_its_end_is_established(cell: str) -> None:
    assert told(cell) == ("established", "1972", None, ["1985"])


@pytest.mark.parametrize("cell", ["See 1984 border war", "See also: 1995 war", "See [[2004 fair]]"])
def test_a_pointer_in_the_place_of_the_date_gives_none(cell: str) -> None:
    assert told(cell) == ("not_given", None, None, [])


def test_a_pointer_in_the_place_of_the_date_is_still_a_pointer() -> None:
    text = "{|\n! Country !! Relations began\n|-\n| Togo || See Fiji–Togo relations\n|}\n"
    row = facts(read(text, subject="FJI", style="wikitext"), "relations")["TGO"]
    assert row["see_also"] == ["Fiji–Togo relations"]


def test_name_heads_the_states_of_a_numbered_list_of_relations() -> None:
    heads = "! # !! Name !! Diplomatic relations established"
    text = f"Fiji.\n\n{{|\n{heads}\n|-\n| 1 || Togo || 1970\n|}}\n"
    assert extract(text.encode(), subject="FJI", style="wikitext").tables["relations"]
    other = text.replace("Diplomatic relations established", "Date")
    assert not extract(other.encode(), subject="FJI", style="wikitext").tables["relations"]
