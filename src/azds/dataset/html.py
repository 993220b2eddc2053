"""Tables for notebooks: HTML from plain values, escaped and of bounded size.

A notebook has no content security policy, so escaping is all there is between a cell and a
script: every text goes through `escaped`, and nothing here takes HTML from outside. Styles stand
in attributes, since notebooks take style sheets away.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from azds.columns import Role
from azds.render.page import clean
from azds.render.words import cell, count_notes, count_words, plural

if TYPE_CHECKING:  # these import this module
    from azds.dataset.dataset import Dataset
    from azds.dataset.diff import Diff, TableDiff
    from azds.dataset.series import Series
    from azds.dataset.snapshot import Snapshot
    from azds.dataset.table import Table

__all__ = [
    "dataset_html",
    "diff_html",
    "escaped",
    "series_html",
    "snapshot_html",
    "table_diff_html",
    "table_html",
]

MOST_ROWS = 10
MOST_COLUMNS = 20
_LONGEST = 120
_CHANGES = 20
_COUNTS = (
    *("rows_old", "rows_new", "equal", "changed", "added", "removed"),
    *("newly_stated", "unstated", "not_comparable"),
)
_NUMBER = ' style="text-align:right"'
_TEXT = ' style="text-align:left"'


def escaped(value: object) -> str:
    """A value as HTML text: cut to size, control characters and directions shown, escaped.

    >>> escaped("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    """
    text = clean(cell(value))
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return escape(short, quote=True)


def dataset_html(dataset: "Dataset") -> str:
    """The revisions of a dataset."""
    revisions = dataset.revisions
    rows = [
        (
            one.label,
            one.date or "undated",
            ", ".join(count_words(h.to_document()) for h in one.headline),
            len(one.coverage),
        )
        for one in revisions[-MOST_ROWS:]
    ]
    title = f"Dataset {dataset.name}: {plural(len(revisions), 'revision')}"
    heads = ("revision", "date", "headline", "tables")
    return _page(title, heads, rows, len(revisions), more="earlier ones")


def snapshot_html(snapshot: "Snapshot") -> str:
    """The tables of a revision, with how much of each its source could show."""
    entries = snapshot.manifest.tables
    rows = [
        (name, entries[name].rows, entries[name].coverage.level, entries[name].coverage.reason)
        for name in snapshot.tables[: 2 * MOST_ROWS]
    ]
    title = f"Snapshot {snapshot.manifest.dataset} {snapshot.label}"
    heads = ("table", "rows", "coverage", "reason")
    return _page(title, heads, rows, len(entries))


def table_html(table: "Table") -> str:
    """The first rows of a table, without its place columns."""
    every = [c.name for c in table.schema.columns if c.role is not Role.PLACE]
    there = set(table.to_arrow().column_names)
    names = [name for name in every if name in there][:MOST_COLUMNS]
    some = table.to_arrow().slice(0, MOST_ROWS).select(names).to_pylist()
    level = f", {table.coverage.level}" if table.coverage else ""
    title = f"Table {table.schema.name}: {plural(len(table), 'row')}{level}"
    rows = [[row[name] for name in names] for row in some]
    left = len(every) - len(names)
    return _page(title, names, rows, len(table), notes=[f"{left} more columns"] if left else [])


def diff_html(diff: "Diff") -> str:
    """The counts of each table of a diff, and its headlines."""
    summary = diff.summary()
    notes = [
        f"{str(one['measure']).replace('_', ' ')}: {count_words(one['old'])} → "
        f"{count_words(one['new'])}: {one['reason']}"
        for one in diff.headlines
    ]
    title = f"Diff {diff.old.label} → {diff.new.label}"
    return _page(title, ("table", *_words(_COUNTS)), _counted(summary), len(summary), notes=notes)


def table_diff_html(found: "TableDiff") -> str:
    """The counts of a table, and its first changed cells."""
    counts = _page(
        f"TableDiff {found.name}",
        ("table", *_words(_COUNTS)),
        _counted({found.name: found.summary()}),
        1,
    )
    lines = [
        (
            *_mapping(row["key"]).values(),
            column,
            change["old"],
            change["new"],
            _word(change["kind"]),
        )
        for row in found.changed_rows((Role.FACT,), MOST_ROWS)
        for column, cells in _mapping(row["cells"]).items()
        for change in [_mapping(cells)]
    ]
    if not lines:
        return counts
    heads = (*found.changes.schema.key, "column", "old", "new", "kind")
    total = sum(len(c) for c in found.changes.cells.values() if c.column.role is Role.FACT)
    return counts + _page("Changed cells", heads, lines[:_CHANGES], total)


def series_html(series: "Series") -> str:
    """The designated counts of a measure."""
    points = series.to_document()[-MOST_ROWS:]
    dates = [point.date or "undated" for point in series.points[-MOST_ROWS:]]
    rows = [
        (
            one["revision"],
            date,
            count_words(one),
            one["includes"],
            one["alongside"],
            [count_words(other) for other in _sequence(one["also_stated"])],
        )
        for one, date in zip(points, dates, strict=True)
    ]
    heads = ("revision", "date", "stated", "includes", "alongside", "also stated")
    title = f"Series {series.measure.replace('_', ' ')}"
    return _page(title, heads, rows, len(series), notes=count_notes(points))


def _page(  # noqa: PLR0913 - a table with what stands over and under it
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    total: int,
    *,
    notes: Iterable[str] = (),
    more: str = "more",
) -> str:
    head = "".join(f'<th scope="col"{_TEXT}>{escaped(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    under = [f"… {total - len(rows):,} {more}"] if total > len(rows) else []
    told = "".join(f"<p>{_long(note)}</p>" for note in [*under, *notes])
    return (
        f'<div><table><caption style="text-align:left;font-weight:bold">{escaped(title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{told}</div>"
    )


def _cell(value: object) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return f"<td{_NUMBER if is_number else _TEXT}>{escaped(value)}</td>"


def _long(note: str) -> str:
    return escape(clean(note[:1000]), quote=True)


def _counted(summary: Mapping[str, Mapping[str, object]]) -> list[list[object]]:
    return [[table, *(counts[name] for name in _COUNTS)] for table, counts in summary.items()]


def _words(names: Iterable[str]) -> list[str]:
    return [_word(name.removeprefix("rows_")) for name in names]


def _word(name: object) -> str:
    return str(name).replace("_", " ")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) else ()
