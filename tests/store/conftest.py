"""A fresh dataset for the tests of the store, and a disk that can fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import FaultyOs

from azds.store import DatasetFolder, init_store, port


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut in this process, and syncing is most of the time of a small commit."""
    monkeypatch.setattr("azds.store.port.os.fsync", lambda _: None)


@pytest.fixture
def dataset(tmp_path: Path) -> DatasetFolder:
    """A dataset without revisions, in a store of its own."""
    return init_store(tmp_path / "store").create("cities")


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyOs]:
    """The port's `os`, counted."""
    proxy = FaultyOs()
    monkeypatch.setattr(port, "os", proxy)
    yield proxy
    proxy.end()
