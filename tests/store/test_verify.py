"""Verify: all faults are told together, none where there is none, and damage never raises.

Each code by a damaged store of its own: `tests/faults/test_fixtures.py`.
"""

import errno
from pathlib import Path

import pytest
from tests.store.making import WRITER, FaultyOs, revision

from azds.store import CODES, DatasetFolder, Fault, verify


@pytest.fixture
def cities(dataset: DatasetFolder) -> DatasetFolder:
    """Two revisions in two records, one superseded edition, one table that two revisions share."""
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("a", {"BAK": 2, "SUM": 3})], writer=WRITER)
    (dataset.path / "dataset.toml").write_text("# by people")
    return dataset


def codes(dataset: DatasetFolder, *, quick: bool = False) -> list[tuple[str, str, str]]:
    faults = verify(dataset.store, dataset.name, quick=quick)
    assert all(fault.message and "\n" not in fault.message for fault in faults)
    return [(fault.code, fault.file, fault.revision) for fault in faults]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_file_that_the_system_refuses_is_reported(
    cities: DatasetFolder, faulty: FaultyOs
) -> None:
    first_open = 1
    faulty.fail_at(first_open, errno.EACCES)
    (fault,) = verify(cities.store, "cities")
    assert (fault.code, fault.file) == ("file-unreadable", "azds-store.json")
    assert "Permission denied" in fault.message


def test_a_sound_dataset_has_no_fault_and_peoples_files_do_not_count(
    cities: DatasetFolder,
) -> None:
    (cities.path / "tmp").mkdir()
    (cities.path / "tmp" / "left").touch()
    (cities.path / "dataset.toml").write_text("changed")
    (cities.store.path / "README.md").touch()
    assert verify(cities.store, "cities") == []
    assert verify(cities.store, "cities", quick=True) == []


def test_an_empty_dataset_has_no_fault(dataset: DatasetFolder) -> None:
    assert verify(dataset.store, "cities") == []


def test_a_dataset_that_was_not_built_yet_has_no_fault(dataset: DatasetFolder) -> None:
    (dataset.path / "log").rmdir()
    (dataset.path / "dataset.toml").touch()
    assert verify(dataset.store, "cities") == []


def test_quick_looks_at_presence_and_size_of_tables_only(cities: DatasetFolder) -> None:
    flip(cities.path / "a@2" / "City.parquet")
    assert codes(cities, quick=True) == []
    with (cities.path / "a" / "City.parquet").open("ab") as file:
        file.write(b"\0")
    (cities.path / "a@2" / "City.parquet").unlink()
    assert codes(cities, quick=True) == [
        ("file-long", "cities/a/City.parquet", "a, b"),
        ("file-missing", "cities/a@2/City.parquet", "a"),
    ]


def test_faults_are_told_together(cities: DatasetFolder) -> None:
    flip(cities.path / "log" / "000001.json")
    flip(cities.path / "a@2" / "City.parquet")
    (cities.path / "notes.txt").touch()
    assert [code for code, _, _ in codes(cities)] == ["record-hash", "file-changed", "stray-file"]
    (fault, *_) = verify(cities.store, "cities")
    assert isinstance(fault, Fault)
    assert "is not" in fault.message


def test_a_missing_revision_and_what_others_need_of_it_are_both_told(
    cities: DatasetFolder,
) -> None:
    (cities.path / "a" / "City.parquet").unlink()
    (cities.path / "a" / "manifest.json").unlink()
    (cities.path / "a").rmdir()
    assert codes(cities) == [
        ("revision-missing", "cities/a", "a"),
        ("file-missing", "cities/a/City.parquet", "b"),
    ]


def test_a_gap_in_the_log_is_told_once(cities: DatasetFolder) -> None:
    (cities.path / "log" / "000009.json").write_bytes(b"")
    assert codes(cities) == [
        ("record-missing", "cities/log/000003.json to 000008.json", ""),
        ("record-empty", "cities/log/000009.json", ""),
    ]


def test_a_name_that_is_no_text_is_shown(cities: DatasetFolder) -> None:
    (cities.path / "\udcff").touch()
    assert codes(cities) == [("stray-file", "cities/\\udcff", "")]


def test_a_shorter_log_leaves_whole_revisions_that_nothing_names(cities: DatasetFolder) -> None:
    (cities.path / "log" / "000002.json").unlink()
    (cities.path / "c").mkdir()
    assert codes(cities) == [
        ("leftover-whole", "cities/a@2", ""),
        ("leftover-empty", "cities/c", ""),
    ]


def test_codes_are_sorted_and_say_what_they_mean() -> None:
    assert list(CODES) == sorted(CODES)
    assert len(CODES) >= 60
    assert len(set(CODES.values())) == len(CODES)
