"""Corrections that add a row or change a key: evidence follows, and stale ones fail."""

import pytest

from azds.errors import InvalidInputError
from azds.ingest.corrections import Correction
from azds.ingest.extract import Extraction, extract
from azds.ingest.vocabulary import Vocabulary
from azds.records.base import key_of

TEXT = b"A title.\nMalta condemned Peru. [1] A letter from Oslo came late. [2]\n"
ROW: dict[str, str | int | bool | list[str] | None] = {
    "actor": "Norway",
    "stance": "other",
    "date": "undated",
    "occurrence": 1,
    "actor_kind": "state",
    "entity": "NOR",
    "actor_as_written": "Oslo",
}


def read(*corrections: Correction) -> Extraction:
    return extract(
        TEXT,
        subject="a crisis",
        family="war-reactions",
        style="plain-lines",
        vocabulary=Vocabulary(sides={"PER": "peru", "CHL": "chile"}),
        corrections=corrections,
    )


def added(words: str, nth: int = 0, **cells: str) -> Correction:
    return Correction("reactions", "", "", None, None, "a city", {**ROW, **cells}, words, nth)


def test_an_added_row_has_its_words_as_evidence() -> None:
    found = read(added("A letter from Oslo"))
    assert "Norway/other/undated/1" in [key_of(row) for row in found.tables["reactions"]]
    one = next(e for e in found.evidence if e.key == "Norway/other/undated/1")
    assert TEXT.decode()[one.start : one.end] == "A letter from Oslo"
    assert one.column == ""


@pytest.mark.parametrize(
    "correction",
    [
        pytest.param(added("no such words"), id="the words are not there"),
        pytest.param(added("e"), id="they stand in several places"),
        pytest.param(added("A letter from Oslo", nth=2), id="there is no second place"),
        pytest.param(added(" ".join(["word"] * 12)), id="too many words"),
        pytest.param(added("A letter from Oslo", stance="unheard"), id="the row is refused"),
        pytest.param(
            added("Malta", actor="Malta", stance="condemns_peru"), id="the row is there already"
        ),
        pytest.param(
            Correction("reactions", "Malta/condemns_peru/undated/1", "date", "2031", "2032", "no"),
            id="another value than expected",
        ),
    ],
)
def test_a_correction_that_does_not_fit_fails(correction: Correction) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(correction)
    assert caught.value.kind == "correction-fails"


def test_evidence_follows_a_changed_key() -> None:
    key = "Malta/condemns_peru/undated/1"
    found = read(Correction("reactions", key, "date", "undated", "2031", "told elsewhere"))
    keys = {one.key for one in found.evidence if one.table == "reactions"}
    assert keys == {"Malta/condemns_peru/2031/1"}
