"""Stores and releases on Spark: row groups are paired, and what is damaged or unseen is told."""

import os
import signal
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

import azds
from azds.dataset.dataset import Dataset
from azds.dataset.diff import Diff
from azds.dataset.snapshot import Snapshot

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from azds.spark import SparkDiff

pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
    pytest.mark.xdist_group("spark"),  # one process of many, since each would start a Spark
]
at_length = pytest.mark.skipif(
    "AZDS_SPARK_MASTER" not in os.environ, reason="`make spark-test` runs it on a cluster"
)
ROWS = 150_000
DECLARED = {"creator": "nobody", "licence": "CC0-1.0", "origin": "made for a test"}


def table_of(edited: np.ndarray, gone: np.ndarray, *, extra: bool = False) -> pa.Table:
    """A table whose rows of these numbers differ from the plain one, and without some."""
    at = np.arange(ROWS)
    value = np.where(np.isin(at, edited), -1.5, at / 7)
    columns = {
        "tenant": pa.array(np.char.add("t", (at // 1000).astype(str))),
        "number": pa.array(at, pa.int32()),
        "value": pa.array(value),
        "words": pa.array(np.char.add("word ", (at % 97).astype(str))),
    }
    table = pa.table(columns).filter(pa.array(~np.isin(at, gone)))
    return table.append_column("more", pa.repeat("x", len(table))) if extra else table


def committed(folder: Path, label: str, table: pa.Table) -> Dataset:
    store = azds.init(folder).create("data", title="Data", origin=DECLARED)
    store.commit(label, {"readings": table}, key=["tenant", "number"])
    return store


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stores of one table: a few rows in one place differ, and some everywhere."""
    folder = tmp_path_factory.mktemp("stores")
    none = np.empty(0, np.int64)
    drawn = np.random.default_rng(1)
    old = committed(folder / "old", "before", table_of(none, none))
    scattered = drawn.choice(ROWS, 300, replace=False)
    old.commit("patched", {"readings": table_of(scattered[:40], scattered[40:60])})
    committed(folder / "near", "after", table_of(np.arange(70_000, 70_050), none))
    committed(folder / "far", "after", table_of(scattered, scattered[:30] + 1))
    committed(folder / "more", "after", table_of(scattered, none, extra=True))
    return folder


def lines(table: pa.Table) -> list[str]:
    return sorted(str(row) for row in table.to_pylist())


def assert_same(found: "SparkDiff", old: Snapshot, new: Snapshot) -> None:
    local = Diff(old, new)
    assert found.summary() == local.summary()
    assert lines(found.changes.toArrow()) == lines(local.to_arrow())
    assert found.document["schema"] == local.to_document(limit=0)["schema"]
    found.release()


@pytest.fixture(autouse=True)
def _everything_goes_to_workers(spark: "SparkSession", monkeypatch: pytest.MonkeyPatch) -> None:
    """Also tables that are small enough for the driver; tasks small enough for many."""
    del spark  # without it, there is nothing to test
    from azds.spark.pairing import pair_groups

    monkeypatch.setattr("azds.spark.revisions._SMALL", 0)
    monkeypatch.setattr("azds.spark.pairs.pair_groups", partial(pair_groups, task_rows=60_000))


@pytest.mark.parametrize(
    ("old_label", "store"),
    [
        ("before", "near"),
        pytest.param("patched", "far", marks=at_length),
        pytest.param("before", "more", marks=at_length),
    ],
)
def test_two_stores_have_the_diff_of_one_machine(
    spark: "SparkSession", stores: Path, old_label: str, store: str
) -> None:
    from azds import spark as on_spark

    old = azds.open(stores / "old")["data"][old_label]
    new = azds.open(stores / store)["data"]["after"]
    assert_same(on_spark.diff(spark, old, new), old, new)


@at_length
def test_equal_groups_are_not_looked_at(spark: "SparkSession", stores: Path) -> None:
    from azds import spark as on_spark

    old = azds.open(stores / "old")["data"]["before"]
    near = azds.open(stores / "near")["data"]["after"]
    found = on_spark.diff(spark, old, near)
    assert len(found.kept) == 1
    assert found.kept[0].rdd.getNumPartitions() == 1  # one group of ten differs
    found.release()
    assert not on_spark.diff(spark, near, near)


@at_length
def test_a_store_at_an_address_is_read_there(spark: "SparkSession", stores: Path) -> None:
    from azds import spark as on_spark

    sides = [on_spark.open_store(f"file://{stores / name}")["data"] for name in ("old", "far")]
    found = on_spark.diff(spark, sides[0]["patched"], sides[1]["after"])
    paths = [azds.open(stores / name)["data"] for name in ("old", "far")]
    assert_same(found, paths[0]["patched"], paths[1]["after"])


@at_length
def test_a_patch_between_revisions_needs_no_worker(spark: "SparkSession", stores: Path) -> None:
    from azds import spark as on_spark

    data = on_spark.open_store(f"file://{stores / 'old'}")["data"]
    found = on_spark.diff(spark, data["before"], data["patched"])
    assert found.kept == ()
    own = azds.open(stores / "old")["data"]
    assert_same(found, own["before"], own["patched"])


@at_length
def test_releases_are_compared_by_their_files(
    spark: "SparkSession", stores: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azds import spark as on_spark
    from azds.cli import run

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    folders = []
    for version, store in (("1.0.0", "old"), ("1.1.0", "far")):
        words = ["--store", str(stores / store), "release", "build", "--version", version]
        assert run([*words, "-o", str(tmp_path)]) == 0
        folders.append(str(tmp_path / f"data-{version}"))
    found = on_spark.diff(spark, *(on_spark.open_release(one) for one in folders))
    old, new = (azds.open(stores / name)["data"] for name in ("old", "far"))
    assert_same(found, old["patched"], new["after"])


def test_a_damaged_row_group_is_told_by_the_worker(
    spark: "SparkSession", tmp_path: Path, stores: Path
) -> None:
    from azds import spark as on_spark

    none = np.empty(0, np.int64)
    bad = committed(tmp_path / "bad", "after", table_of(np.arange(50), none))
    file = next((tmp_path / "bad").glob("data/after/readings.parquet"))
    data = bytearray(file.read_bytes())
    data[200:260] = bytes(60)
    file.write_bytes(data)
    old = azds.open(stores / "old")["data"]["before"]
    with pytest.raises(azds.AzdsError) as raised:
        on_spark.diff(spark, old, bad["after"])
    assert raised.value.kind in {"content-changed", "parquet-unreadable"}
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(
    "AZDS_SPARK_MASTER" not in os.environ, reason="in local mode workers see it too"
)
def test_a_store_that_no_worker_sees_is_told_in_one_line(
    spark: "SparkSession", stores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azds import spark as on_spark

    monkeypatch.chdir(stores)
    here = Path("/proc/self/cwd")  # is another folder for each process
    old, new = (azds.open(here / name)["data"] for name in ("old", "near"))
    with pytest.raises(azds.AzdsError, match="this machine does not see the file") as raised:
        on_spark.diff(spark, old["before"], new["after"])
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(
    "AZDS_SPARK_WORKERS" not in os.environ, reason="`make spark-test` has workers to kill"
)
def test_zz_a_worker_killed_in_the_middle_changes_nothing(
    spark: "SparkSession", stores: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Last of all, since that worker stays dead."""
    from azds import spark as on_spark
    from azds.spark.pairing import pair_groups

    monkeypatch.setattr("azds.spark.pairs.pair_groups", partial(pair_groups, task_rows=1))
    old = azds.open(stores / "old")["data"]["before"]
    new = azds.open(stores / "far")["data"]["after"]
    tracker = spark.sparkContext.statusTracker()
    killed: list[tuple[int, int]] = []

    def kill() -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until and not killed:
            for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
                if stage and stage.numTasks > 5 and stage.numCompletedTasks >= 1:
                    os.killpg(int(os.environ["AZDS_SPARK_WORKERS"].split()[0]), signal.SIGKILL)
                    killed.append((stage.numCompletedTasks, stage.numTasks))
                    break
            time.sleep(0.02)

    watcher = threading.Thread(target=kill)
    watcher.start()
    found = on_spark.diff(spark, old, new)
    watcher.join()
    assert killed
    assert killed[0][0] < killed[0][1], "the work was done before the worker was killed"
    assert_same(found, old, new)
