"""Three-way merges as users hold them: conflicts are rows of a table, which people resolve."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from azds.arrow.layout import from_strings
from azds.changes.compare import compare
from azds.changes.merging import TAKES, MergePlan, State, finish, plan_merge
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.conflicts import COLUMNS, Conflict, read_takes, write_rows
from azds.dataset.diff import TableDiff
from azds.dataset.keyed import Keyed, keyed_tables
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError, NotFoundError, RefusedError

__all__ = [
    "Conflict",
    "Merge",
    "merge",
    "merge_revisions",
    "read_takes",
    "refuse_open",
    "write_conflicts",
]

_SHOWN = 3


class Merge:
    """A merge of a table: what it comes to, and the conflicts in it.

    >>> base = [{"id": 1, "x": 5, "y": "a"}, {"id": 2, "x": 6, "y": "b"}]
    >>> corrected = [{"id": 1, "x": 5, "y": "A"}, {"id": 2, "x": 6, "y": "B"}]
    >>> newer = [{"id": 1, "x": 7, "y": "a"}, {"id": 2, "x": 6, "y": "c"}]
    >>> merged = merge(base, corrected, newer, key="id")
    >>> merged
    <Merge table: 2 rows, 1 conflict open>
    >>> merged.conflicts.select(["key", "column", "base", "ours", "theirs"]).to_pylist()
    [{'key': '2', 'column': 'y', 'base': 'b', 'ours': 'B', 'theirs': 'c'}]
    >>> merged.prefer("ours").table.to_pylist()
    [{'id': 1, 'x': 7, 'y': 'A'}, {'id': 2, 'x': 6, 'y': 'B'}]
    """

    def __init__(self, name: str, plan: MergePlan, takes: Sequence[str] | None = None) -> None:
        self.name = name
        self._plan = plan
        self._takes = tuple(takes) if takes is not None else ("",) * plan.conflicts.num_rows
        self._state: State | None = None

    def __repr__(self) -> str:
        """The table with its size and open conflicts, in one line."""
        count = self.open
        told = f"{count} conflict{'s' if count > 1 else ''} open" if count else "no conflict open"
        rows = self.preview().num_rows
        return f"<Merge {self.name}: {rows} row{'' if rows == 1 else 's'}, {told}>"

    @property
    def open(self) -> int:
        """How many conflicts are not resolved."""
        return sum(not take for take in self._takes)

    @property
    def conflicts(self) -> pa.Table:
        """All conflicts, resolved or not.

        Shape: ``table``, ``key`` (canonical), ``column`` (empty: the whole row), ``base``,
        ``ours``, ``theirs`` as text, and ``take``: empty where it is open.
        """
        found = self._plan.conflicts
        columns = [
            from_strings([self.name] * found.num_rows),
            *found.columns,
            from_strings(self._takes),
        ]
        return pa.Table.from_arrays(columns, names=list(COLUMNS))

    def prefer(self, side: str) -> "Merge":
        """The same merge, its open conflicts resolved to ``ours``, ``theirs`` or ``base``.

        Raises:
            InvalidInputError: `bad-argument`.
        """
        _refuse_take(side, "prefer")
        return Merge(self.name, self._plan, [take or side for take in self._takes])

    def resolve(self, conflicts: Sequence[Conflict]) -> "Merge":
        """The same merge, its conflicts resolved as these say; those of other tables do not count.

        Raises:
            InvalidInputError: `bad-argument`: one is no conflict of this merge, or has other
                values now: it was written for another one.
        """
        held = {
            (row["key"], row["column"]): (at, row)
            for at, row in enumerate(self._plan.conflicts.to_pylist())
        }
        takes = list(self._takes)
        for one in conflicts:
            if one.table != self.name:
                continue
            where = " ".join(part for part in (one.table, one.key, one.column) if part)
            if (one.key, one.column) not in held:
                raise InvalidInputError(
                    "bad-argument",
                    "there is no such conflict",
                    where=where,
                    advice="write the conflicts of this merge anew",
                )
            at, row = held[one.key, one.column]
            for side in ("base", "ours", "theirs"):
                if (row[side] or "") != (getattr(one, side) or ""):
                    raise InvalidInputError(
                        "bad-argument",
                        f"the conflict has another value of {side} now",
                        where=where,
                        expected=_shown(row[side]),
                        got=_shown(getattr(one, side)),
                        advice="write the conflicts of this merge anew",
                    )
            if one.take:
                _refuse_take(one.take, where)
                takes[at] = one.take
        return Merge(self.name, self._plan, takes)

    def preview(self) -> pa.Table:
        """The merged table, open conflicts being as they are in base."""
        return finish(self._plan, [take or "base" for take in self._takes]).rows

    @property
    def table(self) -> pa.Table:
        """The merged table, in key order.

        Raises:
            RefusedError: `merge-conflicts`: some are open; the first few are named.
        """
        return self.state.rows

    @property
    def schema(self) -> TableSchema:
        """The columns of the merged table."""
        return self._plan.aligned.schema

    @property
    def coverage(self) -> Coverage:
        """How much of the table the merge holds: complete where both sides are."""
        return self._plan.aligned.coverage

    @property
    def state(self) -> State:
        """The merged table with its columns and coverage.

        Raises:
            RefusedError: `merge-conflicts`: some are open.
        """
        if self.open:
            raise _still_open([self])
        if self._state is None:
            self._state = finish(self._plan, self._takes)
        return self._state

    def diff_from(self, side: str) -> TableDiff:
        """What the merge changes of ``base``, ``ours`` or ``theirs``; what is open is as before."""
        before: State = getattr(self._plan.aligned, side)
        aligned = self._plan.aligned
        changes = compare(
            before.rows,
            self.preview(),
            old_schema=aligned.schema,
            new_schema=aligned.schema,
            old_coverage=Coverage("complete"),
            new_coverage=Coverage("complete"),
        )
        return TableDiff(self.name, changes)

    def summary(self) -> dict[str, object]:
        """Rows, conflicts, how many are open, and what the merge changes of each side."""
        told: dict[str, object] = {
            "rows": self.preview().num_rows,
            "conflicts": self._plan.conflicts.num_rows,
            "open": self.open,
        }
        for side in ("base", "ours", "theirs"):
            counts = self.diff_from(side).summary()
            told[side] = {name: counts[name] for name in ("changed", "added", "removed")}
        return told


def merge(  # noqa: PLR0913 - three tables, and what is known of them
    base: object,
    ours: object,
    theirs: object,
    *,
    key: str | Sequence[str] = (),
    base_coverage: Coverage | None = None,
    our_coverage: Coverage | None = None,
    their_coverage: Coverage | None = None,
    name: str = "",
    encoding: str = "utf-8",
) -> Merge:
    """Ours and theirs brought together, given what both came of.

    A cell that one side changed is as that side has it; rows come and go likewise. Where both
    changed the same cell otherwise, or one changed a row that the other removed, there is a
    conflict. A side that is not complete (its coverage) removes and empties nothing by
    silence. Each table is a path, an Arrow-compatible object, rows, or a table of a revision.

    >>> merged = merge([{"id": 1, "x": 5}], [{"id": 1, "x": 6}], [{"id": 1, "x": 5}], key="id")
    >>> merged.table.to_pylist()
    [{'id': 1, 'x': 6}]

    Raises:
        NotFoundError: `source-missing`.
        InvalidInputError: `bad-key`, `bad-column` (both sides changed a column, in ways that
            do not go together), `key-null`, `key-repeated`, `source-unreadable`.
    """
    keys = (key,) if isinstance(key, str) else tuple(key)
    given = [("base", base, base_coverage), ("ours", ours, our_coverage)]
    tables = keyed_tables(
        [*given, ("theirs", theirs, their_coverage)],
        key=keys,
        name=name or "table",
        encoding=encoding,
    )
    return Merge(tables[0].schema.name, plan_merge(*(_state(one) for one in tables)))


def merge_revisions(
    base: Snapshot, ours: Snapshot, theirs: Snapshot, tables: Sequence[str] = ()
) -> dict[str, Merge]:
    """All tables of three revisions, merged each by itself; or those named.

    A table that a side lacks it did not change.

    Raises:
        NotFoundError: `unknown-table`.
        InvalidInputError: as `merge`.
    """
    names = tuple(dict.fromkeys([*ours.tables, *theirs.tables]))
    wanted = tables or [name for name in names if name not in BOOKKEEPING]
    merged = {}
    for name in wanted:
        holders = [side for side in (ours, theirs, base) if name in side.tables]
        if not holders:
            raise NotFoundError("unknown-table", "none of the three has this table", got=repr(name))
        sides = []
        for side in (base, ours, theirs):
            if name in side.tables:
                sides.append(_state_of(side, name))
            elif name in base.tables:
                sides.append(_state_of(base, name))
            else:
                other = _state_of(holders[0], name)
                sides.append(State(other.rows.slice(0, 0), other.schema, other.coverage))
        merged[name] = Merge(name, plan_merge(*sides))
    return merged


def refuse_open(merges: Sequence[Merge]) -> None:
    """Refuse merges with open conflicts, naming the first few.

    Raises:
        InvalidInputError: `bad-argument`.
    """
    if any(one.open for one in merges):
        raise _still_open(merges)


def write_conflicts(merges: Sequence[Merge], path: Path | str) -> int:
    """Write the conflicts to a CSV or JSON file for a person, who fills in ``take``; how many.

    Raises:
        InvalidInputError: `bad-argument`: a file of another kind.
        StorageError: `storage-failed`.
    """
    rows = [row for one in merges for row in one.conflicts.to_pylist()]
    write_rows(rows, path)
    return len(rows)


def _state(one: Keyed) -> State:
    return State(one.rows, one.schema, one.coverage)


def _state_of(side: Snapshot, name: str) -> State:
    table = side[name]
    return State(table.to_arrow(), table.schema, table.coverage or Coverage("complete"))


def _still_open(merges: Sequence[Merge]) -> RefusedError:
    rows = [row for one in merges for row in one.conflicts.to_pylist() if not row["take"]]
    some = ", ".join(
        " ".join(part for part in (row["table"], row["key"], row["column"]) if part)
        for row in rows[:_SHOWN]
    )
    return RefusedError(
        "merge-conflicts",
        f"{len(rows):,} conflict{'s are' if len(rows) > 1 else ' is'} open",
        expected="each resolved to ours, theirs or base",
        got=some + (", ..." if len(rows) > _SHOWN else ""),
        advice="resolve all by a rule (--prefer ours), or one by one in a file "
        "(--conflicts FILE, fill in its column take, --resolve FILE)",
    )


def _refuse_take(take: str, where: str) -> None:
    if take not in TAKES:
        raise InvalidInputError(
            "bad-argument",
            "what a conflict is resolved to",
            where=where,
            expected=", ".join(TAKES),
            got=repr(take[:80]),
        )


def _shown(text: str | None) -> str:
    return repr(text[:80]) if text else "none"
