"""The log of a dataset: one record per commit, each linked to the one before.

A record names the folders that its commit made, one for each label; a label
counts as its latest folder. Records are made once, never changed, and numbered
without gaps, so that the highest record is the state of the dataset.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from azds.errors import FormatError, IntegrityError
from azds.store import canonical, port
from azds.store.canonical import Json
from azds.store.fields import Fields
from azds.store.names import FORMAT, LOG_FOLDER, parse_folder, record_file, record_number

__all__ = [
    "LogRecord",
    "LoggedRevision",
    "latest",
    "read_log",
    "read_record",
]

_MOST_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class LoggedRevision:
    """Where one edition of a revision is, and the digest of its manifest's bytes."""

    folder: str
    manifest: str


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One commit.

    Attributes:
        number: From 1, without gaps.
        parent: The hash of the record before; None in the first.
        revisions: What this commit published, by label.
        hash: Of the record itself: of its canonical form without this field.
        message: What the commit was, in its author's words; no digest of the data depends on it.
        author: Who made it, as they call themselves; likewise.
    """

    number: int
    parent: str | None
    revisions: Mapping[str, LoggedRevision]
    hash: str
    message: str = ""
    author: str = ""

    @classmethod
    def after(
        cls,
        parent: "LogRecord | None",
        revisions: Mapping[str, LoggedRevision],
        *,
        message: str = "",
        author: str = "",
    ) -> "LogRecord":
        """The next record: what follows `parent`, or the first."""
        number, before = (parent.number + 1, parent.hash) if parent else (1, None)
        made = cls(number, before, MappingProxyType(dict(revisions)), "", message, author)
        return replace(made, hash=canonical.hash_of(canonical.dump(made._document())))

    def to_bytes(self) -> bytes:
        """The bytes of the record's file."""
        return canonical.dump(self._document() | {"hash": self.hash})

    def _document(self) -> dict[str, Json]:
        """All but the hash; what is empty is left out."""
        document: dict[str, Json] = {
            "format": FORMAT,
            "number": self.number,
            "parent": self.parent,
            "revisions": {
                label: {"folder": revision.folder, "manifest": revision.manifest}
                for label, revision in self.revisions.items()
            },
        }
        said: dict[str, Json] = {"message": self.message, "author": self.author}
        return document | {name: words for name, words in said.items() if words}

    @classmethod
    def from_bytes(cls, data: bytes, *, where: str) -> "LogRecord":
        """The record that a file says: the twin of `to_bytes`.

        Raises:
            IntegrityError: `record-changed`, if it is not what was written.
            FormatError: `format-unknown`.
        """
        document = canonical.parse(data, kind="record-changed", where=where)
        stated = document.pop("hash", None)
        actual = canonical.hash_of(canonical.dump(document))
        if stated != actual:
            raise IntegrityError(
                "record-changed",
                "this record is not what was written",
                where=where,
                expected=str(stated),
                got=actual,
            )
        fields = Fields(document, kind="record-changed", where=where)
        if (number := fields.number("format")) != FORMAT:
            raise FormatError(
                "format-unknown",
                "this record has a format that this program does not know",
                where=where,
                expected=str(FORMAT),
                got=str(number),
                advice="use a newer azds",
            )
        revisions = {
            label: LoggedRevision(_folder(entry, label), entry.text("manifest"))
            for label, entry in fields.named_children("revisions").items()
        }
        if not revisions:
            raise fields.fault("revisions", "at least one", {})
        return cls(
            fields.number("number", least=1),
            fields.maybe_text("parent"),
            MappingProxyType(revisions),
            actual,
            fields.text("message", ""),
            fields.text("author", ""),
        )


def read_record(path: Path, number: int, *, where: str) -> LogRecord:
    """The record of that number.

    Raises:
        IntegrityError: `log-broken` (there is none), `record-changed`.
        FormatError: `format-unknown`.
    """
    data = port.read_file(path / LOG_FOLDER / record_file(number), _MOST_BYTES)
    if data is None:
        raise IntegrityError("log-broken", "a record is missing", where=where)
    record = LogRecord.from_bytes(data, where=where)
    if record.number != number:
        raise IntegrityError(
            "record-changed",
            "this is the record of another number",
            where=where,
            expected=str(number),
            got=str(record.number),
        )
    return record


def read_log(path: Path, *, where: str) -> tuple[LogRecord, ...] | None:
    """All records of the dataset at `path`, in order; None if it has no log.

    Raises:
        IntegrityError: `record-changed`, or `log-broken` (a gap, a record that does not
            follow the one before, a folder named twice).
        FormatError: `format-unknown`.
    """
    names = port.list_folder(path / LOG_FOLDER)
    if names is None:
        return None
    last = max((number for name in names if (number := record_number(name))), default=0)
    records: list[LogRecord] = []
    folders: set[str] = set()
    for number in range(1, last + 1):
        at = f"{where}/{LOG_FOLDER}/{record_file(number)}"
        record = read_record(path, number, where=at)
        parent = records[-1].hash if records else None
        if record.parent != parent:
            raise IntegrityError(
                "log-broken",
                "this record does not follow the one before",
                where=at,
                expected=str(parent),
                got=str(record.parent),
            )
        made = {revision.folder for revision in record.revisions.values()}
        if made & folders:
            raise IntegrityError(
                "log-broken",
                "this record names a folder of an earlier one",
                where=at,
                got=", ".join(sorted(made & folders)),
            )
        folders |= made
        records.append(record)
    return tuple(records)


def latest(records: Iterable[LogRecord]) -> dict[str, LoggedRevision]:
    """The folder that counts for each label."""
    counts: dict[str, LoggedRevision] = {}
    for record in records:
        counts |= record.revisions
    return counts


def _folder(fields: Fields, label: str) -> str:
    folder = fields.text("folder")
    parsed = parse_folder(folder)
    if parsed is None or parsed[0] != label:
        raise fields.fault("folder", f"a folder of {label!r}", folder)
    return folder
