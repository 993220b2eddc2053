"""Documents told by how they differ from another one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.errors import IntegrityError
from azds.store.alike import LIKE, complete, shorten
from azds.store.canonical import Json, dump

_NAMES = st.sampled_from(("a", "b", "c", "format"))
_TEXTS = st.lists(st.sampled_from("pqrs"), max_size=4)
_VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.just(1.0) | _TEXTS | _TEXTS.map(sorted),
    lambda inner: st.dictionaries(_NAMES, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=8,
)
_DOCUMENTS = st.dictionaries(_NAMES, _VALUES, max_size=4)


@given(_DOCUMENTS, _DOCUMENTS)
def test_a_document_is_what_its_short_form_tells(
    document: dict[str, Json], other: dict[str, Json]
) -> None:
    short = shorten(document, other, "2016")
    before = dump(other)
    assert dump(complete(short, other, where="t")) == dump(document)
    assert dump(other) == before


@given(_DOCUMENTS)
def test_the_short_form_of_the_other_itself_says_nothing(document: dict[str, Json]) -> None:
    short = shorten(document, document, "2016")
    assert short.keys() <= {LIKE, "format"}
    assert short[LIKE] == {"folder": "2016", "but": []}
    assert complete(short, document, where="t") == document


def test_many_places_that_are_gone_take_no_longer_than_to_read_them() -> None:
    names = [f"n{number}" for number in range(20_000)]
    other: dict[str, Json] = {"a": dict.fromkeys(names, 1), "b": [1]}
    but: list[Json] = [{"at": ["a", name]} for name in names]
    start = time.process_time()
    assert complete({LIKE: {"but": but}}, other, where="t") == {"a": {}, "b": [1]}
    assert time.process_time() - start < 2
    assert other == {"a": dict.fromkeys(names, 1), "b": [1]}


def test_a_place_is_told_of_once() -> None:
    but: list[Json] = [{"at": ["a"], "less": ["p"]}, {"at": ["a"], "more": ["p"]}]
    with pytest.raises(IntegrityError, match="told of once"):
        complete({LIKE: {"but": but}}, {"a": ["p"]}, where="t")
