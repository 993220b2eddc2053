"""The manifests of a dataset as they are stored: whole, or told by how they differ from another.

Each is checked against its log record before it is parsed. A short one (`azds.store.alike`)
names the folder of a whole one; that is read once for all that name it. Loads no pyarrow.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from azds.errors import IntegrityError
from azds.store import canonical, port
from azds.store.alike import LIKE, complete, shorten
from azds.store.canonical import Json
from azds.store.fields import Fields
from azds.store.known import Known
from azds.store.log import LoggedRevision, LogRecord
from azds.store.manifest import Manifest
from azds.store.names import MANIFEST_FILE

__all__ = ["MOST_MANIFEST", "Base", "Bases", "base_folder", "from_stored", "to_stored"]

MOST_MANIFEST = 1 << 28
_SMALL = 1 << 12
"""A manifest of fewer characters is always whole: a short one would save no block of a disk."""
_SHARE = 0.25
"""A short form takes at most this share of the whole one's characters, white space left out."""


@dataclass(frozen=True, slots=True)
class Base:
    """A whole manifest that others are told by.

    Attributes:
        folder: Where it stands.
        document: What it says.
        known: The values of its parts.
    """

    folder: str
    document: dict[str, Json]
    known: Known

    @classmethod
    def of(cls, folder: str, document: dict[str, Json], *, where: str) -> "Base":
        """The base that a whole manifest's document makes.

        Raises:
            IntegrityError: `manifest-invalid`, also where it is told by another one itself.
            FormatError: `format-unknown`.
        """
        if LIKE in document:
            raise IntegrityError("manifest-invalid", "this is no whole manifest", where=where)
        manifest, known = Manifest.from_document(document, where=where), Known()
        tables = Fields(document, kind="manifest-invalid", where=where).named_children("tables")
        for name, entry in manifest.tables.items():
            read = entry.to_document()
            for value, said, given in (
                (entry, read, tables[name].document),
                (entry.schema, read["schema"], tables[name].document["schema"]),
                (entry.coverage, read["coverage"], tables[name].document["coverage"]),
            ):
                if isinstance(given, dict) and given == said:  # else it has fields unknown here
                    known.note(given, value)
        return cls(folder, document, known)


class Bases:
    """The whole manifests that short ones name, each read when it is asked for.

    As long as a dataset has one state: nothing that a record names is ever changed.
    """

    def __init__(self, path: Path, dataset: str, records: Iterable[LogRecord]) -> None:
        self._path = path
        self._dataset = dataset
        self._logged = {
            logged.folder: logged for record in records for logged in record.revisions.values()
        }
        self._read: dict[str, Base] = {}
        self._known = Known()

    def manifest(self, logged: LoggedRevision) -> Manifest:
        """The manifest in a folder, whole or short.

        Raises:
            IntegrityError: `file-missing`, `manifest-changed`, `manifest-invalid`.
            FormatError: `format-unknown`.
        """
        stored, where = self.stored(logged), self._where(logged.folder)
        if LIKE in stored:
            return from_stored(stored, self.base, where=where)
        return Manifest.from_document(stored, where=where, known=self._known)

    def stored(self, logged: LoggedRevision) -> dict[str, Json]:
        """What the file of a manifest says, as it is stored; its bytes are checked.

        Raises:
            IntegrityError: `file-missing`, `manifest-changed`, `manifest-invalid`.
        """
        where = self._where(logged.folder)
        data = port.read_file(self._path / logged.folder / MANIFEST_FILE, MOST_MANIFEST)
        if data is None:
            raise IntegrityError("file-missing", "a manifest is missing", where=where)
        actual = canonical.hash_of(data)
        if actual != logged.manifest:
            raise IntegrityError(
                "manifest-changed",
                "this manifest is not what was written",
                where=where,
                expected=logged.manifest,
                got=actual,
                advice="run `azds verify`",
            )
        return canonical.load(data, kind="manifest-invalid", where=where)

    def base(self, folder: str) -> Base:
        """The whole manifest in a folder that a short one names.

        Raises:
            IntegrityError: `log-broken`, where no record names it; else as `manifest`.
            FormatError: `format-unknown`.
        """
        if folder not in self._read:
            where = self._where(folder)
            logged = self._logged.get(folder)
            if logged is None:
                raise IntegrityError("log-broken", "no record names this folder", where=where)
            self._read[folder] = Base.of(folder, self.stored(logged), where=where)
        return self._read[folder]

    def base_of(self, logged: LoggedRevision) -> Base:
        """The whole manifest that the one in a folder is told by: itself, or another.

        Raises:
            IntegrityError, FormatError: As `manifest`.
        """
        return self.base(base_folder(self.stored(logged)) or logged.folder)

    def as_written(self, manifest: Manifest, logged: LoggedRevision) -> dict[str, Json]:
        """What azds writes for the manifest in a folder, told by what it is told by there.

        Raises:
            IntegrityError, FormatError: As `manifest`.
        """
        folder = base_folder(self.stored(logged))
        whole = manifest.to_document()
        return shorten(whole, self.base(folder).document, folder) if folder else whole

    def _where(self, folder: str) -> str:
        return f"{self._dataset}/{folder}/{MANIFEST_FILE}"


def base_folder(stored: dict[str, Json]) -> str:
    """The folder of the whole manifest that a stored one is told by; empty where it is whole."""
    like = stored.get(LIKE)
    folder = like.get("folder") if isinstance(like, dict) else None
    return folder if isinstance(folder, str) else ""


def from_stored(stored: dict[str, Json], find: Callable[[str], Base], *, where: str) -> Manifest:
    """The manifest that a stored document says: the twin of `to_stored`.

    Raises:
        IntegrityError: `manifest-invalid`.
        FormatError: `format-unknown`.
    """
    if LIKE not in stored:
        return Manifest.from_document(stored, where=where)
    fields = Fields(stored, kind="manifest-invalid", where=where)
    folder = fields.child(LIKE).text("folder")
    try:
        base = find(folder)
    except IntegrityError as error:
        words = f"the whole manifest of {folder}"
        raise fields.fault(f"{LIKE}.folder", words, str(error)) from error
    document = complete(stored, base.document, where=where)
    return Manifest.from_document(document, where=where, known=base.known)


def to_stored(manifest: Manifest, base: Base | None) -> dict[str, Json]:
    """A manifest as it is stored: short, if there is a base, and that says much of it."""
    whole = manifest.to_document()
    if base is None or (size := canonical.size_of(whole)) < _SMALL:
        return whole
    short = shorten(whole, base.document, base.folder)
    return short if canonical.size_of(short) <= _SHARE * size else whole
