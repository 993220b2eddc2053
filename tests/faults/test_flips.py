"""Damage to a store of three revisions: every byte, every file; all reported, no reader fooled.

Each byte is flipped in one bit, and in `make faults` in all its bits too. `verify` names the
file, and the revisions that need it; readers give right rows or a typed error.
"""

import shutil
from itertools import combinations
from pathlib import Path

import pytest
from tests.faults.forging import Forged, patched_store, sound_store
from tests.faults.reading import stored_files, what_can_be_read

from azds.store import CODES, Fault, StoreFolder, verify


@pytest.fixture(params=[sound_store, patched_store], ids=["whole", "patched"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    made: Forged = request.param(tmp_path / "store")
    return made.store


def faults_of(store: Path) -> list[Fault]:
    faults = verify(StoreFolder(store), "cities")
    assert all(fault.code in CODES for fault in faults)
    return faults


def needs(store: Path) -> dict[str, set[str]]:
    """By file, the labels of the revisions that need it."""
    users: dict[str, set[str]] = {}
    dataset = StoreFolder(store).dataset("cities")
    for record in dataset.records():
        for label, logged in record.revisions.items():
            users.setdefault(f"cities/{logged.folder}/manifest.json", set()).add(label)
    for manifest in dataset.revisions():
        for entry in manifest.tables.values():
            users.setdefault(f"cities/{entry.file.path}", set()).add(manifest.label)
            if entry.file.is_patch:  # both are on a/City.parquet, which `a` and `b` have
                users.setdefault("cities/a/City.parquet", set()).add(manifest.label)
    return users


def is_told(name: str, faults: list[Fault], users: dict[str, set[str]]) -> bool:
    """Whether the file is named, with all revisions that need it."""
    labels = {label for f in faults if f.file == name for label in f.revision.split(", ")}
    return any(fault.file == name for fault in faults) and users.get(name, set()) <= labels


@pytest.mark.parametrize("bits", [0x01, 0xFF, 0x80], ids=["one bit", "all bits", "high bit"])
def test_every_flipped_byte_is_reported_and_no_reader_is_fooled(
    store: Path, bits: int, *, everything: bool
) -> None:
    users, right = needs(store), what_can_be_read(store, "cities")
    share = 53 if (store / "cities" / "c" / "City.patch.parquet").exists() else 19
    step = 1 if everything else share if bits == 0x01 else 5 * share
    flipped = 0
    for name, data in sorted(stored_files(store).items(), key=lambda one: "/log/" not in one[0]):
        path = store / name
        for place in range(bits % step, len(data), step):
            path.write_bytes(data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :])
            faults = faults_of(store)
            assert is_told(name, faults, users), f"{name} byte {place}: {faults}"
            assert {fault.file for fault in faults} == {name}
            readable = what_can_be_read(store, "cities")
            assert readable.items() <= right.items()
            assert not readable or "/log/" not in name, "no reader goes back to an older record"
            flipped += 1
        path.write_bytes(data)
    assert faults_of(store) == []
    assert flipped > 25
    print(f"{flipped} bytes flipped")  # noqa: T201 - the figure of docs/reliability.md


def test_every_file_of_another_length_is_reported(store: Path) -> None:
    users, right = needs(store), what_can_be_read(store, "cities")
    for name, data in stored_files(store).items():
        lengths = (0, 1, len(data) // 2, len(data) - 1)
        others = [data[:length] for length in lengths]
        others += [data + b"\0", data + b"\n", data + data, b" " + data]
        for other in others:
            (store / name).write_bytes(other)
            assert is_told(name, faults_of(store), users), f"{name} of {len(other)} bytes"
            readable = what_can_be_read(store, "cities")
            assert readable.items() <= right.items()
            assert not readable or "/log/" not in name, "no reader goes back to an older record"
        (store / name).write_bytes(data)
    assert faults_of(store) == []


def test_every_deleted_file_and_folder_is_reported(store: Path, tmp_path: Path) -> None:
    right = what_can_be_read(store, "cities")
    names = [*stored_files(store), *(f"cities/{name}" for name in ("log", "a", "a@2", "b", "c"))]
    for name in names:
        kept = tmp_path / "kept"
        (store / name).rename(kept)
        told = {fault.file for fault in faults_of(store)}
        lost_last = name == "cities/log/000003.json"
        assert ({"cities/c"} if lost_last else {name}) <= told or any(
            file.startswith(f"{name}/") for file in told
        ), name
        if not lost_last:
            assert what_can_be_read(store, "cities").items() <= right.items()
        kept.rename(store / name)
    assert faults_of(store) == []


def test_every_two_files_that_are_swapped_are_reported(store: Path) -> None:
    right = what_can_be_read(store, "cities")
    stored = stored_files(store)
    swapped = 0
    for one, other in combinations(stored, 2):
        if stored[one] == stored[other]:
            continue
        (store / one).write_bytes(stored[other])
        (store / other).write_bytes(stored[one])
        told = {fault.file for fault in faults_of(store)}
        if one.endswith(".parquet") == other.endswith(".parquet") and "log" not in one + other:
            assert {one, other} <= told, f"{one} and {other}"  # a manifest tells of its own tables
        assert told & {one, other}
        assert what_can_be_read(store, "cities").items() <= right.items()
        (store / one).write_bytes(stored[one])
        (store / other).write_bytes(stored[other])
        swapped += 1
    assert faults_of(store) == []
    assert swapped > 40


def test_a_file_under_a_second_name_is_reported(store: Path) -> None:
    for name in stored_files(store):
        if name == "azds-store.json":
            continue
        copy = store / f"{name}.copy"
        shutil.copy(store / name, copy)
        assert [fault.file for fault in faults_of(store)] == [f"{name}.copy"]
        copy.unlink()


def test_kinds_of_files_that_stand_for_others_are_reported(store: Path, tmp_path: Path) -> None:
    """A folder, a link to nowhere and a pipe in place of each file: named, and none hangs."""
    import os

    for name in stored_files(store):
        path, kept = store / name, tmp_path / "kept"
        path.rename(kept)
        for make in (Path.mkdir, os.mkfifo, lambda at: at.symlink_to("nowhere")):
            make(path)
            assert name in {fault.file for fault in faults_of(store)}
            what_can_be_read(store, "cities")
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
        kept.rename(path)
    assert faults_of(store) == []
