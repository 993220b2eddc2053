"""Long work tells how far it is, to whoever listens and to nobody else."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import azds
from azds.progress import Task, listening, task
from azds.store.verify import verify

ROWS = 200_000


def test_reading_and_comparing_are_told_to_their_ends(tmp_path: Path) -> None:
    heard: dict[Task, list[int]] = {}
    for side, extra in (("old", 0), ("new", 1)):
        rows = pa.table({"id": range(ROWS), "x": [n + extra for n in range(ROWS)]})
        pyarrow.csv.write_csv(rows, tmp_path / f"{side}.csv")
    with listening(lambda one: heard.setdefault(one, []).append(one.done)):
        azds.diff(tmp_path / "old.csv", tmp_path / "new.csv", key="id")
    assert {one.what for one in heard} >= {"reading"}
    for one, steps in heard.items():
        assert one.is_over
        assert one.total is not None
        assert steps == sorted(steps)
        assert steps[-1] >= one.total


def test_a_commit_and_a_check_of_a_store_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    pq.write_table(pa.table({"id": range(ROWS), "x": range(ROWS)}), tmp_path / "t.parquet")
    store = azds.init(tmp_path / "store")
    with listening(lambda one: told.append(f"{one.what} {one.unit}")):
        store.create("numbers").commit("1", {"t": tmp_path / "t.parquet"}, key=["id"])
        assert verify(store.folder, "numbers") == []
    assert {"reading rows", "digesting rows", "storing revisions", "verifying bytes"} <= {*told}


def test_a_listener_is_told_no_more_when_it_has_left() -> None:
    told: list[int] = []
    with listening(lambda one: told.append(one.done)):
        pass
    with task("counting", "rows", 2) as advance:
        advance(2)
    assert not told


def test_work_that_fails_is_over() -> None:
    over: list[bool] = []
    with (
        pytest.raises(ZeroDivisionError),
        listening(lambda one: over.append(one.is_over)),
        task("dividing", "parts", 1),
    ):
        1 / 0  # noqa: B018 - to fail
    assert over == [False, True]
