"""What a stored patch says of itself: its format, both ends, the columns that its masks name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from azds.changes.end_documents import Json, end_from_document
from azds.changes.making import has_same_key
from azds.changes.misfits import broken
from azds.changes.patch import End
from azds.errors import FormatError

__all__ = ["FORMAT", "Metadata", "read_metadata"]

FORMAT = "azds-patch-1"
_FIELDS = {"format", "old", "new", "columns"}
_MOST_METADATA = 1 << 24


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of a stored patch."""

    old: End
    new: End
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """The key columns that both ends have; none where the keys differ."""


def read_metadata(metadata: Mapping[bytes, bytes] | None) -> Metadata:
    """What the metadata of a stored patch says.

    Raises:
        FormatError: `format-unknown`.
        InvalidInputError: it is no patch.
    """
    data = (metadata or {}).get(b"azds")
    if data is None:
        raise broken("this is no patch: its metadata say nothing of azds", "patch")
    if len(data) > _MOST_METADATA:
        raise broken("metadata of a size that no patch has", "patch", got=f"{len(data)} bytes")
    try:
        document: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise broken("its metadata are no JSON", "patch", got=str(error)[:80]) from error
    if not isinstance(document, Mapping):
        raise broken("its metadata are no object", "patch")
    if document.get("format") != FORMAT:
        raise FormatError(
            "format-unknown",
            "a patch of a format that this program does not know",
            where="patch",
            expected=FORMAT,
            got=repr(document.get("format"))[:80],
        )
    unknown = sorted(document.keys() - _FIELDS)
    if unknown:
        raise broken("unknown fields", "patch", None, ", ".join(unknown)[:80])
    old = end_from_document(document.get("old"), "patch: old")
    after = document.get("new")
    if isinstance(after, Mapping) and "schema" not in after:
        before = document["old"]
        after = {**after, "schema": before["schema"] if isinstance(before, Mapping) else None}
    new = end_from_document(after, "patch: new")
    key = old.schema.key if has_same_key(old.schema, new.schema) else ()
    columns = document.get("columns", [])
    known = {*old.schema.names, *new.schema.names} - {*key}
    if (
        not isinstance(columns, list)
        or not all(isinstance(name, str) and name in known for name in columns)
        or len(set(columns)) < len(columns)
        or (columns and not key)
    ):
        raise broken(
            "columns that neither end has", "patch: columns", ", ".join(sorted(known))[:80],
            repr(columns)[:80],
        )  # fmt: skip
    return Metadata(old, new, tuple(str(name) for name in columns), key)
