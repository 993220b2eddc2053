"""The fields of a stored document, read by type; a fault names the path of the field."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from azds.errors import IntegrityError
from azds.store.canonical import Json, freeze

__all__ = ["Fields"]

T = TypeVar("T")


class Fields:
    """One JSON object of a document. Each method reads one field and checks its type.

    A field with a default may be missing or null. Fields that nobody asks for are
    no fault: a later program may have written them.

    >>> Fields({"rows": 3}, kind="manifest-invalid", where="2016/manifest.json").number("rows")
    3
    """

    def __init__(self, document: Json, *, kind: str, where: str) -> None:
        """The object at `where`; faults will be of this kind."""
        self.kind = kind
        self.where = where
        if not isinstance(document, dict | MappingProxyType):
            raise self.fault("", "an object", document)
        self.document = document

    def fault(self, name: str, expected: str, got: object) -> IntegrityError:
        """The error that says what was expected of a field."""
        shown = repr(got)
        return IntegrityError(
            self.kind,
            "not what azds writes there",
            where=self._path(name),
            expected=expected,
            got=shown if len(shown) <= 80 else shown[:77] + "...",  # noqa: PLR2004 - one line
        )

    def value(self, name: str) -> Json:
        """Any value; the field must be there."""
        if name not in self.document:
            raise self.fault(name, "a value", None)
        return freeze(self.document[name])

    def text(self, name: str, default: str | None = None) -> str:
        """A string."""
        return self._typed(name, str, "text", default)

    def maybe_text(self, name: str) -> str | None:
        """A string, or None where it is missing."""
        return None if self.document.get(name) is None else self.text(name)

    def number(self, name: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number."""
        number = self._typed(name, int, "a whole number", default)
        if isinstance(number, bool) or number < least:
            raise self.fault(name, f"a whole number from {least}", number)
        return number

    def amount(self, name: str) -> int | float:
        """A number, whole or not."""
        value = self.value(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fault(name, "a number", value)
        return value

    def maybe_number(self, name: str) -> int | None:
        """A whole number, or None where it is missing."""
        return None if self.document.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        return self._typed(name, bool, "true or false", default=False)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings; empty where it is missing."""
        items = self._items(name)
        if {*map(type, items)} - {str}:  # of a whole list: it may be long
            raise self.fault(name, "a list of text", items)
        return tuple(map(str, items))

    def mapping(self, name: str) -> Mapping[str, Json]:
        """An object with anything in it, unchangeable; empty where it is missing."""
        found = self.document.get(name)
        frozen = freeze({} if found is None else found)
        if not isinstance(frozen, MappingProxyType):
            raise self.fault(name, "an object", found)
        return frozen

    def child(self, name: str) -> "Fields":
        """The fields of an object."""
        return Fields(self.document.get(name), kind=self.kind, where=self._path(name))

    def maybe_child(self, name: str) -> "Fields | None":
        """The fields of an object, or None where it is missing."""
        return None if self.document.get(name) is None else self.child(name)

    def children(self, name: str) -> list["Fields"]:
        """The fields of each object in a list that has to be there."""
        self.items(name)
        return self.maybe_children(name)

    def items(self, name: str) -> Sequence[Json]:
        """The items of a list that has to be there, unchecked."""
        if self.document.get(name) is None:
            raise self.fault(name, "a list", None)
        return self._items(name)

    def maybe_children(self, name: str) -> list["Fields"]:
        """The fields of each object in a list; empty where it is missing."""
        return [
            Fields(item, kind=self.kind, where=f"{self._path(name)}[{number}]")
            for number, item in enumerate(self._items(name))
        ]

    def named_children(self, name: str) -> dict[str, "Fields"]:
        """The fields of each object in an object, by name."""
        inner = self.child(name)
        return {key: inner.child(key) for key in inner.document}

    def _items(self, name: str) -> Sequence[Json]:
        items = self.document.get(name)
        if items is None:
            return ()
        if not isinstance(items, list | tuple):
            raise self.fault(name, "a list", items)
        return items

    def _typed(self, name: str, kind: type[T], words: str, default: T | None) -> T:
        found = self.document.get(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, kind):
            raise self.fault(name, words, found)
        return found

    def _path(self, name: str) -> str:
        if not name:
            return self.where
        return f"{self.where}{'.' if ': ' in self.where else ': '}{name}"
