"""Faults are injected into an `os` that the port uses; syncing real disks would only take time."""

import os
from collections.abc import Iterator

import pytest
from tests.store.making import FaultyOs

from azds.store import port

EVERYTHING = os.environ.get("AZDS_FAULTS") == "all"


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No power is cut in this process."""
    if "real_disk" not in request.fixturenames:
        monkeypatch.setattr("azds.store.port.os.fsync", lambda _: None)


@pytest.fixture
def real_disk() -> None:
    """Marks a test that needs its syncs."""


@pytest.fixture
def everything() -> bool:
    """Whether this is `make faults`, which has time for all cases."""
    return EVERYTHING


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyOs]:
    """The port's `os`, counted."""
    proxy = FaultyOs()
    monkeypatch.setattr(port, "os", proxy)
    yield proxy
    proxy.end()
