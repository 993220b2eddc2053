"""One table's changes as a page shows them: bounded groups of lines, each with its evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azds.arrow.keys import key_strings
from azds.columns import Role
from azds.coverage import Coverage
from azds.dataset.diff import CATEGORIES, TableDiff
from azds.dataset.quote import Passage
from azds.dataset.tops import tops_of
from azds.render.words import cell
from azds.report.evidence import Evidence, stated
from azds.report.values import Reader
from azds.report.views import Group, Head, Line, Side, Stretch, TableView, Value
from azds.report.words import (
    COUNTS,
    GROUPS,
    coverage_words,
    kind_counts,
    schema_words,
    table_words,
)

__all__ = ["Context", "Limits", "table_view"]

_CHANGES = (("changed", Role.FACT), ("reworded", Role.WORDING), ("moved", Role.PLACE))
_MOST_COLUMNS = 60
_FEW = 100
"""So few changes are read one by one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a page shows: rows of each group, characters of each cell."""

    rows: int = 400
    longest: int = 300


@dataclass(frozen=True, slots=True)
class Context:
    """What the tables of one comparison share.

    Attributes:
        anchor: The beginning of their ids in the page.
        old: The label of the old side.
        new: The label of the new side.
        sourced: Whether each side was read from a source.
        evidence: That of each side; None where there is none.
        limits: How much is shown.
    """

    anchor: str
    old: str
    new: str
    sourced: tuple[bool, bool] = (False, False)
    evidence: tuple[Evidence | None, Evidence | None] = (None, None)
    limits: Limits = Limits()


def table_view(
    found: TableDiff, context: Context, names: Mapping[str, str], number: int
) -> TableView:
    """The changes of one table."""
    changes = found.changes
    reader = Reader(changes.schema, names, context.limits.longest)
    summary = found.summary()
    counts = {kind: int(str(summary[kind])) for kind, _ in COUNTS}
    columns = summary["columns"]
    return TableView(
        name=reader.clipped(found.name),
        anchor=f"{context.anchor}-table-{number}",
        told=table_words(counts, context.old, context.new),
        counts={"old": changes.rows_old, "new": changes.rows_new, **counts},
        bar=_bar(counts),
        sides=_sides(found, context, reader),
        is_absent="absent" in {changes.old_coverage.level, changes.new_coverage.level},
        schema=reader.clipped(schema_words(changes.schema_change)),
        columns=kind_counts(columns if isinstance(columns, dict) else {})[:_MOST_COLUMNS],
        tops=_tops(found, reader),
        groups=list(_groups(found, reader, context)),
    )


def _sides(found: TableDiff, context: Context, reader: Reader) -> list[Side]:
    """What each side could show; nothing where both simply have all."""
    both = (found.changes.old_coverage, found.changes.new_coverage)
    if all(one == Coverage("complete") for one in both) and not any(context.sourced):
        return []
    return [
        Side(label, one.level, reader.clipped(coverage_words(label, one, has_source=sourced)))
        for label, one, sourced in zip(
            (context.old, context.new), both, context.sourced, strict=True
        )
    ]


def _bar(counts: Mapping[str, int]) -> list[Stretch]:
    every = sum(counts.values())
    parts = []
    start = 0.0
    for kind, _ in COUNTS:
        if counts[kind]:
            length = round(100 * counts[kind] / every, 2)
            parts.append(Stretch(kind, counts[kind], round(start, 2), length))
            start += length
    return parts


def _tops(found: TableDiff, reader: Reader) -> list[str]:
    """What stands out where there is much: the largest differences, the most frequent changes."""
    if found.changes.changed <= _FEW:
        return []
    told = []
    for top in tops_of(found.changes)[:_MOST_COLUMNS]:
        name = reader.clipped(top.column)
        told += [
            f"{name} of {reader.clipped(key)}: {cell(old)} → {cell(new)} ({difference:+,g})"
            for key, old, new, difference in top.largest[:2]
        ]
        told += [
            f"{name}: {reader.clipped(cell(old))} → {reader.clipped(cell(new))}, {count:,} times"
            for old, new, count in top.frequent[:2]
        ]
    return told


def _groups(found: TableDiff, reader: Reader, context: Context) -> Iterator[Group]:
    for kind, role in _CHANGES[:1]:
        yield from _cells(found, reader, context, kind, role)
    for category in CATEGORIES:
        yield from _rows(found, reader, context, category)
    for kind, role in _CHANGES[1:]:
        yield from _cells(found, reader, context, kind, role)


def _cells(
    found: TableDiff, reader: Reader, context: Context, kind: str, role: Role
) -> Iterator[Group]:
    """The changed cells of one role, one line each."""
    total = found.count_changed((role,))
    if not total:
        return
    rows: list[dict[str, Any]] = found.changed_rows((role,), context.limits.rows)
    keys = [reader.key_of(row["key"]) for row in rows]
    sides = [one.of(found.name, keys) if one else {} for one in context.evidence]
    lines = [
        _cell_line(reader, context, row["key"], column, change, [s.get(key, []) for s in sides])
        for key, row in zip(keys, rows, strict=True)
        for column, change in row["cells"].items()
    ]
    heads = [reader.head(reader.schema.column(name)) for name in reader.schema.key]
    heads += [
        Head("column", "head"),
        Head("old", "old"),
        Head("new", "new"),
        Head("change", "head"),
    ]
    yield Group(
        kind=kind,
        title=_title(kind, context),
        columns=heads,
        is_cells=True,
        lines=lines,
        rows=len(rows),
        total=total,
    )


def _cell_line(  # noqa: PLR0913, PLR0917 - a cell, its row and where both are stated
    reader: Reader,
    context: Context,
    key: Mapping[str, Any],
    column: str,
    change: Mapping[str, Any],
    sides: Sequence[Sequence[Passage]],
) -> Line:
    old, new = reader.sides(reader.schema.column(column), change["old"], change["new"])
    found = [stated(passages, column) for passages in sides]
    return Line(
        kind=change["kind"],
        key=reader.key_cells(key),
        key_names=reader.key_names(key),
        cells=(Value(reader.clipped(column), role="head"), old, new),
        evidence=_labelled(context, [passages for passages, _ in found]),
        more_evidence=sum(more for _, more in found),
    )


def _rows(found: TableDiff, reader: Reader, context: Context, category: str) -> Iterator[Group]:
    """The rows of one category, one line each."""
    rows = getattr(found.changes, category)
    if not rows.num_rows:
        return
    side = 0 if category in {"removed", "unstated"} else 1
    there = set(rows.column_names)
    every = [column for column in reader.columns if column.name in there]
    columns = every[:_MOST_COLUMNS]
    some = rows.slice(0, context.limits.rows)
    keys = key_strings(some, found.changes.schema.key).to_pylist() if some.num_rows else []
    evidence = context.evidence[side]
    passages = evidence.of(found.name, keys) if evidence else {}
    lines = []
    names = [*reader.schema.key, *(column.name for column in columns)]
    for key, row in zip(keys, some.select(names).to_pylist(), strict=True):
        shown, more = stated(passages.get(key, []), "")
        lines.append(
            Line(
                kind=category,
                key=reader.key_cells(row),
                key_names="" if "name" in there else reader.key_names(row),
                cells=[reader.value(column, row[column.name]) for column in columns],
                evidence=_labelled(context, [[], shown] if side else [shown, []]),
                more_evidence=more,
            )
        )
    heads = [reader.head(reader.schema.column(name)) for name in reader.schema.key]
    heads += [reader.head(column) for column in columns]
    yield Group(
        kind=category,
        title=_title(category, context),
        columns=heads,
        is_cells=False,
        lines=lines,
        rows=len(lines),
        total=rows.num_rows,
        more_columns=len(every) - len(columns),
    )


def _labelled(context: Context, sides: Sequence[Sequence[Passage]]) -> list[tuple[str, Passage]]:
    labels = (context.old, context.new)
    return [(label, one) for label, some in zip(labels, sides, strict=True) for one in some]


def _title(kind: str, context: Context) -> str:
    return GROUPS[kind].format(old=context.old, new=context.new)
