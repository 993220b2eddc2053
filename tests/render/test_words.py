"""Values in words."""

import pytest

from azds.render.nested import nested_change
from azds.render.words import cell, count_notes, count_words, plural, scope_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        ("", "–"),
        ([], "–"),
        ((), "–"),
        (0, "0"),
        (False, "False"),
        (["a", "b"], "a, b"),
        ([None, "a"], "–, a"),
        ({"a": 1, "b": []}, "a 1, b –"),
        (b"az", "b'az'"),
    ],
    ids=str,
)
def test_a_cell_is_told_in_words(value: object, words: str) -> None:
    assert cell(value) == words


def test_a_count_names_what_it_counts() -> None:
    assert count_words({"value": 184, "scope": "un_members"}) == "184 UN members"
    assert count_words({"value": 0, "scope": "countries"}) == "0 countries"
    assert count_words({"value": None, "scope": None}) == "none designated"
    assert count_words(None) == "none designated"
    bound = {"value": 184, "scope": "un_members", "qualifier": "at_least"}
    assert count_words(bound) == "at least 184 UN members"
    assert scope_words("other_things") == "other things"


def test_a_number_agrees_with_its_noun() -> None:
    assert [plural(n, "row") for n in (0, 1, 2, 1234)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "1,234 rows",
    ]
    assert plural(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("old", "new", "sides"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ("['b'] 2", "['b'] 3")),
        ({"a": 1}, {"a": "1"}, ("['a'] 1", "['a'] 1")),
        ({"a": 1}, {"b": 1}, ("{'a': 1}", "{'b': 1}")),
        ([{"a": 1}], [{"a": 1}, {"a": 2}], ("–", "[1] {'a': 2}")),
        ([[1], [2]], [[1]], ("[1] [2]", "–")),
    ],
    ids=str,
)
def test_of_nested_values_the_differing_elements_are_told(
    old: object, new: object, sides: tuple[str, str]
) -> None:
    assert nested_change(old, new) == sides


@pytest.mark.parametrize(("old", "new"), [(1, 2), (["a"], ["b"]), (None, {"a": 1})], ids=str)
def test_flat_values_are_told_whole(old: object, new: object) -> None:
    assert nested_change(old, new) is None


def test_of_many_differences_the_first_are_told_and_the_rest_counted() -> None:
    old, new = {str(n): n for n in range(9)}, {str(n): n + 1 for n in range(9)}
    told = nested_change(old, new)
    assert told is not None
    assert told[0].endswith("; 6 more")


def test_counts_of_different_things_and_bounds_are_told_to_be_read_with_care() -> None:
    plain, other = {"value": 1, "scope": "a"}, {"value": 2, "scope": "b", "qualifier": None}
    bound = {"value": 3, "scope": "a", "qualifier": "about"}
    none = {"value": None, "scope": None, "qualifier": None}
    assert count_notes([plain, none]) == []
    [things] = count_notes([plain, other])
    [exact] = count_notes([plain, bound])
    assert "different things" in things
    assert "no exact number" in exact
    assert count_notes([plain, other, bound]) == [things, exact]
