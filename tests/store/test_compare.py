"""A rebuilt store is the committed one, or one line says where it is not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.store.making import WRITER, revision

from azds.coverage import Coverage
from azds.errors import NotFoundError
from azds.store import (
    Correction,
    DatasetFolder,
    StagedRevision,
    first_difference,
    init_store,
    staging,
)
from azds.store.parquet import encode

Built = Callable[..., DatasetFolder]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """A dataset of these revisions, built from nothing in a store of its own."""

    def make(*revisions: StagedRevision, **versions: str) -> DatasetFolder:
        store = init_store(tmp_path / str(len(list(tmp_path.iterdir()))))
        dataset = store.create("cities")
        given = revisions or (revision("a", {"BAK": 1}), revision("b", {"BAK": 1}))
        dataset.commit(given, writer=WRITER | versions)
        return dataset

    return make


def difference(rebuilt: DatasetFolder, committed: DatasetFolder) -> str | None:
    return first_difference(rebuilt.store, committed.store, "cities")


def test_a_rebuild_is_the_same(built: Built) -> None:
    assert difference(built(), built()) is None


def test_the_history_of_the_committed_store_does_not_count(built: Built) -> None:
    committed = built(revision("b", {"BAK": 7}, 2))
    committed.commit([revision("a", {"BAK": 9}, 1)], writer=WRITER)
    committed.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    assert committed.state().folders["b"].folder == "b@2"
    assert difference(built(), committed) is None


def test_another_version_of_the_writer_is_no_difference(built: Built) -> None:
    assert difference(built(azds="9", pyarrow="99"), built()) is None


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "a value": ({}, "cities b City: digest differ: committed azds-hash-1:"),
    "a headline": (
        {"headline": ()},
        "cities b: headline differ: committed (Headline(",
    ),
    "a label": (
        {"label": "c"},
        "cities: revisions differ: committed ['a', 'b'], rebuilt ['a', 'c']",
    ),
    "a date": ({"date": "2016"}, "cities b: date differ: committed None, rebuilt 2016"),
    "a position": ({"position": 5}, "cities b: position differ: committed 2, rebuilt 5"),
    "a correction": (
        {"corrections": (Correction("City", "BAK", "people", 1, 2, "x"),)},
        "cities b: corrections differ: committed (), rebuilt (Correction(",
    ),
    "tables": ({"tables": {}}, "cities b: tables differ: committed ['City'], rebuilt []"),
    "a coverage": (
        {"coverage": Coverage("partial", reason="another sample")},
        "cities b City: coverage differ: committed Coverage(",
    ),
}


@pytest.mark.parametrize("versions", [{}, {"pyarrow": "99"}], ids=["same writer", "other writer"])
@pytest.mark.parametrize("case", CHANGES)
def test_what_differs_is_told_in_one_line(
    built: Built, case: str, versions: dict[str, str]
) -> None:
    change, line = CHANGES[case]
    changed = revision("b", {"BAK": 1 if change else 2})
    if "coverage" in change:
        table = changed.tables["City"]
        change = {"tables": {"City": replace(table, coverage=change["coverage"])}}
    rebuilt = built(revision("a", {"BAK": 1}), replace(changed, **change), **versions)
    told = difference(rebuilt, built())
    assert told is not None
    assert told.startswith(line)
    assert "\n" not in told


def uncompressed(rows: pa.Table, *_: object, **__: object) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="none")
    return bytes(sink.getvalue())


def test_other_bytes_of_one_writer_are_a_difference(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = built()
    monkeypatch.setattr(staging, "encode", lambda rows, *_, **how: encode(rows, [1], **how))
    assert difference(built(), committed) is None
    monkeypatch.setattr(staging, "encode", uncompressed)
    told = difference(built(), committed)
    assert told is not None
    assert told.startswith("cities a City: files differ: ")
    assert difference(built(pyarrow="99"), committed) is None


def test_a_damaged_table_is_a_difference(built: Built) -> None:
    committed = built()
    (committed.path / "a" / "City.parquet").write_bytes(b"")
    told = difference(built(), committed)
    assert told is not None
    assert told.startswith(
        "cities a City: cities/a/City.parquet: this file is not what was written"
    )


def test_a_dataset_that_is_not_committed_is_not_found(built: Built, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        first_difference(built().store, init_store(tmp_path / "empty"), "cities")
