"""What page texts come in: API answers, dumps, ``<doc>`` files, or nothing around them.

A container gives `PageRevision`s, one after another, in bounded memory: it
never holds more than one text. Users' names and comments are not read.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain

from azds.errors import InvalidInputError
from azds.ingest.containers.api import read_api
from azds.ingest.containers.docs import read_docs
from azds.ingest.containers.export import read_export
from azds.ingest.containers.packed import unpack
from azds.ingest.containers.page import PageRevision

__all__ = ["KINDS", "PageRevision", "read_pages", "sniff_container"]

KINDS = ("api-json", "doc", "export-xml", "json-text", "text")
MOST = 64 * 1024 * 1024
"""The largest container that is read whole, in bytes; dumps are read piece by piece."""

_HEAD = 4_096
_ENOUGH = 64 * 1024


def sniff_container(head: bytes) -> tuple[str, float]:
    """What the first bytes of a file look like, and how sure that is: 0 to 1.

    >>> sniff_container(b'{"batchcomplete": true, "query": {}}')
    ('api-json', 1.0)
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<mediawiki", b"<?xml")) or b"<!DOCTYPE mediawiki" in start[:200]:
        return "export-xml", 1.0 if b"<mediawiki" in head else 0.7
    if start.startswith((b"{", b"[{")) and not start.startswith((b"{{", b"{|")):
        known = (
            b'"query"',
            b'"batchcomplete"',
            b'"parse"',
            b'"continue"',
            b'"error"',
            b'"source"',
            b'"html"',
        )
        return "api-json", 1.0 if any(word in head for word in known) else 0.6
    if start.startswith(b'"'):
        return "json-text", 0.8 if b"\\n" in head else 0.3
    if start.startswith(b"<doc "):
        return "doc", 1.0
    return "text", 0.9


def read_pages(pieces: Iterable[bytes], container: str | None = None) -> Iterator[PageRevision]:
    """The revisions in a file given piece by piece; compressed ones are unpacked.

    Raises:
        InvalidInputError: `source-unreadable`: broken, truncated before its first revision, too
            large to be read whole, or it grows too much when unpacked.
    """
    stream = unpack(iter(pieces))
    held: list[bytes] = []
    size = 0
    for piece in stream:
        held.append(piece)
        size += len(piece)
        if size >= _ENOUGH:
            break
    head = b"".join(held)
    kind = container or sniff_container(head[:_HEAD])[0]
    if kind == "json-text" and container is None and not _is_json_text(head):
        kind = "text"
    whole = chain([head], stream)
    if kind == "export-xml":
        yield from read_export(whole)
    elif kind == "doc":
        yield from read_docs(_all(whole))
    elif kind == "api-json":
        yield from read_api(_all(whole))
    elif kind == "json-text":
        yield PageRevision(text=_json_text(_all(whole)))
    elif kind == "text":
        yield PageRevision(data=_all(whole))
    else:
        raise InvalidInputError(
            "source-style", "unknown container", expected=" or ".join(KINDS), got=repr(kind)
        )


def _all(pieces: Iterable[bytes]) -> bytes:
    held = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST:
            raise InvalidInputError(
                "source-unreadable",
                "this is too large to be read whole",
                expected=f"at most {MOST} bytes",
                advice="dumps are read piece by piece, other files are not",
            )
        held.append(piece)
    return b"".join(held)


def _is_json_text(head: bytes) -> bool:
    """Whether a text that opens with a quotation mark is a string of JSON, not a quotation."""
    return head.rstrip().endswith(b'"') or b"\\n" in head


def _json_text(data: bytes) -> str:
    try:
        text = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(
            "source-unreadable", "this is no string of JSON", got=str(error)[:80]
        ) from error
    if not isinstance(text, str):
        raise InvalidInputError("source-unreadable", "this is no string of JSON")
    return text
