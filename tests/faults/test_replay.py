"""Power cuts, replayed: nothing acknowledged is lost and nothing half is accepted, in any order.

Three models of what a disk keeps (`tests/faults/disk.py`). Then the same command runs on what the
cut left, and is cut a second time. CI tries a share of the states, the same each time.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.faulty import Faulty
from tests.faults.operations import LARGE_COMMIT, OPERATIONS, Operation, both_commits
from tests.faults.replaying import Replay, record

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
SHARES = {
    "init": (12, 0),
    "first commit": (150, 100),
    "two commits": (100, 50),
    "patched commit": (50, 20),
    "large commit": (350, 100),
    "commit of one's own": (20, 10),
    "gc": (40, 40),
}
"""Different states in CI after one cut, and after two: 1,000 together."""
MOST = {"large commit": (30_000, 95_000)}
"""The same in `make faults`: 100,000; of the others all that there are, up to 3,000 after two."""


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
    found = Replay(tmp_path, faulty, more=10_000 if everything else 30)
    once, twice = MOST.get(name, (30_000, 3_000)) if everything else SHARES[name]
    left = found.once(recorded, once)
    after_one = found.different
    found.more = 30
    found.twice(left, twice, each=400 if everything else 10)
    assert found.bad == []
    if not everything:
        assert (after_one, found.different) == (once, once + twice)
    print(f"{name}: {after_one} states after one cut, {found.different} in all")  # noqa: T201 - the figure


def test_a_disk_that_is_not_synced_is_found_to_lose_commits(
    tmp_path: Path, faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The replay itself: with no sync at all, it must find what is lost."""
    monkeypatch.setattr(port, "sync_folder", lambda _: None)
    recorded = record(tmp_path, CASES["two commits"], faulty)
    found = Replay(tmp_path, faulty, more=1)
    found.once(recorded, 60)
    assert found.bad
