"""The port: files are written once, names are never overwritten, refusals are told in one line."""

import errno
import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.store.making import FaultyOs, files

from azds.errors import StorageError
from azds.store import port


def test_what_is_written_is_read(tmp_path: Path) -> None:
    port.write_new(tmp_path / "a", b"Baku")
    assert port.read_file(tmp_path / "a", 100) == b"Baku"
    assert port.size_of(tmp_path / "a") == 4


def test_a_file_that_is_too_long_is_read_only_so_far_that_this_shows(tmp_path: Path) -> None:
    port.write_new(tmp_path / "a", bytes(100))
    assert port.read_file(tmp_path / "a", 9) == bytes(10)


@pytest.mark.parametrize("name", ["nothing", "folder", "pipe", "file/inside"])
def test_what_is_no_file_reads_as_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    assert port.read_file(tmp_path / name, 10) is None
    assert port.size_of(tmp_path / name) is None


def test_kinds_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loose").symlink_to("nowhere")
    assert port.kind_of(tmp_path) == "folder"
    assert port.kind_of(tmp_path / "file") == "file"
    assert port.kind_of(tmp_path / "pipe") == "other"
    assert port.kind_of(tmp_path / "loose") is None
    assert port.list_folder(tmp_path) == ["file", "loose", "pipe"]
    assert port.list_folder(tmp_path / "file") is None


def test_a_write_never_replaces_a_file(tmp_path: Path) -> None:
    port.write_new(tmp_path / "a", b"old")
    with pytest.raises(StorageError, match="File exists"):
        port.write_new(tmp_path / "a", b"new")
    assert port.read_file(tmp_path / "a", 9) == b"old"


def test_short_writes_are_continued(tmp_path: Path, faulty: FaultyOs) -> None:
    faulty.most_per_write = 1
    port.write_new(tmp_path / "a", b"Azerbaijan")
    assert (tmp_path / "a").read_bytes() == b"Azerbaijan"
    assert faulty.calls == ["open", *["write"] * 10, "fsync", "close"]


def test_a_sync_that_failed_is_not_tried_again(tmp_path: Path, faulty: FaultyOs) -> None:
    faulty.fail_at(3, errno.EIO)
    with pytest.raises(StorageError):
        port.write_new(tmp_path / "a", b"Baku")
    assert faulty.calls == ["open", "write", "fsync", "close"]


def test_a_link_never_replaces_a_name(tmp_path: Path) -> None:
    port.write_new(tmp_path / "a", b"first")
    port.write_new(tmp_path / "b", b"second")
    assert port.link_new(tmp_path / "a", tmp_path / "name")
    assert not port.link_new(tmp_path / "b", tmp_path / "name")
    assert (tmp_path / "name").read_bytes() == b"first"


@pytest.mark.parametrize("taken_by", ["folder", "file", "loose link"])
def test_a_folder_is_never_renamed_to_a_name_that_is_taken(tmp_path: Path, taken_by: str) -> None:
    (tmp_path / "new").mkdir()
    name = tmp_path / "name"
    if taken_by == "folder":
        name.mkdir()
    elif taken_by == "file":
        name.touch()
    else:
        name.symlink_to("nowhere")
    with pytest.raises(StorageError, match="the name is taken"):
        port.rename_new(tmp_path / "new", name)
    assert (tmp_path / "new").is_dir()


def test_a_users_file_is_replaced_whole_or_not_at_all(tmp_path: Path, faulty: FaultyOs) -> None:
    (tmp_path / "out.csv").write_bytes(b"old")
    faulty.fail_at(4, errno.ENOSPC)
    with pytest.raises(StorageError, match="No space left"):
        port.replace_file(tmp_path / "out.csv", b"new")
    assert files(tmp_path) == {"out.csv": b"old"}
    port.replace_file(tmp_path / "out.csv", b"new")
    assert files(tmp_path) == {"out.csv": b"new"}


def test_a_folder_is_made_once_and_found_again(tmp_path: Path) -> None:
    port.make_folder(tmp_path / "a")
    port.make_folder(tmp_path / "a")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="File exists"):
        port.make_folder(tmp_path / "file")


def test_removing_does_not_follow_links(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    (tmp_path / "tree" / "inner" / "link").symlink_to(tmp_path / "kept")
    port.remove_tree(tmp_path / "tree")
    port.remove_tree(tmp_path / "tree")  # nothing there is fine
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "kept"]


def test_a_refusal_is_one_line_with_path_and_reason(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        port.write_new(tmp_path / "no" / "file", b"")
    assert caught.value.kind == "storage-failed"
    assert str(caught.value) == (
        f"{tmp_path}/no/file: cannot write this file: No such file or directory"
    )
    assert isinstance(caught.value.__cause__, OSError)


def test_a_path_that_no_system_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="null"):
        port.kind_of(tmp_path / "a\0b")


def test_the_lock_lets_one_in_at_a_time(tmp_path: Path) -> None:
    order = []
    ready = threading.Event()

    def second() -> None:
        ready.set()
        with port.locked(tmp_path / "lock"):
            order.append("second")

    with port.locked(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        assert ready.wait(5)
        thread.join(0.05)
        assert thread.is_alive()
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    code = (
        "import os, pathlib\n"
        "from azds.store import port\n"
        f"with port.locked(pathlib.Path({str(tmp_path / 'lock')!r})): os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own code
    assert done.returncode == 9
    with port.locked(tmp_path / "lock"):
        pass


def test_a_lock_file_that_was_replaced_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, flock, seen = tmp_path / "lock", fcntl.flock, []

    def replaced_once(handle: int, operation: int) -> None:
        flock(handle, operation)
        seen.append(os.fstat(handle).st_ino)
        if len(seen) == 1:
            lock.unlink()

    monkeypatch.setattr(fcntl, "flock", replaced_once)
    with port.locked(lock):
        assert len(seen) == 2
        assert lock.stat().st_ino == seen[-1]
