"""What changed between two states of a table, and how that is known.

`compare` reads both coverages first: what a source never carried was not
removed (DESIGN sections 4 and 6). Floor 3. Pure, vectorised, over Arrow tables.
"""

from azds.changes.compare import compare
from azds.changes.coverage import seen
from azds.changes.result import CellChanges, Kind, SchemaChange, TableChanges

__all__ = ["CellChanges", "Kind", "SchemaChange", "TableChanges", "compare", "seen"]
