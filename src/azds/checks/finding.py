"""A finding, and the facts that rules look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pyarrow as pa

from azds.store.manifest import Manifest

__all__ = ["Facts", "Finding", "Pointer", "Row"]

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a finding rests: a span of a revision's source, code points, half-open."""

    revision: str
    table: str
    key: str
    column: str
    start: int
    end: int

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "revision": self.revision,
            "table": self.table,
            "key": self.key,
            "column": self.column,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know, with its stable code; `key` and `table` may be empty."""

    code: str
    revision: str
    message: str
    table: str = ""
    key: str = ""
    evidence: tuple[Pointer, ...] = field(default=())

    def to_document(self) -> dict[str, object]:
        """As `azds check --format json` prints it."""
        return {
            "code": self.code,
            "revision": self.revision,
            "table": self.table,
            "key": self.key,
            "message": self.message,
            "evidence": [pointer.to_document() for pointer in self.evidence],
        }


class Facts:
    """Manifests in order, and the rows of their tables, read once each.

    `keys` are the key columns of any table, by its name and the label of a revision.
    """

    def __init__(
        self,
        manifests: Sequence[Manifest],
        tables: Mapping[tuple[str, str], pa.Table],
        keys: Mapping[str, Mapping[str, pa.Table]] = MappingProxyType({}),
    ) -> None:
        self.manifests = tuple(manifests)
        self.keys = keys
        self._tables = tables
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def rows(self, label: str, table: str) -> list[Row]:
        """The rows of a table of a revision; empty where it has none."""
        at = (label, table)
        if at not in self._rows:
            self._rows[at] = self._tables[at].to_pylist() if at in self._tables else []
        return self._rows[at]

    def evidence(self, label: str, table: str, key: str, column: str | None = None) -> list[Row]:
        """The evidence rows of a key, in order of the text."""
        found = [
            row
            for row in self.rows(label, "evidence")
            if (row["table"], row["key"]) == (table, key) and column in {None, row["column"]}
        ]
        return sorted(found, key=lambda row: int(str(row["start"])))

    def pointers(
        self, label: str, table: str, key: str, column: str | None = None
    ) -> tuple[Pointer, ...]:
        """The same as pointers."""
        return tuple(
            Pointer(label, table, key, str(r["column"]), int(str(r["start"])), int(str(r["end"])))
            for r in self.evidence(label, table, key, column)
        )
