"""Dates: what is written is read, and nothing else."""

import pytest

from azds.ingest.calendar_words import find_dates, find_years


def dates(text: str) -> list[str]:
    return [date.edtf for date in find_dates(text)]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("5 June 1992", "1992-06-05"),
        ("5 june 1992", "1992-06-05"),
        ("5th of June, 1992", "1992-06-05"),
        ("June 5, 1992", "1992-06-05"),
        ("5 Sept. 1992", "1992-09-05"),
        ("Sept. 5, 1992", "1992-09-05"),
        ("1992-06-05", "1992-06-05"),
        ("12.03.2010", "2010-03-12"),
        ("13/08/1992", "1992-08-13"),
        ("08/13/1992", "1992-08-13"),
        ("5/5/1992", "1992-05-05"),
        ("June 1992", "1992-06"),
        ("1992-06", "1992-06"),
        ("late 1995", "1995"),
        ("1992See Fiji", "1992"),
        ("May 1761", "1761-05"),
        ("27 Мая 2004", "2004-05-27"),
        ("31 мая 2004 \u0433.", "2004-05-31"),
        ("14 gennaio 1992", "1992-01-14"),
        ("14 de enero de 1992", "1992-01-14"),
        ("3. Mai 2012", "2012-05-03"),
        ("1992年1月14日", "1992-01-14"),
        ("1992년 4월 1일", "1992-04-01"),
        ("1992.06.05", "1992-06-05"),
        ("5-Jun-1992", "1992-06-05"),
        ("Jun-1992", "1992-06"),
    ],
)
def test_a_day_a_month_or_a_year_is_read_as_precisely_as_it_is_written(
    text: str, edtf: str
) -> None:
    assert dates(text) == [edtf]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1918–1921", "1918/1921"),
        ("1918–20", "1918/1920"),
        ("1988-94", "1988/1994"),
        ("1950\uff0d1960年", "1950/1960"),
        ("between 1918 and 1921", "1918/1921"),
        ("from 1918 to 1921", "1918/1921"),
        ("1918 until 1921", "1918/1921"),
        ("5–7 June 1992", "1992-06-05/1992-06-07"),
        ("June–July 1992", "1992-06/1992-07"),
        ("5 June 1992 – 3 March 1999", "1992-06-05/1999-03-03"),
        ("2004-05", "2004"),
        ("1992/93", "1992/1993"),
        ("1999/2000", "1999/2000"),
        ("5 or 6 June 1992", "1992-06-05/1992-06-06"),
        ("5/6 June 1992", "1992-06-05/1992-06-06"),
    ],
)
def test_a_stretch_of_time_is_an_interval(text: str, edtf: str) -> None:
    assert dates(text) == [edtf]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("before 1982", "../1982"),
        ("Before 3 May 1982", "../1982-05-03"),
        ("prior to June 2006", "../2006-06"),
        ("3 March 1993 or before", "../1993-03-03"),
        ("by 1975", "../1975"),
        ("after 1990", "1990/.."),
        ("1990 or later", "1990/.."),
        ("c. 1960", "1960~"),
        ("c.1960", "1960~"),
        ("approx. 1960", "1960~"),
        ("~1960", "1960~"),
        ("1960 (?)", "1960?"),
        ("since at least 1960", "../1960"),
        ("not later than 1960", "../1960"),
        ("pre-1960", "../1960"),
        ("around May 1960", "1960-05~"),
        ("1970s", "197X"),
        ("the mid-1970s", "197X"),
    ],
)
def test_a_bound_a_guess_and_a_decade_stay_as_vague_as_they_are(text: str, edtf: str) -> None:
    assert dates(text) == [edtf]


@pytest.mark.parametrize(
    "text",
    [
        "07/09/1992",
        "7-9-1992",
        "1900s",
        "1700s",
        "31 February 1992",
        "30 to 40 deputies",
        "1,992 tons",
        "$1992",
        "1992.5",
        "1992/96",
        "1992.13.40",
        "20081",
        "[14]",
        "",
    ],
)
def test_what_may_be_two_dates_or_none_is_no_date(text: str) -> None:
    assert dates(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1991; 1992", ["1991", "1992"]),
        ("1919 and 5 May 1992", ["1919", "1992-05-05"]),
        ("1921-01-26, 1991-08-26", ["1921-01-26", "1991-08-26"]),
    ],
)
def test_several_dates_are_read_in_order(text: str, found: list[str]) -> None:
    assert dates(text) == found


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "in 1992, since 5 May 1995."
    found = find_dates(text, 8)
    assert [(text[date.start : date.end], date.edtf) for date in found] == [
        ("5 May 1995", "1995-05-05")
    ]


def test_every_year_named_is_found() -> None:
    assert find_years("In 1992, 30 of 1,200; May 2003") == [1992, 2003]
