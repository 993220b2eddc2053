"""The log of a place where releases are published: entries made once, each linked to the last.

The log says which releases there are; what else stands in a place is not published. A release
is withdrawn by an entry, never by deleting it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from azds.errors import IntegrityError
from azds.release.names import parse_release
from azds.release.refused import ReleaseDamagedError
from azds.release.version import Version
from azds.store import canonical
from azds.store.canonical import Json
from azds.store.fields import Fields

__all__ = ["MOST_ENTRY", "Entry", "Published", "Type", "entry_path", "published", "walk"]

FORMAT = 1
MOST_ENTRY = 1 << 16
MOST_LOG = 1 << 28

Type = Literal["release", "yank"]
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        number: From 1, without gaps.
        previous: The digest of the entry before; empty in the first.
        type: `release` or `yank`.
        release: The name of the release: dataset and version.
        sums: The digest of its ``SHA256SUMS``.
        reason: Of a yank, in words.
        use: Of a yank, the version to use instead; may be empty.
    """

    number: int
    previous: str
    type: Type
    release: str
    sums: str
    reason: str = ""
    use: str = ""

    def to_bytes(self) -> bytes:
        """The bytes of the entry: the twin of `from_bytes`."""
        document: dict[str, Json] = {
            "format": FORMAT,
            "number": self.number,
            "previous": self.previous,
            "type": self.type,
            "release": self.release,
            "sums": self.sums,
        }
        more: dict[str, Json] = {"reason": self.reason, "use": self.use}
        return canonical.dump(document | {name: value for name, value in more.items() if value})

    @property
    def hash(self) -> str:
        """The digest of its bytes."""
        return canonical.hash_of(self.to_bytes())

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> "Entry":
        """The entry that these bytes say.

        Raises:
            ReleaseDamagedError: `release-log`, `release-invalid`.
        """
        try:
            fields = Fields(
                canonical.parse(data, kind="record-changed", where=where),
                kind="record-changed",
                where=where,
            )
            if fields.number("format") != FORMAT:
                raise fields.fault("format", str(FORMAT), fields.number("format"))
            kind = fields.text("type")
            if kind not in {"release", "yank"}:
                raise fields.fault("type", "release or yank", kind)
            if not _DIGEST.fullmatch(fields.text("sums")):
                raise fields.fault("sums", "sha256: and 64 hex digits", fields.text("sums"))
            made = cls(
                fields.number("number", least=1),
                fields.text("previous"),
                "release" if kind == "release" else "yank",
                fields.text("release"),
                fields.text("sums"),
                fields.text("reason", ""),
                fields.text("use", ""),
            )
        except IntegrityError as error:
            raise ReleaseDamagedError(
                "release-log",
                f"this is no entry of a log: {error.what}",
                where=error.where,
                expected=error.expected,
                got=error.got,
            ) from error
        parse_release(made.release)
        return made


@dataclass(frozen=True, slots=True)
class Published:
    """A release as the log tells it.

    Attributes:
        entry: What published it.
        yanked: What withdrew it, or None.
    """

    dataset: str
    version: Version
    entry: Entry
    yanked: Entry | None = None


def entry_path(number: int) -> str:
    """Where an entry stands.

    >>> entry_path(1)
    'log/000001.json'
    """
    return f"log/{number:06d}.json"


def walk(read: Callable[[str, int], bytes | None], where: str) -> tuple[Entry, ...]:
    """All entries of a place, in order; empty where nothing was published.

    Raises:
        ReleaseDamagedError: `release-log`: one that is damaged, or does not follow the last.
    """
    entries: list[Entry] = []
    left = MOST_LOG
    while left > 0:
        path = entry_path(len(entries) + 1)
        data = read(path, MOST_ENTRY)
        if data is None:
            return tuple(entries)
        at = f"{where}/{path}"
        if len(data) > MOST_ENTRY:
            raise ReleaseDamagedError("release-log", "this entry is too long", where=at)
        left -= len(data)
        entry = Entry.from_bytes(data, at)
        expected = entries[-1].hash if entries else ""
        if (entry.number, entry.previous) != (len(entries) + 1, expected):
            raise ReleaseDamagedError(
                "release-log",
                "this entry does not follow the one before",
                where=at,
                expected=f"number {len(entries) + 1} after {expected or 'none'}",
                got=f"number {entry.number} after {entry.previous or 'none'}",
            )
        entries.append(entry)
    raise ReleaseDamagedError("release-log", "this log does not end", where=where)


def published(entries: Sequence[Entry]) -> dict[str, Published]:
    """Every release that the entries publish, by its name, in order.

    Raises:
        ReleaseDamagedError: `release-log`, for a release published twice, or withdrawn unpublished.
    """
    found: dict[str, Published] = {}
    for entry in entries:
        dataset, version = parse_release(entry.release)
        known = found.get(entry.release)
        if (entry.type == "release") is (known is not None):
            raise ReleaseDamagedError(
                "release-log", "an entry that cannot be", where=entry_path(entry.number)
            )
        if known is None:
            found[entry.release] = Published(dataset, version, entry)
        else:
            found[entry.release] = Published(dataset, version, known.entry, entry)
    return found
