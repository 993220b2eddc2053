"""Labels, names, keys, and the names that come near."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.errors import InvalidInputError
from azds.ids import (
    KeyValue,
    format_key,
    format_key_value,
    near_names,
    parse_label,
    parse_name,
    split_key,
)


@pytest.mark.parametrize("text", ["2016", "interim", "a", "2024-06.1_b", "0"])
def test_a_label_is_kept_as_it_is(text: str) -> None:
    assert parse_label(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "A", "ä", "-a", ".a", "a b", "a/b", "a@2", "a\n", "a.", "../a"),
        *("log", "lock", "tmp", "trash", "con", "nul.txt", "com1", "lpt9.old"),
        *("dataset.toml", "manifest.json", "a" * 101),
    ],
)
def test_a_label_that_a_file_system_or_the_store_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_label(text)
    assert caught.value.kind == "bad-label"


@pytest.mark.parametrize("text", ["relations", "City", "a-b.c_d", "T1"])
def test_a_name_is_kept_as_it_is(text: str) -> None:
    assert parse_name(text, "table") == text


@pytest.mark.parametrize("text", ["", "1a", "a b", "a/b", "LOG", "Con", "é", "a" * 101])
def test_a_name_that_is_none_is_refused_and_says_of_what(text: str) -> None:
    with pytest.raises(InvalidInputError, match="not a name for a table") as caught:
        parse_name(text, "table")
    assert caught.value.kind == "bad-name"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("The Hague", "The Hague"),
        (-7, "-7"),
        (True, "true"),
        (False, "false"),
        (dt.date(1992, 4, 2), "1992-04-02"),
        (dt.datetime(1992, 4, 2, tzinfo=dt.UTC), "1992-04-02T00:00:00+00:00"),
        (Decimal("1.50"), "1.5"),
        (b"\x00az", "00617a"),
    ],
    ids=str,
)
def test_each_key_value_has_one_text(value: KeyValue, text: str) -> None:
    assert format_key_value(value) == text


@given(st.lists(st.text(), min_size=1))
def test_a_key_string_splits_into_the_values_it_was_made_of(values: list[str]) -> None:
    assert split_key(format_key(values)) == tuple(values)


@given(st.lists(st.text("a/~01"), min_size=1), st.lists(st.text("a/~01"), min_size=1))
def test_two_keys_have_one_string_only_if_they_are_equal(one: list[str], other: list[str]) -> None:
    assert (format_key(one) == format_key(other)) == (one == other)


def test_near_names_are_suggested_in_their_own_spelling() -> None:
    assert near_names("wtro", ["WTrO", "UN"]) == "did you mean WTrO?"


def test_where_nothing_is_near_all_there_is_is_named() -> None:
    assert near_names("zzz", ["a", "b"]) == "there are: a, b"


def test_of_many_names_the_first_are_named_and_the_rest_counted() -> None:
    known = [f"name{number:02}" for number in range(15)]
    assert near_names("?", known).endswith("name11 and 3 more")


def test_where_there_is_nothing_that_is_said() -> None:
    assert near_names("x", []) == "there is none"
