"""Versioned datasets whose every fact shows where it came from.

>>> import azds
>>> article = azds.open()["foreign-relations"]
>>> [revision.label for revision in article.revisions]
['2016', 'interim', 'current']
>>> [point.headline.value for point in article.series("diplomatic_relations")]
[160, 174, 184]
"""

import importlib
from typing import TYPE_CHECKING

from azds._version import __version__

if TYPE_CHECKING:  # for readers; at run time `__getattr__` loads what is asked for
    from azds.checks import Finding, check
    from azds.coverage import Coverage
    from azds.dataset.dataset import Dataset
    from azds.dataset.diff import Diff, TableDiff
    from azds.dataset.loose import diff
    from azds.dataset.merging import Merge, merge
    from azds.dataset.patches import Patch, patch, read_patch
    from azds.dataset.revision import Revision
    from azds.dataset.series import Series
    from azds.dataset.snapshot import Snapshot
    from azds.dataset.sql import sql
    from azds.dataset.stores import Store, init
    from azds.dataset.table import Table
    from azds.dates import EdtfDate, parse_date
    from azds.errors import AzdsError
    from azds.records import Fact, Key, Place, Record, Wording
    from azds.release.opening import open_any as open  # noqa: A004 - azds.open reads as it should
    from azds.spans import Span

__all__ = [
    "AzdsError",
    "Coverage",
    "Dataset",
    "Diff",
    "EdtfDate",
    "Fact",
    "Finding",
    "Key",
    "Merge",
    "Patch",
    "Place",
    "Record",
    "Revision",
    "Series",
    "Snapshot",
    "Span",
    "Store",
    "Table",
    "TableDiff",
    "Wording",
    "__version__",
    "check",
    "diff",
    "init",
    "merge",
    "open",
    "parse_date",
    "patch",
    "read_patch",
    "sql",
]

_HOME = {
    "AzdsError": "azds.errors",
    "Coverage": "azds.coverage",
    "Dataset": "azds.dataset.dataset",
    "Diff": "azds.dataset.diff",
    "EdtfDate": "azds.dates",
    "Fact": "azds.records",
    "Finding": "azds.checks",
    "Key": "azds.records",
    "Merge": "azds.dataset.merging",
    "Patch": "azds.dataset.patches",
    "Place": "azds.records",
    "Record": "azds.records",
    "Revision": "azds.dataset.revision",
    "Series": "azds.dataset.series",
    "Snapshot": "azds.dataset.snapshot",
    "Span": "azds.spans",
    "Store": "azds.dataset.stores",
    "Table": "azds.dataset.table",
    "TableDiff": "azds.dataset.diff",
    "Wording": "azds.records",
    "check": "azds.checks",
    "diff": "azds.dataset.loose",
    "init": "azds.dataset.stores",
    "merge": "azds.dataset.merging",
    "open": "azds.release.opening",
    "parse_date": "azds.dates",
    "patch": "azds.dataset.patches",
    "read_patch": "azds.dataset.patches",
    "sql": "azds.dataset.sql",
}
_OTHER_NAME = {"open": "open_any"}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: imports are the cost of small work."""
    if name == "spark":  # a package of an extra, and no name of its own
        return importlib.import_module("azds.spark")
    if name not in _HOME:
        msg = f"module 'azds' has no attribute {name!r}"
        raise AttributeError(msg)
    found: object = getattr(importlib.import_module(_HOME[name]), _OTHER_NAME.get(name, name))
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return __all__
