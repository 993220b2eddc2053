"""The diff of any two tables with a key: files, folders, globs, Arrow objects.

Small tables are compared at once. Large ones are first divided by a hash of
their keys into parts on disk, and compared part by part, so that memory depends on
how much changed, not on how much there is.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from azds.arrow.layout import Bits, bits, from_bits
from azds.arrow.tables import conform
from azds.arrow.types import (
    schema_from_arrow,
    to_arrow_schema,
    type_from_words,
    type_in_words,
)
from azds.arrow.widening import wider
from azds.changes import TableChanges, compare
from azds.changes.joined import join_changes
from azds.changes.streamed import diff_groups
from azds.columns import Column, TableSchema
from azds.coverage import Coverage
from azds.dataset.diff import TableDiff
from azds.dataset.inputs import Input, open_input
from azds.dataset.parts import BUDGET, divide, parts_for, read_part
from azds.dataset.row_checks import number_repeats, repeated_keys
from azds.dataset.typing_text import cast_text, find_types
from azds.errors import IntegrityError, InvalidInputError
from azds.ids import near_names
from azds.progress import task
from azds.store import port

__all__ = ["diff"]

COMPLETE = Coverage("complete")
_ROWS_SHOWN = 5
_LARGE = 32 * 1024 * 1024
"""Bytes of both sides, encoded, from which files in key order are read as they are."""

_Types = dict[str, pa.DataType]


@dataclass(slots=True)
class _Side:
    """One side, with the columns that are compared and the types they are compared in."""

    given: Input
    schema: TableSchema
    types: _Types
    coverage: Coverage
    null_keys: bool
    aside: int = 0
    """Rows without a key that were set aside."""
    _without_key: list[int] = field(default_factory=list)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema of its batches."""
        return pa.schema([(name, self.types[name]) for name in self.schema.names])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Its rows with a key, cast."""
        start = 1
        for batch in self._cast(self.schema.names):
            lost = _without_key(batch, self.schema.key)
            if lost.any():
                self.aside += int(lost.sum())
                self._without_key += (np.flatnonzero(lost)[:_ROWS_SHOWN] + start).tolist()
                yield batch.filter(from_bits(~lost))
            else:
                yield batch
            start += batch.num_rows
        if self.aside and not self.null_keys:
            raise self._keyless()

    def key_batches(self) -> Iterator[pa.RecordBatch]:
        """The key columns of all its rows; nothing of a stream, which is gone."""
        return iter(()) if self.given.is_once else self._cast(self.schema.key)

    def _cast(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for batch in self.given.batches(names):
            columns = [
                _cast(values, self.types[name], f"{self.given.name}: {name}")
                for name, values in zip(names, batch.columns, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, names=list(names))

    def _keyless(self) -> InvalidInputError:
        shown = ", ".join(str(row) for row in self._without_key[:_ROWS_SHOWN])
        more = ", …" if self.aside > _ROWS_SHOWN else ""
        return InvalidInputError(
            "key-null",
            f"{self.aside:,} row(s) have no value in a key column",
            where=self.given.name,
            expected="a value in each of " + ", ".join(self.schema.key),
            got=f"none in row {shown}{more}",
            advice="set such rows aside with --null-keys",
        )


def diff(  # noqa: PLR0913 - what to compare, and by which rules
    old: object,
    new: object,
    *,
    key: str | Sequence[str],
    ignore: str | Sequence[str] = (),
    rtol: float = 0.0,
    null_keys: bool = False,
    old_coverage: Coverage = COMPLETE,
    new_coverage: Coverage = COMPLETE,
    name: str = "table",
    encoding: str = "utf-8",
) -> TableDiff:
    """What changed between any two tables that have a key.

    Each side is a path (Parquet, CSV, TSV, JSON lines; a folder or a glob of them), an
    Arrow-compatible object (pyarrow, pandas, polars, DuckDB; tables and streams), or rows.
    Columns in `ignore` are left out; floats within the relative tolerance `rtol` are equal.
    Rows without a key are an error, or set aside and counted with `null_keys`.
    Coverage says how much of the table a side holds: what a partial side lacks
    was not removed.

    >>> old = [{"id": 1, "x": 5}, {"id": 2, "x": 6}]
    >>> new = [{"id": 2, "x": 7}, {"id": 3, "x": 8}]
    >>> diff(old, new, key="id")
    <TableDiff table: rows_old 2, rows_new 2, changed 1, added 1, removed 1>

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-column` (a key or ignored column is not there, no common
            column), `bad-key` (of two types), `key-null`, `key-repeated` (the first few are
            named), `key-type`, `source-unreadable`, `bad-argument`.
        StorageError: `storage-failed`, where the temporary folder is full.
    """
    keys = (key,) if isinstance(key, str) else tuple(key)
    left_out = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    _refuse_options(keys, rtol)
    inputs = _opened((old, new), encoding)
    _refuse_columns(inputs, keys, left_out)
    for level in (old_coverage, new_coverage):
        _refuse_covers(inputs, left_out, level)
    types, notes = _types(inputs, left_out)
    schemas = _schemas(inputs, types, keys, name)
    sides = [
        _Side(given, schema, own, level, null_keys)
        for given, schema, own, level in zip(
            inputs, schemas, types, (old_coverage, new_coverage), strict=True
        )
    ]
    changes = _compared_in_order(sides[0], sides[1], rtol)
    if changes is None:
        with tempfile.TemporaryDirectory(prefix="azds-diff-") as folder:
            changes = join_changes(list(_compared(sides[0], sides[1], rtol, Path(folder))))
    retyped = _retyped(inputs, schemas)
    if retyped:
        told = (*changes.schema_change.retyped, *retyped)
        changes = replace(changes, schema_change=replace(changes.schema_change, retyped=told))
    return TableDiff(
        name,
        changes,
        without_key=(sides[0].aside, sides[1].aside),
        notes=(*inputs[0].notes, *inputs[1].notes, *notes),
    )


def _opened(given: tuple[object, object], encoding: str) -> tuple[Input, Input]:
    """Both inputs; of large files at once, as to look through them takes a while."""

    def one(at: int) -> Input:
        return open_input(given[at], ("old", "new")[at], encoding=encoding)

    paths = (Path(one) for one in given if isinstance(one, (str, Path)))
    if sum(port.size_of(path) or 0 for path in paths) < _LARGE:
        return one(0), one(1)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large files only

    with ThreadPoolExecutor(2) as pool:
        old, new = pool.map(one, (0, 1))
    return old, new


def _refuse_options(key: tuple[str, ...], rtol: float) -> None:
    if not key or len(set(key)) < len(key):
        raise InvalidInputError(
            "bad-key", "a key is one column or several, each once", got=", ".join(key) or "none"
        )
    if not 0 <= rtol < 1:
        raise InvalidInputError(
            "bad-argument", "no relative tolerance", expected="0 or more, below 1", got=str(rtol)
        )


def _refuse_columns(
    inputs: tuple[Input, Input], key: tuple[str, ...], ignore: tuple[str, ...]
) -> None:
    for given, other in (inputs, inputs[::-1]):
        for column in key:
            if column not in given.schema.names:
                there = f"; {other.name} has it" if column in other.schema.names else ""
                raise InvalidInputError(
                    "bad-column",
                    f"no such key column{there}",
                    where=given.name,
                    got=repr(column),
                    advice=near_names(column, given.schema.names),
                )
    known = {*inputs[0].schema.names, *inputs[1].schema.names}
    for column in ignore:
        if column not in known or column in key:
            raise InvalidInputError(
                "bad-column",
                "a key column is not ignored" if column in key else "no such column to ignore",
                got=repr(column),
                advice=None if column in key else near_names(column, sorted(known - set(key))),
            )
    held = [{*given.schema.names} - {*key, *ignore} for given in inputs]
    if held[0] and held[1] and not held[0] & held[1]:
        raise InvalidInputError(
            "bad-column",
            "the two sides have no column in common but the key",
            expected=", ".join(sorted(held[0])[:10]),
            got=", ".join(sorted(held[1])[:10]),
        )


def _refuse_covers(
    inputs: tuple[Input, Input], ignore: tuple[str, ...], coverage: Coverage
) -> None:
    """Refuse a part told by a column that is not compared: it would cover nothing."""
    known = {*inputs[0].schema.names, *inputs[1].schema.names} - {*ignore}
    for column in coverage.covers:
        if column not in known:
            raise InvalidInputError(
                "bad-coverage",
                "what a part covers is told by columns that are compared",
                got=repr(column),
                advice=near_names(column, sorted(known)),
            )


def _types(
    inputs: tuple[Input, Input], ignore: tuple[str, ...]
) -> tuple[tuple[_Types, _Types], tuple[str, ...]]:
    """The types in which each side's columns are compared: one for both where one fits both."""
    stored = [
        {
            f.name: _plain(f.type, f"{given.name}: {f.name}")
            for f in given.schema
            if f.name not in ignore and f.name not in given.text
        }
        for given in inputs
    ]
    known = {n: kind for own in stored for n, kind in own.items() if kind is not None}
    found = find_types([given for given in inputs if given.is_text], known, ignore=ignore)
    sides: list[_Types] = []
    for at, given in enumerate(inputs):
        types: _Types = {}
        for name in given.schema.names:
            if name in ignore:
                continue
            own = found.types.get(name) if name in given.text else stored[at][name]
            types[name] = own or found.types.get(name) or known.get(name) or pa.string()
        sides.append(types)
    for name in set(sides[0]) & set(sides[1]):
        wide = wider(sides[0][name], sides[1][name])
        if wide is not None:
            sides[0][name] = sides[1][name] = wide
    return (sides[0], sides[1]), found.notes


def _plain(kind: pa.DataType, where: str) -> pa.DataType | None:
    """The type as azds keeps it; None for a column that holds no value."""
    if pa.types.is_null(kind):
        return None
    try:
        return type_from_words(type_in_words(kind))
    except InvalidInputError as error:
        raise InvalidInputError(
            error.kind, error.what, where=where, got=error.got, advice="leave it out with --ignore"
        ) from error


def _schemas(
    inputs: tuple[Input, Input], types: tuple[_Types, _Types], key: tuple[str, ...], name: str
) -> tuple[TableSchema, TableSchema]:
    schemas = []
    for given, own in zip(inputs, types, strict=True):
        try:
            schemas.append(schema_from_arrow(pa.schema(list(own.items())), name=name, key=key))
        except InvalidInputError as error:
            raise InvalidInputError(
                error.kind,
                error.what,
                where=f"{given.name}: {(error.where or '').removeprefix(f'{name}.')}",
                got=error.got,
            ) from error
    for column in key:
        if types[0][column] != types[1][column]:
            raise InvalidInputError(
                "bad-key",
                "a key column has two types, so that no row would meet its like",
                where=f"{inputs[1].name}: {column}",
                expected=type_in_words(types[0][column]),
                got=type_in_words(types[1][column]),
            )
    return schemas[0], schemas[1]


def _retyped(
    inputs: tuple[Input, Input], schemas: tuple[TableSchema, TableSchema]
) -> tuple[tuple[Column, Column], ...]:
    """Columns whose stored type differs though they are compared in one: told, not hidden."""
    told = []
    shared = {*schemas[0].names} & {*schemas[1].names}
    for first in schemas[0].columns:
        name = first.name
        if name not in shared or any(name in given.text for given in inputs):
            continue
        second = schemas[1].column(name)
        kinds = [given.schema.field(name).type for given in inputs]
        if first.type != second.type or any(pa.types.is_null(kind) for kind in kinds):
            continue
        words = [type_in_words(kind) for kind in kinds]
        if words[0] != words[1]:
            told.append((replace(first, type=words[0]), replace(second, type=words[1])))
    return tuple(told)


def _compared_in_order(old: _Side, new: _Side, rtol: float) -> TableChanges | None:
    """The changes of large Parquet files that are in key order; None for all others."""
    sizes = [side.given.size for side in (old, new)]
    if not (old.given.parquet and new.given.parquet) or sum(size or 0 for size in sizes) < _LARGE:
        return None
    from azds.dataset.ordered import FilesInOrder, may_be_ordered  # noqa: PLC0415 - 15 ms, for large files only

    if not all(may_be_ordered(side.given.parquet, side.schema.key[0]) for side in (old, new)):
        return None
    with ExitStack() as files:
        groups = [
            FilesInOrder(side.given.parquet, to_arrow_schema(side.schema), files)
            for side in (old, new)
        ]
        try:
            return diff_groups(
                groups[0],
                groups[1],
                old_schema=old.schema,
                new_schema=new.schema,
                old_coverage=old.coverage,
                new_coverage=new.coverage,
                rtol=rtol,
                total=sum(side.given.rows or 0 for side in (old, new)),
            )
        except (IntegrityError, pa.ArrowException, OSError):
            return None  # not in order, without a key or damaged: sorted or told of below


def _compared(old: _Side, new: _Side, rtol: float, folder: Path) -> Iterator[TableChanges]:
    """The changes, at once where both sides are small, else part by part."""
    held: list[list[pa.RecordBatch]] = []
    rest: list[Iterator[pa.RecordBatch]] = []
    room = BUDGET
    for side in (old, new):
        batches = side.batches()
        some: list[pa.RecordBatch] = []
        while room >= 0 and (batch := next(batches, None)) is not None:
            room -= batch.nbytes
            some.append(batch)
        held.append(some)
        rest.append(batches)
    if room >= 0:
        tables = [
            pa.Table.from_batches(some, side.arrow_schema)
            for some, side in zip(held, (old, new), strict=True)
        ]
        held.clear()
        yield _compare((old, new), tables, rtol)
        return
    yield from _by_parts((old, new), held, rest, rtol, folder)


def _by_parts(
    sides: tuple[_Side, _Side],
    held: list[list[pa.RecordBatch]],
    rest: list[Iterator[pa.RecordBatch]],
    rtol: float,
    folder: Path,
) -> Iterator[TableChanges]:
    """The changes part by part, both sides divided at once; a stream has its thread to itself."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

    count = parts_for([side.given.size for side in sides])

    def divided(at: int) -> list[Path]:
        some, held[at] = held[at], []
        batches = chain(_drained(some), rest[at])
        schema = sides[at].arrow_schema
        return divide(batches, schema, sides[at].schema.key, count, folder / str(at))

    def compared(pair: tuple[Path, ...]) -> TableChanges:
        return _compare(sides, [read_part(path) for path in pair], rtol)

    is_free = not any(side.given.is_once for side in sides)  # streams may share a connection
    with ThreadPoolExecutor(2 if is_free else 1) as pool:
        paths = list(pool.map(divided, (0, 1)))
    with task("comparing", "parts", count) as advance, ThreadPoolExecutor(2) as pool:
        for changes in pool.map(compared, zip(*paths, strict=True)):
            yield changes
            advance(1)


def _drained(batches: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, none of which is held when the next is asked for."""
    batches.reverse()
    while batches:
        yield batches.pop()


def _compare(sides: tuple[_Side, _Side], tables: list[pa.Table], rtol: float) -> TableChanges:
    new = _conformed(tables.pop(), sides[1])  # popped, so that what was read is not held twice
    old = _conformed(tables.pop(), sides[0])
    return compare(
        old,
        new,
        old_schema=sides[0].schema,
        new_schema=sides[1].schema,
        old_coverage=sides[0].coverage,
        new_coverage=sides[1].coverage,
        rtol=rtol,
    )


def _conformed(table: pa.Table, side: _Side) -> pa.Table:
    try:
        return conform(table, side.schema)
    except InvalidInputError as error:
        if error.kind != "key-repeated":
            raise InvalidInputError(
                error.kind,
                error.what,
                where=f"{side.given.name}: {error.where}",
                expected=error.expected,
                got=error.got,
                advice=error.advice,
            ) from error
        keys = repeated_keys(table, side.schema.key)
        numbered = number_repeats(side.key_batches(), side.schema.key, keys)
        raise InvalidInputError(
            "key-repeated",
            "keys stand in several rows",
            where=side.given.name,
            expected="each key once",
            got=error.got if side.given.is_once else numbered,
            advice="name the columns that tell the rows apart in the key, too",
        ) from error


def _without_key(batch: pa.RecordBatch, key: tuple[str, ...]) -> Bits:
    lost = np.zeros(batch.num_rows, np.bool_)
    for name in key:
        values = batch.column(batch.schema.get_field_index(name))
        if values.null_count:
            lost |= ~bits(values.is_valid())
    return lost


def _cast(values: pa.Array, kind: pa.DataType, where: str) -> pa.Array:
    if values.type == kind:
        return values
    try:
        return cast_text(values, kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InvalidInputError(
            "bad-column",
            "values do not fit the type of the other side",
            where=where,
            expected=str(kind),
            got=str(values.type),
        ) from error
