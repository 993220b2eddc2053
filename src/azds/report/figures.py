"""Where the marks of a picture stand: geometry as plain values, drawn by the templates.

No colour carries a meaning alone: what a mark is shows in its shape, and its number beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["LEFT", "LETTER", "MOST_LANES", "ROOM", "TOP", "WIDTH", "Figure", "Lane", "Mark", "Tick"]

WIDTH = 720
TOP = 8.0
"""Where the first lane begins."""
LEFT = 176
"""Where the scale begins, right of the names of the lanes."""
ROOM = WIDTH - LEFT - 56
"""How wide the scale is."""
LETTER = 7.2
"""About how wide a letter is."""
MOST_LANES = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its shape, whether it is filled, its place, its size, and the words beside it.

    A `sign` at `sign_x` says that it is not exact, and where the true value lies.
    """

    shape: str
    is_filled: bool
    x: float
    y: float
    size: float
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: str = "middle"
    title: str = ""
    sign: str = ""
    sign_x: float = 0.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale, with its label."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One revision's strip of a picture: its name, where it lies, the line its marks stand on."""

    name: str
    note: str
    top: float
    base: float
    height: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words and the table that tells the same.

    Attributes:
        anchor: Its id in the page.
        title: What it shows.
        text: What it shows, for those who do not see it.
        notes: With what care to read it.
        legend: Shape, whether it is filled, what it means.
        columns: The heads of the table.
        rows: The table.
        breaks: Where the scale leaves something out, and what.
    """

    anchor: str
    title: str
    text: str
    notes: Sequence[str]
    width: float
    height: float
    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    marks: Sequence[Mark]
    legend: Sequence[tuple[str, bool, str]]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    axis: float = 0.0
    breaks: Sequence[Tick] = ()
