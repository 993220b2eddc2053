"""What a table promises: its columns, their types and their roles.

Plain values, without pydantic and without Arrow, so that a store opens as
generic tables where its record types are not installed.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from azds.errors import InvalidInputError

__all__ = ["Column", "Meaning", "Role", "TableSchema"]


class Role(StrEnum):
    """What a difference in a column means."""

    KEY = "key"
    """Identifies the row."""
    FACT = "fact"
    """Decides whether the row changed."""
    WORDING = "wording"
    """How it is written; reported apart, alone it is no difference."""
    PLACE = "place"
    """Numbers and order; reported apart, alone it is no difference."""


Meaning = Literal["", "date", "dates", "set", "digest"]
"""How values of a column compare: `date` is EDTF, `dates` and `set` are sorted
unique lists (of EDTF dates, of strings), `digest` stands for words not shipped."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `type` is an Arrow type in words, such as ``list<string>``."""

    name: str
    type: str
    role: Role
    nullable: bool = False
    meaning: Meaning = ""
    description: str = ""
    was: str = ""
    """The name it had before it was renamed; empty where it was not."""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of one table in their order; keys first.

    >>> one = TableSchema("City", 1, (Column("id", "string", Role.KEY),))
    >>> one.key
    ('id',)
    """

    name: str
    version: int
    columns: tuple[Column, ...]
    record: str = ""
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """All column names, in order."""
    key: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The names of the key columns, in order."""
    _at: Mapping[str, Column] = field(init=False, repr=False, compare=False)
    """The columns by name: tables may have thousands."""

    def __post_init__(self) -> None:
        """Refuse a table without a key, or with a name twice."""
        object.__setattr__(self, "_at", {column.name: column for column in self.columns})
        object.__setattr__(self, "names", tuple(self._at))
        object.__setattr__(self, "key", self.with_role(Role.KEY))
        if len(self._at) < len(self.columns):
            counts = Counter(column.name for column in self.columns)
            twice = sorted(name for name, count in counts.items() if count > 1)
            raise InvalidInputError(
                "bad-column", "column names repeat", where=self.name, got=", ".join(twice)
            )
        if not self.key:
            raise InvalidInputError("bad-key", "a table needs a key column", where=self.name)

    def with_role(self, *roles: Role) -> tuple[str, ...]:
        """The names of the columns of these roles, in order."""
        return tuple(column.name for column in self.columns if column.role in roles)

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            InvalidInputError: `bad-column`.
        """
        if name in self._at:
            return self._at[name]
        raise InvalidInputError(
            "bad-column",
            "no such column",
            where=self.name,
            expected=", ".join(self.names),
            got=name,
        )
