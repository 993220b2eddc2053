"""Where a part of a text stands in the text, for parts that repeat a lead of their section."""

from dataclasses import dataclass

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the characters of a part stand: those of its own, and those of a repeated lead.

    Attributes:
        lead: How long the repeated lead is; 0 for what stands as it is.
        steps: Where stretches of the part start, and by how much they are moved.
        marks: The numbers that the references of the lead have in the first part.
    """

    lead: int = 0
    steps: tuple[tuple[int, int], ...] = ((0, 0),)
    marks: tuple[int, ...] = ()

    def shift(self, at: int) -> int:
        """By how much a place in the part moves to stand in the text."""
        return next(shift for start, shift in reversed(self.steps) if start <= at)

    def of(self, at: int) -> int:
        """Where a place in the part stands in the text.

        >>> Place(4, ((0, 0), (4, 10))).of(3), Place(4, ((0, 0), (4, 10))).of(5)
        (3, 15)
        """
        return at + self.shift(at)

    def moved(self, start: int) -> "Place":
        """The place of the same part in a text in which its section starts there."""
        steps = tuple((at, shift + start) for at, shift in self.steps)
        return Place(self.lead, steps, self.marks)
