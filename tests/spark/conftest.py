"""One Spark session for all tests here: in local mode, or on the cluster of `make spark-test`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def why_not() -> str:
    """Why Spark cannot run here; empty if it can."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return 'PySpark is not installed: pip install "azds[spark]"'
    java = shutil.which("java")
    if java is None and "JAVA_HOME" not in os.environ:
        return "no Java: Spark needs 17 or newer"
    return ""


@pytest.fixture(scope="session")
def master() -> str:
    return os.environ.get("AZDS_SPARK_MASTER", "local[2]")


@pytest.fixture(scope="session")
def spark(master: str) -> "Iterator[SparkSession]":
    if reason := why_not():
        pytest.skip(reason)
    import warnings

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark of pandas 3, which azds does not go through
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(master).appName("azds tests")
        for name, value in {
            "spark.ui.enabled": "false",
            "spark.log.level": "OFF",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.session.timeZone": "America/New_York",  # answers are of UTC all the same
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.driver.memory": "1g",
        }.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    gateway = session.sparkContext._gateway  # noqa: SLF001 - its process has to end with the tests
    yield session
    session.stop()
    if gateway is not None and isinstance(
        process := getattr(gateway, "proc", None), subprocess.Popen
    ):
        gateway.shutdown()
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
