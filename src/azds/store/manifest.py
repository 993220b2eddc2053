"""The manifest: everything a reader needs to know of one revision.

Plain values, made from a document and back. Fields that this program does not
know are kept where they stood. No clock, host name or absolute path is in a
manifest; a path in it is data, and is checked before anything opens it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.errors import FormatError, IntegrityError, InvalidInputError
from azds.ids import parse_label, parse_name
from azds.store import canonical
from azds.store.canonical import Json
from azds.store.documents import (
    coverage_from_fields,
    coverage_to_document,
    not_empty,
    schema_from_fields,
    schema_to_document,
)
from azds.store.fields import Fields
from azds.store.known import Known
from azds.store.names import FORMAT, MANIFEST_FILE, PATCH_ENDING, parse_folder

__all__ = [
    "Correction",
    "FileEntry",
    "GroupEntry",
    "Headline",
    "Manifest",
    "Repair",
    "SourceEntry",
    "TableEntry",
]

_FILE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,119}\.parquet")
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")

Step = str | int
Unknown = tuple[tuple[tuple[Step, ...], Json], ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The designated count of a revision, as its publisher declares it.

    A `qualifier` says that it is a bound or an estimate (`azds.qualifiers`); None: it is exact.
    """

    measure: str
    value: int | float
    scope: str
    qualifier: str | None = None

    def to_document(self) -> dict[str, Json]:
        """As a manifest writes it."""
        document: dict[str, Json] = {
            "measure": self.measure,
            "value": self.value,
            "scope": self.scope,
        }
        return document | not_empty({"qualifier": self.qualifier})

    @classmethod
    def from_fields(cls, fields: Fields) -> "Headline":
        """The twin of `to_document`."""
        return cls(
            fields.text("measure"),
            fields.amount("value"),
            fields.text("scope"),
            fields.maybe_text("qualifier"),
        )


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """The stored text that a revision was read from; the text itself is not shipped.

    Attributes:
        digest: Of the source file's bytes.
        style: How the text is written, so which reader read it.
        characters: Its length in code points.
        latest_year: The latest year that it speaks of.
        wording: Digests of its sentences, to tell how much two sources share.
    """

    digest: str
    style: str
    characters: int
    latest_year: int | None = None
    wording: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Json]:
        """As a manifest writes it."""
        document: dict[str, Json] = {
            "digest": self.digest,
            "style": self.style,
            "characters": self.characters,
        }
        return document | not_empty(
            {"latest_year": self.latest_year, "wording": list(self.wording)}
        )

    @classmethod
    def from_fields(cls, fields: Fields) -> "SourceEntry":
        """The twin of `to_document`."""
        return cls(
            fields.text("digest"),
            fields.text("style"),
            fields.number("characters"),
            fields.maybe_number("latest_year"),
            fields.texts("wording"),
        )


@dataclass(frozen=True, slots=True)
class Repair:
    """Characters of the source that were repaired before reading: code points, half-open."""

    rule: str
    start: int
    end: int

    def to_document(self) -> dict[str, Json]:
        """As a manifest writes it."""
        return {"rule": self.rule, "start": self.start, "end": self.end}

    @classmethod
    def from_fields(cls, fields: Fields) -> "Repair":
        """The twin of `to_document`."""
        return cls(fields.text("rule"), fields.number("start"), fields.number("end"))


@dataclass(frozen=True, slots=True)
class Correction:
    """A value put right by people: what it replaces, and why."""

    table: str
    key: str
    column: str
    expects: Json
    value: Json
    reason: str

    def to_document(self) -> dict[str, Json]:
        """As a manifest writes it; null is a value here."""
        return {
            "table": self.table,
            "key": self.key,
            "column": self.column,
            "expects": canonical.thaw(self.expects),
            "value": canonical.thaw(self.value),
            "reason": self.reason,
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> "Correction":
        """The twin of `to_document`."""
        return cls(
            fields.text("table"),
            fields.text("key"),
            fields.text("column"),
            fields.value("expects"),
            fields.value("value"),
            fields.text("reason"),
        )


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A stored file.

    Attributes:
        path: From the dataset's folder, with `/`.
        sha256: The digest of its bytes.
        bytes: Its size.
        on: For a patch, the folder of the revision whose table it applies to; else empty.
        footer: For a whole table that is read in parts, the digest of its Parquet footer.
        numbered: Whether it is a patch that tells rows by their numbers (`azds.store.numbered`).
    """

    path: str
    sha256: str
    bytes: int
    on: str = ""
    footer: str = ""
    numbered: bool = False

    @property
    def is_patch(self) -> bool:
        """Whether it holds a patch and not a whole table."""
        return bool(self.on)

    def to_document(self) -> dict[str, Json]:
        """As a manifest writes it."""
        document: dict[str, Json] = {"path": self.path, "sha256": self.sha256, "bytes": self.bytes}
        return document | not_empty(
            {"on": self.on, "footer": self.footer, "numbered": self.numbered or None}
        )

    @classmethod
    def from_fields(cls, fields: Fields) -> "FileEntry":
        """The twin of `to_document`. A path that leaves the dataset is a fault."""
        path, digest = fields.text("path"), fields.text("sha256")
        folder, _, name = path.partition("/")
        if parse_folder(folder) is None or not _FILE.fullmatch(name):
            raise fields.fault("path", "a revision's folder and a file in it", path)
        on, footer = fields.text("on", ""), fields.text("footer", "")
        for field_name, text in (("sha256", digest), ("footer", footer)):
            if not _SHA256.fullmatch(text) and (text or field_name == "sha256"):
                raise fields.fault(field_name, "`sha256:` and 64 hex digits", text)
        if path.endswith(PATCH_ENDING) != bool(on) or (on and parse_folder(on) is None):
            raise fields.fault("on", "a revision's folder, for patches alone", on)
        numbered = fields.flag("numbered")
        if numbered and not on:
            raise fields.fault("numbered", "only of a patch", numbered)
        return cls(path, digest, fields.number("bytes"), on, footer, numbered)


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A content-defined group of rows and its digest."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of a revision.

    Attributes:
        schema: Its promise.
        rows: How many rows it has.
        digest: Of its content.
        groups: The groups of rows that the digest is made of.
        coverage: How much of it the source could show.
        files: What it is read from: a whole table, or a patch on another revision's. Where
            that is not the patch on the revision before, and there is one, that comes second.
    """

    schema: TableSchema
    rows: int
    digest: str
    groups: tuple[GroupEntry, ...]
    coverage: Coverage
    files: tuple[FileEntry, ...]

    @property
    def file(self) -> FileEntry:
        """What it is read from."""
        return self.files[0]

    @property
    def patch(self) -> FileEntry | None:
        """The patch on the revision before, if there is one."""
        return self.files[-1] if self.files[-1].is_patch else None

    def to_document(self, known: Known | None = None) -> dict[str, Json]:
        """As a manifest writes it; of what is known, the very objects that it was read from."""
        known = known or Known()
        return known.document(self) or {
            "schema": known.document(self.schema) or schema_to_document(self.schema),
            "rows": self.rows,
            "digest": self.digest,
            "groups": [{"rows": group.rows, "digest": group.digest} for group in self.groups],
            "coverage": known.document(self.coverage) or coverage_to_document(self.coverage),
            "files": [file.to_document() for file in self.files],
        }

    @classmethod
    def from_fields(cls, fields: Fields, name: str, known: Known | None = None) -> "TableEntry":
        """The twin of `to_document`, for the table of that name."""
        known, given = known or Known(), fields.document
        before = known.value(given, cls) or known.latest(name, given, cls)
        if before is not None and before.schema.name == name:
            return before
        schema = known.value(given.get("schema"), TableSchema)
        schema = schema or _schema(fields.child("schema"), name, known)
        coverage = known.value(given.get("coverage"), Coverage)
        coverage = coverage or coverage_from_fields(fields.child("coverage"))
        groups = tuple(_group(group, fields) for group in fields.items("groups"))
        files = tuple(FileEntry.from_fields(file) for file in fields.children("files"))
        rows = fields.number("rows")
        if schema.name != name:
            raise fields.fault("schema.name", repr(name), schema.name)
        if sum(group.rows for group in groups) != rows:
            raise fields.fault(
                "groups", f"groups of {rows} rows together", [g.rows for g in groups]
            )
        if len(files) not in {1, 2} or not all(file.is_patch for file in files[1:]):
            raise fields.fault(
                "files", "one file, and maybe a patch", [file.path for file in files]
            )
        entry = cls(schema, rows, fields.text("digest"), groups, coverage, files)
        if isinstance(given, dict) and given == entry.to_document(known):
            known.note_latest(name, given, entry)
        return entry


@dataclass(frozen=True, slots=True)
class Manifest:
    """One revision of a dataset, without its rows.

    Attributes:
        dataset: The dataset's name.
        label: The revision's label.
        position: Its place in the declared order; no date is implied.
        tables: What it holds, by table name.
        writer: The versions of the programs that wrote it.
        about: Of the dataset, as its publisher gives it: title, subject, origin, licence.
        date: Its date in EDTF, where one is known.
        position_declared: Who or what says where it stands among the others.
        headline: Its designated counts.
        source: The text that it was read from.
        repairs: What was repaired in that text before reading.
        corrections: What people put right.
        rejections: How many candidates broke a rule.
        unknown: Fields that this program does not know, with their paths; kept.
    """

    dataset: str
    label: str
    position: int
    tables: Mapping[str, TableEntry]
    writer: Mapping[str, str]
    about: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    date: str | None = None
    position_declared: str = ""
    headline: tuple[Headline, ...] = ()
    source: SourceEntry | None = None
    repairs: tuple[Repair, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rejections: int = 0
    unknown: Unknown = ()

    def to_document(self, known: Known | None = None) -> dict[str, Json]:
        """As stored: the twin of `from_document`. What is empty is left out."""
        tables = {name: entry.to_document(known) for name, entry in self.tables.items()}
        document = self._known() | {"tables": tables} | not_empty(self._known_where_given())
        for path, value in self.unknown:
            _put(document, path, canonical.thaw(value))
        return document

    def to_bytes(self) -> bytes:
        """The bytes of the manifest's file."""
        return canonical.dump(self.to_document())

    def _known(self) -> dict[str, Json]:
        return {
            "format": FORMAT,
            "dataset": self.dataset,
            "label": self.label,
            "position": self.position,
            "writer": dict(self.writer),
        }

    def _known_where_given(self) -> dict[str, Json]:
        return {
            "about": canonical.thaw(self.about),
            "date": self.date,
            "position_declared": self.position_declared,
            "headline": [headline.to_document() for headline in self.headline],
            "source": self.source.to_document() if self.source else None,
            "repairs": [repair.to_document() for repair in self.repairs],
            "corrections": [correction.to_document() for correction in self.corrections],
            "rejections": self.rejections or None,
        }

    @classmethod
    def from_document(
        cls, document: Json, *, where: str = MANIFEST_FILE, known: Known | None = None
    ) -> "Manifest":
        """The manifest that a document says. What is `known` already is not read again.

        Raises:
            IntegrityError: `manifest-invalid`, with the path of the field.
            FormatError: `format-unknown`.
        """
        fields = Fields(document, kind="manifest-invalid", where=where)
        try:
            return cls._from_fields(fields, known)
        except RecursionError as error:
            raise IntegrityError("manifest-invalid", "nested too deep", where=where) from error

    @classmethod
    def from_bytes(cls, data: bytes, *, where: str = MANIFEST_FILE) -> "Manifest":
        """The manifest that a file says by itself: the twin of `to_bytes`. Its digest was checked.

        Raises:
            IntegrityError: `manifest-invalid`.
            FormatError: `format-unknown`.
        """
        return cls.from_document(
            canonical.load(data, kind="manifest-invalid", where=where), where=where
        )

    @classmethod
    def _from_fields(cls, fields: Fields, known: Known | None) -> "Manifest":
        if (number := fields.number("format")) != FORMAT:
            raise FormatError(
                "format-unknown",
                "this manifest has a format that this program does not know",
                where=fields.where,
                expected=str(FORMAT),
                got=str(number),
                advice="use a newer azds",
            )
        writer = fields.child("writer")
        source = fields.maybe_child("source")
        manifest = cls(
            dataset=_checked(fields, "dataset"),
            label=_checked(fields, "label"),
            position=fields.number("position"),
            tables=MappingProxyType(
                {
                    _table_name(fields, name): TableEntry.from_fields(entry, name, known)
                    for name, entry in fields.named_children("tables").items()
                }
            ),
            writer=MappingProxyType({name: writer.text(name) for name in writer.document}),
            about=fields.mapping("about"),
            date=fields.maybe_text("date"),
            position_declared=fields.text("position_declared", ""),
            headline=tuple(
                Headline.from_fields(item) for item in fields.maybe_children("headline")
            ),
            source=SourceEntry.from_fields(source) if source else None,
            repairs=tuple(Repair.from_fields(item) for item in fields.maybe_children("repairs")),
            corrections=tuple(
                Correction.from_fields(item) for item in fields.maybe_children("corrections")
            ),
            rejections=fields.number("rejections", 0),
        )
        read = manifest.to_document(known)
        unknown = tuple(sorted(_beyond(fields.document, read, ()), key=_path))
        return replace(manifest, unknown=unknown) if unknown else manifest


def _schema(fields: Fields, name: str, known: Known) -> TableSchema:
    given = fields.document
    before = known.latest(f"{name}.schema", given, TableSchema)
    if before is not None:
        return before
    schema = schema_from_fields(fields)
    if isinstance(given, dict) and given == schema_to_document(schema):
        known.note_latest(f"{name}.schema", given, schema)
    return schema


def _group(group: Json, fields: Fields) -> GroupEntry:
    """One of the groups of a table; there may be thousands in one manifest."""
    if isinstance(group, dict):
        rows, digest = group.get("rows"), group.get("digest")
        if type(rows) is int and rows >= 0 and isinstance(digest, str):
            return GroupEntry(rows, digest)
    raise fields.fault("groups", "groups with their rows and digest", group)


def _checked(fields: Fields, name: str) -> str:
    text = fields.text(name)
    try:
        return parse_label(text) if name == "label" else parse_name(text, "dataset")
    except InvalidInputError as error:
        raise fields.fault(name, f"a {name}", text) from error


def _table_name(fields: Fields, name: str) -> str:
    try:
        return parse_name(name, "table")
    except InvalidInputError as error:
        raise fields.fault("tables", "names of tables", name) from error


def _beyond(
    given: Json, known: Json, at: tuple[Step, ...]
) -> Iterator[tuple[tuple[Step, ...], Json]]:
    """The fields that `given` has and `known` has not: their paths and values."""
    if given == known:
        return
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        for name, value in given.items():
            if name in known:
                yield from _beyond(value, known[name], (*at, name))
            else:
                yield (*at, name), canonical.freeze(value)
    elif isinstance(known, list) and isinstance(given, Sequence):
        for number, (inner, same) in enumerate(zip(given, known, strict=True)):
            yield from _beyond(inner, same, (*at, number))


def _path(unknown: tuple[tuple[Step, ...], Json]) -> tuple[Step, ...]:
    return unknown[0]  # two paths part at the names or the numbers of one place, which compare


def _put(document: dict[str, Json], path: tuple[Step, ...], value: Json) -> None:
    """Put a field back in its place, unless the place is gone or taken by now."""
    place: Json = document
    for step in path[:-1]:
        if isinstance(place, dict) and step in place:
            place = place[str(step)]
        elif isinstance(place, list) and isinstance(step, int) and step < len(place):
            place = place[step]
        else:
            return
    if isinstance(place, dict):
        place.setdefault(str(path[-1]), value)
