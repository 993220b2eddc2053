"""Keys as people type them."""

import pytest

from azds.columns import Column, Role, TableSchema
from azds.dataset.keys import parse_key_words
from azds.errors import InvalidInputError

PAIR = TableSchema("Pair", 1, (Column("a", "string", Role.KEY), Column("b", "string", Role.KEY)))
ONE = TableSchema("One", 1, (Column("id", "string", Role.KEY),))


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["x/y"], "x/y"),
        (["x/The", "Hague"], "x/The Hague"),
        (["a=x", "b=y"], "x/y"),
        (["b=y", "a=x"], "x/y"),
        (["a=x/y", "b=z"], "x~1y/z"),
        (["a=", "b=1=2"], "/1=2"),
        (["/1"], "/1"),
        (["x~1y/z"], "x~1y/z"),
    ],
    ids=str,
)
def test_a_key_is_its_string_or_a_pair_for_each_column(words: list[str], key: str) -> None:
    assert parse_key_words(PAIR, words) == key


@pytest.mark.parametrize(
    "words",
    [["x"], ["x/y/z"], ["a=x"], ["a=x", "c=y"], ["a=x", "a=z", "b=y"], ["a=x", "y"]],
    ids=str,
)
def test_what_names_too_few_or_too_many_columns_is_no_key(words: list[str]) -> None:
    with pytest.raises(InvalidInputError, match=r"expected A/B, or a=... b=...") as caught:
        parse_key_words(PAIR, words)
    assert caught.value.kind == "bad-key"


def test_an_equals_sign_may_stand_in_a_value() -> None:
    assert parse_key_words(ONE, ["E=mc2"]) == "E=mc2"
    assert parse_key_words(ONE, ["id=E=mc2"]) == "E=mc2"
