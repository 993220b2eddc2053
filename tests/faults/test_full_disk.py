"""A file system that is really full: by its size, and by its number of files.

Needs root and the right to mount; skipped, and said so, where that is not given.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.operations import new_cities, old_cities
from tests.faults.reading import held

from azds.errors import StorageError
from azds.store import StoreFolder, verify

PAGE = 4096


def mount(at: Path, options: str) -> bool:
    done = subprocess.run(  # noqa: S603 - ours
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at)],  # noqa: S607 - as the system has it
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Where a file system of its own can be mounted."""
    at = tmp_path / "disk"
    at.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not mount(at, "size=1m"):
        pytest.skip("a full disk needs root, to mount a file system of its own")
    yield at
    subprocess.run(["umount", str(at)], check=True, timeout=60)  # noqa: S603, S607 - as above


def sizes(*, everything: bool) -> list[tuple[int, int]]:
    """Pages and inodes to spare above what the store takes."""
    if everything:
        return [(pages, inodes) for pages in range(12) for inodes in range(12)]
    return [*((at, 50) for at in (0, 1, 3, 6)), *((50, at) for at in (0, 2, 4, 6, 8)), (3, 4)]


def refusal(store: Path) -> StorageError | None:
    """What a commit is refused with."""
    try:
        new_cities(store)
    except StorageError as error:
        return error
    return None


def test_a_commit_on_a_full_disk_says_so_and_works_once_there_is_room(
    disk: Path, tmp_path: Path, *, everything: bool
) -> None:
    old_cities(tmp_path / "plain")
    old = held(tmp_path / "plain", "cities")
    new_cities(tmp_path / "plain")
    new = held(tmp_path / "plain", "cities")
    failed = done = 0
    for pages, inodes in sizes(everything=everything):
        assert mount(disk, "remount,size=1m,nr_inodes=1000"), "room again"
        store = disk / "store"
        old_cities(store)
        used = os.statvfs(disk)
        taken = used.f_blocks - used.f_bfree, used.f_files - used.f_ffree
        small = f"remount,size={(taken[0] + pages) * PAGE},nr_inodes={taken[1] + inodes}"
        assert mount(disk, small), small
        refused = refusal(store)
        is_old = refused is not None and refused.kind != "commit-unknown"
        assert held(store, "cities") == (old if is_old else new), small
        assert refused is None or "No space left" in str(refused)
        failed, done = failed + is_old, done + (not is_old)
        faults = verify(StoreFolder(store), "cities")
        assert all(fault.code.startswith("leftover-") for fault in faults), small
        assert mount(disk, "remount,size=1m,nr_inodes=1000"), "room again"
        new_cities(store)
        assert held(store, "cities") == new
        assert verify(StoreFolder(store), "cities") == []
        subprocess.run(["rm", "-r", str(store)], check=True)  # noqa: S603, S607 - as above
    assert failed
    print(f"{failed} refused for want of room, {done} done")  # noqa: T201 - the figure
