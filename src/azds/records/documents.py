"""The documents that azds prints as JSON, typed, so that their schemas are generated.

They describe; the programs that print them build plain values.
"""

from typing import Any, Literal

from pydantic import JsonValue, TypeAdapter
from typing_extensions import TypedDict

__all__ = ["DOCUMENTS", "DiffDocument", "Document", "FindingDocument", "SeriesPoint"]

Cell = JsonValue
Row = dict[str, Cell]
Kind = Literal[
    "refined", "coarsened", "replaced", "filled", "emptied", "extended", "reduced",
    "unstated", "newly_stated", "reworded", "moved",
]  # fmt: skip


class CountDocument(TypedDict, total=False):
    """A designated count. With a `qualifier` it is a bound or an estimate, no exact number."""

    value: int | float
    scope: str
    qualifier: str


class HeadlineDocument(TypedDict):
    """The designated counts of both sides, and whether they can be compared."""

    measure: str
    old: CountDocument | None
    new: CountDocument | None
    same_scope: bool
    statements_changed: bool
    reason: str


class CoverageDocument(TypedDict, total=False):
    """How much of a table one side's source could show."""

    level: Literal["complete", "partial", "absent"]
    places: list[str]
    columns_absent: list[str]
    covers: dict[str, list[str]]
    reason: str


class BothCoverages(TypedDict):
    """The coverage of both sides; absent where a side lacks the table."""

    old: CoverageDocument
    new: CoverageDocument


class SummaryDocument(TypedDict):
    """Counts of one table. `columns` counts changed cells by kind."""

    rows_old: int
    rows_new: int
    equal: int
    changed: int
    added: int
    removed: int
    newly_stated: int
    unstated: int
    not_comparable: int
    columns: dict[str, dict[Kind, int]]


class CellDocument(TypedDict):
    """One changed cell."""

    old: Cell
    new: Cell
    kind: Kind


class ChangeDocument(TypedDict):
    """One key with its changed cells."""

    key: Row
    cells: dict[str, CellDocument]


class TableDocument(TypedDict):
    """The changes of one table; rows are whole."""

    coverage: BothCoverages
    added: list[Row]
    removed: list[Row]
    newly_stated: list[Row]
    unstated: list[Row]
    changed: list[ChangeDocument]


class DiffDocument(TypedDict):
    """All changes between two revisions."""

    dataset: str
    old: str
    new: str
    headlines: list[HeadlineDocument]
    summary: dict[str, SummaryDocument]
    tables: dict[str, TableDocument]
    schema: dict[str, dict[str, Cell]]


class StatedDocument(TypedDict):
    """A count that a revision states beside its headline."""

    value: int
    qualifier: str | None
    scope: str
    includes: list[str]
    alongside: list[str]


class SeriesPoint(TypedDict):
    """The designated count of one revision."""

    revision: str
    value: int | float | None
    qualifier: str | None
    scope: str | None
    includes: list[str]
    alongside: list[str]
    also_stated: list[StatedDocument]
    implied_un_members: int | None
    note: str | None


class FindingDocument(TypedDict):
    """Something that `check` reports."""

    code: str
    revision: str
    table: str
    key: str
    message: str
    evidence: list[dict[str, Cell]]


class Document:
    """One kind of document: its type, and the schema that it gives."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - any type form
        self._adapter: TypeAdapter[object] = TypeAdapter(kind)

    def json_schema(self) -> dict[str, object]:
        """The JSON Schema."""
        return self._adapter.json_schema()

    def validate(self, text: str | bytes) -> object:
        """The document in JSON text; pydantic's error where it does not fit."""
        return self._adapter.validate_json(text, strict=True)


DOCUMENTS: dict[str, Document] = {
    "diff.v1": Document(DiffDocument),
    "series.v1": Document(list[SeriesPoint]),
    "check.v1": Document(list[FindingDocument]),
}
"""Every document by its name and version."""
