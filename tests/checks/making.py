"""What the tests of rules share: facts of a few invented revisions."""

from collections.abc import Sequence

import pyarrow as pa

from azds.arrow.rows import rows_to_table
from azds.checks.finding import Facts
from azds.records import Record, table_schema
from azds.store.manifest import Manifest, SourceEntry

__all__ = ["facts", "manifest"]


def manifest(  # noqa: PLR0913 - what rules look at
    label: str,
    position: int = 1,
    *,
    date: str | None = "2016",
    latest_year: int | None = None,
    wording: Sequence[str] = (),
    has_source: bool = True,
    position_declared: str = "",
) -> Manifest:
    """A revision without tables."""
    source = SourceEntry("sha256:" + "0" * 64, "plain", 9, latest_year, tuple(sorted(wording)))
    return Manifest(
        dataset="things",
        label=label,
        position=position,
        tables={},
        writer={},
        date=date,
        source=source if has_source else None,
        position_declared=position_declared,
    )


def facts(*manifests: Manifest, **rows: Sequence[Record]) -> Facts:
    """Facts of these revisions; `rows` gives the records of each label."""
    tables: dict[tuple[str, str], pa.Table] = {}
    for label, records in rows.items():
        by_type: dict[type[Record], list[Record]] = {}
        for record in records:
            by_type.setdefault(type(record), []).append(record)
        for kind, some in by_type.items():
            tables[label, table_schema(kind).name] = rows_to_table(kind, some)
    return Facts(manifests, tables)
