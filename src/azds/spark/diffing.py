"""The diff of two sides on Spark, whatever they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from azds.columns import Role
from azds.coverage import Coverage
from azds.dataset.cells import SCHEMA
from azds.dataset.diff import roles_shown
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError
from azds.spark.joining import Given, Rules, join, keyed, skeleton
from azds.spark.releases import Release
from azds.spark.result import Document, SparkDiff
from azds.spark.revisions import Part, parts_of, parts_of_releases
from azds.spark.session import faults_told
from azds.spark.wire import CELLS, COLUMNS, Summary, counted, raise_faults
from azds.store import port

__all__ = ["diff"]

COMPLETE = Coverage("complete")
_NAME = re.compile(r"\w+(\.\w+){0,2}")
_COALESCED = "spark.sql.optimizer.canChangeCachedPlanOutputPartitioning"
_FACT = (Role.FACT,)


def diff(  # noqa: PLR0913 - what to compare, and by which rules
    spark: SparkSession,
    old: object,
    new: object,
    *,
    key: str | Sequence[str] = (),
    ignore: str | Sequence[str] = (),
    rtol: float = 0.0,
    null_keys: bool = False,
    old_coverage: Coverage = COMPLETE,
    new_coverage: Coverage = COMPLETE,
    name: str = "table",
    tables: Sequence[str] | None = None,
    wording: bool = False,
    place: bool = False,
) -> SparkDiff:
    """What changed between two tables or two revisions, worked out where the data are.

    Each side is a DataFrame, a path to Parquet or the name of a table; then `key` is needed, and
    `ignore` to `name` are those of `azds.diff`. Or both are revisions (``dataset["2016"]``, also
    of a store opened by `open_store`) or releases (`open_release`), which know their keys; then
    `tables`, `wording` and `place` are those of `Dataset.diff` and its documents. The answers
    are those of one machine, but in no order.

    Raises:
        NotFoundError: `source-missing`, `unknown-table`.
        InvalidInputError: As `azds.diff`: `bad-column`, `bad-key`, `key-null`, `key-repeated` (the
            first few are named), `key-type`, `type-unsupported` (maps), `bad-argument`.
        IntegrityError: What is stored is not what was written.
        RefusedError: `missing-extra`: a worker has no azds, or another version.
        StorageError: `storage-failed`: Spark failed, or a worker cannot read a file.
    """
    parts: Iterable[Part] | None = None
    roles = roles_shown(wording=wording, place=place)
    if isinstance(old, Snapshot) and isinstance(new, Snapshot):
        names, parts = (old.label, new.label), parts_of(spark, old, new, tables, roles)
    elif isinstance(old, Release) and isinstance(new, Release):
        names = old.address, new.address
        parts = parts_of_releases(spark, old, new, tables, roles)
    else:
        names = _name(old, "old"), _name(new, "new")
    if parts is not None:
        if key:
            raise InvalidInputError("bad-argument", "revisions know their keys", got=str(key))
        with faults_told(", ".join(names)):
            return _put_together(spark, parts, names, roles)
    rules = Rules(
        (key,) if isinstance(key, str) else tuple(key),
        (ignore,) if isinstance(ignore, str) else tuple(ignore),
        rtol,
        null_keys,
        name,
    )
    given = (_given(spark, old, "old", old_coverage), _given(spark, new, "new", new_coverage))
    told = skeleton(given[0], given[1], rules)
    with faults_told(", ".join(names)):
        sides, counts = keyed(given, rules)
        part = Part(told, join(sides[0], sides[1], rules, told), (counts[0].rows, counts[1].rows))
        aside = (counts[0].without_key, counts[1].without_key)
        return _put_together(spark, [part], names, _FACT, aside)


def _put_together(
    spark: SparkSession,
    parts: Iterable[Part],
    names: tuple[str, str],
    roles: tuple[Role, ...],
    without_key: tuple[int, int] = (0, 0),
) -> SparkDiff:
    """Run what workers have to do, and join it to what was worked out here."""
    document: Document = {
        "old": names[0],
        "new": names[1],
        "summary": {},
        "coverage": {},
        "schema": {},
    }
    cells, held = [SCHEMA.empty_table()], list[_Held]()
    try:
        for part in parts:
            if part.found is None:
                cells.append(part.told.to_arrow(roles))
                _tell(document, part, part.told.summary(roles), names, roles)
            else:
                held.append(_Held.of(part.found))
                _tell(document, part, held[-1].summary, names, roles)
    except BaseException:
        for one in held:
            one.kept.unpersist()
        raise
    here = pa.concat_tables(cells).combine_chunks()
    changes = [one.cells for one in held]
    if here.num_rows or not changes:
        changes.append(spark.createDataFrame(here, schema=CELLS))
    return SparkDiff(
        reduce(DataFrame.unionAll, changes),
        sum(one.count for one in held) + here.num_rows,
        document,
        tuple(one.kept for one in held),
        without_key,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What workers found, which Spark keeps: the changed cells, their number, what was counted."""

    kept: DataFrame
    cells: DataFrame
    count: int
    summary: Summary

    @classmethod
    def of(cls, found: DataFrame) -> "_Held":
        """Let Spark work."""
        # Without a mark of its own, what Spark kept of a diff of the same paths would be given.
        with _coalesced(found.sparkSession):
            kept = found.where(f.lit(port.fresh_name()).isNotNull()).persist()
            try:
                told = kept.where(f.col("told").isNotNull()).select("told").toArrow()
                lines = told.column("told").to_pylist()
                raise_faults(lines)
            except BaseException:
                kept.unpersist()
                raise
        return cls(kept, kept.where(f.col("told").isNull()).select(*COLUMNS), *counted(lines))


@contextmanager
def _coalesced(spark: SparkSession) -> Iterator[None]:
    """Let Spark join small partitions of what it keeps; else each costs a task in Python."""
    before = spark.conf.get(_COALESCED, None)
    spark.conf.set(_COALESCED, value=True)
    try:
        yield
    finally:
        spark.conf.unset(_COALESCED) if before is None else spark.conf.set(_COALESCED, before)


def _whole(part: Part, seen: Summary) -> Summary:
    """What was counted, with the rows that nobody needed to look at: they are equal."""
    found: Summary = part.told.summary() | seen
    found["equal"] += part.totals[0] - found["rows_old"]
    found["rows_old"], found["rows_new"] = part.totals
    columns = found["columns"]
    found["columns"] = {n: columns[n] for n in part.told.changes.schema.names if n in columns}
    return found


def _tell(
    document: Document,
    part: Part,
    seen: Summary,
    names: tuple[str, str],
    roles: tuple[Role, ...],
) -> None:
    """Put one table into the document."""
    own: Document = part.told.as_document(*names, roles, 0)
    name = part.told.name
    document["summary"][name] = _whole(part, seen)
    document["coverage"][name] = own["tables"][name]["coverage"]
    document["schema"] |= own["schema"]


def _name(one: object, side: str) -> str:
    return str(one) if isinstance(one, (str, Path)) else side


def _given(spark: SparkSession, one: object, side: str, coverage: Coverage) -> Given:
    """A side as a DataFrame: itself, a table's name, or a path to Parquet."""
    if isinstance(one, DataFrame):
        return Given(side, one, coverage)
    if not isinstance(one, (str, Path)):
        raise InvalidInputError(
            "bad-argument",
            "this is no table",
            where=side,
            expected="a DataFrame, a path to Parquet, the name of a table; or two revisions",
            got=type(one).__name__,
        )
    name = _name(one, side)
    with faults_told(name):
        is_table = _NAME.fullmatch(name) and spark.catalog.tableExists(name)
        return Given(name, spark.table(name) if is_table else spark.read.parquet(name), coverage)
