"""What a dataset declares for the rules that need to know the parties of a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["Setting", "Vocabulary"]

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The parties of a conflict: entity id to the word by which a stance names it.

    Attributes:
        sides: The two sides.
        others: Others whom reactions blame or support.
        claimants: Those whose recognition is in question.
        allies: Of a claimant, the id of the side that it belongs to.
    """

    sides: Mapping[str, str] = field(default_factory=lambda: _NONE)
    others: Mapping[str, str] = field(default_factory=lambda: _NONE)
    claimants: Mapping[str, str] = field(default_factory=lambda: _NONE)
    allies: Mapping[str, str] = field(default_factory=lambda: _NONE)

    @property
    def parties(self) -> dict[str, str]:
        """All of them."""
        return {**self.sides, **self.others, **self.claimants}

    def opponent(self, side: str) -> str | None:
        """The other side; None where there are not two."""
        others = [one for one in self.sides if one != side]
        return others[0] if len(others) == 1 and side in self.sides else None


@dataclass(frozen=True, slots=True)
class Setting:
    """What extractors know besides the text: the subject, and the parties of a conflict."""

    subject: str
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
