"""What was read of one manifest already, for others that share parts of it.

A history has thousands of manifests that hold the same few schemas, and tables that stay as
they are for some revisions: each is read once.
"""

from collections.abc import Mapping
from typing import TypeVar

from azds.store.canonical import Json

__all__ = ["Known"]

T = TypeVar("T")


class Known:
    """Parts of documents and the values that they say, each by the identity of the other.

    What is noted must say no more than its value does, and must not be changed any more.
    """

    def __init__(self) -> None:
        self._values: dict[int, tuple[Mapping[str, Json], object]] = {}
        self._documents: dict[int, dict[str, Json]] = {}
        self._latest: dict[str, tuple[dict[str, Json], object]] = {}

    def note(self, document: dict[str, Json], value: object) -> None:
        """Keep a document and what it says."""
        self._values[id(document)] = (document, value)
        self._documents[id(value)] = document

    def note_latest(self, name: str, document: dict[str, Json], value: object) -> None:
        """Keep a document and what it says, until there is a later one of this name."""
        if name in self._latest:
            self._documents.pop(id(self._latest[name][1]), None)
        self._latest[name] = (document, value)
        self._documents[id(value)] = document

    def value(self, document: object, kind: type[T]) -> T | None:
        """What this very object says, if it is known and of this kind."""
        _, value = self._values.get(id(document), (None, None))
        return value if isinstance(value, kind) else None

    def latest(self, name: str, document: object, kind: type[T]) -> T | None:
        """What an equal object says, if it is the latest of this name."""
        before, value = self._latest.get(name, (None, None))
        return value if isinstance(value, kind) and before == document else None

    def document(self, value: object) -> dict[str, Json] | None:
        """The object that says this very value, if it is known."""
        return self._documents.get(id(value))
