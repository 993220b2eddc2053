"""Bytes to text: what is unreadable is refused, what is mended keeps the way back."""

import pytest

from azds.errors import InvalidInputError
from azds.ingest.source import LIMIT, read_source

POSOL = "Посол"


def wrong(words: str, encoding: str, read_as: str) -> str:
    """Words as they look when their bytes are read in another encoding."""
    return words.encode(encoding).decode(read_as)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe a", "not UTF-8"),
        (b"a\x00b", "binary"),
        (b"a" * (LIMIT + 1), "too large"),
    ],
)
def test_bytes_that_are_no_text_are_refused_in_one_line(data: bytes, reason: str) -> None:
    with pytest.raises(InvalidInputError, match=reason) as caught:
        read_source(data)
    assert caught.value.kind == "source-unreadable"


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_source(b"\xef\xbb\xbfBaku").text == "Baku"


def test_utf_8_that_was_read_as_cp1252_is_mended() -> None:
    source = read_source(f"a {wrong('–', 'utf-8', 'cp1252')} b".encode())
    assert source.clean == "a – b"
    assert [one.rule for one in source.repairs] == ["utf-8-as-cp1252"]


def test_cp1251_that_was_read_as_latin_1_is_mended() -> None:
    source = read_source(f'"{wrong("Посол России", "cp1251", "latin-1")}".'.encode())
    assert source.clean == '"Посол России".'
    assert [one.rule for one in source.repairs] == ["cp1251-as-latin-1"]


@pytest.mark.parametrize(
    "text", ["Önemli Başkan", "École, été, naïve", "„Straße“ – «Où»", "ЦДЬ", "東京", "CRÉÉES"]
)
def test_letters_that_are_right_are_left_alone(text: str) -> None:
    source = read_source(text.encode())
    assert source.clean == source.text
    assert source.repairs == ()


def test_a_span_over_a_repair_covers_all_of_the_original() -> None:
    text = f"a {wrong('–é', 'utf-8', 'cp1252')} b"
    source = read_source(text.encode())
    start = source.clean.index("–")
    assert source.span(start, start + 2).of(text) == wrong("–é", "utf-8", "cp1252")
    assert source.span(start, start + 1).of(text) == wrong("–é", "utf-8", "cp1252")
    assert source.span(0, 1).of(text) == "a"
    assert source.span(start + 3, start + 4).of(text) == "b"


def test_a_repair_of_the_same_length_keeps_every_letter_in_its_place() -> None:
    text = wrong(POSOL, "cp1251", "latin-1")
    source = read_source(text.encode())
    assert source.clean == POSOL
    assert [source.span(at, at + 1).of(text) for at in range(5)] == list(text)


def test_an_empty_span_stays_empty() -> None:
    source = read_source(f"{wrong('–', 'utf-8', 'cp1252')}a".encode())
    assert source.span(0, 0).of(source.text) == ""
    assert source.span(1, 1).of(source.text) == ""


def test_citation_marks_are_blanked_and_kept_with_their_numbers() -> None:
    source = read_source(b"12[3] states[citation needed] x[nb 2] [sic][0]")
    assert source.clean == "12    states" + " " * 17 + " x" + " " * 6 + " [sic]   "
    assert [mark.number for mark in source.marks] == [3, None, None, None]
    assert len(source.clean) == len(source.text)
