"""What a worker hands back: changed cells, and a row that tells what it counted or what failed.

A worker does not raise what the data are to blame for: Spark would try again, four times, and
bury the line in a trace. It answers with the fault, and the driver raises it.
"""

import json
import platform
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from azds import errors
from azds._version import __version__
from azds.columns import Role
from azds.dataset.cells import SCHEMA
from azds.dataset.diff import TableDiff
from azds.errors import AzdsError, RefusedError, StorageError

__all__ = ["CELLS", "COLUMNS", "DDL", "Summary", "answer", "counted", "joined", "raise_faults"]

Summary = dict[str, Any]
"""As `TableDiff.summary` gives it: plain JSON values."""

COLUMNS = tuple(SCHEMA.names)
"""The columns of the changed cells."""
_TOLD = "told"
_ANSWER = SCHEMA.append(pa.field(_TOLD, pa.string()))
CELLS = ", ".join(f"`{field.name}` string" for field in SCHEMA)
"""The columns of the changed cells, as Spark writes them."""
DDL = f"{CELLS}, `{_TOLD}` string"
"""The columns of what workers hand back, as Spark writes them."""
_PARTS = ("kind", "what", "where", "expected", "got", "advice")


def answer(
    diffs: Iterable[TableDiff], roles: tuple[Role, ...], version: str
) -> Iterator[pa.RecordBatch]:
    """The changed cells of some parts of one table, then a row with what was counted in all.

    `version` is the azds of the driver: another one here might answer otherwise.
    """
    try:
        if version != __version__:
            raise _other_version(version)
        rows, found = 0, []
        for diff in diffs:
            cells = diff.to_arrow(roles)
            rows += cells.num_rows
            found.append(diff.summary(roles))
            empty = pa.nulls(cells.num_rows, pa.string())
            yield from cells.append_column(_ANSWER.field(_TOLD), empty).to_batches()
        yield _row({"rows": rows, "summary": joined(found)})
    except (AzdsError, pa.ArrowException, OSError) as raised:
        error = raised if isinstance(raised, AzdsError) else _unforeseen(raised)
        fault = {name: getattr(error, name) for name in _PARTS}
        yield _row({"fault": {"error": type(error).__name__, **fault}})


def _unforeseen(error: Exception) -> StorageError:
    got = " ".join(str(error).split())[:300]
    return StorageError("storage-failed", "a worker failed", where=platform.node(), got=got)


def _other_version(driver: str) -> RefusedError:
    return RefusedError(
        "missing-extra",
        "a worker has another version of azds",
        where=platform.node(),
        expected=driver,
        got=__version__,
        advice="install one version everywhere",
    )


def raise_faults(told: Sequence[str]) -> None:
    """Raise the first fault that a worker told of, if any did."""
    for one in map(json.loads, told):
        if fault := one.get("fault"):
            kind, name = getattr(errors, fault.pop("error"), StorageError), fault.pop("kind")
            if name not in kind.kinds:  # an error of some floor above this tree
                kind, name = StorageError, "storage-failed"
            raise kind(name, fault.pop("what"), **fault)


def counted(told: Sequence[str]) -> tuple[int, Summary]:
    """How many changed cells the workers handed over, and what they counted together."""
    found = [json.loads(one) for one in told]
    return sum(one["rows"] for one in found), joined([one["summary"] for one in found])


def joined(parts: Iterable[Summary]) -> Summary:
    """The summaries of parts of a table as one.

    >>> joined([{"equal": 1, "columns": {"x": {"filled": 2}}}, {"equal": 2, "columns": {}}])
    {'equal': 3, 'columns': {'x': {'filled': 2}}}
    """
    total: Summary = {}
    for part in parts:
        for name, value in part.items():
            if isinstance(value, dict):
                total[name] = joined([total.get(name, {}), value])
            else:
                total[name] = total.get(name, 0) + value
    return total


def _row(told: dict[str, object]) -> pa.RecordBatch:
    values = [pa.nulls(1, pa.string()) for _ in SCHEMA] + [pa.array([json.dumps(told)])]
    return pa.RecordBatch.from_arrays(values, schema=_ANSWER)
