"""Dates in EDTF level 1."""

import datetime as dt
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from azds.dates import EdtfDate, Precision, Relation, parse_date, relate
from azds.errors import InvalidInputError

_MONTHS = [f"{number:02d}" for number in range(1, 13)]
_DAYS = [f"{number:02d}" for number in range(1, 32)]
_YEARS = st.integers(1, 9998).map(lambda year: f"{year:04d}")
_QUALIFIERS = st.sampled_from(("", "?", "~", "%"))


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except InvalidInputError:
        return False
    return True


def _joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map("-".join)


_exact = st.one_of(
    _YEARS,
    _joined(_YEARS, st.sampled_from(_MONTHS)),
    _joined(_YEARS, st.sampled_from(_MONTHS), st.sampled_from(_DAYS)),
).filter(_is_date)
_vague = st.one_of(
    _YEARS.map(lambda year: year[:3] + "X"),
    _YEARS.map(lambda year: year[:2] + "XX"),
    _joined(_YEARS, st.just("XX")),
    _joined(_YEARS, st.just("XX"), st.just("XX")),
    _joined(_YEARS, st.sampled_from(_MONTHS), st.just("XX")),
    _joined(_YEARS, st.sampled_from(("21", "22", "23", "24"))),
).filter(_is_date)
_simple = st.tuples(_exact | _vague, _QUALIFIERS).map("".join)
_ends = _simple | st.sampled_from(("", ".."))
dates = st.one_of(_simple, st.tuples(_ends, _ends).map("/".join).filter(_is_date)).map(parse_date)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision", "qualifier"),
    [
        ("1992", "1992-01-01", "1992-12-31", "year", ""),
        ("1992-06", "1992-06-01", "1992-06-30", "month", ""),
        ("1992-06-05", "1992-06-05", "1992-06-05", "day", ""),
        ("1992-02-29?", "1992-02-29", "1992-02-29", "day", "?"),
        ("199X~", "1990-01-01", "1999-12-31", "decade", "~"),
        ("19XX", "1900-01-01", "1999-12-31", "century", ""),
        ("1992-XX", "1992-01-01", "1992-12-31", "year", ""),
        ("1992-XX-XX", "1992-01-01", "1992-12-31", "year", ""),
        ("1992-06-XX", "1992-06-01", "1992-06-30", "month", ""),
        ("1992-21", "1992-03-01", "1992-05-31", "season", ""),
        ("1992-24", "1992-12-01", "1993-02-28", "season", ""),
        ("1918/1921", "1918-01-01", "1921-12-31", "year", ""),
        ("1918-05/1921-04-28", "1918-05-01", "1921-04-28", "month", ""),
        ("../1921", None, "1921-12-31", "year", ""),
        ("1918/", "1918-01-01", None, "year", ""),
        ("1918?/1921~", "1918-01-01", "1921-12-31", "year", "%"),
        ("1918?/1921?", "1918-01-01", "1921-12-31", "year", "?"),
    ],
)
def test_a_date_knows_its_days_and_its_precision(
    text: str, earliest: str | None, latest: str | None, precision: str, qualifier: str
) -> None:
    date = parse_date(text)
    assert str(date) == date.text == text
    assert date.earliest == (dt.date.fromisoformat(earliest) if earliest else None)
    assert date.latest == (dt.date.fromisoformat(latest) if latest else None)
    assert (date.precision, date.qualifier) == (Precision(precision), qualifier)


@pytest.mark.parametrize(
    "text",
    [
        *("", "late 1992", "1992-6", "92", "1992-13", "1992-25", "1992-02-30", "1993-02-29"),
        *("1992-06-05T10:00", "1992/06/05", "/", "../..", "..", "1921/1918", "1918//1921"),
        *("0000", "0000-01", "000X", "00XX", "-0001", "Y12345", "9999-24"),
        *("1XXX", "XXXX", "199X-XX", "199X-06", "19XX-12-25", "1992-XX-05", "1992-21-05"),
        *(" 1992", "1992\n", "1992??", "\uff11\uff19\uff19\uff12", "\u0661\u0669\u0669\u0662"),
    ],
)
def test_what_is_no_date_of_level_1_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_date(text)
    assert caught.value.kind == "bad-date"


@given(
    st.text(max_size=12) | st.from_regex(r"[0-9X.]{0,4}(-[0-9X]{0,2}){0,2}[?~%/]?", fullmatch=True)
)
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """Nothing but an InvalidInputError comes out."""
    assert not _is_date(text) or parse_date(text).text == text


@given(dates)
def test_a_date_ends_when_or_after_it_starts(date: EdtfDate) -> None:
    if date.earliest is not None and date.latest is not None:
        assert date.earliest <= date.latest


@given(_exact | _vague.filter(lambda text: not text.endswith("-24")), _QUALIFIERS)
def test_days_are_those_that_the_edtf_package_finds(text: str, qualifier: str) -> None:
    """An independent implementation; winter apart, which it ends with the year."""
    edtf = pytest.importorskip("edtf")
    assume(not (qualifier and "-2" in text[4:6]))  # it knows no doubtful seasons
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = edtf.parse_edtf(text)
    ours = parse_date(text + qualifier)
    assert ours.earliest == dt.date(*theirs.lower_strict()[:3])
    assert ours.latest == dt.date(*theirs.upper_strict()[:3])


@given(dates, dates)
def test_a_relation_reads_alike_from_both_sides(old: EdtfDate, new: EdtfDate) -> None:
    mirror = {Relation.REFINES: Relation.COARSENS, Relation.COARSENS: Relation.REFINES}
    there, back = relate(old, new), relate(new, old)
    assert back == mirror.get(there, there)


@given(dates, dates)
def test_what_refines_lies_within(old: EdtfDate, new: EdtfDate) -> None:
    if relate(old, new) is Relation.REFINES:
        assert old.earliest is None or (new.earliest and old.earliest <= new.earliest)
        assert old.latest is None or (new.latest and new.latest <= old.latest)


@given(dates, dates, dates)
def test_refinement_adds_up(a: EdtfDate, b: EdtfDate, c: EdtfDate) -> None:
    if relate(a, b) is Relation.REFINES and relate(b, c) is Relation.REFINES:
        assert relate(a, c) is Relation.REFINES


@given(dates)
def test_a_date_is_the_same_as_itself(date: EdtfDate) -> None:
    assert relate(date, date) is Relation.SAME


@given(_exact, _exact)
def test_a_plain_date_refines_exactly_what_it_starts_with(old: str, new: str) -> None:
    """The rule by which the comparison of tables is vectorised."""
    is_finer = old != new and new.startswith(old)
    assert (relate(parse_date(old), parse_date(new)) is Relation.REFINES) == is_finer
