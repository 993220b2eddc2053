"""Power cuts, replayed: nothing acknowledged is lost and nothing half is accepted, in any order.

Three models of what a disk keeps (`tests/faults/disk.py`). Where much is not synced at once,
`make faults` draws 1,000 parts of it at each cut, CI four.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.faulty import Faulty
from tests.faults.operations import LARGE_COMMIT, OPERATIONS, Operation, both_commits
from tests.faults.replaying import record, replay

from azds.store import port

CASES: dict[str, list[Operation]] = {
    "init": [OPERATIONS["init"]],
    "first commit": [OPERATIONS["first commit"]],
    "two commits": both_commits(),
    "patched commit": [OPERATIONS["patched commit"]],
    "large commit": [LARGE_COMMIT],
    "commit of one's own": [OPERATIONS["commit of one's own"]],
    "gc": [OPERATIONS["gc"]],
}
LEAST = {
    "init": 12,
    "first commit": 250,
    "two commits": 150,
    "patched commit": 70,
    "large commit": 400,
    "commit of one's own": 30,
    "gc": 120,
}
"""Different states in CI: 1,000 together."""


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faulty]:
    proxy = Faulty(monkeypatch)
    yield proxy
    proxy.end()


@pytest.mark.parametrize("name", CASES)
def test_no_power_cut_loses_what_was_acknowledged_or_shows_half_of_anything(
    tmp_path: Path, faulty: Faulty, name: str, *, everything: bool
) -> None:
    recorded = record(tmp_path, CASES[name], faulty)
    most, more = (60_000, 1_000) if everything else (LEAST[name], 4)
    found = replay(recorded, tmp_path, most=most, more=more)
    assert found.bad == []
    assert found.different >= LEAST[name]
    print(f"{name}: {found.different} states")  # noqa: T201 - the figure of docs/reliability.md


def test_a_disk_that_is_not_synced_is_found_to_lose_commits(
    tmp_path: Path, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replay itself: with no sync at all, it must find what is lost."""
    monkeypatch.setattr(port, "sync_folder", lambda _: None)
    recorded = record(tmp_path, CASES["two commits"], faulty)
    found = replay(recorded, tmp_path, most=60, more=1)
    assert found.bad
