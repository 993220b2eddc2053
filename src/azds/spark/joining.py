"""Tables that anybody wrote, compared by one null-safe full outer join.

Spark joins and leaves out what is equal for certain; what is left, azds compares as it does on
one machine (`azds.dataset.loose`). So the join may pass too much, never too little.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.types import StringType

from azds._version import __version__
from azds.arrow.keys import key_strings
from azds.arrow.types import type_from_words
from azds.columns import Role
from azds.coverage import Coverage
from azds.dataset.diff import TableDiff
from azds.dataset.loose import diff
from azds.errors import AzdsError, InvalidInputError
from azds.spark.sparktypes import arrow_schema, spark_words
from azds.spark.wire import DDL, answer

__all__ = ["Given", "Rules", "join", "keyed", "skeleton"]

_FACT = (Role.FACT,)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Given:
    """One side.

    Attributes:
        name: What to call it in messages.
        rows: The table.
        coverage: How much of the table it holds.
    """

    name: str
    rows: DataFrame
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Rules:
    """How to compare; see `azds.diff`."""

    key: tuple[str, ...]
    ignore: tuple[str, ...] = ()
    rtol: float = 0.0
    null_keys: bool = False
    name: str = "table"


@dataclass(frozen=True, slots=True)
class _Count:
    """The rows of one side: with a key, without; and how many keys stand in several rows."""

    rows: int
    without_key: int
    repeated: int


def skeleton(old: Given, new: Given, rules: Rules) -> TableDiff:
    """The diff of both sides without their rows: the schema's changes, and all that is refused.

    Raises:
        InvalidInputError: As `azds.diff`, of columns, types, key and coverage.
    """
    empty = [pa.table(_schema(side, rules).empty_table()) for side in (old, new)]
    return _told(_diff(empty[0], empty[1], (old.coverage, new.coverage), rules), (old, new))


def _told(make: Callable[[], TableDiff], sides: tuple[Given, Given]) -> TableDiff:
    """The diff, or its fault under the names that the caller knows."""
    try:
        return make()
    except AzdsError as error:
        names = dict(zip(("old", "new"), (side.name for side in sides), strict=True))
        head, colon, rest = (error.where or "").partition(":")
        where = names.get(head, head) + colon + rest
        parts = {n: getattr(error, n) for n in ("expected", "got", "advice")}
        raise type(error)(error.kind, error.what, where=where or None, **parts) from error


def _diff(
    old: pa.Table, new: pa.Table, coverages: tuple[Coverage, Coverage], rules: Rules
) -> Callable[[], TableDiff]:
    return lambda: diff(
        old,
        new,
        key=rules.key,
        ignore=rules.ignore,
        rtol=rules.rtol,
        old_coverage=coverages[0],
        new_coverage=coverages[1],
        name=rules.name,
    )


def _schema(side: Given, rules: Rules) -> pa.Schema:
    """The columns of a side; one that is left out is of no type that could matter."""
    known = arrow_schema(side.rows.schema, side.name, frozenset(rules.ignore))
    return pa.schema(
        [
            known.field(name) if name in known.names else pa.field(name, pa.string())
            for name in side.rows.columns
        ]
    )


def join(old: Given, new: Given, rules: Rules, told: TableDiff) -> DataFrame:
    """What differs, as workers hand it back (`azds.spark.wire`); nothing runs yet.

    Shape: keys unique and not null, which `counts` has seen; `told` is the `skeleton`.
    """
    sides = (_without_ignored(old, rules), _without_ignored(new, rules))
    schemas = tuple(_schema(side, replace(rules, ignore=())) for side in sides)
    flat = [
        side.rows.select(
            *(_plain(side.rows, name).alias(f"{mark}{at}") for at, name in enumerate(schema.names)),
            f.lit(True).alias(mark),  # noqa: FBT003 - a column of it
        )
        for mark, side, schema in zip("on", sides, schemas, strict=True)
    ]
    places = [{name: at for at, name in enumerate(schema.names)} for schema in schemas]

    def column(at: int, name: str) -> Column:
        return f.col(f"{'on'[at]}{places[at][name]}")

    met = reduce(lambda a, b: a & b, (column(0, name) == column(1, name) for name in rules.key))
    differs = f.col("o").isNull() | f.col("n").isNull()
    for one in told.changes.schema.columns:
        if one.role is Role.KEY:
            continue
        kinds = {schema.field(one.name).type for schema in schemas}
        wide = spark_words(type_from_words(one.type)) if len(kinds) > 1 else None
        left, right = (
            column(at, one.name).cast(wide) if wide else column(at, one.name) for at in (0, 1)
        )
        differs |= ~left.eqNullSafe(right)
    work = _Work(schemas, (old.coverage, new.coverage), replace(rules, ignore=()))
    found = flat[0].join(flat[1], met, "full_outer").where(differs)
    return found.mapInArrow(work.run, DDL)


def keyed(sides: tuple[Given, Given], rules: Rules) -> tuple[tuple[Given, Given], list[_Count]]:
    """Both sides without the rows that have no key, and what there is; one job for both.

    Raises:
        InvalidInputError: `key-null`, unless such rows are to be set aside; `key-repeated`, with
            the first few keys.
    """
    counts = reduce(
        DataFrame.unionAll, (_counts(side, at, rules.key) for at, side in enumerate(sides))
    )
    found = [_Count(*row[1:]) for row in sorted(counts.collect())]
    for side, count in zip(sides, found, strict=True):
        if count.without_key and not rules.null_keys:
            raise InvalidInputError(
                "key-null",
                f"{count.without_key:,} row(s) have no value in a key column",
                where=side.name,
                expected="a value in each of " + ", ".join(rules.key),
                advice="set such rows aside with null_keys (--null-keys)",
            )
        if count.repeated:
            raise InvalidInputError(
                "key-repeated",
                "keys stand in several rows",
                where=side.name,
                expected="each key once",
                got=_repeats(side, rules.key, count.repeated),
                advice="name the columns that tell the rows apart in the key, too",
            )
    whole = [
        replace(side, rows=side.rows.where(~_is_keyless(rules.key))) if count.without_key else side
        for side, count in zip(sides, found, strict=True)
    ]
    return (whole[0], whole[1]), found


def _counts(side: Given, at: int, key: tuple[str, ...]) -> DataFrame:
    """One row: the side, its rows with a key, those without, the keys that stand in several."""
    keyless, many = f.col("keyless"), f.col("many")
    found = side.rows.groupBy(*_renamed(side, key)).agg(f.count("*").alias("many"))
    found = found.select(
        _is_keyless(tuple(f"k{n}" for n in range(len(key)))).alias("keyless"), many
    )

    def total(value: Column) -> Column:
        return f.coalesce(f.sum(value), f.lit(0)).cast("bigint")

    return found.agg(
        f.lit(at).alias("side"),
        total(f.when(~keyless, many)).alias("rows"),
        total(f.when(keyless, many)).alias("without_key"),
        total(f.when(~keyless & (many > 1), 1)).alias("repeated"),
    )


def _renamed(side: Given, key: tuple[str, ...]) -> list[Column]:
    return [_plain(side.rows, name).alias(f"k{n}") for n, name in enumerate(key)]


def _repeats(side: Given, key: tuple[str, ...], count: int) -> str:
    """The first keys that stand in several rows, with how many."""
    found = side.rows.where(~_is_keyless(key)).groupBy(*_renamed(side, key))
    often = found.agg(f.count("*").alias("many")).where("many > 1")
    some = often.orderBy(*(f"k{n}" for n in range(len(key)))).limit(_SHOWN).toArrow()
    schema = arrow_schema(side.rows.schema, side.name, frozenset(side.rows.columns) - {*key})
    keys = pa.Table.from_arrays(
        [some.column(n).cast(schema.field(name).type) for n, name in enumerate(key)],
        names=list(key),
    )
    many = some.column("many").to_pylist()
    shown = [
        f"{one} ({rows} rows)"
        for one, rows in zip(key_strings(keys, key).to_pylist(), many, strict=True)
    ]
    return ", ".join(shown) + (", …" if count > _SHOWN else "")


def _is_keyless(key: tuple[str, ...]) -> Column:
    return reduce(lambda a, b: a | b, (_column(name).isNull() for name in key))


def _without_ignored(side: Given, rules: Rules) -> Given:
    kept = [name for name in side.rows.columns if name not in rules.ignore]
    return replace(side, rows=side.rows.select(*(_column(name) for name in kept)))


def _plain(rows: DataFrame, name: str) -> Column:
    """A column, text compared by code points whatever its collation."""
    kind = rows.schema[name].dataType
    is_text = isinstance(kind, StringType)
    return _column(name).cast(StringType()) if is_text else _column(name)


def _column(name: str) -> Column:
    return f.col("`" + name.replace("`", "``") + "`")


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker does with pairs of rows: the columns of old, its mark, the same of new."""

    schemas: tuple[pa.Schema, ...]
    coverages: tuple[Coverage, Coverage]
    rules: Rules
    version: str = __version__

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The changed cells, and what was counted."""
        yield from answer((self._compared(batch) for batch in batches), _FACT, self.version)

    def _compared(self, batch: pa.RecordBatch) -> TableDiff:
        cut = len(self.schemas[0]) + 1
        columns = (batch.columns[:cut], batch.columns[cut:])
        old, new = map(_rows, columns, self.schemas)
        return _diff(old, new, self.coverages, self.rules)()


def _rows(columns: list[pa.Array], schema: pa.Schema) -> pa.Table:
    """The rows that one side has."""
    there = pc.is_valid(columns[-1])
    arrays = [
        values.filter(there).cast(field.type)
        for values, field in zip(columns, schema, strict=False)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
