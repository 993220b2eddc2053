"""Source texts, found by digest."""

import hashlib
import os
from pathlib import Path

import pytest

from azds.dataset import sources
from azds.dataset.sources import find_source
from azds.errors import AzdsError, StorageError

WANTED = b"the text"
DIGEST = "sha256:" + hashlib.sha256(WANTED).hexdigest()
NEEDS_USER = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the source, other files and a folder."""
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_bytes(b"another text")
    (tmp_path / "in" / "z.txt").write_bytes(WANTED)
    return tmp_path / "in"


def test_a_source_is_found_in_a_folder_a_file_and_several(folder: Path) -> None:
    assert find_source(folder, DIGEST, "a") == WANTED
    assert find_source(str(folder / "z.txt"), DIGEST, "a") == WANTED
    assert find_source([folder / "a.txt", folder / "z.txt"], DIGEST, "a") == WANTED


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("in/a.txt", "source-changed"),
        ("nowhere", "source-missing"),
        ("in/deeper", "source-missing"),
    ],
)
def test_what_is_not_the_source_is_told_apart(folder: Path, name: str, kind: str) -> None:
    with pytest.raises(AzdsError) as caught:
        find_source(folder.parent / name, DIGEST, "a")
    assert caught.value.kind == kind


def test_of_several_files_none_is_blamed(folder: Path) -> None:
    with pytest.raises(AzdsError) as caught:
        find_source([folder / "a.txt", folder / "a.txt"], DIGEST, "a")
    assert caught.value.kind == "source-missing"


def test_a_file_that_is_too_large_is_refused_unread(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 10)
    with pytest.raises(AzdsError, match="too large") as caught:
        find_source(folder / "a.txt", DIGEST, "a")
    assert caught.value.kind == "source-unreadable"
    assert find_source(folder, DIGEST, "a") == WANTED


@NEEDS_USER
def test_a_file_that_may_not_be_read_stands_in_nobodys_way(folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    assert find_source(folder, DIGEST, "a") == WANTED


@NEEDS_USER
def test_a_file_that_may_not_be_read_is_named_where_the_source_is_not_found(folder: Path) -> None:
    (folder / "z.txt").chmod(0)
    with pytest.raises(StorageError, match=r"z\.txt: cannot read this file"):
        find_source(folder, DIGEST, "a")


def test_a_pipe_in_the_folder_does_not_hang_the_reader(folder: Path) -> None:
    os.mkfifo(folder / "b.pipe")
    assert find_source(folder, DIGEST, "a") == WANTED
