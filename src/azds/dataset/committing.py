"""Commits of one's own tables: read, checked against what is declared, guarded, stored."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from azds.arrow.rows import rows_to_table
from azds.arrow.tables import conform
from azds.arrow.types import schema_from_arrow, type_from_words
from azds.changes.upgraded import compare_upgraded
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.inputs import Input, open_input
from azds.dataset.own_tables import (
    MeasureDeclaration,
    OwnDeclaration,
    TableDeclaration,
    parse_own,
    render_own,
    to_declaration,
)
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.row_checks import Refused, check_rows_of, number_repeats, repeated_keys
from azds.dataset.typing_text import find_types
from azds.dataset.writer import WRITER
from azds.dates import parse_date
from azds.errors import InvalidInputError, NotFoundError, RefusedError
from azds.ids import near_names, parse_label, parse_name
from azds.records import Record, Rejection, table_schema
from azds.spans import words_digest
from azds.store import port
from azds.store.folder import DatasetFolder
from azds.store.manifest import Headline
from azds.store.names import DATASET_FILE
from azds.store.staged import Commit, StagedRevision, StagedTable

__all__ = [
    "MOST_REMOVED",
    "Committed",
    "Options",
    "commit_tables",
    "declared_in",
    "headline_of",
    "revision_date",
]

MOST_REMOVED = 0.2
"""The share of a table's rows that one commit may remove without being confirmed."""

_MOST_DECLARED = 16 * 1024 * 1024
_FEW = 100
"""Rejected rows that are held where they are not kept."""
_SHOWN = 3
_LABEL_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
COMPLETE = Coverage("complete")


@dataclass(frozen=True, slots=True)
class Options:
    """How to commit.

    Attributes:
        key: The key columns of tables that are not declared yet: for all, or by table.
        coverage: How much each table holds: for all, or by table.
        date: The revision's date in EDTF; else the label, where it is one.
        message: Of the commit; the user's choice.
        author: Of the commit; the user's choice.
        allow_rejections: How many rows may break the declaration.
        confirm_removals: Whether more than `most_removed` of a table may go.
        most_removed: The share of a table's rows that may go without being confirmed.
        encoding: Of CSV files.
    """

    key: Sequence[str] | Mapping[str, Sequence[str]] = ()
    coverage: Coverage | Mapping[str, Coverage] = COMPLETE
    date: str | None = None
    message: str = ""
    author: str = ""
    allow_rejections: int = 0
    confirm_removals: bool = False
    most_removed: float = MOST_REMOVED
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did.

    Attributes:
        label: The revision.
        commit: The commit; `is_empty` where nothing differed.
        rows: Rows by table.
        rejected: Rows that broke the declaration, by table.
        new_columns: Columns that were not there before, by table.
        lost_columns: Columns that were there before and are not now, by table.
        notes: What a reader should know of the inputs.
    """

    label: str
    commit: Commit
    rows: Mapping[str, int]
    rejected: Mapping[str, tuple[Refused, ...]] = field(default_factory=dict)
    new_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def edition(self) -> int:
        """Which edition of the label this is: 1, or more where it replaces what was there."""
        folder = self.commit.folders.get(self.label, self.label)
        return int(folder.rpartition("@")[2]) if "@" in folder else 1

    def to_document(self) -> dict[str, object]:
        """As plain values; `commit` is null where nothing differed."""
        return {
            "label": self.label,
            "commit": None if self.commit.is_empty else self.commit.number,
            "edition": self.edition,
            "rows": dict(self.rows),
            "rejected": {
                table: [{"row": one.row, "rule": one.rule, "reason": one.reason} for one in refused]
                for table, refused in self.rejected.items()
            },
            "new_columns": {table: list(names) for table, names in self.new_columns.items()},
            "lost_columns": {table: list(names) for table, names in self.lost_columns.items()},
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class _Ready:
    """A table that is as declared.

    Attributes:
        schema: Its columns.
        rows: Its rows, in key order.
        refused: The rows that are not as declared; all of them where they are kept.
        count: How many these are.
        notes: What a reader should know of the input.
    """

    schema: TableSchema
    rows: pa.Table
    refused: tuple[Refused, ...] = ()
    count: int = 0
    notes: tuple[str, ...] = ()


def commit_tables(
    folder: DatasetFolder,
    label: str,
    tables: Mapping[str, object],
    options: Options,
    types: Mapping[str, type[Record]],
) -> Committed:
    """Store a revision of one's own tables; nothing is written unless all of it is right.

    `tables` gives for each name a path, an Arrow-compatible object or rows; tables
    of the revision before that are not given are not carried over. `types` are record
    types declared in the program.

    Raises:
        InvalidInputError: `bad-label`, `bad-key` (a new table without a key), `bad-column`,
            `key-null`, `key-repeated`, `source-unreadable`, `bad-record`, `dataset-file-invalid`.
        RefusedError: `rows-rejected`, `rows-removed`.
        StorageError, IntegrityError: from the store.
    """
    parse_label(label)
    _refuse_options(tables, options)
    declared = declared_in(folder)
    ready: dict[str, _Ready] = {}
    for name, given in tables.items():
        if name in BOOKKEEPING:
            raise InvalidInputError("bad-name", "this name is the store's own", got=name)
        parse_name(name, "table")
        before = declared.tables.get(name)
        ready[name] = _ready(name, given, before, options, types.get(name))
    _refuse_rejected(ready, options.allow_rejections)
    coverage = {name: _coverage(name, options.coverage) for name in ready}
    for name, one in ready.items():
        _refuse_covers(name, one.schema, coverage[name])
        _guard(folder, label, name, one, coverage[name], options)
    commit = folder.commit(
        [_staged(folder, label, declared, ready, coverage, options)],
        writer=WRITER,
        message=options.message,
        author=options.author,
    )
    _write_down(folder, declared, ready, types)
    held = {name: set(declared.tables[name].columns) for name in ready if name in declared.tables}
    return Committed(
        label,
        commit,
        rows={name: one.rows.num_rows for name, one in ready.items()},
        rejected={name: one.refused for name, one in ready.items() if one.refused},
        new_columns=_by_table(
            {n: [c for c in ready[n].schema.names if c not in held[n]] for n in held if held[n]}
        ),
        lost_columns=_by_table({n: sorted(held[n] - {*ready[n].schema.names}) for n in held}),
        notes=tuple(note for one in ready.values() for note in one.notes),
    )


def _by_table(found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(columns) for name, columns in found.items() if columns}


def _refuse_options(tables: Mapping[str, object], options: Options) -> None:
    """Refuse what is said of a table that is not given, and numbers that are none."""
    if not tables:
        raise InvalidInputError("bad-argument", "no table is given", expected="one at least")
    if options.allow_rejections < 0:
        raise InvalidInputError(
            "bad-argument",
            "how many rows may be rejected",
            expected="0 or more",
            got=str(options.allow_rejections),
        )
    for what, given in (("key", options.key), ("coverage", options.coverage)):
        unknown = (
            [name for name in given if name not in tables] if isinstance(given, Mapping) else []
        )
        if unknown:
            raise InvalidInputError(
                "bad-argument",
                f"a {what} is given for a table that is not",
                got=", ".join(unknown),
                advice=near_names(unknown[0], tables),
            )


def _refuse_covers(name: str, schema: TableSchema, coverage: Coverage) -> None:
    """Refuse a part told by a column that there is not: it would cover nothing."""
    for column in coverage.covers:
        if column not in schema.names:
            raise InvalidInputError(
                "bad-coverage",
                "what a part covers is told by its columns",
                where=name,
                got=repr(column),
                advice=near_names(column, schema.names),
            )


def declared_in(folder: DatasetFolder) -> OwnDeclaration:
    """What ``dataset.toml`` declares; of other tables, what the last revision holds of them."""
    path = folder.path / DATASET_FILE
    data = port.read_file(path, _MOST_DECLARED)
    declared = parse_own(data, str(path)) if data is not None else OwnDeclaration()
    stored = {
        name: entry.schema
        for manifest in folder.revisions()
        for name, entry in manifest.tables.items()
        if name not in BOOKKEEPING and name not in declared.tables
    }
    seen = {name: to_declaration(one, follows_data=True) for name, one in stored.items()}
    return declared.model_copy(update={"tables": {**declared.tables, **seen}}) if seen else declared


def _ready(
    name: str,
    given: object,
    before: TableDeclaration | None,
    options: Options,
    record: type[Record] | None,
) -> _Ready:
    if record is not None:
        return _from_records(name, given, record, options)
    source = open_input(given, name, encoding=options.encoding)
    key = options.key.get(name, ()) if isinstance(options.key, Mapping) else options.key
    notes: tuple[str, ...] = ()
    if before is None:
        schema, notes = _inferred(name, source, tuple(_key(name, key, source)), None)
    else:
        _refuse_other_key(name, tuple(before.key), tuple(key))
        known = before.to_schema(name) if before.columns else None
        if known is None or before.follows_data:
            schema, notes = _inferred(name, source, tuple(before.key), known)
        else:
            schema = known
            _refuse_undeclared(source, schema)
    most = max(options.allow_rejections, _FEW)
    return replace(_checked(name, source, schema, most), notes=(*source.notes, *notes))


def _checked(name: str, source: Input, schema: TableSchema, most: int) -> _Ready:
    checked = check_rows_of(source, schema, most=most)
    try:
        rows = conform(checked.rows, schema)
    except InvalidInputError as error:
        got = error.got
        if error.kind == "key-repeated":
            keys = repeated_keys(checked.rows, schema.key)
            batches = checked.rows.select(list(schema.key)).to_batches()
            got = number_repeats(batches, schema.key, keys, checked.numbers)
        raise InvalidInputError(
            error.kind,
            error.what,
            where=source.name if source.name == name else f"{name} from {source.name}",
            expected=error.expected,
            got=got,
            advice="nothing was committed",
        ) from error
    return _Ready(schema, rows, checked.refused, checked.count)


def _from_records(name: str, given: object, record: type[Record], options: Options) -> _Ready:
    """Rows as a record type declares them; each is checked by it."""
    schema = table_schema(record)
    most = max(options.allow_rejections, _FEW)
    if isinstance(given, (str, Path)) or hasattr(given, "__arrow_c_stream__"):
        source = open_input(given, name, encoding=options.encoding)
        _refuse_undeclared(source, schema)
        checked = check_rows_of(source, schema, most=most)
        refused, count = list(checked.refused), checked.count
        items: Iterable[object] = checked.rows.to_pylist()
        places: Iterable[int] = checked.numbers.tolist()
    else:
        items = list(given) if isinstance(given, Iterable) else []
        refused, count, places = [], 0, range(1, len(items) + 1)
    kept: list[Record] = []
    for place, item in zip(places, items, strict=True):
        if isinstance(item, record):
            kept.append(item)
            continue
        try:
            kept.append(record.model_validate(_frozen(item)))
        except ValidationError as error:
            first = error.errors()[0]
            column = ".".join(str(part) for part in first["loc"])
            words = repr(first["input"])[:60]
            count += 1
            if len(refused) < most:
                reason = f"{column} {words}: {first['msg']}"
                refused.append(Refused(place, "record", reason, words))
    rows = rows_to_table(record, kept)
    return _Ready(schema, rows, tuple(sorted(refused, key=lambda one: one.row)), count)


def _frozen(row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


def _refuse_other_key(name: str, known: tuple[str, ...], given: tuple[str, ...]) -> None:
    if given and given != known:
        raise InvalidInputError(
            "bad-key",
            "the table has another key",
            where=name,
            expected=", ".join(known),
            got=", ".join(given),
            advice=f"leave --key out; the key of a table stands in {DATASET_FILE}",
        )


def _key(name: str, key: Sequence[str], source: Input) -> Sequence[str]:
    if not key:
        raise InvalidInputError(
            "bad-key",
            "a new table needs its key",
            where=name,
            advice=f"name it with --key; its columns are {', '.join(source.schema.names[:12])}",
        )
    return key


def _inferred(
    name: str, source: Input, key: tuple[str, ...], before: TableSchema | None
) -> tuple[TableSchema, tuple[str, ...]]:
    """The schema of data that nobody declared; what was known of a column is kept where it fits."""
    known = {column.name: column for column in before.columns} if before else {}
    there = set(source.schema.names)
    new_name = {
        column.was: column.name
        for column in known.values()
        if column.was and column.was not in known and column.name not in there
    }
    fresh = {n for n in there if new_name.get(n, n) not in known and n in source.text}
    found = find_types(
        [source],
        ignore={n for n in there if n not in fresh and not _may_widen(new_name.get(n, n), known)},
    )
    fields = []
    for one in source.schema:
        name_now, is_text = new_name.get(one.name, one.name), one.name in source.text
        kind = found.types.get(one.name, pa.string()) if is_text else one.type
        if name_now in known and (is_text or pa.types.is_null(kind)):
            was = type_from_words(known[name_now].type)
            kind = _kept_type(was, found.types.get(one.name))
        fields.append((name_now, pa.string() if pa.types.is_null(kind) else kind))
    try:
        seen = schema_from_arrow(pa.schema(fields), name=name, key=key)
    except InvalidInputError as error:
        raise InvalidInputError(
            error.kind,
            error.what,
            where=f"{source.name}: {(error.where or name).removeprefix(f'{name}.')}",
            expected=error.expected,
            got=error.got,
            advice="nothing was committed",
        ) from error
    columns = []
    for column in seen.columns:
        before_it = known.get(column.name, column)
        role = column.role if column.role is Role.KEY else before_it.role
        columns.append(replace(before_it, type=column.type, role=role, nullable=column.nullable))
    return TableSchema(name, 1, tuple(columns)), found.notes


def _may_widen(name: str, known: Mapping[str, Column]) -> bool:
    """Whether a text file may give a column another type than it had: whole numbers fractions."""
    return name in known and known[name].type == "int64" and known[name].role is not Role.KEY


def _kept_type(known: pa.DataType, seen: pa.DataType | None) -> pa.DataType:
    """The type of a column that is known already.

    A text file keeps it, so that a value that is none is told, not taken for a change
    of type; whole numbers may become fractions.
    """
    return pa.float64() if known == pa.int64() and seen == pa.float64() else known


def _refuse_undeclared(source: Input, schema: TableSchema) -> None:
    names = set(source.schema.names)
    was = {column.name: column.was for column in schema.columns}
    older = set(was.values())
    missing = [n for n in schema.names if n not in names and was[n] not in names]
    extra = [n for n in source.schema.names if n not in was and n not in older]
    if missing or extra:
        raise InvalidInputError(
            "bad-column",
            "the columns are not those declared",
            where=source.name,
            expected=f"also {', '.join(missing)}" if missing else None,
            got=f"{', '.join(extra)} besides" if extra else None,
            advice=f"declare them in {DATASET_FILE}",
        )


def _refuse_rejected(ready: Mapping[str, _Ready], allowed: int) -> None:
    count = sum(one.count for one in ready.values())
    if count <= allowed:
        return
    told = [
        f"{name} row {refused.row}: {refused.reason}"
        for name, one in ready.items()
        for refused in one.refused
    ]
    more = f"; and {count - _SHOWN:,} more" if count > _SHOWN else ""
    raise RefusedError(
        "rows-rejected",
        f"{count:,} row(s) break the declaration, nothing was committed",
        got="; ".join(told[:_SHOWN]) + more,
        advice=f"mend them, or keep them as rejections with --allow-rejections {count}",
    )


def _coverage(name: str, given: Coverage | Mapping[str, Coverage]) -> Coverage:
    return given if isinstance(given, Coverage) else given.get(name, COMPLETE)


def _guard(  # noqa: PLR0913, PLR0917 - what is compared with what
    folder: DatasetFolder,
    label: str,
    name: str,
    ready: _Ready,
    coverage: Coverage,
    options: Options,
) -> None:
    """Refuse a commit that would remove much of a table, unless that is meant."""
    held = [manifest for manifest in folder.revisions() if name in manifest.tables]
    if not held or options.confirm_removals:
        return
    last = next((manifest for manifest in held if manifest.label == label), held[-1])
    old_schema = last.tables[name].schema
    if old_schema.key != ready.schema.key:
        return
    told_by = {*ready.schema.key, *coverage.covers, *last.tables[name].coverage.covers}
    old = folder.read_table(last.label, name)
    old_schema, new_schema = (_columns(one, told_by) for one in (old_schema, ready.schema))
    changes = compare_upgraded(
        old.select(list(old_schema.names)),
        ready.rows.select(list(new_schema.names)),
        old_schema=old_schema,
        new_schema=new_schema,
        old_coverage=last.tables[name].coverage,
        new_coverage=coverage,
    )
    gone = changes.removed.num_rows
    if old.num_rows and gone / old.num_rows > options.most_removed:
        raise RefusedError(
            "rows-removed",
            f"{gone:,} of {old.num_rows:,} rows of {last.label} would be removed, "
            "nothing was committed",
            where=name,
            advice="if the data are only a part, say so with --coverage partial (and --covers); "
            "if the rows are gone, --confirm-removals",
        )


def _columns(schema: TableSchema, names: Iterable[str]) -> TableSchema:
    columns = tuple(column for column in schema.columns if column.name in names)
    return TableSchema(schema.name, schema.version, columns, schema.record)


def _staged(  # noqa: PLR0913, PLR0917 - a revision in all its parts
    folder: DatasetFolder,
    label: str,
    declared: OwnDeclaration,
    ready: Mapping[str, _Ready],
    coverage: Mapping[str, Coverage],
    options: Options,
) -> StagedRevision:
    rejections = [
        _rejection(name, refused) for name, one in ready.items() for refused in one.refused
    ]
    tables = {
        name: StagedTable(_versioned(folder, one.schema), coverage[name], one.rows)
        for name, one in ready.items()
    }
    if rejections:
        tables["rejections"] = StagedTable(
            table_schema(Rejection),
            Coverage("complete"),
            rows_to_table(Rejection, rejections),
        )
    return StagedRevision(
        label=label,
        tables=tables,
        about={"title": declared.title or folder.name, "origin": dict(declared.origin)},
        date=revision_date(label, options.date),
        headline=tuple(
            headline
            for measure, one in declared.measures.items()
            if one.table in ready and (headline := headline_of(measure, one, ready[one.table].rows))
        ),
        rejections=len(rejections),
    )


def revision_date(label: str, given: str | None) -> str | None:
    """The revision's date: the one given, else that of a label which is a date."""
    if given is not None:
        return str(parse_date(given))
    return label if _LABEL_DATE.fullmatch(label) and _is_date(label) else None


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except InvalidInputError:
        return False
    return True


def _versioned(folder: DatasetFolder, schema: TableSchema) -> TableSchema:
    """The schema with its version: one more than the last where its columns differ."""
    held = [m.tables[schema.name].schema for m in folder.revisions() if schema.name in m.tables]
    if not held:
        return schema
    last = held[-1]
    version = last.version if last.columns == schema.columns else last.version + 1
    return TableSchema(schema.name, version, schema.columns, schema.record)


def headline_of(measure: str, one: MeasureDeclaration, rows: pa.Table) -> Headline | None:
    """The value of a measure; None where there is nothing to count.

    Raises:
        NotFoundError: `unknown-measure`, where its column is not there.
        InvalidInputError: `bad-column`, where it is no number.
    """
    if one.aggregate != "count" and one.column not in rows.column_names:
        raise NotFoundError(
            "unknown-measure",
            f"measure {measure} names no column",
            where=one.table,
            got=repr(one.column),
            advice=near_names(one.column, rows.column_names),
        )
    if one.aggregate == "count":
        return Headline(measure, rows.num_rows, f"rows of {one.table}")
    functions = {
        "sum": pc.sum,
        "mean": pc.mean,
        "min": pc.min,
        "max": pc.max,
        "distinct": pc.count_distinct,
    }
    value = functions[one.aggregate](rows.column(one.column)).as_py()
    if value is not None and not isinstance(value, (int, float)):
        raise InvalidInputError(
            "bad-column",
            f"measure {measure} is no number",
            where=f"{one.table}.{one.column}",
            got=type(value).__name__,
        )
    if value is None:
        return None
    return Headline(measure, value, f"{one.aggregate} of {one.table}.{one.column}")


def _rejection(table: str, refused: Refused) -> Rejection:
    return Rejection(
        table=table,
        rule=refused.rule,
        start=refused.row,
        end=refused.row + 1,
        reason=refused.reason,
        digest=words_digest(refused.words),
    )


def _write_down(
    folder: DatasetFolder,
    declared: OwnDeclaration,
    ready: Mapping[str, _Ready],
    types: Mapping[str, type[Record]],
) -> None:
    """Write what was inferred into ``dataset.toml``, for people to see and edit."""
    tables = dict(declared.tables)
    for name, one in ready.items():
        known = tables.get(name)
        if known is None or not known.columns or known.follows_data:
            tables[name] = to_declaration(one.schema, follows_data=name not in types)
    fresh = declared.model_copy(update={"tables": tables, "title": declared.title or folder.name})
    if fresh != declared:
        port.replace_file(folder.path / DATASET_FILE, render_own(fresh).encode())
