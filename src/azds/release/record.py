"""``release.json``: everything that a reader needs to open, check and rebuild a release."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType

from azds._version import __version__
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.dataset.snapshot import Snapshot
from azds.errors import FormatError, IntegrityError
from azds.release.contents import Contents
from azds.release.names import parse_path, parse_release
from azds.release.refused import ReleaseDamagedError
from azds.release.version import Version
from azds.release.words import json_bytes
from azds.store import canonical
from azds.store.canonical import Json
from azds.store.documents import (
    coverage_from_fields,
    coverage_to_document,
    schema_from_fields,
    schema_to_document,
)
from azds.store.fields import Fields
from azds.store.manifest import Correction, Headline, Repair, SourceEntry
from azds.store.staged import StagedRevision

__all__ = ["FORMAT", "Record", "RecordedTable", "read_record", "record_bytes"]

FORMAT = 1
KIND = "azds-release"


def record_bytes(contents: Contents, held: Iterable[str], pyarrow: str) -> bytes:
    """The record of a release; `held` are all labels of the store it was built from."""
    document: dict[str, object] = {
        "kind": KIND,
        "format": FORMAT,
        "dataset": contents.dataset,
        "title": contents.title,
        "version": str(contents.version),
        "date": contents.request.date,
        "doi": contents.request.doi or None,
        "previous": dict(contents.previous) if contents.previous else None,
        "bump": contents.bump.to_document(),
        "notes": contents.notes.to_document(),
        "origin": _origin(contents),
        "held": sorted(held),
        "asked": {
            "revisions": list(contents.request.revisions),
            "version": contents.request.version,
            "declared": dict(sorted(contents.request.declared.items())),
        },
        "revisions": [_revision(contents, one) for one in contents.snapshots],
        "changes": [dict(one) for one in contents.changes],
        "files": [
            {"path": one.path, "bytes": one.size, "sha256": one.sha256}
            for _, one in sorted(contents.files.items(), key=lambda item: item[0].encode())
        ],
        "tools": {"azds": __version__, "pyarrow": pyarrow, "digest": "azds-hash-1"},
    }
    return json_bytes(document)


def _origin(contents: Contents) -> dict[str, object]:
    told = asdict(contents.origin)
    told["revisions"] = [dict(one) for one in told["revisions"]]
    return told


def _revision(contents: Contents, one: Snapshot) -> dict[str, object]:
    manifest = one.manifest
    return {
        "label": manifest.label,
        "position": manifest.position,
        "position_declared": manifest.position_declared,
        "date": manifest.date,
        "split": contents.splits[one.label],
        "about": canonical.thaw(manifest.about),
        "headline": [each.to_document() for each in manifest.headline],
        "source": manifest.source.to_document() if manifest.source else None,
        "repairs": [each.to_document() for each in manifest.repairs],
        "corrections": [each.to_document() for each in manifest.corrections],
        "rejections": manifest.rejections,
        "writer": dict(manifest.writer),
        "tables": {
            part.table: {
                "path": part.path,
                "csv": part.csv,
                "rows": part.rows,
                "digest": part.digest,
                "coverage": coverage_to_document(part.coverage),
                "schema": schema_to_document(part.schema),
            }
            for part in contents.parts
            if part.label == one.label
        },
    }


@dataclass(frozen=True, slots=True)
class RecordedTable:
    """A table of a revision: its Parquet file, its number of rows, its content digest."""

    path: str
    rows: int
    digest: str
    schema: TableSchema
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Record:
    """What ``release.json`` says, checked.

    Attributes:
        revisions: As they will be staged, without their rows: tables stand in `tables`.
        tables: By name and label.
        sizes: By path, the bytes of each file that the record knows.
        held: All labels of the store at the time.
        words: Title, description, attribution, as people read them.
        asked: What the builder was asked: revisions, version, declared.
        document: The whole, as it was read.
    """

    dataset: str
    version: Version
    date: str
    doi: str
    previous: Mapping[str, str] | None
    revisions: Sequence[StagedRevision]
    tables: Mapping[tuple[str, str], RecordedTable]
    sizes: Mapping[str, int]
    held: frozenset[str]
    words: Mapping[str, str]
    document: Mapping[str, Json]


def read_record(data: bytes, where: str) -> Record:
    """The record that these bytes say.

    Raises:
        ReleaseDamagedError: `release-invalid`, `release-path`.
        FormatError: `format-unknown`.
    """
    try:
        document = canonical.load(data, kind="manifest-invalid", where=where)
        return _record(document, where)
    except ReleaseDamagedError:
        raise
    except IntegrityError as error:
        raise ReleaseDamagedError(
            "release-invalid",
            error.what,
            where=error.where,
            expected=error.expected,
            got=error.got,
        ) from error


def _record(document: dict[str, Json], where: str) -> Record:
    fields = Fields(document, kind="manifest-invalid", where=where)
    if fields.text("kind") != KIND:
        raise fields.fault("kind", KIND, fields.text("kind"))
    if (number := fields.number("format")) != FORMAT:
        raise FormatError(
            "format-unknown",
            "this release has a format that this program does not know",
            where=where,
            expected=str(FORMAT),
            got=str(number),
            advice="use a newer azds",
        )
    tables: dict[tuple[str, str], RecordedTable] = {}
    revisions = []
    for one in fields.children("revisions"):
        label = one.text("label")
        for name, table in one.named_children("tables").items():
            path = parse_path(table.text("path"), where)
            tables[name, label] = RecordedTable(
                path,
                table.number("rows"),
                table.text("digest"),
                schema_from_fields(table.child("schema")),
                coverage_from_fields(table.child("coverage")),
            )
        revisions.append(_staged(one))
    if not revisions:
        raise fields.fault("revisions", "at least one", [])
    previous = fields.maybe_child("previous")
    origin = fields.child("origin")
    dataset, version = parse_release(f"{fields.text('dataset')}-{fields.text('version')}")
    return Record(
        dataset=dataset,
        version=version,
        date=fields.text("date"),
        doi=fields.text("doi", ""),
        previous=MappingProxyType({n: previous.text(n) for n in ("version", "sums")})
        if previous
        else None,
        revisions=tuple(revisions),
        tables=MappingProxyType(tables),
        sizes=MappingProxyType(
            {
                parse_path(file.text("path"), where): file.number("bytes")
                for file in fields.children("files")
            }
        ),
        held=frozenset(fields.texts("held")),
        words=MappingProxyType(
            {
                name: value
                for name, value in origin.document.items()
                if isinstance(value, str) and value
            }
        ),
        document=document,
    )


def _staged(fields: Fields) -> StagedRevision:
    """A revision without its tables: `Record.tables` says where their rows are."""
    source = fields.maybe_child("source")
    return StagedRevision(
        label=fields.text("label"),
        tables={},
        position=fields.number("position"),
        about=fields.mapping("about"),
        date=fields.maybe_text("date"),
        position_declared=fields.text("position_declared", ""),
        headline=tuple(Headline.from_fields(one) for one in fields.maybe_children("headline")),
        source=SourceEntry.from_fields(source) if source else None,
        repairs=tuple(Repair.from_fields(one) for one in fields.maybe_children("repairs")),
        corrections=tuple(
            Correction.from_fields(one) for one in fields.maybe_children("corrections")
        ),
        rejections=fields.number("rejections", 0),
    )
