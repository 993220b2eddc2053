"""Whether a stored table is the one that its manifest describes.

Loads pyarrow. For `verify` alone: readers trust the file's digest.
"""

import pyarrow as pa

from azds.arrow.digest import content_digest
from azds.arrow.keys import is_strictly_sorted
from azds.errors import IntegrityError
from azds.store.manifest import TableEntry
from azds.store.parquet import decode

__all__ = ["check_content"]


def check_content(data: bytes, entry: TableEntry, *, where: str) -> None:
    """Refuse bytes that are not the table whose rows, order and digest the entry gives.

    Raises:
        IntegrityError: `parquet-unreadable`, `content-changed`, `key-order`.
    """
    table = decode(data, entry.schema, rows=entry.rows, where=where)
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise IntegrityError("content-changed", str(error), where=where) from error
    if not is_strictly_sorted(table, entry.schema.key):
        raise IntegrityError("key-order", "keys repeat or are out of order", where=where)
    content = content_digest(table, entry.schema)
    groups = [(group.rows, group.digest) for group in content.groups]
    if content.digest != entry.digest or groups != [(g.rows, g.digest) for g in entry.groups]:
        raise IntegrityError(
            "content-changed",
            "the content is not the manifest's",
            where=where,
            expected=entry.digest,
            got=content.digest,
        )
