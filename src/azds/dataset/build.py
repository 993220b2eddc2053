"""Building a dataset from its sources: read, extract, stage, commit; all revisions or none."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from azds.coverage import Coverage
from azds.dataset.declaration import (
    Declaration,
    HeadlineDeclaration,
    RevisionDeclaration,
    parse_declaration,
)
from azds.dataset.extracted_tables import SERVING, TableMaker, repairs_of, source_of
from azds.dataset.revision import BOOKKEEPING
from azds.dataset.sources import find_source
from azds.dataset.writer import WRITER
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import KeyValue, format_key, near_names
from azds.ingest.corrections import Correction
from azds.ingest.extract import Extraction, extract
from azds.ingest.vocabulary import Vocabulary
from azds.progress import task
from azds.records import Record, registered, table_schema
from azds.store import manifest as stored
from azds.store import port
from azds.store.compare import first_difference
from azds.store.folder import StoreFolder, init_store
from azds.store.names import DATASET_FILE
from azds.store.staged import Commit, StagedRevision, StagedTable

__all__ = ["Built", "build", "check_build"]

_MOST_DECLARED = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the commit; by revision its rows by table, and what was refused."""

    commit: Commit
    rows: Mapping[str, Mapping[str, int]]
    rejections: Mapping[str, int]
    corrections: Mapping[str, int]

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "commit": self.commit.number,
            "folders": dict(self.commit.folders),
            "rows": {label: dict(rows) for label, rows in self.rows.items()},
            "rejections": dict(self.rejections),
            "corrections": dict(self.corrections),
        }


def build(store: StoreFolder, name: str, sources: Path | str | Sequence[Path]) -> Built:
    """Read every declared source, extract its facts, and commit all revisions at once.

    Interrupted at any point, the dataset is as it was; the same call then works.

    Raises:
        NotFoundError: `dataset-file-missing`, `source-missing`.
        InvalidInputError: `dataset-file-invalid`, `source-changed`, `source-unreadable`,
            `correction-fails`, `bad-coverage`.
        StorageError, IntegrityError: from the store.
    """
    staged = _stage(store, name, sources)
    return _built(store.dataset(name).commit(staged, writer=WRITER), staged)


def check_build(store: StoreFolder, name: str, sources: Path | str | Sequence[Path]) -> str | None:
    """The first difference between what a build gives and what is stored; None if there is none.

    Builds in a temporary folder; the store is only read.

    Raises:
        As `build`.
    """
    staged = _stage(store, name, sources)
    with tempfile.TemporaryDirectory(prefix="azds-check-") as folder:
        fresh = init_store(Path(folder) / "store")
        fresh.create(name).commit(staged, writer=WRITER)
        return first_difference(fresh, store, name)


def _stage(
    store: StoreFolder, name: str, sources: Path | str | Sequence[Path]
) -> list[StagedRevision]:
    path = store.path / name / DATASET_FILE
    data = port.read_file(path, _MOST_DECLARED)
    if data is None:
        known = [
            n
            for n in port.list_folder(store.path) or []
            if port.kind_of(store.path / n / DATASET_FILE)
        ]
        raise NotFoundError(
            "dataset-file-missing",
            f"dataset {name} has no {DATASET_FILE} to build from",
            where=str(path),
            advice=near_names(name, known),
        )
    declaration = parse_declaration(data, str(path))
    staged = []
    with task("extracting", "revisions", len(declaration.revisions)) as advance:
        for position, revision in enumerate(declaration.revisions, 1):
            source = find_source(sources, revision.source, revision.label)
            staged.append(_revision(declaration, position, revision, source))
            advance(1)
    return staged


def _revision(
    declaration: Declaration, position: int, revision: RevisionDeclaration, source: bytes
) -> StagedRevision:
    corrections = [
        Correction(
            one.table,
            one.key,
            one.column,
            one.expects,
            one.value,
            one.reason,
            one.row,
            one.words,
            one.nth,
        )
        for one in revision.corrections
    ]
    said = declaration.vocabulary
    types = registered(declaration.family)
    found = extract(
        source,
        subject=declaration.subject,
        family=declaration.family,
        style=revision.style,
        corrections=corrections,
        vocabulary=Vocabulary(said.sides, said.others, said.claimants, said.allies),
    )
    return StagedRevision(
        label=revision.label,
        tables=_tables(declaration, revision, found),
        position=position,
        about={
            "title": declaration.title,
            "subject": declaration.subject,
            "origin": dict(declaration.origin),
        },
        date=revision.date,
        position_declared=revision.position_declared,
        headline=tuple(
            stored.Headline(one.measure, one.value, one.scope, _qualifier(one, found))
            for one in revision.headline
        ),
        source=source_of(found),
        repairs=repairs_of(found),
        corrections=tuple(
            stored.Correction(
                c.table,
                c.key or format_key(_added_key(types[c.table], c)),
                c.column,
                c.expects,
                c.words if c.row is not None else c.value,
                c.reason,
            )
            for c in corrections
        ),
        rejections=len(found.rejections),
    )


def _qualifier(declared: HeadlineDeclaration, found: Extraction) -> str | None:
    """What bounds a declared count, by the rows that state it; a plain one counts first."""
    told = [
        row["qualifier"]
        for row in (count.model_dump() for count in found.tables.get("counts", ()))
        if (row["measure"], row["scope"], row["value"])
        == (declared.measure, declared.scope, declared.value)
    ]
    return None if None in told or not told else str(told[0])


def _added_key(record: type[Record], one: Correction) -> list[KeyValue]:
    """The key of a row that a correction adds."""
    cells = one.row or {}
    return [
        cell for name in table_schema(record).key if isinstance(cell := cells.get(name), str | int)
    ]


def _tables(
    declaration: Declaration, revision: RevisionDeclaration, found: Extraction
) -> dict[str, StagedTable]:
    maker = TableMaker(declaration.family)
    rows: dict[str, Sequence[Record]] = {
        **found.tables,
        "evidence": found.evidence,
        "rejections": found.rejections,
    }
    unknown = sorted(set(revision.coverage) - set(rows))
    missing = sorted(set(rows) - set(revision.coverage) - set(BOOKKEEPING))
    if unknown or missing:
        raise InvalidInputError(
            "bad-coverage",
            "every table needs its coverage, and nothing else has one",
            where=f"revision {revision.label}",
            expected=", ".join(missing) or None,
            got=", ".join(unknown) or None,
        )
    return {
        name: StagedTable(
            table_schema(maker.types[name]), _coverage(name, revision, rows[name]), table
        )
        for name, table in maker.tables(found).items()
    }


def _coverage(name: str, revision: RevisionDeclaration, rows: Sequence[Record]) -> Coverage:
    if name in BOOKKEEPING:
        return SERVING
    coverage = revision.coverage[name].coverage()
    if coverage.level == "absent" and rows:
        raise InvalidInputError(
            "bad-coverage",
            f"declared absent, but the source states {len(rows)} row(s)",
            where=f"revision {revision.label} {name}",
        )
    return coverage


def _built(commit: Commit, staged: Sequence[StagedRevision]) -> Built:
    return Built(
        commit,
        {one.label: one.rows for one in staged},
        {one.label: one.rejections for one in staged},
        {one.label: len(one.corrections) for one in staged},
    )
