"""A commit that is cut, refused or interrupted at any call leaves the old state or the new one.

The port's `os` is counted. At each call in turn the process ends (that call and all
later ones do not happen, a write stops half-way), the disk fails or is full once, or
the user presses Ctrl-C. Then the dataset is opened, and the same command run again.
"""

import errno
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import WRITER, Cut, FaultyOs, files, revision

from azds.errors import AzdsError, ExistsError, StorageError
from azds.store import DatasetFolder, StagedRevision, StoreFolder, init_store, open_store, verify

State = dict[str, dict[str, int | None]]

OLD: State = {"a": {"BAK": 1}, "b": {"BAK": 1, "SUM": 2}}
NEW: State = {"a": {"BAK": 9}, "b": {"BAK": 1, "SUM": 2}, "c": {"BAK": 9}}


def read(dataset: DatasetFolder) -> State:
    """Every row of every revision, by a reader of its own."""
    fresh = open_store(dataset.store.path).dataset(dataset.name)
    return {
        manifest.label: {
            row["id"]: row["people"] for row in fresh.read_table(manifest.label, "City").to_pylist()
        }
        for manifest in fresh.revisions()
    }


def staged(state: State) -> list[StagedRevision]:
    return [revision(label, people) for label, people in state.items()]


def begun(tmp_path: Path, run: int, state: State) -> DatasetFolder:
    """A dataset in this state, in a store of its own for each run."""
    model = tmp_path / "model"
    if not model.exists() and state:
        init_store(model).create("cities").commit(staged(state), writer=WRITER)
    elif not model.exists():
        init_store(model)
        (model / "cities").mkdir()
        (model / "cities" / "dataset.toml").touch()
    shutil.copytree(model, tmp_path / str(run))
    return StoreFolder(tmp_path / str(run)).dataset("cities")


def runs() -> Iterator[int]:
    most = 500
    yield from itertools.islice(itertools.count(1), most)
    pytest.fail(f"no run came through within {most} calls")


def repeat(dataset: DatasetFolder, run: int) -> None:
    """The same command works again, and leaves nothing that should not be there."""
    dataset.commit(staged(NEW), writer=WRITER)
    assert read(dataset) == NEW
    assert verify(dataset.store, "cities") == [], f"after call {run}"
    assert not (dataset.path / "tmp").exists()


@pytest.mark.parametrize("old", [{}, OLD], ids=["first commit", "later commit"])
def test_a_commit_that_is_cut_at_any_call_is_old_or_new_and_can_be_repeated(
    tmp_path: Path, faulty: FaultyOs, old: State
) -> None:
    new_is_seen = []
    done = False
    for run in runs():
        dataset = begun(tmp_path, run, old)
        faulty.end()
        faulty.cut_from(run)
        try:
            done = bool(dataset.commit(staged(NEW), writer=WRITER).number)
        except Cut:
            done = False
        calls = faulty.end()
        state = read(dataset)
        assert state == NEW or (state == old and not done), f"cut at call {run}"
        new_is_seen.append(state == NEW)
        repeat(dataset, run)
        if calls < run:
            break
    assert new_is_seen == sorted(new_is_seen), "once a commit can be seen it stays"
    assert new_is_seen.index(True) > 40
    assert done


def test_a_commit_that_the_disk_fails_once_says_whether_it_happened(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    outcomes = set()
    for run in runs():
        dataset = begun(tmp_path, run, OLD)
        faulty.end()
        faulty.fail_at(run, errno.EIO if run % 2 else errno.ENOSPC)
        try:
            dataset.commit(staged(NEW), writer=WRITER)
            outcome = "committed"
        except StorageError as error:
            outcome = error.kind
        calls = faulty.end()
        outcomes.add(outcome)
        assert read(dataset) == (OLD if outcome == "storage-failed" else NEW), f"call {run}"
        repeat(dataset, run)
        if calls < run:
            break
    assert outcomes == {"committed", "storage-failed", "commit-unknown"}


def test_a_commit_that_the_user_interrupts_is_old_or_new_and_can_be_repeated(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    for run in runs():
        dataset = begun(tmp_path, run, OLD)
        faulty.end()
        faulty.interrupt_at(run)
        try:
            dataset.commit(staged(NEW), writer=WRITER)
        except KeyboardInterrupt:
            assert read(dataset) in (OLD, NEW)
        calls = faulty.end()
        repeat(dataset, run)
        if calls < run:
            break


def test_a_store_that_is_cut_while_it_is_made_can_be_made_again(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    for run in runs():
        path = tmp_path / str(run) / "new" / "store"
        faulty.cut_from(run)
        try:
            done = init_store(path).create("cities").name == "cities"
        except Cut:
            done = False
        faulty.end()
        try:
            store = init_store(path)
        except ExistsError:
            store = open_store(path)
        try:
            dataset = store.create("cities")
        except ExistsError:
            dataset = store.dataset("cities")
        assert dataset.revisions() == ()
        assert verify(store, "cities") == []
        if done:
            break


def test_a_reader_meets_a_failing_disk_with_one_kind_of_error(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    dataset = begun(tmp_path, 0, OLD)
    before = files(dataset.path)
    for run in runs():
        faulty.end()
        faulty.fail_at(run, errno.EIO)
        try:
            state, kind = read(dataset), None
        except AzdsError as error:
            state, kind = {}, error.kind
        if kind is None:
            assert state == OLD
            break
        assert kind == "storage-failed"
    assert files(dataset.path) == before


def test_verify_reports_what_a_failing_disk_hides(tmp_path: Path, faulty: FaultyOs) -> None:
    dataset = begun(tmp_path, 0, OLD)
    for run in runs():
        faulty.end()
        faulty.fail_at(run, errno.EIO)
        faults = verify(dataset.store, "cities")
        calls = faulty.end()
        assert [fault.code for fault in faults] == ["file-unreadable"][: len(faults)]
        if calls < run:
            assert faults == []
            break
        assert faults, f"call {run} failed and verify said nothing"
