"""Cells as a page shows them: cut to size, with the names of ids where azds knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from azds.columns import Column, Role, TableSchema
from azds.entities import states
from azds.ids import format_key
from azds.render.nested import nested_change
from azds.render.words import cell
from azds.report.views import Head, Value

__all__ = ["Reader"]

_ENTITIES = frozenset(
    {
        *("alongside", "counterpart", "entity", "host", "includes", "recognized", "recognizer"),
        *("receiver", "sender"),
    }
)
"""Columns of entity ids, in tables of shipped record types."""
_SHORT = 12
_LONG = 40


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of one table: its columns, names for its keys, how long a cell may be."""

    schema: TableSchema
    names: Mapping[str, str] = field(default_factory=dict)
    longest: int = 300

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are shown beside the key; digests stand for words not shipped."""
        return tuple(
            one
            for one in self.schema.columns
            if one.role is not Role.KEY and one.meaning != "digest"
        )

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The canonical key string of a row."""
        return format_key(row[name] for name in self.schema.key)

    def key_cells(self, row: Mapping[str, Any]) -> list[Value]:
        """The key's values, one each."""
        return [self.value(self.schema.column(name), row[name]) for name in self.schema.key]

    def key_names(self, row: Mapping[str, Any]) -> str:
        """The name of a key that does not name itself; may be empty."""
        if "name" in self.schema.key:
            return ""
        return self.clipped(self.names.get(self.key_of(row), ""))

    def value(self, column: Column, value: object) -> Value:
        """One cell."""
        text = self.clipped(cell(value))
        names = self._named(column.name, value)
        return Value(text, names, str(column.role), _is_number(column), _fit(text, names))

    def head(self, column: Column) -> Head:
        """The head of a column."""
        return Head(self.clipped(column.name), str(column.role), _is_number(column))

    def sides(self, column: Column, old: object, new: object) -> tuple[Value, Value]:
        """Both sides of a changed cell; of nested values, only the elements that differ."""
        if column.meaning == "digest":
            role = str(column.role)
            return Value("the text", role=role), Value("another text", role=role)
        nested = nested_change(old, new)
        if nested is None:
            before, after = (self.value(column, one) for one in (old, new))
            return replace(before, is_number=False), replace(after, is_number=False)
        before, after = (
            Value(text, role=str(column.role), fit=_fit(text, ""))
            for text in (self.clipped(one) for one in nested)
        )
        return before, after

    def clipped(self, text: str) -> str:
        """Text of at most so many characters, and how many there were."""
        if len(text) <= self.longest:
            return text
        return f"{text[: self.longest]}… ({len(text):,} characters)"

    def _named(self, column: str, value: object) -> str:
        if not self.schema.record or column not in _ENTITIES or not value:
            return ""
        ids = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        known = [states().name(one) for one in ids if isinstance(one, str) and one in states()]
        return self.clipped(", ".join(known))


def _is_number(column: Column) -> bool:
    return column.type.startswith(("int", "uint", "float", "double", "half", "decimal"))


def _fit(text: str, names: str) -> str:
    """How a cell breaks: not at all where it is short, anywhere where a word is long."""
    if len(text) <= _SHORT and not names:
        return " short"
    return " long" if any(len(word) > _LONG for word in text.split()) else ""
