"""One revision of a dataset, as users hold it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from azds.dataset.revision import BOOKKEEPING, Revision
from azds.dataset.table import Table
from azds.ids import KeyValue, format_key
from azds.store.folder import DatasetFolder

if TYPE_CHECKING:  # loaded where they are needed; pydantic
    from azds.dataset.quote import Quote
    from azds.records import Record

__all__ = ["Snapshot"]


class Snapshot:
    """The tables and the manifest of one revision; a table is read when it is asked for."""

    def __init__(
        self, folder: DatasetFolder, label: str, types: "Mapping[str, type[Record]] | None" = None
    ) -> None:
        self.folder = folder
        self.types = types or {}
        self.manifest = folder.manifest(label)
        self._tables: dict[str, Table] = {}

    @property
    def label(self) -> str:
        """The revision's label."""
        return self.manifest.label

    @cached_property
    def revision(self) -> Revision:
        """What is known of it without reading a table."""
        return Revision(self.manifest)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables; those that people ask for first, then the bookkeeping."""
        names = [name for name in self.manifest.tables if name not in BOOKKEEPING]
        return (*names, *(name for name in BOOKKEEPING if name in self.manifest.tables))

    def __iter__(self) -> Iterator[str]:
        """The names of its tables."""
        return iter(self.tables)

    def __getitem__(self, name: str) -> Table:
        """A table.

        Raises:
            NotFoundError: `unknown-table`.
            IntegrityError: what is stored is not what was written.
        """
        if name not in self._tables:
            entry = self.folder.table_entry(self.label, name)
            rows = self.folder.read_table(self.label, name)
            record = self.types.get(name)
            self._tables[name] = Table(entry.schema, rows, entry.coverage, self.label, record)
        return self._tables[name]

    def __repr__(self) -> str:
        """The revision with its tables in one line."""
        sizes = ", ".join(
            f"{name} {entry.rows}"
            for name, entry in self.manifest.tables.items()
            if name not in BOOKKEEPING
        )
        return f"<Snapshot {self.folder.name} {self.label}: {sizes}>"

    def _repr_html_(self) -> str:
        """The tables with their coverage as a table, for notebooks."""
        from azds.dataset.html import snapshot_html  # noqa: PLC0415 - for notebooks alone

        return snapshot_html(self)

    def quote(
        self,
        table: str,
        *key: KeyValue,
        column: str | None = None,
        sources: Path | str | Sequence[Path] | None = None,
    ) -> "Quote":
        """Where the source states a row, with its words where the source is at hand.

        `sources` is the source file or a folder that holds it; without it the
        words stay out and the spans remain. `column` asks for one cell.

        Raises:
            NotFoundError: `unknown-table`, `unknown-key`, `no-evidence`, `source-missing`.
            IntegrityError: `content-changed`, if the words there are not those of the evidence.
        """
        return self.quote_of(table, format_key(key), column=column, sources=sources)

    def quote_of(
        self,
        table: str,
        key: str,
        *,
        column: str | None = None,
        sources: Path | str | Sequence[Path] | None = None,
    ) -> "Quote":
        """The same by the canonical key string."""
        from azds.dataset.quote import quote_row  # noqa: PLC0415 - for quotes alone

        return quote_row(
            self.manifest, self.__getitem__, table, key, column=column, sources=sources
        )
