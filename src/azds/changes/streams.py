"""Streams: two key-sorted tables of any size, compared group by group as they are read.

Both sides are walked in key order. Groups with equal digests are skipped unread; since
boundaries are set by content, the walk is in step again soon after an edit. The rest is
cut into key ranges, of which two threads compare one each, so that at most
a few groups are held, whatever the number of rows.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import TypeAlias

import pyarrow as pa

from azds.arrow.keys import is_strictly_sorted
from azds.arrow.types import plain_schema
from azds.changes.blocks import Part, Plan, compare_rows, key_at, plain_rows, rows_until
from azds.changes.codes import compact
from azds.changes.groups import Group, Groups
from azds.errors import IntegrityError

__all__ = ["stream_parts"]

_THREADS = 2
_AHEAD = 3
"""Key ranges that are compared or wait for it; of those that wait only the keys are held."""

_Key: TypeAlias = tuple[object, ...]


def stream_parts(old: Groups, new: Groups, plan: Plan) -> Iterator[Part]:
    """All differences of two key-sorted tables, in key order; at least one part.

    The parts together are what `azds.changes.blocks.compare_blocks` gives, whatever the groups.

    >>> from azds.changes.groups import TableGroups
    >>> old = TableGroups(pa.table({"id": [1, 2, 3], "x": [5, 5, 5]}), [2, 1], ["a", "b"])
    >>> new = TableGroups(pa.table({"id": [1, 2, 3], "x": [5, 6, 5]}), [2, 1], ["c", "b"])
    >>> parts = list(stream_parts(old, new, Plan(("id",), ("x",), ("id",), ("id",))))
    >>> [part.changed_old.to_pylist() for part in parts]
    [[{'id': 2}]]

    Raises:
        IntegrityError: `key-order` or `key-null`, as soon as a side is found not to be sorted,
            without repeats and nulls, by its key. Groups that are skipped are not looked at.
    """
    schemas = plain_schema(old.schema), plain_schema(new.schema)
    units = _units(_Side(old, plan.key, "old"), _Side(new, plan.key, "new"))
    first, second = next(units, None), next(units, None)
    if first is None:
        yield _compare(_Unit(None, None), schemas, plan)
        return
    if second is None:
        yield _compare(first, schemas, plan)
        return
    from concurrent.futures import Future, ThreadPoolExecutor  # noqa: PLC0415 - 20 ms, for large tables only

    waiting: deque[Future[Part]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting.append(pool.submit(_compare, first, schemas, plan))
        waiting.append(pool.submit(_compare, second, schemas, plan))
        del first, second  # what they hold is to be free when they are compared
        for unit in units:
            waiting.append(pool.submit(_compare, unit, schemas, plan))
            del unit
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Held:
    """A group whose keys are read; the rest of it when it is first asked for."""

    def __init__(self, group: Group, keys: pa.RecordBatch, first: int) -> None:
        self.group = group
        self.keys = keys
        self.first = first
        self.done = 0
        self._others: dict[str, pa.Array] | None = None
        self._lock = Lock()

    def rows(self, schema: pa.Schema, start: int, stop: int) -> pa.RecordBatch:
        """Some of its rows, in the columns of `schema`."""
        names = [name for name in schema.names if name not in self.keys.schema.names]
        with self._lock:  # shared by neighbours where groups of both sides overlap
            if self._others is None:
                read = self.group.read(names)
                self._others = {name: compact(read.column(name)) for name in names}
        keys = dict(zip(self.keys.schema.names, self.keys.columns, strict=True))
        columns = [(keys | self._others)[name].slice(start, stop - start) for name in schema.names]
        fields = zip(schema, columns, strict=True)
        given = pa.schema([field.with_type(column.type) for field, column in fields])
        return pa.RecordBatch.from_arrays(columns, schema=given)


class _Piece:
    """Some rows of one group."""

    def __init__(self, held: _Held, stop: int) -> None:
        self.held = held
        self.start = held.done
        self.stop = stop

    @property
    def is_whole(self) -> bool:
        return self.start == 0 and self.stop == self.held.keys.num_rows


class _Unit:
    """The rows of one key range; a side may have none."""

    def __init__(self, old: _Piece | None, new: _Piece | None) -> None:
        self.old = old
        self.new = new


class _Side:
    """One side of the walk: where it stands, checked as it goes."""

    def __init__(self, groups: Groups, key: tuple[str, ...], name: str) -> None:
        self._groups = (group for group in groups if group.rows)
        self._key = key
        self._name = name
        self._row = 0
        self._last: _Key | None = None
        self.coming = next(self._groups, None)
        self.held: _Held | None = None

    @property
    def whole(self) -> Group | None:
        """The group that comes next, unless some of the one before is left."""
        if self.held is None:
            return self.coming
        return self.held.group if self.held.done == 0 else None

    def skip(self) -> None:
        """Pass over the group that comes next."""
        if self.held is not None:
            self._row += self.held.keys.num_rows
            self.held = None
        elif self.coming is not None:
            self._row += self.coming.rows
            self.coming = next(self._groups, None)
        self._last = None  # not known

    def fill(self) -> _Held | None:
        """What is left of the group where the walk stands, or the next one; None at the end."""
        if self.held is None and self.coming is not None:
            self.held = _Held(self.coming, self._checked(self.coming), self._row)
            self.coming = next(self._groups, None)
        return self.held

    def take(self, stop: int) -> _Piece | None:
        """The rows of the group where the walk stands up to `stop`; the walk goes there."""
        held = self.held
        if held is None:
            return None
        piece = _Piece(held, stop) if stop > held.done else None
        held.done = stop
        if stop == held.keys.num_rows:
            self._row += stop
            self.held = None
        return piece

    def take_all(self) -> _Piece | None:
        """The rest of the group where the walk stands."""
        return self.take(self.held.keys.num_rows) if self.held else None

    def take_begun(self) -> _Piece | None:
        """The rest of a group of which some was taken; nothing of another."""
        return self.take_all() if self.held and self.held.done else None

    def _checked(self, group: Group) -> pa.RecordBatch:
        read = group.read(self._key)
        keys = plain_rows(read, 0, read.num_rows)
        for name, column in zip(self._key, keys.columns, strict=True):
            if column.null_count:
                raise IntegrityError(
                    "key-order", "a row has no value in a key column", where=f"{self._name}.{name}"
                )
        first, last = (key_at(keys.columns, row) for row in (0, keys.num_rows - 1))
        if (self._last is not None and first <= self._last) or not is_strictly_sorted(
            pa.Table.from_batches([keys]), self._key
        ):
            raise IntegrityError(
                "key-order",
                "keys repeat or are out of order",
                where=f"{self._name}, after row {self._row:,}",
            )
        self._last = last
        return keys


def _units(old: _Side, new: _Side) -> Iterator[_Unit]:
    """The key ranges in which the sides may differ, each within one group of either."""
    while True:
        if _are_equal(old.whole, new.whole):
            old.skip()
            new.skip()
        elif _are_equal(old.coming, new.whole) or _are_equal(old.whole, new.coming):
            yield _Unit(old.take_begun(), new.take_begun())  # what is left before equal groups
        else:
            a, b = old.fill(), new.fill()
            if a is None and b is None:
                return
            if a is None or b is None:
                yield _Unit(old.take_all(), new.take_all())
            else:
                yield _Unit(*_taken(old, new, a, b))


def _taken(old: _Side, new: _Side, a: _Held, b: _Held) -> tuple[_Piece | None, _Piece | None]:
    """The rows of both up to the end of the group that ends first."""
    ends = [key_at(held.keys.columns, held.keys.num_rows - 1) for held in (a, b)]
    if ends[0] <= ends[1]:
        return old.take_all(), new.take(rows_until(b.keys.columns, ends[0], b.done))
    return old.take(rows_until(a.keys.columns, ends[1], a.done)), new.take_all()


def _are_equal(a: Group | None, b: Group | None) -> bool:
    """Whether both are known to hold the same rows, and so the same range of keys."""
    if a is None or b is None or a.digest is None:
        return False
    return a.digest == b.digest and a.rows == b.rows


def _compare(unit: _Unit, schemas: tuple[pa.Schema, pa.Schema], plan: Plan) -> Part:
    same = _same_columns(unit) - {*plan.key, *plan.old_shown, *plan.new_shown}
    if not same:
        return _compared(unit, schemas, plan)
    some = tuple(
        pa.schema([field for field in schema if field.name not in same]) for schema in schemas
    )
    lean = replace(plan, columns=tuple(name for name in plan.columns if name not in same))
    part = _compared(unit, (some[0], some[1]), lean)  # without rows on one side only
    return replace(part, old_rows=_no_rows(schemas[0]), new_rows=_no_rows(schemas[1]))


def _compared(unit: _Unit, schemas: tuple[pa.Schema, pa.Schema], plan: Plan) -> Part:
    rows = [
        _no_rows(schema) if piece is None else piece.held.rows(schema, piece.start, piece.stop)
        for piece, schema in zip((unit.old, unit.new), schemas, strict=True)
    ]
    starts = [
        0 if piece is None else piece.held.first + piece.start for piece in (unit.old, unit.new)
    ]
    return compare_rows(rows[0], rows[1], plan, (starts[0], starts[1]))


def _same_columns(unit: _Unit) -> frozenset[str]:
    """Columns that both sides hold alike; none unless the range is a whole group with one key."""
    old, new = unit.old, unit.new
    if old is None or new is None or not (old.is_whole and new.is_whole):
        return frozenset()
    if not old.held.keys.equals(new.held.keys):
        return frozenset()
    return old.held.group.same_columns(new.held.group)


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(0, field.type) for field in schema], schema=schema)
