"""One key through all revisions."""

from pathlib import Path

import pytest
from tests.dataset.making import COMPLETE, cities, dataset, relation, typed

import azds
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.errors import IntegrityError, NotFoundError
from azds.records import Relation
from azds.store import StagedRevision

PARTIAL = Coverage("partial", reason="a sample")
ABSENT = Coverage("absent", reason="lost")


def through(path: Path, *states: tuple[dict[str, dict[str, object]], Coverage]) -> list[str]:
    """What became of the city `x`, revision by revision."""
    staged = [
        StagedRevision(f"r{at}", cities(rows, coverage))
        for at, (rows, coverage) in enumerate(states)
    ]
    return [entry.change for entry in dataset(path / "store", *staged).history("City", "x")]


def test_the_shipped_history_of_israel_says_what_each_source_states(article: Dataset) -> None:
    history = article.history("relations", "ISR")
    assert [(one.revision, one.coverage, one.change) for one in history] == [
        ("2016", "partial", "first"),
        ("interim", "partial", "changed"),
        ("current", "partial", "not_comparable"),
    ]
    first, second, third = history
    assert first.row is not None
    assert (first.row["began"], first.row["began_also"]) == ("1991", ["1992-04-07"])
    assert second.cells == {
        "began": {"old": "1991", "new": None, "kind": "unstated"},
        "began_also": {"old": ["1992-04-07"], "new": [], "kind": "unstated"},
    }
    assert third.row is None
    assert repr(history) == (
        "<History relations ISR: 2016 first, interim changed, current not_comparable>"
    )


def test_a_row_that_comes_goes_and_comes_again_is_told_step_by_step(tmp_path: Path) -> None:
    present: dict[str, dict[str, object]] = {"x": {"people": 5}}
    changes = through(
        tmp_path,
        ({}, COMPLETE),
        (present, COMPLETE),
        ({"x": {"people": 6}}, COMPLETE),
        ({}, COMPLETE),
        ({}, COMPLETE),
        (present, COMPLETE),
    )
    assert changes == ["", "first", "changed", "removed", "", "added"]


def test_a_row_that_a_partial_source_does_not_state_was_not_removed(tmp_path: Path) -> None:
    present: dict[str, dict[str, object]] = {"x": {}}
    changes = through(
        tmp_path,
        (present, COMPLETE),
        ({}, PARTIAL),
        (present, PARTIAL),
        ({}, ABSENT),
        (present, COMPLETE),
    )
    assert changes == ["first", "unstated", "newly_stated", "not_comparable", "not_comparable"]


def test_another_wording_is_no_change(tmp_path: Path) -> None:
    changes = through(tmp_path, ({"x": {"name": "a"}}, COMPLETE), ({"x": {"name": "b"}}, COMPLETE))
    assert changes == ["first", "equal"]


def test_a_revision_without_the_table_is_absent(tmp_path: Path) -> None:
    things = dataset(
        tmp_path / "store",
        StagedRevision("a", cities({"x": {}})),
        StagedRevision("b", typed(Relation, [relation("BLR")])),
    )
    told = [(one.coverage, one.change, one.row is None) for one in things.history("City", "x")]
    assert told == [("complete", "first", False), ("absent", "not_comparable", True)]


def test_a_key_of_several_columns_is_given_value_by_value(article: Dataset) -> None:
    key = ("AZE", "NLD", "embassy", "The Hague")
    history = article.history("missions", *key)
    assert history.key == "AZE/NLD/embassy/The Hague"
    assert history.to_document() == article.history_of("missions", history.key).to_document()


def test_a_key_that_no_revision_has_is_not_found_and_near_ones_are_named(
    article: Dataset,
) -> None:
    with pytest.raises(NotFoundError, match="did you mean BLR") as caught:
        article.history("relations", "BLRR")
    assert caught.value.kind == "unknown-key"


def test_a_table_that_no_revision_has_is_not_found(article: Dataset) -> None:
    with pytest.raises(NotFoundError, match="did you mean relations") as caught:
        article.history("relation", "BLR")
    assert caught.value.kind == "unknown-table"


def test_damage_is_told_and_not_taken_for_a_missing_row(tmp_path: Path) -> None:
    dataset(tmp_path / "store", StagedRevision("a", cities({"x": {}})))
    (tmp_path / "store" / "things" / "a" / "City.parquet").write_bytes(b"PAR1")
    with pytest.raises(IntegrityError):
        azds.open(tmp_path / "store")["things"].history("City", "x")
