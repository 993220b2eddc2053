"""What is known of a revision without reading a table; loads no pyarrow."""

from azds.coverage import Coverage
from azds.store.manifest import Headline, Manifest

__all__ = ["BOOKKEEPING", "Revision"]

BOOKKEEPING = ("evidence", "rejections")
"""Tables that serve the others; a diff leaves them out unless they are named."""


class Revision:
    """What is known of a revision without reading a table."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest

    @property
    def label(self) -> str:
        """Its label."""
        return self.manifest.label

    @property
    def date(self) -> str | None:
        """Its date in EDTF; None where the source carries none."""
        return self.manifest.date

    @property
    def source(self) -> str | None:
        """The digest of its source; None where it has none."""
        return self.manifest.source.digest if self.manifest.source else None

    @property
    def headline(self) -> tuple[Headline, ...]:
        """Its designated counts."""
        return self.manifest.headline

    @property
    def coverage(self) -> dict[str, Coverage]:
        """How much of each table its source could show."""
        return {name: entry.coverage for name, entry in self.manifest.tables.items()}

    def __repr__(self) -> str:
        """Label and date in one line."""
        return f"<Revision {self.label}: {self.date or 'undated'}>"
