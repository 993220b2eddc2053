"""Export XML of MediaWiki (schemas 0.3 to 0.11), read piece by piece in bounded memory.

Nothing of it is kept but what a `PageRevision` holds. A declaration of entities
is refused: no export has one. A dump that breaks off gives the revisions before
the break, and then one that is refused.
"""

from collections.abc import Iterable, Iterator
from xml.parsers import expat

from azds.errors import InvalidInputError
from azds.ingest.containers.page import PageRevision
from azds.ingest.source import LIMIT

__all__ = ["read_export"]

_KEPT = frozenset({"title", "id", "timestamp", "model", "text", "ns"})
_DEEPEST = 12
_LONGEST_FIELD = 4_096


def read_export(pieces: Iterable[bytes]) -> Iterator[PageRevision]:
    """The revisions of all articles in an export, in its order; other namespaces left out.

    Raises:
        InvalidInputError: `source-unreadable`: no export, broken before its first revision,
            or it declares entities.
    """
    reader = _Reader()
    given = False
    try:
        for piece in pieces:
            reader.parser.Parse(piece, False)  # noqa: FBT003 - expat's signature
            for one in reader.take():
                given = True
                yield one
        reader.parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        if not given and not reader.found:
            raise InvalidInputError(
                "source-unreadable", "this is no whole export of MediaWiki", got=str(error)[:80]
            ) from error
        yield from reader.take()
        yield PageRevision(
            title=reader.page.get("title"),
            refused="truncated",
            reason="the export breaks off; what stands before the break was read",
        )
        return
    yield from reader.take()


class _Reader:
    """Hears the parser; `found` is what was read and not yet taken."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.found: list[PageRevision] = []
        self.page: dict[str, str] = {}
        self.revision: dict[str, str] | None = None
        self.hidden = False
        self.path: list[str] = []
        self.held: list[str] = []
        self.size = 0

    def take(self) -> list[PageRevision]:
        """What was read since the last time."""
        found, self.found = self.found, []
        return found

    def _doctype(self, *_: object) -> None:
        raise InvalidInputError(
            "source-unreadable",
            "this XML declares a document type, as no export of MediaWiki does",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.path and name != "mediawiki":
            raise InvalidInputError(
                "source-unreadable", "this XML is no export of MediaWiki", got=f"<{name[:40]}>"
            )
        self.path.append(name if len(self.path) < _DEEPEST else "")
        if name == "page":
            self.page = {}
        elif name == "revision":
            self.revision, self.hidden = {}, False
        elif name == "text" and ("deleted" in attributes):
            self.hidden = True
        self.held, self.size = [], 0

    def _words(self, words: str) -> None:
        name = self.path[-1] if self.path else ""
        if name not in _KEPT:
            return
        self.size += len(words)
        if self.size <= (LIMIT if name == "text" else _LONGEST_FIELD):
            self.held.append(words)

    def _end(self, name: str) -> None:
        self.path.pop()
        parent = self.path[-1] if self.path else ""
        words = "".join(self.held)
        if parent == "page" and name in {"title", "ns"}:
            self.page[name] = words
        elif parent == "revision" and self.revision is not None and name in _KEPT:
            if name == "text" and self.size > LIMIT:
                self.revision["large"] = str(self.size)
                words = ""
            self.revision[name] = words
        elif name == "revision" and self.revision is not None:
            if self.page.get("ns", "0") == "0":
                self.found.append(self._made(self.revision))
            self.revision = None
        self.held, self.size = [], 0

    def _made(self, one: dict[str, str]) -> PageRevision:
        refused = reason = ""
        model = one.get("model", "wikitext")
        if self.hidden:
            refused, reason = "text-hidden", "the text of this revision was hidden by the wiki"
        elif "large" in one:
            refused, reason = "too-large", f"the text has {one['large']} characters"
        elif "text" not in one:
            refused, reason = "text-missing", "the export holds no text of this revision"
        elif model != "wikitext":
            refused, reason = "not-wikitext", f"the page holds {model}"
        number = one.get("id", "")
        return PageRevision(
            text=None if refused else one["text"],
            title=self.page.get("title"),
            revision=int(number) if number.isdecimal() and number.isascii() else None,
            timestamp=one.get("timestamp") or None,
            form="wikitext",
            refused=refused,
            reason=reason,
        )
