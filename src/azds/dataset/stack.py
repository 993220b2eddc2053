"""One table of all revisions, stacked."""

import pyarrow as pa

from azds.arrow.layout import scalar
from azds.dataset.snapshot import Snapshot
from azds.errors import InvalidInputError

__all__ = ["stack"]


def stack(name: str, snapshots: list[Snapshot]) -> pa.Table:
    """See `Dataset.table`."""
    parts = []
    for snapshot in snapshots:
        if name not in snapshot.manifest.tables:
            continue
        rows = snapshot[name].to_arrow()
        level = snapshot.manifest.tables[name].coverage.level
        ahead = {
            "revision": pa.repeat(scalar(snapshot.label), rows.num_rows),
            "coverage": pa.repeat(scalar(level), rows.num_rows),
        }
        columns = {**ahead, **dict(zip(rows.column_names, rows.columns, strict=True))}
        parts.append(pa.table(columns))
    try:
        return pa.concat_tables(parts, promote_options="default")
    except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
        raise InvalidInputError(
            "bad-column",
            "a column changed its type between revisions, so they do not stack",
            where=name,
            got=str(error),
            advice="read the revisions one by one",
        ) from error
