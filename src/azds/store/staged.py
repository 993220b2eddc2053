"""What a commit is given, and what it tells: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.store.canonical import Json
from azds.store.manifest import Correction, Headline, Repair, SourceEntry

if TYPE_CHECKING:  # a store opens without pyarrow; nothing of azds is imported here
    import pyarrow as pa

__all__ = ["Commit", "StagedRevision", "StagedTable"]


@dataclass(frozen=True, slots=True, eq=False)
class StagedTable:
    """A table to be stored: any row order and chunking, columns as the schema says."""

    schema: TableSchema
    coverage: Coverage
    rows: "pa.Table"


@dataclass(frozen=True, slots=True, eq=False)
class StagedRevision:
    """A revision to be stored: its tables by name, and what its manifest will say.

    Without a position it keeps the one it has, or comes after all others.
    """

    label: str
    tables: Mapping[str, StagedTable]
    position: int | None = None
    about: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    date: str | None = None
    position_declared: str = ""
    headline: tuple[Headline, ...] = ()
    source: SourceEntry | None = None
    repairs: tuple[Repair, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rejections: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit did.

    Attributes:
        number: Of the record that holds the dataset's state now; 0 if there is none.
        folders: The folders that it made, by label.
        unchanged: Labels whose stored revision was the same already.
    """

    number: int
    folders: Mapping[str, str]
    unchanged: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differed, so that nothing was made."""
        return not self.folders
