"""Stores and datasets as folders: found, opened, made; readers write nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.making import WRITER, FaultyOs, files, revision

from azds.errors import (
    ExistsError,
    FormatError,
    IntegrityError,
    InvalidInputError,
    NotFoundError,
    StorageError,
)
from azds.store import DatasetFolder, find_store, init_store, is_store, open_store
from azds.store.folder import MARKER


def test_a_new_store_opens_and_is_empty(tmp_path: Path) -> None:
    made = init_store(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "azds-store.json").read_bytes() == MARKER
    assert json.loads(MARKER) == {"format": 0, "kind": "azds-store"}
    assert [path.name for path in made.path.iterdir()] == ["azds-store.json"]
    assert open_store(tmp_path / "a" / "b").datasets() == ()


def test_a_store_is_made_in_a_folder_that_has_other_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert init_store(tmp_path).datasets() == ()


def test_a_store_is_made_once(tmp_path: Path) -> None:
    init_store(tmp_path)
    with pytest.raises(ExistsError) as caught:
        init_store(tmp_path)
    assert caught.value.kind == "store-exists"
    assert [path.name for path in tmp_path.iterdir()] == ["azds-store.json"]


def test_a_store_is_not_made_inside_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError):
        init_store(tmp_path / "file" / "store")


@pytest.mark.parametrize("path", ["nothing", "folder", "file"])
def test_what_is_no_store_is_told_in_one_line(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(FormatError) as caught:
        open_store(tmp_path / path)
    assert caught.value.kind == "not-a-store"
    assert str(caught.value) == (
        f"{tmp_path / path}: this is no azds store; expected a folder with the file "
        "azds-store.json; make one with `azds init`"
    )


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        (b"", "not-a-store"),
        (b"{}\n", "not-a-store"),
        (MARKER[:-3], "not-a-store"),
        (MARKER.replace(b"azds-store", b"else-store"), "not-a-store"),
        (MARKER.replace(b"0", b"7"), "format-unknown"),
    ],
)
def test_a_marker_of_another_kind_is_told(tmp_path: Path, marker: bytes, kind: str) -> None:
    (tmp_path / "azds-store.json").write_bytes(marker)
    with pytest.raises(FormatError) as caught:
        open_store(tmp_path)
    assert caught.value.kind == kind


def test_the_nearest_store_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init_store(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_store(tmp_path / "a" / "b") == tmp_path
    inner = init_store(tmp_path / "a").path
    assert find_store(tmp_path / "a" / "b") == inner
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert find_store(Path()) == inner
    assert is_store(Path(".."))
    assert find_store(Path("/")) is None


def test_datasets_are_folders_with_a_log_or_with_input(tmp_path: Path) -> None:
    store = init_store(tmp_path)
    store.create("cities")
    (tmp_path / "declared").mkdir()
    (tmp_path / "declared" / "dataset.toml").touch()
    (tmp_path / "lost" / "2016").mkdir(parents=True)
    (tmp_path / "lost" / "2016" / "manifest.json").touch()
    (tmp_path / "photos").mkdir()
    (tmp_path / ".git" / "log").mkdir(parents=True)
    (tmp_path / "README.md").touch()
    assert store.datasets() == ("cities", "declared", "lost")
    assert store.dataset("declared").revisions() == ()


def test_an_unknown_dataset_is_told_with_what_comes_near(tmp_path: Path) -> None:
    store = init_store(tmp_path)
    store.create("cities")
    with pytest.raises(NotFoundError, match="did you mean cities") as caught:
        store.dataset("city")
    assert caught.value.kind == "unknown-dataset"


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b", ".x", "log", "x\0"])
def test_a_dataset_needs_a_name(tmp_path: Path, name: str) -> None:
    store = init_store(tmp_path / "store")
    with pytest.raises(InvalidInputError):
        store.create(name)
    with pytest.raises(NotFoundError):
        store.dataset(name)
    assert [path.name for path in tmp_path.rglob("*")] == ["store", "azds-store.json"]


def test_a_dataset_is_made_once_whatever_the_case_of_its_letters(tmp_path: Path) -> None:
    store = init_store(tmp_path)
    store.create("cities")
    for name in ("cities", "Cities"):
        with pytest.raises(ExistsError) as caught:
            store.create(name)
        assert caught.value.kind == "dataset-exists"


def test_a_folder_with_peoples_input_becomes_a_dataset(tmp_path: Path) -> None:
    store = init_store(tmp_path)
    (tmp_path / "cities").mkdir()
    (tmp_path / "cities" / "dataset.toml").touch()
    assert store.create("cities").revisions() == ()


def test_an_unknown_revision_or_table_is_told_with_what_comes_near(dataset: DatasetFolder) -> None:
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    with pytest.raises(NotFoundError, match="there are: 2016") as label:
        dataset.manifest("current")
    with pytest.raises(NotFoundError, match="did you mean City") as table:
        dataset.read_table("2016", "city")
    assert label.value.kind == "unknown-revision"
    assert table.value.kind == "unknown-table"
    assert table.value.where == "cities 2016"


def test_a_reader_keeps_to_the_state_that_it_chose(dataset: DatasetFolder) -> None:
    reader = dataset.store.dataset("cities")
    assert reader.revisions() == ()
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    assert reader.revisions() == ()
    assert [manifest.label for manifest in dataset.revisions()] == ["2016"]
    assert [manifest.label for manifest in dataset.store.dataset("cities").revisions()] == ["2016"]


def test_readers_write_nothing(dataset: DatasetFolder, faulty: FaultyOs) -> None:
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    before = files(dataset.store.path)
    faulty.calls.clear()
    reader = open_store(dataset.store.path).dataset("cities")
    assert reader.read_table("2016", "City").num_rows == 1
    assert set(faulty.calls) <= {"open", "read", "fstat", "close", "stat", "listdir"}
    assert files(dataset.store.path) == before


def test_revisions_that_lost_their_log_are_not_an_empty_dataset(dataset: DatasetFolder) -> None:
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    (dataset.path / "log" / "000001.json").unlink()
    (dataset.path / "log").rmdir()
    with pytest.raises(IntegrityError) as caught:
        dataset.store.dataset("cities").revisions()
    assert caught.value.kind == "log-broken"
    with pytest.raises(IntegrityError):
        dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)


def test_a_manifest_under_another_label_is_refused(dataset: DatasetFolder) -> None:
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    other = init_store(dataset.store.path.parent / "other").path / "towns"
    dataset.path.rename(other)
    with pytest.raises(IntegrityError, match="manifest of another revision"):
        open_store(other.parent).dataset("towns").revisions()


def test_pyarrow_and_pydantic_are_not_loaded_until_a_table_is_read(dataset: DatasetFolder) -> None:
    dataset.commit([revision("2016", {"BAK": 1})], writer=WRITER)
    code = (
        "import sys, pathlib, azds.store\n"
        f"store = azds.store.open_store(pathlib.Path({str(dataset.store.path)!r}))\n"
        "cities = store.dataset('cities')\n"
        "assert cities.manifest('2016').tables['City'].rows == 1\n"
        "assert azds.store.verify(store, 'cities', quick=True) == []\n"
        "print(sorted({'pyarrow', 'pydantic', 'numpy'} & set(sys.modules)))\n"
        "cities.read_table('2016', 'City')\n"
        "print(sorted({'pydantic', 'pandas', 'pyarrow.dataset'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout == "[]\n[]\n"
