"""Gc: what no record names goes, what any record needs stays, and in doubt nothing is removed."""

import shutil
import threading
from pathlib import Path

import pytest
from tests.store.making import WRITER, FaultyOs, files, revision

from azds.errors import IntegrityError, StorageError
from azds.store import DatasetFolder, port, verify
from azds.store.gc import Leftover, collect, find_leftovers

SCRATCH = f".dataset.toml.{'0f' * 16}"


@pytest.fixture
def cities(dataset: DatasetFolder) -> DatasetFolder:
    """Three records, a superseded edition, and a table that two revisions share."""
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("a", {"BAK": 2, "SUM": 3})], writer=WRITER)
    dataset.commit([revision("c", {"BAK": 7})], writer=WRITER)
    return dataset


def litter(dataset: DatasetFolder) -> None:
    """What interrupted commands may leave."""
    path = dataset.path
    (path / "d").mkdir()
    (path / "d" / "City.parquet").write_bytes(b"half")
    (path / "a@3").mkdir()
    (path / "tmp" / "0f").mkdir(parents=True)
    (path / "tmp" / "0f" / "manifest.json").write_bytes(b"half")
    (path / SCRATCH).write_bytes(b"half")


def names(found: list[Leftover]) -> list[str]:
    return [one.file for one in found]


LITTER = [f"cities/{SCRATCH}", "cities/a@3", "cities/d", "cities/tmp"]


def test_nothing_is_left_over_in_a_sound_dataset(cities: DatasetFolder) -> None:
    before = files(cities.path)
    assert find_leftovers(cities.store, "cities") == []
    assert collect(cities.store, "cities", whole=True) == []
    assert files(cities.path) == before


def test_what_would_go_is_listed_first_and_nothing_is_written(
    cities: DatasetFolder, faulty: FaultyOs
) -> None:
    litter(cities)
    before = files(cities.store.path)
    faulty.calls.clear()
    found = find_leftovers(cities.store, "cities")
    assert names(found) == LITTER
    assert [one.bytes for one in found] == [4, 0, 4, 4]
    assert set(faulty.calls) <= {"open", "read", "fstat", "close", "stat", "lstat", "listdir"}
    assert files(cities.store.path) == before


def test_what_is_left_over_goes_and_all_else_stays(cities: DatasetFolder) -> None:
    before = files(cities.path)
    litter(cities)
    assert names(collect(cities.store, "cities")) == LITTER
    assert files(cities.path) == before
    assert verify(cities.store, "cities") == []
    assert find_leftovers(cities.store, "cities") == []


def test_a_whole_revision_whose_record_may_be_lost_stays_unless_it_is_named(
    cities: DatasetFolder,
) -> None:
    (cities.path / "log" / "000003.json").unlink()
    [found] = find_leftovers(cities.store, "cities")
    assert (found.file, found.is_whole) == ("cities/c", True)
    assert collect(cities.store, "cities") == []
    assert (cities.path / "c" / "City.parquet").exists()
    assert names(collect(cities.store, "cities", whole=True)) == ["cities/c"]
    assert verify(cities.store, "cities") == []


def test_files_of_superseded_editions_stay(cities: DatasetFolder) -> None:
    """`a` is replaced by `a@2`, but its record needs it, and `b` uses its table."""
    collect(cities.store, "cities", whole=True)
    assert (cities.path / "a" / "manifest.json").exists()
    assert cities.read_table("b", "City").to_pylist() == [{"id": "BAK", "people": 1}]


@pytest.mark.parametrize("name", ["notes.txt", "sub/City.parquet"])
def test_a_folder_that_azds_did_not_make_stays(cities: DatasetFolder, name: str) -> None:
    mine = cities.path / "mine" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert collect(cities.store, "cities", whole=True) == []
    assert mine.read_text() == "mine"


def test_peoples_files_stay(cities: DatasetFolder) -> None:
    (cities.path / "dataset.toml").write_text("mine")
    (cities.path / ".dataset.toml.swp").write_text("mine")
    (cities.path / "notes.txt").write_text("mine")
    before = files(cities.path)
    assert collect(cities.store, "cities", whole=True) == []
    assert files(cities.path) == before


DAMAGE = ["log/000001.json", "log/000002.json", "a/manifest.json", "c/manifest.json"]


@pytest.mark.parametrize("name", DAMAGE)
@pytest.mark.parametrize("how", ["changed", "gone", "empty"])
def test_nothing_is_removed_where_a_root_cannot_be_read(
    cities: DatasetFolder, name: str, how: str
) -> None:
    litter(cities)
    path = cities.path / name
    data = path.read_bytes()
    path.unlink()
    if how != "gone":
        path.write_bytes(b"" if how == "empty" else data.replace(b"sha256:", b"sha255:", 1))
    if name == "log/000001.json" and how == "changed":
        path.write_bytes(data.replace(b'"number": 1', b'"number": 2'))
    before = files(cities.path)
    with pytest.raises(IntegrityError):
        collect(cities.store, "cities", whole=True)
    assert files(cities.path) == before


def test_nothing_is_removed_where_the_log_is_gone(cities: DatasetFolder) -> None:
    shutil.rmtree(cities.path / "log")
    before = files(cities.path)
    with pytest.raises(IntegrityError) as caught:
        collect(cities.store, "cities", whole=True)
    assert caught.value.kind == "log-broken"
    assert files(cities.path) == before


def test_nothing_is_removed_where_the_system_refuses_a_root(
    cities: DatasetFolder, faulty: FaultyOs
) -> None:
    litter(cities)
    before = files(cities.path)
    faulty.end()
    find_leftovers(cities.store, "cities")
    looks = len(faulty.calls)
    for number in range(1, looks + 1):
        faulty.end()
        faulty.fail_at(number, 5)
        with pytest.raises(StorageError):
            find_leftovers(cities.store, "cities")
    faulty.end()
    assert files(cities.path) == before


def test_a_manifest_may_need_a_folder_that_no_record_names(cities: DatasetFolder) -> None:
    """Whatever names a file in a manifest, even what a later program wrote there, is a mark."""
    from tests.faults.forging import Forged

    (cities.path / "z").mkdir()
    shutil.copy(cities.path / "c" / "City.parquet", cities.path / "z" / "City.parquet")
    later = {"path": "z/City.parquet", "sha256": "sha256:" + "0" * 64, "bytes": 1}
    Forged(cities.store.path).manifest("c", lambda document: document.update(later=later))
    assert collect(cities.store, "cities", whole=True) == []
    assert (cities.path / "z" / "City.parquet").exists()


def test_gc_waits_for_the_writer_that_holds_the_lock(cities: DatasetFolder) -> None:
    litter(cities)
    done = threading.Event()

    def tidy() -> None:
        collect(cities.store, "cities")
        done.set()

    with port.locked(cities.path / "lock"):
        thread = threading.Thread(target=tidy)
        thread.start()
        assert not done.wait(0.2)
        assert (cities.path / "d").exists()
    thread.join(timeout=10)
    assert done.is_set()
    assert not (cities.path / "d").exists()


def test_links_are_not_followed_when_leftovers_are_measured_or_removed(
    cities: DatasetFolder, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "large").write_bytes(bytes(5_000))
    (cities.path / "tmp").mkdir()
    (cities.path / "tmp" / "away").symlink_to(tmp_path / "mine")
    (cities.path / "tmp" / "around").symlink_to(cities.path)
    [found] = collect(cities.store, "cities")
    assert found == Leftover("cities/tmp", 0)
    assert (tmp_path / "mine" / "large").exists()
