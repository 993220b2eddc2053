"""Spans and the digest of their words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.errors import InvalidInputError
from azds.spans import Span, words_digest


def test_a_span_takes_in_its_start_and_not_its_end() -> None:
    assert Span(2, 4).of("abcdef") == "cd"
    assert not Span(3, 3).of("abcdef")


def test_a_span_counts_code_points() -> None:
    assert Span(1, 2).of("\U0001f600é") == "é"


@pytest.mark.parametrize(("start", "end"), [(2, 1), (-1, 3)])
def test_a_span_that_ends_before_it_starts_is_refused(start: int, end: int) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Span(start, end)
    assert caught.value.kind == "bad-span"


def test_spans_sort_by_where_they_start() -> None:
    assert sorted([Span(5, 6), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(5, 6)]


@given(st.text())
def test_the_digest_of_words_ignores_case_composition_and_white_space(words: str) -> None:
    spaced = "  " + words.replace(" ", " \n ") + "\t"
    decomposed = unicodedata.normalize("NFD", words)
    assert words_digest(spaced) == words_digest(words)
    assert words_digest(decomposed) == words_digest(unicodedata.normalize("NFC", words))
    assert len(words_digest(words)) == 16


def test_other_words_have_another_digest() -> None:
    assert words_digest("Baku") != words_digest("Ganja")


def test_the_digest_is_the_one_that_anyone_can_compute() -> None:
    """`printf 'the hague' | sha256sum | head -c 16`."""
    assert words_digest("The  Hague") == "c45651d9f34616be"
