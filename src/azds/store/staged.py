"""What a commit is given, and what it tells: plain values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from azds.columns import TableSchema
from azds.coverage import Coverage
from azds.store.canonical import Json
from azds.store.manifest import Correction, Headline, Repair, SourceEntry

if TYPE_CHECKING:  # a store opens without pyarrow
    import pyarrow as pa

    from azds.changes.patch import Patch
    from azds.store.ready import Ready

__all__ = [
    "Commit",
    "Staged",
    "StagedPatch",
    "StagedRevision",
    "StagedSame",
    "StagedTable",
    "StagedUpserts",
]


@dataclass(frozen=True, slots=True, eq=False)
class StagedTable:
    """A table to be stored: any row order and chunking, columns as the schema says."""

    schema: TableSchema
    coverage: Coverage
    rows: "pa.Table"


@dataclass(frozen=True, slots=True, eq=False)
class StagedPatch:
    """A table to be stored as what a patch makes of the one before; reads only what it touches."""

    coverage: Coverage
    patch: "Patch"


@dataclass(frozen=True, slots=True, eq=False)
class StagedUpserts:
    """A table to be stored as the one before with rows put in place of those with their key.

    Shape: `upserts` has all columns of the table, `deletes` its key columns; any row order; no
    key twice, nor in both. None is as an empty table. Only what they touch is read.
    """

    coverage: Coverage
    upserts: "pa.Table | None" = None
    deletes: "pa.Table | None" = None


@dataclass(frozen=True, slots=True)
class StagedSame:
    """A table that is as it was; nothing is read."""


Staged: TypeAlias = StagedTable | StagedPatch | StagedUpserts | StagedSame
"""What a table of a new revision is given as. The table before is that of the same label's
current edition, else that of the last revision that has one."""


@dataclass(frozen=True, slots=True, eq=False)
class StagedRevision:
    """A revision to be stored: its tables by name, and what its manifest will say.

    Without a position it keeps the one it has, or comes after all others. `measure` gives
    its designated counts where they follow from tables that are changed while it is stored.
    """

    label: str
    tables: Mapping[str, Staged]
    position: int | None = None
    about: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    date: str | None = None
    position_declared: str = ""
    headline: tuple[Headline, ...] = ()
    source: SourceEntry | None = None
    repairs: tuple[Repair, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rejections: int = 0
    measure: "Callable[[Mapping[str, Ready]], tuple[Headline, ...]] | None" = None

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has that is given whole."""
        return {n: t.rows.num_rows for n, t in self.tables.items() if isinstance(t, StagedTable)}


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
