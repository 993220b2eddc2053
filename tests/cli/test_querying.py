"""`azds sql`: formats, files, bad queries."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.making import Ran

pytest.importorskip("duckdb")

Cli = Callable[..., Ran]
COUNTED = "SELECT revision, value FROM counts ORDER BY ALL"


def test_rows_are_counted_and_numbers_stand_right(cli: Cli) -> None:
    ran = cli(["sql", COUNTED])
    assert ran.out.splitlines() == [
        "5 rows",
        "  revision  value",
        "  2016        160",
        "  2016        174",
        "  current     184",
        "  interim     160",
        "  interim     174",
    ]


def test_text_shows_some_rows_and_says_how_many_more_there_are(cli: Cli) -> None:
    assert cli(["sql", COUNTED, "--limit", "2"]).out.endswith("  … 3 more\n")
    assert len(cli(["sql", "FROM evidence", "--limit", "0"]).out.splitlines()) > 100


def test_one_row_is_one_row_and_none_says_its_columns(cli: Cli) -> None:
    assert cli(["sql", "SELECT 1 AS a"]).out == "1 row\n  a\n  1\n"
    assert cli(["sql", "SELECT 1 AS a WHERE false"]).out == "0 rows\n  columns: a\n"


def test_json_and_csv_have_all_rows(cli: Cli) -> None:
    rows = json.loads(cli(["sql", "FROM evidence", "--format", "json"]).out)
    lines = cli(["sql", "FROM evidence", "--format", "csv"]).out.splitlines()
    assert len(rows) == len(lines) - 1 > 100


def test_every_kind_of_value_is_written(cli: Cli) -> None:
    query = (
        "SELECT DATE '2024-02-29' AS day, 1.50::DECIMAL(5,2) AS price, '\\xFF'::BLOB AS bytes,"
        " [1, NULL] AS list, {'a': 1} AS struct, NULL AS nothing, true AS yes, 'x'::UUID AS id"
    ).replace("'x'::UUID", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID")
    for form in ("text", "json", "csv", "markdown"):
        ran = cli(["sql", query, "--format", form])
        assert ran.code == 0, ran.err
        assert "2024-02-29" in ran.out
        assert "1.50" in ran.out
    assert json.loads(cli(["sql", query, "--format", "json"]).out)[0]["bytes"] == "ff"


def test_a_file_is_written_whole(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    ran = cli(["sql", COUNTED, "--format", "parquet", "-o", str(path)])
    assert (ran.code, ran.out) == (0, "")
    assert pq.read_table(io.BytesIO(path.read_bytes())).column("value").to_pylist()[2] == 184
    assert cli(["sql", COUNTED, "-o", str(tmp_path / "rows.txt")]).code == 0
    assert (tmp_path / "rows.txt").read_text(encoding="utf-8").startswith("5 rows\n")


def test_the_query_may_come_through_a_pipe(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{COUNTED};\n"))
    assert cli("sql -").out.startswith("5 rows\n")


@pytest.mark.parametrize(
    "query", ["SELCT 1", "FROM relation", "SELECT 1; SELECT 2", "COPY counts TO 'x'", ""]
)
def test_a_bad_query_is_told_in_one_line(cli: Cli, query: str) -> None:
    ran = cli(["sql", query])
    assert (ran.code, ran.out) == (2, "")
    assert ran.fault.startswith("azds: SQL: ")


def test_a_name_twice_is_refused_where_it_would_lose_a_column(cli: Cli, tmp_path: Path) -> None:
    query = "SELECT 1 AS a, 2 AS a"
    assert cli(["sql", query]).out == "2 rows\n".replace("2 rows", "1 row") + "  a  a\n  1  2\n"
    for form in ("json", "csv", "parquet"):
        ran = cli(["sql", query, "--format", form, "-o", str(tmp_path / "x")])
        assert ran.code == 2
        assert "name them apart with AS" in ran.fault
    assert not (tmp_path / "x").exists()
