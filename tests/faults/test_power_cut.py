"""The power goes: a real file system on a loop device is shut down without a flush.

ext4, and XFS where its tools are. The commit ends at a call of the port, as a process does that
is killed there, or has been acknowledged 0 or 7 seconds before. Then the file system recovers
its journal, and the dataset is at the old or the new state; at the new one if that was
acknowledged. Needs root and the right to mount; skipped, and said so, where that is not given.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.faulty import Cut, Faulty
from tests.faults.operations import new_cities, old_cities, state_of

from azds.store import StoreFolder, verify

SHUTDOWN = 0x8004587D
NO_FLUSH = (2).to_bytes(4, sys.byteorder)
SIZES = {"ext4": 16, "xfs": 320}

pytestmark = pytest.mark.usefixtures("real_disk")


def ran(*words: object) -> bool:
    """Whether a tool of the system was there and went well."""
    try:
        done = subprocess.run(  # noqa: S603 - ours
            [str(word) for word in words], capture_output=True, check=False, timeout=60
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


class Image:
    """A file system in a file, mounted and cut off."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.file = folder / f"{kind}.img"
        self.base = folder / f"{kind}.base"
        self.at = folder / kind
        self.at.mkdir()
        with self.base.open("wb") as handle:
            handle.truncate(SIZES[kind] << 20)
        self.is_made = ran(f"mkfs.{kind}", "-q", self.base)

    def mount(self, file: Path) -> bool:
        return ran("mount", "-o", "loop", file, self.at)

    def unmount(self) -> None:
        for _ in range(50):
            if ran("umount", self.at):
                return
            time.sleep(0.1)
        pytest.fail(f"cannot unmount {self.at}")

    def fresh(self) -> Path:
        assert ran("cp", "--sparse=always", self.base, self.file)
        assert self.mount(self.file)
        return self.at / "store"

    def cut(self) -> None:
        """Nothing that is not on the disk now will ever be; then the power is back."""
        handle = os.open(self.at, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, NO_FLUSH)
        finally:
            os.close(handle)
        self.unmount()
        assert self.mount(self.file), "the file system itself recovers"


@pytest.fixture(params=SIZES)
def image(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Image]:
    """A file system with a synced store in it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a real power cut needs root, to mount a file system of its own")
    made = Image(tmp_path, request.param)
    if not made.is_made:
        pytest.skip(f"no tool here makes {request.param}: mkfs.{request.param}")
    if not made.mount(made.base):
        pytest.skip(f"this machine does not mount {request.param} from a file")
    old_cities(made.at / "store")
    made.unmount()
    yield made
    if made.at.is_mount():
        made.unmount()


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faulty]:
    proxy = Faulty(monkeypatch)
    yield proxy
    proxy.end()


def cases(calls: list[str], *, everything: bool) -> Iterator[tuple[int, float]]:
    """The call at which the commit ends, 0 for none, and the seconds until the cut."""
    if everything:
        yield from ((call, 0.0) for call in range(1, len(calls) + 1))
        yield from [(0, 0.0)] * max(100, 190 - len(calls))
        yield from [(0, 7.0)] * 10
    else:
        linked = calls.index("link") + 1  # its cut keeps the old state; the next call's may not
        yield from [(0, 0.0), (linked, 0.0), (linked + 1, 0.0)]


def is_acknowledged(faulty: Faulty, store: Path, call: int) -> bool:
    """Commit until this call; its process ends there, and its files are closed."""
    if call:
        faulty.arm("cut", call)
    try:
        new_cities(store)
    except Cut:
        return False
    finally:
        faulty.end()
    return True


def test_no_real_power_cut_loses_an_acknowledged_commit(
    tmp_path: Path, image: Image, faulty: Faulty, *, everything: bool
) -> None:
    old_cities(tmp_path / "plain")
    old = state_of(tmp_path / "plain", "cities")
    calls = faulty.count(lambda: new_cities(tmp_path / "plain"))
    new = state_of(tmp_path / "plain", "cities")
    cuts = kept = 0
    for call, seconds in cases(calls, everything=everything):
        acknowledged = is_acknowledged(faulty, image.fresh(), call)
        time.sleep(seconds)
        image.cut()
        store = image.at / "store"
        state = state_of(store, "cities")
        assert state == new if acknowledged else state in (old, new), f"call {call}"
        faults = verify(StoreFolder(store), "cities")
        assert all(fault.code.startswith("leftover-") for fault in faults), f"call {call}"
        new_cities(store)
        assert state_of(store, "cities") == new, f"call {call}"
        image.unmount()
        cuts += 1
        kept += acknowledged
    assert kept
    assert cuts >= (200 if everything else 3)
    print(f"{image.at.name}: {cuts} cuts, {kept} acknowledged and kept")  # noqa: T201 - the figure


def test_a_commit_that_is_not_synced_is_lost_by_such_a_cut(image: Image) -> None:
    """The method itself: what nobody synced must be gone, or it would prove nothing."""
    store = image.fresh()
    (store / "cities" / "notes.txt").write_text("not synced")
    image.cut()
    path = store / "cities" / "notes.txt"
    assert not path.exists() or path.read_bytes() == b""
    image.unmount()
