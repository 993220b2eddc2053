"""Faults planted in the protocol: each is caught by the test that its row names.

A planted fault is in place while that test runs, and the test must fail. Without it the same
test passes: it is one of the suite.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.faults import test_flips, test_port_faults, test_replay, test_writers
from tests.faults.faulty import Faulty
from tests.faults.forging import digest_of, dump, sound_store
from tests.faults.operations import OPERATIONS
from tests.faults.scheduling import Turns
from tests.store import test_gc, test_port
from tests.store.making import WRITER, revision

from azds.errors import AzdsError, StorageError
from azds.store import DatasetFolder, LogRecord, canonical, gc, init_store, log, port

Patch = pytest.MonkeyPatch
Run = Callable[[Path, Patch], None]
REAL = SimpleNamespace(**vars(port))


# what is planted


def no_file_sync(patch: Patch) -> None:
    def write_new(path: Path, data: bytes) -> None:
        handle = port.os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # type: ignore[attr-defined]
        port.os.write(handle, memoryview(data))  # type: ignore[attr-defined]
        port.os.close(handle)  # type: ignore[attr-defined]

    patch.setattr(port, "write_new", write_new)


def no_folder_sync(patch: Patch) -> None:
    patch.setattr(port, "sync_folder", lambda _: None)


def sync_all_but(name: str) -> Callable[[Patch], None]:
    def plant(patch: Patch) -> None:
        def sync_folder(path: Path) -> None:
            if path.name != name:
                REAL.sync_folder(path)

        patch.setattr(port, "sync_folder", sync_folder)

    return plant


def record_before_data(patch: Patch) -> None:
    """Folders get their names after the record that speaks of them."""
    waiting: list[tuple[Path, Path]] = []

    def link_new(source: Path, target: Path) -> bool:
        linked: bool = REAL.link_new(source, target)
        while waiting:
            REAL.rename_new(*waiting.pop(0))
        return linked

    patch.setattr(port, "rename_new", lambda source, target: waiting.append((source, target)))
    patch.setattr(port, "link_new", link_new)


def publish_by_rename(patch: Patch) -> None:
    def link_new(source: Path, target: Path) -> bool:
        source.replace(target)
        return True

    patch.setattr(port, "link_new", link_new)


def existing_name_ignored(patch: Patch) -> None:
    def link_new(source: Path, target: Path) -> bool:
        REAL.link_new(source, target)
        return True

    patch.setattr(port, "link_new", link_new)


def rename_over_a_folder(patch: Patch) -> None:
    patch.setattr(port, "rename_new", os.replace)


@contextmanager
def unlocked(path: Path) -> Iterator[None]:
    del path
    yield


def no_lock(patch: Patch) -> None:
    patch.setattr(port, "locked", unlocked)


def gc_without_lock(patch: Patch) -> None:
    patch.setattr(gc, "port", SimpleNamespace(**{**vars(port), "locked": unlocked}))


def temporary_name_reused(patch: Patch) -> None:
    patch.setattr(port, "fresh_name", lambda: "0" * 32)


def record_without_its_hash(patch: Patch) -> None:
    real = LogRecord.from_bytes

    def from_bytes(data: bytes, *, where: str) -> LogRecord:
        document = canonical.load(data, kind="record-changed", where=where)
        document.pop("hash", None)
        return real(dump(document | {"hash": digest_of(dump(document))}), where=where)

    patch.setattr(LogRecord, "from_bytes", from_bytes)


def empty_record_is_no_record(patch: Patch) -> None:
    def list_folder(path: Path) -> list[str] | None:
        names: list[str] | None = REAL.list_folder(path)
        if names is None or path.name != "log":
            return names
        return [name for name in names if REAL.size_of(path / name) != 0]

    patch.setattr(port, "list_folder", list_folder)


def older_record_where_the_last_is_bad(patch: Patch) -> None:
    real = log.read_log

    def read_log(path: Path, *, where: str) -> tuple[LogRecord, ...] | None:
        try:
            return real(path, where=where)
        except AzdsError:
            names = sorted((path / "log").iterdir())
            kept = path / "last"
            names[-1].rename(kept)
            try:
                return real(path, where=where)
            finally:
                kept.rename(names[-1])

    patch.setattr("azds.store.state.read_log", read_log)


def sync_tried_again(patch: Patch) -> None:
    def write_new(path: Path, data: bytes) -> None:
        handle = port.os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # type: ignore[attr-defined]
        port.os.write(handle, memoryview(data))  # type: ignore[attr-defined]
        try:
            port.os.fsync(handle)  # type: ignore[attr-defined]
        except OSError:
            port.os.fsync(handle)  # type: ignore[attr-defined]
        port.os.close(handle)  # type: ignore[attr-defined]

    patch.setattr(port, "write_new", write_new)


def short_write_is_enough(patch: Patch) -> None:
    def write_new(path: Path, data: bytes) -> None:
        handle = port.os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # type: ignore[attr-defined]
        port.os.write(handle, memoryview(data))  # type: ignore[attr-defined]
        port.os.fsync(handle)  # type: ignore[attr-defined]
        port.os.close(handle)  # type: ignore[attr-defined]

    patch.setattr(port, "write_new", write_new)


def deleted_where_the_outcome_is_unknown(patch: Patch) -> None:
    def sync_folder(path: Path) -> None:
        try:
            REAL.sync_folder(path)
        except StorageError:
            if path.name == "log":
                max(path.iterdir()).unlink()
            raise

    patch.setattr(port, "sync_folder", sync_folder)


def tables_are_not_hashed(patch: Patch) -> None:
    def read_table_file(path: Path, dataset: str, file: object) -> bytes:
        del dataset
        return (path / str(file.path)).read_bytes()  # type: ignore[attr-defined]

    modules = [module for name, module in sys.modules.items() if name.startswith("azds.store.")]
    for module in modules:
        if hasattr(module, "read_table_file"):
            patch.setattr(module, "read_table_file", read_table_file)


def gc_marks_the_last_record_alone(patch: Patch) -> None:
    real = log.read_log
    patch.setattr(gc, "read_log", lambda path, where: (real(path, where=where) or ())[-1:])


def gc_goes_on_where_a_manifest_is_bad(patch: Patch) -> None:
    real: Callable[..., object] = vars(gc)["read_manifest"]

    def read_manifest(*words: object) -> object:
        try:
            return real(*words)
        except AzdsError:
            return SimpleNamespace(to_document=dict)

    patch.setattr(gc, "read_manifest", read_manifest)


def failure_is_success(patch: Patch) -> None:
    """The last sync fails, and the commit is acknowledged."""

    def sync_folder(path: Path) -> None:
        try:
            REAL.sync_folder(path)
        except StorageError:
            if path.name != "log":
                raise

    patch.setattr(port, "sync_folder", sync_folder)


# which test is to fail


def replay(name: str) -> Run:
    def run(tmp_path: Path, patch: Patch) -> None:
        test_replay.test_no_power_cut_loses_what_was_acknowledged_or_shows_half_of_anything(
            tmp_path, Faulty(patch), name, everything=False
        )

    return run


def port_faults(name: str) -> Run:
    def run(tmp_path: Path, patch: Patch) -> None:
        operation = OPERATIONS[name]
        test_port_faults.test_a_command_that_goes_wrong_at_any_call_is_done_or_not_and_can_be_repeated(
            tmp_path, Faulty(patch), operation, "cut", everything=False
        )

    return run


def no_second_sync(tmp_path: Path, patch: Patch) -> None:
    test_port_faults.test_no_sync_is_tried_again_on_the_file_whose_sync_failed(
        tmp_path, Faulty(patch), OPERATIONS["first commit"]
    )


def one_byte(tmp_path: Path, patch: Patch) -> None:
    test_port_faults.test_one_byte_at_a_time_gives_the_same_files(tmp_path, Faulty(patch))


def says_truly(tmp_path: Path, patch: Patch) -> None:
    test_port_faults.test_a_failed_commit_says_truly_whether_it_happened(
        tmp_path, Faulty(patch), "first commit"
    )


def writers(tmp_path: Path, patch: Patch) -> None:
    test_writers.test_two_writers_are_both_kept_in_every_schedule(tmp_path, Turns(patch))


def gc_and_writer(tmp_path: Path, patch: Patch) -> None:
    test_writers.test_gc_never_takes_what_a_writer_made_in_every_schedule(tmp_path, Turns(patch))


def flips(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_flips.test_every_flipped_byte_is_reported_and_no_reader_is_fooled(
        sound_store(tmp_path / "store").store, 0x01, everything=False
    )


def lengths(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_flips.test_every_file_of_another_length_is_reported(sound_store(tmp_path / "store").store)


def link(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_port.test_a_link_never_replaces_a_name(tmp_path)


def rename(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_port.test_a_folder_is_never_renamed_to_a_name_that_is_taken(tmp_path, "folder")


def three_records(tmp_path: Path) -> DatasetFolder:
    dataset = init_store(tmp_path / "store").create("cities")
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("a", {"BAK": 2, "SUM": 3})], writer=WRITER)
    dataset.commit([revision("c", {"BAK": 7})], writer=WRITER)
    return dataset


def old_editions(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_gc.test_files_of_superseded_editions_stay(three_records(tmp_path))


def bad_root(tmp_path: Path, patch: Patch) -> None:
    del patch
    test_gc.test_nothing_is_removed_where_a_root_cannot_be_read(
        three_records(tmp_path), "c/manifest.json", "changed"
    )


@dataclass(frozen=True, slots=True)
class Mutant:
    """A planted fault, and the test that must catch it."""

    plant: Callable[[Patch], None]
    caught_by: Run


MUTANTS = {
    "files are not synced": Mutant(no_file_sync, replay("first commit")),
    "folders are not synced": Mutant(no_folder_sync, replay("first commit")),
    "the folder of a new dataset is not synced": Mutant(sync_all_but("store"), replay("init")),
    "the dataset's folder is not synced": Mutant(sync_all_but("cities"), replay("large commit")),
    "acknowledged before the log is synced": Mutant(sync_all_but("log"), replay("first commit")),
    "the record before its data, killed": Mutant(record_before_data, port_faults("first commit")),
    "the record before its data, power cut": Mutant(record_before_data, replay("first commit")),
    "published by a rename that overwrites": Mutant(publish_by_rename, link),
    "a record's name that is taken is ignored": Mutant(existing_name_ignored, link),
    "a folder is renamed over another": Mutant(rename_over_a_folder, rename),
    "no lock between writers": Mutant(no_lock, writers),
    "gc without the lock": Mutant(gc_without_lock, gc_and_writer),
    "a temporary name is used again": Mutant(temporary_name_reused, port_faults("init")),
    "a record without its own hash": Mutant(record_without_its_hash, flips),
    "an empty record is no record": Mutant(empty_record_is_no_record, lengths),
    "an older record where the last is bad": Mutant(older_record_where_the_last_is_bad, lengths),
    "a failed sync is tried again": Mutant(sync_tried_again, no_second_sync),
    "a short write is taken for a whole one": Mutant(short_write_is_enough, one_byte),
    "deleted where the outcome is unknown": Mutant(
        deleted_where_the_outcome_is_unknown, says_truly
    ),
    "a failed last sync is acknowledged": Mutant(failure_is_success, says_truly),
    "readers do not hash tables": Mutant(tables_are_not_hashed, flips),
    "gc keeps what the last record needs alone": Mutant(
        gc_marks_the_last_record_alone, old_editions
    ),
    "gc goes on where a manifest is bad": Mutant(gc_goes_on_where_a_manifest_is_bad, bad_root),
}


def test_at_least_fifteen_faults_are_planted() -> None:
    assert len(MUTANTS) >= 15


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_fault_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    mutant = MUTANTS[name]
    mutant.plant(monkeypatch)
    with pytest.raises((AssertionError, AzdsError, pytest.fail.Exception)):
        mutant.caught_by(tmp_path, monkeypatch)
