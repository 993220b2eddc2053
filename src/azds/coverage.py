"""How much of a table a revision's source could show.

A diff reads this before it says that anything was added or removed (DESIGN
section 4). Pure values; the store writes them, the diff reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from azds.errors import InvalidInputError

__all__ = ["LEVELS", "Coverage", "Level"]

Level = Literal["complete", "partial", "absent"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one table one revision's source could show.

    Attributes:
        level: ``complete`` is all there is by this source, ``partial`` is some
            of it, ``absent`` is nothing.
        places: Where the source was seen to speak of this table, such as
            ``lead``, ``list``, ``table``, ``prose``. Empty where the table has no places.
        columns_absent: Columns that this source never carried.
        covers: For a partial table, the part it holds whole: values per column.
        reason: Why, in words for a reader.

    >>> Coverage("partial", places=("list",), reason="names without dates").level
    'partial'
    """

    level: Level
    places: tuple[str, ...] = ()
    columns_absent: tuple[str, ...] = ()
    covers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a level that does not exist, and a silence without a reason."""
        if self.level not in LEVELS:
            raise InvalidInputError(
                "bad-coverage", "unknown level", expected=" or ".join(LEVELS), got=repr(self.level)
            )
        if self.level != "complete" and not self.reason:
            raise InvalidInputError(
                "bad-coverage", f"coverage `{self.level}` needs a reason in words"
            )
        if self.covers and self.level != "partial":
            raise InvalidInputError(
                "bad-coverage", "only a partial table says which part it covers", got=self.level
            )

    def __reduce__(self) -> tuple[object, ...]:
        """So that it goes to another process, which a read-only mapping does not."""
        values = (self.level, self.places, self.columns_absent, dict(self.covers), self.reason)
        return Coverage, values

    def is_complete_for(self, column: str) -> bool:
        """Whether this source could have shown every value of `column`."""
        return self.level == "complete" and column not in self.columns_absent
