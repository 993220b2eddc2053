"""One side of a comparison by row groups: as the driver knows it, and as workers open it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from azds.arrow.types import to_arrow_schema
from azds.changes.groups import Group, TableGroup
from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.spark.pairing import Groups

__all__ = ["Declared", "EmptySide", "Numbered", "Side"]


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a table without its rows."""

    schema: TableSchema
    coverage: Coverage
    rows: int


class Numbered(Protocol):
    """Groups by their numbers, while their file is open."""

    def __getitem__(self, number: int) -> Group:
        """One group."""


class Side(Protocol):
    """A table in groups; goes to the workers as it is."""

    @property
    def declared(self) -> Declared:
        """What is known of it without its rows."""

    def opened(self) -> AbstractContextManager[Any]:
        """Its groups by their numbers, while its file is open."""

    def groups(self, opened: Any) -> Groups:  # noqa: ANN401 - what `opened` of the same side gives
        """What is known of its groups."""


@dataclass(frozen=True, slots=True)
class EmptySide:
    """A table without rows, of which the source could show nothing: a revision that lacks it."""

    schema: TableSchema

    @property
    def declared(self) -> Declared:
        """No rows, and why."""
        absent = Coverage("absent", reason="this revision has no such table")
        return Declared(self.schema, absent, 0)

    @contextmanager
    def opened(self) -> Iterator[Sequence[TableGroup]]:
        """One group without rows."""
        yield [TableGroup(to_arrow_schema(self.schema).empty_table())]

    def groups(self, opened: Sequence[TableGroup]) -> Groups:
        """One group without rows."""
        starts = opened[0].table.select(list(self.schema.key))
        return Groups(starts, np.zeros(1, np.int64), [None])
