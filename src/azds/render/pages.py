"""Pages for everything but the diff: log, tables, series, history, quotations, findings, builds."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

from azds.columns import Role, TableSchema
from azds.entities import states
from azds.render.page import Grid, Note, Page, Title
from azds.render.words import NOTHING, cell, count_notes, count_words, dated, plural
from azds.store.manifest import Manifest

__all__ = [
    "build_page",
    "commit_page",
    "findings_page",
    "history_page",
    "log_page",
    "quote_page",
    "schema_page",
    "series_page",
    "snapshot_page",
    "table_page",
]

Document = Mapping[str, Any]  # plain JSON values

_EQUAL = "equal"
_NOT_STATED = "not stated"
_LONG = 4
"""So many revisions between which nothing changed share a line."""


def log_page(
    name: str,
    manifests: Sequence[Manifest],
    editions: Mapping[str, int],
    bookkeeping: Iterable[str],
    said: Mapping[str, str] = MappingProxyType({}),
) -> Page:
    """The revisions of a dataset in their declared order; `said` has what was said of each."""
    title = str(manifests[0].about.get("title", "")) if manifests else ""
    yield Title(f"{name}: {title or 'no title'}, {plural(len(manifests), 'revision')}")
    if not manifests:
        yield Note("nothing was committed yet: see `azds build --help` and `azds commit --help`")
        return
    hidden = set(bookkeeping)
    yield Grid(
        ["revision", "date", "headline", "rows", "tables", "edition", "source"],
        [
            [
                one.label,
                dated(one),
                ", ".join(count_words(h.to_document()) for h in one.headline) or NOTHING,
                f"{sum(e.rows for n, e in one.tables.items() if n not in hidden):,}",
                str(sum(bool(e.rows) for n, e in one.tables.items() if n not in hidden)),
                str(editions.get(one.label, 1)),
                f"{one.source.style} {one.source.digest[7:19]}" if one.source else NOTHING,
            ]
            for one in manifests
        ],
        right=frozenset({"rows", "tables", "edition"}),
    )
    for label, words in said.items():
        yield Note(f"{label}: {words}")


def snapshot_page(manifest: Manifest) -> Page:
    """The tables of a revision, and how much of each its source could show."""
    yield Title(f"{manifest.dataset} {manifest.label} ({dated(manifest)})")
    for headline in manifest.headline:
        told = count_words(headline.to_document())
        yield Note(f"{headline.measure.replace('_', ' ')}: {told}")
    yield Grid(
        ["table", "rows", "coverage", "places", "columns absent", "reason"],
        [
            [
                name,
                f"{entry.rows:,}",
                entry.coverage.level,
                cell(entry.coverage.places),
                cell(entry.coverage.columns_absent),
                entry.coverage.reason or NOTHING,
            ]
            for name, entry in manifest.tables.items()
        ],
        right=frozenset({"rows"}),
    )
    for one in manifest.corrections:
        told = f"{one.column} {cell(one.expects)} → {cell(one.value)}" if one.column else "left out"
        yield Note(f"corrected: {one.table} {one.key}: {told} ({one.reason})")


def table_page(
    heading: str, schema: TableSchema, rows: Sequence[Document], total: int, note: str
) -> Page:
    """The first rows of a table, without its place columns."""
    names = [c.name for c in schema.columns if c.role is not Role.PLACE]
    yield Title(f"{heading}: {plural(total, 'row')}")
    if note:
        yield Note(note)
    numbers = frozenset(
        c.name for c in schema.columns if c.type.startswith(("int", "float", "decimal"))
    )
    yield Grid(
        names,
        [[cell(row[name]) for name in names] for row in rows],
        more=total - len(rows),
        right=numbers,
    )


def series_page(measure: str, points: Sequence[Document], dates: Mapping[str, str]) -> Page:
    """The designated counts of a measure, and with what care to read them."""
    yield Title(measure.replace("_", " "))
    columns = {
        "revision": [point["revision"] for point in points],
        "date": [dates[point["revision"]] for point in points],
        "stated": [count_words(point) for point in points],
    }
    columns |= {
        name: cells
        for name, cells in {
            "includes": [cell(point["includes"]) for point in points],
            "alongside": [cell(point["alongside"]) for point in points],
            "also stated": [
                ", ".join(count_words(one) for one in point["also_stated"]) or NOTHING
                for point in points
            ],
            "UN members implied": [cell(point["implied_un_members"]) for point in points],
        }.items()
        if set(cells) != {NOTHING}
    }
    rows = list(zip(*columns.values(), strict=True))
    yield Grid(list(columns), rows, right=frozenset({"UN members implied"}))
    named = {one for point in points for one in (*point["includes"], *point["alongside"])}
    if named:
        yield Note(", ".join(f"{one} is {states().name(one)}" for one in sorted(named)))
    for point in points:
        if point["note"]:
            yield Note(f"{point['revision']}: {point['note']}")
    for note in count_notes(points):
        yield Note(note)
    if any("undated" in date for date in dates.values()):
        yield Note("The order of undated revisions is declared, not known.")


def history_page(title: str, entries: Sequence[Document], schema: TableSchema) -> Page:
    """One key through the revisions; where nothing changes through many, they share a line."""
    yield Title(title)
    facts = [c.name for c in schema.columns if c.role is Role.FACT and c.meaning != "digest"]
    rows = [
        [
            entry["revision"],
            entry["date"] or "undated",
            entry["coverage"],
            _change(entry),
            *(cell(entry["row"].get(name)) if entry["row"] else NOTHING for name in facts),
        ]
        for entry in entries
    ]
    yield Grid(["revision", "date", "coverage", "against the one before", *facts], _folded(rows))


def _folded(rows: Iterable[list[str]]) -> list[list[str]]:
    """The rows of a history; a long run that says the same is one, from its first to its last."""
    folded: list[list[str]] = []
    for said, some in groupby(rows, key=lambda row: row[2:]):
        run = list(some)
        if len(run) < _LONG or said[1] not in {_EQUAL, _NOT_STATED}:
            folded += run
            continue
        first, last = run[0], run[-1]
        ends = [
            f"{one} … {other}" if one != other else one
            for one, other in zip(first, last, strict=True)
        ][:2]
        folded.append([*ends, said[0], f"{said[1]}, {len(run):,} revisions", *said[2:]])
    return folded


def quote_page(title: str, quote: Document) -> Page:
    """Where a row is stated, what to cite, and with what care to read it."""
    yield Title(title)
    have_words = any(passage["words"] is not None for passage in quote["passages"])
    columns = ["states", "span", "place", "section", "citations"]
    yield Grid(
        [*columns, *(["words"] if have_words else [])],
        [
            [
                passage["column"] or "the row",
                f"{passage['start']}:{passage['end']}",
                passage["place"],
                passage["section"] or NOTHING,
                " ".join(f"[{number}]" for number in passage["markers"]) or NOTHING,
                *([passage["words"]] if have_words else []),
            ]
            for passage in quote["passages"]
        ],
    )
    first = next((p["context"] for p in quote["passages"] if p["context"]), None)
    if first:
        yield Note(f"“{first}”")
    yield Note(f"cite as: {quote['citation']}")
    if quote["caveat"]:
        yield Note(f"caveat: {quote['caveat']}")
    if not have_words:
        yield Note("the words are in the source, which is not shipped: give it with --sources")


def findings_page(heading: str, findings: Sequence[Document]) -> Page:
    """What `check` reports, one line each."""
    yield Title(f"{heading}: {plural(len(findings), 'finding')}")
    if not findings:
        return
    yield Grid(
        ["code", "revision", "where", "what"],
        [
            [
                one["code"],
                one["revision"] or NOTHING,
                f"{one['table']} {one['key']}".strip() or NOTHING,
                one["message"],
            ]
            for one in findings
        ],
    )


def build_page(name: str, built: Document) -> Page:
    """What a build made."""
    folders = built["folders"]
    told = f"commit {built['commit']}" if folders else "nothing differs, nothing was written"
    yield Title(f"{name}: {told}")
    tables = list(next(iter(built["rows"].values()), {}))
    yield Grid(
        ["revision", "folder", *tables, "corrections"],
        [
            [
                label,
                folders.get(label, "unchanged"),
                *(f"{rows[table]:,}" for table in tables),
                str(built["corrections"][label]),
            ]
            for label, rows in built["rows"].items()
        ],
        right=frozenset({*tables, "corrections"}),
    )


def commit_page(name: str, done: Document) -> Page:
    """What a commit of one's own tables did."""
    if done["commit"] is None:
        yield Title(f"{name} {done['label']}: the same as what is stored, nothing new was made")
    else:
        edition = done["edition"]
        yield Title(
            f"{name} {done['label']}: commit {done['commit']}"
            + (f", edition {edition}: the label had other content before" if edition > 1 else "")
        )
    yield Grid(
        ["table", "rows", "rejected", "new columns", "columns gone"],
        [
            [
                table,
                f"{rows:,}",
                str(len(done["rejected"].get(table, []))),
                cell(done["new_columns"].get(table, [])),
                cell(done["lost_columns"].get(table, [])),
            ]
            for table, rows in done["rows"].items()
        ],
        right=frozenset({"rows", "rejected"}),
    )
    for note in done["notes"]:
        yield Note(note)
    for table, refused in done["rejected"].items():
        for one in refused[:5]:
            yield Note(f"rejected: {table} row {one['row']}: {one['reason']}")
        if len(refused) > 5:  # noqa: PLR2004 - shown above
            yield Note(f"… {len(refused) - 5} more: azds show {done['label']} rejections")


def schema_page(document: Document) -> Page:
    """The columns of a table."""
    yield Title(f"{document['table']}, version {document['version']}")
    yield Grid(
        ["column", "type", "role", "null", "description"],
        [
            [c["name"], c["type"], c["role"], "yes" if c["nullable"] else "no", c["description"]]
            for c in document["columns"]
        ],
    )


def _change(entry: Document) -> str:
    if not entry["change"]:
        return _NOT_STATED
    words = str(entry["change"]).replace("_", " ")
    cells = [f"{name} {one['kind'].replace('_', ' ')}" for name, one in entry["cells"].items()]
    return f"{words}: {', '.join(cells)}" if cells else words
