"""A patch as a JSON document, typed: what is read is checked by it, and its schema is made of it.

Values are as `azds.changes.json_values` says: NaN and the infinities, binary, decimals and times
are text. Nothing that is unknown is accepted.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

__all__ = ["PatchDocument"]

_Digest = Field(pattern=r"^[a-z0-9-]{1,40}:[0-9a-f]{16,128}$")


class _Part(BaseModel):
    """What every part of the document has in common."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class PatchColumn(_Part):
    """One column of a table."""

    name: str
    type: str
    """An Arrow type in words, such as `list<string>`."""
    role: Literal["key", "fact", "wording", "place"]
    nullable: bool = False
    meaning: Literal["", "date", "dates", "set", "digest"] = ""
    """How values compare: as EDTF dates, as sets of them or of text, or for words not shipped."""
    description: str = ""
    was: str = ""
    """The name it had before it was renamed."""


class PatchSchema(_Part):
    """The columns of a table, keys first."""

    name: str
    version: int = Field(ge=0)
    columns: list[PatchColumn] = Field(min_length=1)
    record: str = ""


class PatchCoverage(_Part):
    """How much of the table a source could show."""

    level: Literal["complete", "partial", "absent"]
    places: list[str] = []
    columns_absent: list[str] = []
    covers: dict[str, list[str]] = {}
    reason: str = ""


class PatchEnd(_Part):
    """What the table is at one end, without its rows."""

    digest: str = _Digest
    """Of the table's content."""
    rows: int = Field(ge=0)
    coverage: PatchCoverage
    schema_: PatchSchema = Field(alias="schema")


class PatchCell(_Part):
    """A cell that differs; a side is left out where that end has no such column."""

    old: JsonValue = None
    new: JsonValue = None


class PatchedRow(_Part):
    """A row of both ends, with the cells that differ."""

    key: dict[str, JsonValue]
    cells: dict[str, PatchCell]


class PatchDocument(_Part):
    """All that differs between two states of a table: applicable, invertible, composable."""

    format: Literal["azds-patch-1"]
    old: PatchEnd
    new: PatchEnd
    removed: list[dict[str, JsonValue]]
    """Whole rows that only the old end has."""
    added: list[dict[str, JsonValue]]
    """Whole rows that only the new end has."""
    changed: list[PatchedRow]
