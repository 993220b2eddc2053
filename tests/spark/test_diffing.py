"""Spark gives the answers of one machine: for tables of any kind, and for what is refused."""

import datetime as dt
import math
import os
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import azds
from azds.coverage import Coverage
from azds.dataset.diff import TableDiff

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

ROOT = Path(__file__).parents[2]
STAMP = dt.datetime(2024, 3, 10, 2, 30, tzinfo=dt.UTC)  # an hour that New York lacks
NAN = math.nan
VALUES: dict[str, tuple[pa.DataType, list[object]]] = {
    "double": (pa.float64(), [None, NAN, 0.0, -0.0, 1e300, 0.1]),
    "single": (pa.float32(), [None, NAN, 0.0, -0.0, 0.1]),
    "text": (pa.string(), [None, "", "a", "é\u0301", "a/b~c", " "]),
    "words": (pa.list_(pa.string()), [None, [], [None], [""], ["a", "b"], ["b", "a"]]),
    "numbers": (pa.list_(pa.float64()), [None, [], [NAN], [None], [-0.0], [0.0]]),
    "place": (
        pa.struct([("x", pa.float64()), ("tags", pa.list_(pa.string()))]),
        [None, {"x": None, "tags": None}, {"x": NAN, "tags": []}, {"x": 0.0, "tags": ["a"]}],
    ),
    "day": (pa.date32(), [None, dt.date(1, 1, 1), dt.date(1970, 1, 1), dt.date(2024, 2, 29)]),
    "moment": (pa.timestamp("us", "UTC"), [None, STAMP, STAMP + dt.timedelta(microseconds=1)]),
    "clock": (pa.timestamp("us"), [None, STAMP.replace(tzinfo=None)]),
    "sum": (
        pa.decimal128(20, 4),
        [None, *(pa.scalar(n, pa.decimal128(20, 4)).as_py() for n in (0, 5))],
    ),
    "flag": (pa.bool_(), [None, True, False]),
    "bytes": (pa.binary(), [None, b"", b"\x00\xff"]),
    "whole": (pa.int64(), [None, 0, -(2**63), 2**63 - 1]),
}
KEYS = st.tuples(st.sampled_from(["", "a", "b/c", "é", "Z"]), st.integers(-2, 2))
ROWS = st.dictionaries(
    KEYS, st.tuples(*(st.sampled_from(values) for _, values in VALUES.values())), max_size=12
)
LEVELS = st.sampled_from(
    [
        Coverage("complete"),
        Coverage("partial", reason="late"),
        Coverage("partial", covers={"name": ("a", "Z")}, reason="late"),
        Coverage("partial", columns_absent=("double",), reason="late"),
        Coverage("absent", reason="none"),
    ]
)


def table_of(rows: dict[tuple[str, int], tuple[object, ...]]) -> pa.Table:
    keys, cells = list(rows), list(rows.values())
    columns = {"name": pa.array([k[0] for k in keys], pa.string())}
    columns["number"] = pa.array([k[1] for k in keys], pa.int32())
    for at, (name, (kind, _)) in enumerate(VALUES.items()):
        columns[name] = pa.array([cell[at] for cell in cells], kind)
    return pa.table(columns)


def lines(table: pa.Table) -> list[str]:
    """The rows, in an order of their own."""
    return sorted(str(row) for row in table.to_pylist())


def assert_same(found: "SparkDiff", local: TableDiff) -> None:
    assert found.summary()[local.name] == local.summary()
    assert lines(found.changes.toArrow()) == lines(local.to_arrow())
    assert found.count == local.to_arrow().num_rows
    assert bool(found) == bool(local)
    assert found.is_changed == local.is_changed


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],  # each example costs seconds: what fails is not made smaller
    suppress_health_check=list(HealthCheck),
)
@given(old=ROWS, new=ROWS, old_level=LEVELS, new_level=LEVELS)
def test_any_two_tables_have_the_diff_of_one_machine(  # noqa: PLR0913, PLR0917 - two sides, drawn
    spark: "SparkSession",
    tmp_path_factory: pytest.TempPathFactory,
    old: dict[tuple[str, int], tuple[object, ...]],
    new: dict[tuple[str, int], tuple[object, ...]],
    old_level: Coverage,
    new_level: Coverage,
) -> None:
    from azds import spark as on_spark

    folder = tmp_path_factory.mktemp("property")
    paths = [folder / f"{side}.parquet" for side in ("old", "new")]
    for path, rows in zip(paths, (old, new), strict=True):
        pq.write_table(table_of(rows), path)
    given_: dict[str, Any] = {
        "key": ["name", "number"],
        "old_coverage": old_level,
        "new_coverage": new_level,
    }
    found = on_spark.diff(spark, *paths, **given_)
    assert_same(found, azds.diff(*paths, **given_))
    found.release()


def test_the_correctness_table_is_right_on_spark(spark: "SparkSession", tmp_path: Path) -> None:
    bench = runpy.run_path(str(ROOT / "bench" / "correctness.py"))
    cases, table = bench["CASES"], bench["table"]
    from azds import spark as on_spark

    paths = [tmp_path / f"{side}.parquet" for side in ("old", "new")]
    for at, path in enumerate(paths, start=1):
        columns = {name: table(case[0], case[at]).column("v") for name, case in cases.items()}
        pq.write_table(pa.table({"id": pa.array([1, 2])} | columns), path)
    found = on_spark.diff(spark, *paths, key="id")
    assert set(found.summary()["table"]["columns"]) == {n for n, case in cases.items() if case[3]}
    assert_same(found, azds.diff(*paths, key="id"))
    found.release()


@at_length
def test_columns_that_came_went_or_were_widened_are_told_as_on_one_machine(
    spark: "SparkSession",
) -> None:
    from azds import spark as on_spark

    old = pa.table(
        {
            "id": pa.array([1, 2], pa.int32()),
            "n": pa.array([1, 2], pa.int32()),
            "gone": ["x", "y"],
            "t": [1, 2],
        }
    )
    new = pa.table(
        {"id": pa.array([1, 3], pa.int64()), "n": [1.5, 3.0], "came": ["x", "y"], "t": ["1", "2"]}
    )
    found = on_spark.diff(spark, *map(spark.createDataFrame, (old, new)), key="id", name="t")
    local = azds.diff(old, new, key="id", name="t")
    assert_same(found, local)
    assert found.document["schema"] == local.as_document("old", "new")["schema"]
    found.release()


@at_length
def test_rows_without_a_key_are_set_aside_and_counted(spark: "SparkSession") -> None:
    from azds import spark as on_spark

    old = pa.table({"id": [1, None], "x": [1, 2]})
    new = pa.table({"id": [1, 2], "x": [1, 2]})
    frames = [spark.createDataFrame(one) for one in (old, new)]
    found = on_spark.diff(spark, *frames, key="id", null_keys=True)
    assert found.without_key == (1, 0)
    assert_same(found, azds.diff(old, new, key="id", null_keys=True))
    found.release()


def frame(**columns: list[object]) -> pa.Table:
    return pa.table(columns)


MAPS = pa.table({"id": [1], "m": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))})
REFUSED: dict[str, tuple[pa.Table, dict[str, Any], str]] = {
    "a key in several rows": (
        frame(id=[1, 2, 2, 3, 3, 3], x=[1, 2, 3, 4, 5, 6]),
        {},
        "old: keys stand in several rows; expected each key once, got 2 (2 rows), 3 (3 rows)",
    ),
    "rows without a key": (frame(id=[1, None], x=[1, 2]), {}, "old: 1 row(s) have no value"),
    "a map": (MAPS, {}, "old: m: maps cannot be compared, by Spark either; got map<string,bigint>"),
    "no such key column": (frame(no=[1]), {}, "old: no such key column; new has it; got 'id'"),
    "no such column to ignore": (frame(id=[1]), {"ignore": "y"}, "no such column to ignore"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_in_one_line(spark: "SparkSession", case: str) -> None:
    from azds import spark as on_spark

    old, options, line = REFUSED[case]
    new = MAPS if case == "a map" else frame(id=[1, 2], x=[1, 2])
    frames = [spark.createDataFrame(one) for one in (old, new)]
    with pytest.raises(azds.AzdsError) as raised:
        on_spark.diff(spark, *frames, **{"key": "id", **options})
    assert str(raised.value).startswith(line)
    assert "\n" not in str(raised.value)


@at_length
def test_a_path_without_tables_is_told_in_one_line(spark: "SparkSession", tmp_path: Path) -> None:
    from azds import spark as on_spark

    with pytest.raises(azds.AzdsError, match="no such table or path") as raised:
        on_spark.diff(spark, tmp_path / "no", tmp_path / "neither", key="id")
    assert raised.value.kind == "source-missing"


def test_what_is_written_is_whole_and_nothing_is_written_over(
    spark: "SparkSession", tmp_path: Path
) -> None:
    from azds import spark as on_spark

    old, new = frame(id=[1, 2], x=[1, 2]), frame(id=[2, 3], x=[5, 3])
    found = on_spark.diff(spark, *map(spark.createDataFrame, (old, new)), key="id")
    folder = tmp_path / "out"
    found.write(str(folder))
    assert lines(pq.read_table(folder / "changes")) == lines(
        azds.diff(old, new, key="id").to_arrow()
    )
    assert '"changed": 1' in (folder / "summary.json").read_text()
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith(".out.")] == ["out"]
    with pytest.raises(azds.AzdsError, match="nothing is written over"):
        found.write(str(folder))
    broken = found.__class__(found.changes, found.count + 1, found.document)
    with pytest.raises(azds.AzdsError, match="not all that the workers wrote is there"):
        broken.write(str(tmp_path / "other"))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out"]
    found.release()
