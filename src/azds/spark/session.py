"""A Spark session of azds's own, for the command line; and Spark's faults in one line."""

import os
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from azds.errors import AzdsError, InvalidInputError, NotFoundError, RefusedError, StorageError

if TYPE_CHECKING:  # an extra
    from pyspark.sql import SparkSession

__all__ = ["faults_told", "require_java", "require_spark", "started"]

_OLDEST_JAVA = 17
_SECONDS = 5
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what fails is told once, in one line
    "spark.sql.session.timeZone": "UTC",
}


def require_spark() -> None:
    """Refuse to go on without PySpark.

    Raises:
        RefusedError: `missing-extra`.
    """
    try:
        import pyspark  # noqa: F401, PLC0415 - an extra, and heavy
    except ImportError as error:
        raise RefusedError(
            "missing-extra",
            "PySpark is not installed",
            advice='install it: pip install "azds[spark]"',
        ) from error


def require_java() -> None:
    """Refuse to go on without a Java that runs Spark.

    Raises:
        RefusedError: `missing-extra`.
    """
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    told = ""
    try:
        if java is not None:
            done = subprocess.run(  # noqa: S603 - the user's own Java
                [java, "-XshowSettings:properties", "-version"],
                capture_output=True,
                text=True,
                check=True,
            )
            lines = [line.split("=") for line in done.stderr.splitlines() if "=" in line]
            told = {one[0].strip(): one[-1].strip() for one in lines}["java.specification.version"]
            if int(told.split(".")[0]) >= _OLDEST_JAVA:
                return
    except (OSError, subprocess.CalledProcessError, KeyError, ValueError):
        pass
    raise RefusedError(
        "missing-extra",
        "Spark needs Java",
        where=f"JAVA_HOME={home}" if home else None,
        expected=f"Java {_OLDEST_JAVA} or newer, by JAVA_HOME or on PATH",
        got=f"Java {told}" if told else "none",
    )


@contextmanager
def started(master: str) -> "Iterator[SparkSession]":
    """A session on this master, which ends with the block; it writes no line of its own.

    Raises:
        RefusedError: `missing-extra`, without PySpark or Java.
        InvalidInputError: `bad-argument`: no master, or none that Spark knows.
        StorageError: `storage-failed`: the master does not answer.
    """
    require_spark()
    require_java()
    _require_answer(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with warnings.catch_warnings(), _silenced():
        warnings.simplefilter("ignore")  # of pandas, which azds does not go through
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and heavy

        builder = SparkSession.builder.master(master).appName("azds diff")
        alone = {"spark.driver.host": "127.0.0.1"} if master.startswith("local") else {}
        for name, value in (_QUIET | alone).items():
            builder = builder.config(name, value)
        with faults_told(master):
            session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def _require_answer(master: str) -> None:
    """Ask a standalone master's port first: Spark itself would try for a minute."""
    if not master.startswith(("local", "spark://", "yarn", "k8s://")):
        raise InvalidInputError(
            "bad-argument",
            "Spark knows no such master",
            expected="local[N], spark://HOST:PORT, yarn, k8s://HOST:PORT",
            got=master,
        )
    if not master.startswith("spark://"):
        return
    faults = []
    for one in master.removeprefix("spark://").split(","):
        host, _, port = one.rpartition(":")
        try:
            socket.create_connection((host, int(port)), _SECONDS).close()
        except (OSError, ValueError, OverflowError) as error:
            faults.append(error)
        else:
            return
    raise StorageError(
        "storage-failed",
        "no Spark master answers",
        where=master,
        expected="spark://HOST:PORT of one that runs",
        got=getattr(faults[-1], "strerror", None) or str(faults[-1]),
    )


@contextmanager
def _silenced() -> Iterator[None]:
    """Nothing of what the JVM writes to stderr reaches the user: it is not for them."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def faults_told(where: str) -> Iterator[None]:
    """What Spark raises inside becomes one line.

    Raises:
        NotFoundError: `source-missing`: a path or a table is not there.
        StorageError: `storage-failed`: all else.
    """
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    try:
        yield
    except AzdsError:
        raise
    except (PySparkException, Py4JError) as error:
        raise _one_line(error, where) from error


def _one_line(error: Exception, where: str) -> AzdsError:
    text = str(error)
    kind = str(getattr(error, "getCondition", lambda: "")() or "")
    missing = ("PATH_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA")
    if kind.startswith(missing):
        return NotFoundError(
            "source-missing",
            "no Parquet file there" if "SCHEMA" in kind else "no such table or path",
            where=where,
            expected="Parquet files, or a table that Spark knows",
        )
    if "ModuleNotFoundError" in text:
        name = text.rpartition("No module named ")[2].split()[0].strip("'\"")
        return RefusedError(
            "missing-extra",
            f"a worker has no {name}",
            where=where,
            advice="install azds in the Python of the workers, the same version as here",
        )
    causes = [line.strip() for line in text.splitlines() if line.strip().startswith("Caused by:")]
    last = causes[-1].removeprefix("Caused by:") if causes else text
    return StorageError("storage-failed", "Spark failed", where=where, got=last.strip()[:300])
