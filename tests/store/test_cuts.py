"""A disk that fails while a dataset is read or verified: one kind of error, and nothing changed.

What it does to commands that write is tried in `tests/faults/test_port_faults.py`.
"""

import errno
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.making import WRITER, FaultyOs, files, revision

from azds.errors import AzdsError
from azds.store import DatasetFolder, init_store, open_store, verify

State = dict[str, dict[str, int | None]]

OLD: State = {"a": {"BAK": 1}, "b": {"BAK": 1, "SUM": 2}}


def read(dataset: DatasetFolder) -> State:
    """Every row of every revision, by a reader of its own."""
    fresh = open_store(dataset.store.path).dataset(dataset.name)
    return {
        manifest.label: {
            row["id"]: row["people"] for row in fresh.read_table(manifest.label, "City").to_pylist()
        }
        for manifest in fresh.revisions()
    }


def begun(path: Path) -> DatasetFolder:
    """A dataset in the state `OLD`."""
    dataset = init_store(path).create("cities")
    staged = [revision(label, people) for label, people in OLD.items()]
    dataset.commit(staged, writer=WRITER)
    return dataset


def runs() -> Iterator[int]:
    most = 500
    yield from itertools.islice(itertools.count(1), most)
    pytest.fail(f"no run came through within {most} calls")


def test_a_reader_meets_a_failing_disk_with_one_kind_of_error(
    tmp_path: Path, faulty: FaultyOs
) -> None:
    dataset = begun(tmp_path / "store")
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
    dataset = begun(tmp_path / "store")
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
