"""The outcome of a diff on Spark: the changed cells there, the summary here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from azds.errors import RefusedError, StorageError
from azds.spark.session import faults_told
from azds.store import port

__all__ = ["SparkDiff", "refuse_taken"]

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SparkDiff:
    """All changes between two sides.

    Attributes:
        changes: One row for each changed cell, in the columns of `Diff.to_arrow`, in no order;
            a DataFrame that Spark keeps until `release`.
        count: How many rows it has.
        document: The diff document without its rows: ``summary``, ``coverage``, ``schema``.
        kept: What Spark keeps of it.
        without_key: Rows of old and new that have no key and were set aside.
    """

    changes: DataFrame
    count: int
    document: Document
    kept: tuple[DataFrame, ...] = ()
    without_key: tuple[int, int] = (0, 0)

    def __bool__(self) -> bool:
        """Whether a row's facts, the schema or the coverage differ."""
        return self.is_changed or any(
            one["old"] != one["new"] for one in self.document["coverage"].values()
        )

    @property
    def is_changed(self) -> bool:
        """Whether a fact or the schema differs; coverage alone does not count."""
        return bool(self.document["schema"]) or any(
            one["equal"] != one["rows_old"] or one["equal"] != one["rows_new"]
            for one in self.document["summary"].values()
        )

    def summary(self) -> dict[str, dict[str, Any]]:
        """Counts for each table: the figures of `Diff.summary`."""
        found: dict[str, dict[str, Any]] = self.document["summary"]
        return found

    def counts(self, table: str) -> dict[str, int]:
        """How many rows of each category a table has, and 1 under `schema` if it changed."""
        own = self.document["summary"][table]
        found = {name: value for name, value in own.items() if isinstance(value, int)}
        return found | {"schema": int(table in self.document["schema"])}

    def write(self, folder: str) -> None:
        """Write ``changes/`` (Parquet) and ``summary.json`` into a folder, whole or not at all.

        The folder, on any file system that Spark writes to, must not exist; it is written under
        another name beside it, read again, and renamed.

        Raises:
            RefusedError: `in-the-way`: there is something of that name.
            StorageError: `storage-failed`.
        """
        spark = self.changes.sparkSession
        with faults_told(folder), _renamed(spark, folder) as scratch:
            changes = f"{scratch}/changes"
            self.changes.write.parquet(changes)
            written = spark.read.schema(self.changes.schema).parquet(changes).count()
            if written != self.count:
                raise StorageError(
                    "storage-failed",
                    "not all that the workers wrote is there",
                    where=folder,
                    expected=f"{self.count:,} rows",
                    got=f"{written:,}",
                    advice="name a folder that all workers and this process share",
                )
            text = json.dumps(self.document, ensure_ascii=False, indent=1, default=str) + "\n"
            _write_text(spark, f"{scratch}/summary.json", text)

    def release(self) -> None:
        """Spark may forget the changes."""
        for one in self.kept:
            one.unpersist()


def refuse_taken(spark: SparkSession, folder: str) -> None:
    """Refuse a folder that is there: nothing is written over.

    Raises:
        RefusedError: `in-the-way`.
        StorageError: `storage-failed`.
    """
    with faults_told(folder):
        files, target = _place(spark, folder)
        if files.exists(target):
            raise RefusedError(
                "in-the-way",
                "there is something of this name already, and nothing is written over",
                where=folder,
                advice="remove it, or choose another folder",
            )


@contextmanager
def _renamed(spark: SparkSession, folder: str) -> Iterator[str]:
    """A name to write under, which becomes `folder` at the end; nothing is left if that fails."""
    refuse_taken(spark, folder)
    files, target = _place(spark, folder)
    scratch = target.suffix(f".{port.fresh_name()}.tmp")
    try:
        yield str(scratch.toString())
        if not files.rename(scratch, target):
            raise StorageError("storage-failed", "cannot rename to this name", where=folder)
    finally:
        with suppress(Exception):  # what went wrong before is what is told
            files.delete(scratch, True)  # noqa: FBT003 - of Hadoop


def _write_text(spark: SparkSession, path: str, text: str) -> None:
    files, target = _place(spark, path)
    stream = files.create(target)
    try:
        stream.write(bytearray(text.encode()))
    finally:
        stream.close()


def _place(spark: SparkSession, path: str) -> Any:  # noqa: ANN401 - objects of the JVM have no types here
    """A path and its file system, as Hadoop has them: what Spark itself writes through."""
    context: Any = spark.sparkContext
    target = context._jvm.org.apache.hadoop.fs.Path(path)  # noqa: SLF001 - there is no public way
    files = target.getFileSystem(context._jsc.hadoopConfiguration())  # noqa: SLF001 - as above
    return files, files.makeQualified(target)
