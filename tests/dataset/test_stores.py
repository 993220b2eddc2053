"""Where a store is opened from, and what is refused."""

from pathlib import Path

import pytest
from tests.dataset.making import cities, dataset

import azds
from azds.dataset import stores
from azds.dataset.stores import refuse_installed, shipped_store
from azds.errors import AzdsError, FormatError, NotFoundError, RefusedError
from azds.store import StagedRevision, StoreFolder, init_store


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one dataset."""
    dataset(tmp_path / "own", StagedRevision("a", cities({"x": {}})))
    return tmp_path / "own"


def test_a_store_is_opened_where_it_is_named(store: Path) -> None:
    opened = azds.open(store)
    assert opened.path == store
    assert azds.open(str(store)).path == store
    assert not opened.is_shipped


def test_the_nearest_store_at_or_above_the_working_folder_is_opened(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = store / "things" / "a"
    monkeypatch.chdir(deep)
    assert azds.open().path == store


def test_where_there_is_none_the_shipped_store_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    opened = azds.open()
    assert opened.is_shipped
    assert "foreign-relations" in opened


def test_where_none_is_shipped_either_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stores, "shipped_store", lambda: None)
    with pytest.raises(NotFoundError, match="no store here") as caught:
        azds.open()
    assert caught.value.kind == "no-store"


def test_a_store_tells_its_place_and_datasets(store: Path) -> None:
    opened = azds.open(store)
    assert repr(opened) == f"<Store {store}: things>"
    assert (list(opened), len(opened)) == (["things"], 1)
    assert "things" in opened
    assert "other" not in opened


def test_an_empty_store_has_no_datasets(tmp_path: Path) -> None:
    init_store(tmp_path / "empty")
    assert repr(azds.open(tmp_path / "empty")).endswith("empty: no datasets>")


def test_a_dataset_that_is_not_there_is_not_found_and_near_ones_are_named(store: Path) -> None:
    with pytest.raises(NotFoundError, match="did you mean things") as caught:
        azds.open(store)["thing"]
    assert caught.value.kind == "unknown-dataset"


def damage(store: Path, how: str) -> Path:
    """A path that is no store, or one that this program cannot know."""
    marker = store / "azds-store.json"
    if how == "missing":
        return store / "nowhere"
    if how == "a file":
        return marker
    if how == "no marker":
        marker.unlink()
    if how == "not JSON":
        marker.write_bytes(b"\xff{")
    if how == "another kind":
        marker.write_text('{\n  "format": 0,\n  "kind": "git"\n}\n', encoding="utf-8")
    if how == "newer":
        marker.write_text('{\n  "format": 99,\n  "kind": "azds-store"\n}\n', encoding="utf-8")
    return store


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("missing", "not-a-store"),
        ("a file", "not-a-store"),
        ("no marker", "not-a-store"),
        ("not JSON", "not-a-store"),
        ("another kind", "not-a-store"),
        ("newer", "format-unknown"),
    ],
)
def test_what_is_no_store_is_refused(store: Path, how: str, kind: str) -> None:
    path = damage(store, how)
    with pytest.raises(FormatError) as caught:
        azds.open(path)
    assert caught.value.kind == kind
    assert caught.value.where is not None
    assert str(path) in caught.value.where


def test_the_nearest_store_is_opened_even_if_it_is_damaged(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged store is an error, not a reason to read another."""
    damage(store, "not JSON")
    monkeypatch.chdir(store)
    with pytest.raises(FormatError):
        azds.open()


def test_the_store_of_an_installed_package_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "_store"
    init_store(installed)
    monkeypatch.setattr(stores, "shipped_store", lambda: installed)
    with pytest.raises(RefusedError) as caught:
        refuse_installed(azds.open(installed))
    assert caught.value.kind == "shipped-store"
    refuse_installed(stores.Store(StoreFolder(tmp_path / "own")))


def test_the_shipped_store_has_the_dataset_that_is_meant_where_none_is_named() -> None:
    path = shipped_store()
    assert path is not None
    assert stores.SHIPPED_DATASET in azds.open(path)


def test_an_error_of_a_store_is_an_azds_error(tmp_path: Path) -> None:
    with pytest.raises(AzdsError):
        azds.open(tmp_path)
