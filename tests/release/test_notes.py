"""Why something changed is kept apart, and what a source never showed is never called removed."""

from dataclasses import replace

import pytest
from tests.release.making import Maker, cities

import azds
from azds.dataset.dataset import Dataset
from azds.dataset.snapshot import Snapshot
from azds.release.notes import notes_between, notes_of_release
from azds.store.manifest import Correction, SourceEntry


def _told(old: Snapshot, new: Snapshot) -> dict[str, list[str]]:
    return notes_between(old, new).to_document()


def test_the_shipped_revisions_differ_because_their_sources_do() -> None:
    article = azds.open()["foreign-relations"]
    told = _told(article["2016"], article["current"])
    assert list(told) == ["Source changed"]
    lines = "\n".join(told["Source changed"])
    assert "160 countries and 184 UN members" in lines
    assert "not the same thing" in lines
    assert (
        "bibliography (84 rows in 2016, partial; 0 in current, absent): 84 not comparable" in lines
    )
    assert " removed" not in lines


def _with_source(snapshot: Snapshot, digest: str, *corrections: Correction) -> Snapshot:
    source = SourceEntry(digest, "plain", 10)
    snapshot.manifest = replace(snapshot.manifest, source=source, corrections=corrections)
    return snapshot


@pytest.fixture
def editions(maker: Maker) -> tuple[Snapshot, Snapshot]:
    """One revision, committed twice with other values."""
    first = maker.commit("1").dataset["1"]
    held = first["city"]
    assert len(held) == 3
    second = maker.commit("1", cities({"baku": 7, "ganja": 8, "sumgait": 350})).dataset["1"]
    return first, second


def test_the_same_source_read_otherwise_is_read_better(editions: tuple[Snapshot, Snapshot]) -> None:
    old, new = (_with_source(one, "sha256:1") for one in editions)
    assert list(_told(old, new)) == ["Read better"]


def test_a_correction_stands_apart_from_a_better_reading(
    editions: tuple[Snapshot, Snapshot],
) -> None:
    old = _with_source(editions[0], "sha256:1")
    fixed = Correction("city", "baku", "population", 2_300, 7, "a digit was lost")
    told = _told(old, _with_source(editions[1], "sha256:1", fixed))
    assert told["Corrected"] == ["city baku, population: a digit was lost"]
    [line] = told["Read better"]
    assert "1 changed" in line


def test_another_source_of_the_same_label_is_a_changed_source(
    editions: tuple[Snapshot, Snapshot],
) -> None:
    old, new = _with_source(editions[0], "sha256:1"), _with_source(editions[1], "sha256:2")
    assert list(_told(old, new)) == ["Source changed"]


def test_a_table_without_a_source_is_corrected(editions: tuple[Snapshot, Snapshot]) -> None:
    assert list(_told(*editions)) == ["Corrected"]


def test_a_schema_that_changed_is_told_apart(maker: Maker) -> None:
    maker.commit("1").commit("2", cities(None, area=[1, 2, 3]))
    dataset: Dataset = maker.dataset
    told = _told(dataset["1"], dataset["2"])
    assert told["Schema changed"] == ["city: column area added"]


def test_nothing_changed_says_nothing(maker: Maker) -> None:
    one = maker.commit("1").dataset["1"]
    assert _told(one, one) == {}


def test_a_first_release_lists_its_revisions(maker: Maker) -> None:
    maker.commit("1").commit("2")
    snapshots = [maker.dataset["1"], maker.dataset["2"]]
    assert notes_of_release([], snapshots, ["1", "2"]).to_document()["Added"] == [
        "revision 1 (undated; 1 table, 3 rows of data)",
        "revision 2 (undated; 1 table, 3 rows of data)",
    ]
    gone = notes_of_release(snapshots, snapshots[1:], ["2"]).to_document()
    assert gone == {"Removed": ["revision 1, which the store does not have any more"]}
