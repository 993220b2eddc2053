"""`azds diff --engine spark`: what is refused before Spark starts, and whole runs on a cluster."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import azds
from azds.cli import run

pytest.importorskip("pyspark", reason='PySpark is not installed: pip install "azds[spark]"')
on_a_cluster = pytest.mark.skipif(
    "AZDS_SPARK_MASTER" not in os.environ, reason="`make spark-test` runs it on a cluster"
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
    pq.write_table(pa.table({"id": [1, 2, 3], "x": [1.0, 2.0, None]}), old)
    pq.write_table(pa.table({"id": [2, 3, 4], "x": [2.5, None, 4.0]}), new)
    return str(old), str(new)


WRONG = {
    "no folder": (["--master", "local[1]"], "--engine spark needs --master URL"),
    "no master": (["-o", "out"], "--engine spark needs --master URL"),
    "another format": (
        ["--master", "local[1]", "-o", "out", "--format", "csv"],
        "--format csv is not",
    ),
    "a master of no kind": (["--master", "cluster", "-o", "out"], "Spark knows no such master"),
    "nobody there": (["--master", "spark://127.0.0.1:1", "-o", "out"], "no Spark master answers"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_is_one_line(
    case: str,
    files: tuple[str, str],
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options, line = WRONG[case]
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "java"
    (home / "bin").mkdir(parents=True)
    java = home / "bin" / "java"
    java.write_text("#!/bin/sh\necho '    java.specification.version = 17' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(home))  # one that starts at once: only asked who it is
    assert run(["diff", *files, "--key", "id", "--engine", "spark", *options]) == 2
    told = capfd.readouterr().err
    assert line in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_without_java_it_says_what_is_needed(
    files: tuple[str, str],
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    words = ["diff", *files, "--key", "id", "--engine", "spark", "--master", "local[1]"]
    assert run([*words, "-o", str(tmp_path / "out")]) == 2
    assert capfd.readouterr().err == (
        "azds: Spark needs Java; expected Java 17 or newer, by JAVA_HOME or on PATH, got none\n"
    )
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert run([*words, "-o", str(tmp_path / "out")]) == 2
    assert "Spark needs Java" in capfd.readouterr().err


def test_a_master_without_spark_is_refused(
    files: tuple[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", *files, "--key", "id", "--master", "local[1]"]) == 2
    assert "--master goes with --engine spark" in capfd.readouterr().err


def azds_diff(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from azds.cli import main; main()", "diff", *words]
    spark = ["--engine", "spark", "--master", os.environ["AZDS_SPARK_MASTER"]]
    return subprocess.run([*command, *spark], capture_output=True, text=True, check=False)  # noqa: S603 - ours


@on_a_cluster
def test_the_command_writes_what_one_machine_says(files: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = azds_diff(*files, "--key", "id", "-o", str(out), "--format", "json", "--exit-code")
    assert (done.returncode, done.stderr) == (1, f"azds: wrote {out}\n")
    local = azds.diff(*files, key="id")
    assert json.loads(done.stdout)["summary"]["table"] == local.summary()
    assert json.loads((out / "summary.json").read_text()) == json.loads(done.stdout)
    cells = pq.read_table(out / "changes")
    assert cells.column_names == local.to_arrow().column_names
    assert cells.num_rows == local.to_arrow().num_rows


@on_a_cluster
def test_a_key_that_repeats_is_listed_and_leaves_nothing(
    files: tuple[str, str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.parquet"
    pq.write_table(pa.table({"id": [7, 7, 8], "x": [1.0, 2.0, 3.0]}), bad)
    done = azds_diff(str(bad), files[1], "--key", "id", "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert done.stderr == (
        f"azds: {bad}: keys stand in several rows; expected each key once, got 7 (2 rows); "
        "name the columns that tell the rows apart in the key, too\n"
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "bad.parquet",
        "new.parquet",
        "old.parquet",
    ]
