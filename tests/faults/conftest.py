"""Faults are injected into an `os` that the port uses; syncing real disks would only take time."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import FaultyOs

from azds.store import port

EVERYTHING = os.environ.get("AZDS_FAULTS") == "all"
MEMORY = Path("/dev/shm")  # noqa: S108 - folders in it are made by `tempfile`


@pytest.fixture
def tmp_path(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """In memory where that is possible: thousands of small stores are made and removed."""
    if "real_disk" in request.fixturenames or not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="azds-", dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(
    request: pytest.FixtureRequest,
    tmp_path: Path,  # noqa: ARG001 - before `monkeypatch`, and so removed when nothing is patched
    monkeypatch: pytest.MonkeyPatch,
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In `make faults` the figures of all tests stand together at the end."""
    if not EVERYTHING:
        return
    terminalreporter.section("figures")
    for report in terminalreporter.stats.get("passed", []):
        for line in report.capstdout.splitlines():
            terminalreporter.write_line(f"{report.nodeid.rpartition('/')[2]}: {line}")
