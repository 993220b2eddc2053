"""Where the marks of a picture stand: geometry as plain values, drawn by the templates.

No colour carries a meaning alone: what a mark is shows in its shape, and its number beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Count", "Dated", "Figure", "Lane", "Mark", "Tick", "counts_figure", "years_figure"]

WIDTH = 720
_LEFT = 176
_RIGHT = 56
_LANE = 64
_DOT = 8.0
_MOST_DOTS = 24
_MOST_LANES = 40
_LETTER = 7.2
_GAP = 12
"""Years without anything that are still drawn."""
_BREAK = 3
"""What a break takes, in years."""
_TICK = 36.0
SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: its shape, whether it is filled, its place, its size, and the words beside it."""

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


@dataclass(frozen=True, slots=True)
class Count:
    """A stated count as a picture shows it."""

    value: float
    words: str
    scope: str
    is_headline: bool


def counts_figure(
    measure: str, lanes: Sequence[tuple[str, str, Sequence[Count]]], notes: Sequence[str]
) -> Figure | None:
    """The stated counts of a measure, one lane for each revision; None where there are none.

    `lanes` has label, date in words and counts of each revision, in order. No line joins the
    marks: what counts different things is no trend.
    """
    every = [count for _, _, counts in lanes for count in counts]
    if not every:
        return None
    lanes = lanes[-_MOST_LANES:]
    scopes = list(dict.fromkeys(count.scope for count in every))
    shapes = {scope: SHAPES[at % len(SHAPES)] for at, scope in enumerate(scopes)}
    least, most = min(c.value for c in every), max(c.value for c in every)
    ticks = _scale(least, most)
    drawn, marks = [], []
    for at, (label, note, counts) in enumerate(lanes):
        top = 8.0 + at * _LANE
        base = top + _LANE * 0.62
        drawn.append(Lane(label, note, top, base, _LANE))
        marks += _lane_marks(counts, base, ticks, shapes)
    height = 8.0 + len(lanes) * _LANE + 30
    return Figure(
        anchor="figure-" + "".join(c for c in measure if c.isalnum()),
        title=f"Stated counts of {measure}",
        text="; ".join(
            f"{label}: {', '.join(c.words for c in counts) or 'none'}" for label, _, counts in lanes
        ),
        notes=notes,
        width=WIDTH,
        height=height,
        lanes=drawn,
        ticks=[Tick(_x(value, ticks), f"{value:,g}") for value in ticks],
        marks=marks,
        legend=[
            *((shapes[scope], True, f"{scope}, the headline") for scope in scopes),
            ("circle", False, "hollow: also stated in that revision"),
        ],
        columns=("revision", "date", "headline", "also stated"),
        rows=[
            (
                label,
                note,
                ", ".join(c.words for c in counts if c.is_headline) or "–",
                ", ".join(c.words for c in counts if not c.is_headline) or "–",
            )
            for label, note, counts in lanes
        ],
        axis=8.0 + len(lanes) * _LANE,
    )


def _lane_marks(
    counts: Sequence[Count], base: float, ticks: Sequence[float], shapes: Mapping[str, str]
) -> list[Mark]:
    """The marks of one lane; a label that would meet the one before it goes under the line."""
    marks: list[Mark] = []
    ends = [-1.0e9, -1.0e9]
    for count in sorted(counts, key=lambda one: one.value):
        x = _x(count.value, ticks)
        half = len(count.words) * _LETTER / 2
        middle = min(max(x, _LEFT + half), WIDTH - half)
        row = 0 if middle - half > ends[0] else 1
        label = count.words if middle - half > ends[row] else ""
        if label:
            ends[row] = middle + half + 6
        anchor = "middle" if middle == x else "start" if middle > x else "end"
        marks.append(
            Mark(
                shapes[count.scope],
                count.is_headline,
                x,
                base,
                7.0 if count.is_headline else 5.5,
                label,
                middle - half if anchor == "start" else middle + half,
                base - 14 if row == 0 else base + 22,
                anchor,
                count.words,
            )
        )
    return marks


def _scale(least: float, most: float) -> list[float]:
    """Even, round values from below the least to above the most.

    >>> _scale(160, 184)
    [155.0, 160.0, 165.0, 170.0, 175.0, 180.0, 185.0]
    """
    spread = most - least or max(abs(most) * 0.1, 1.0)
    step = next(
        size * 10.0**power
        for power in range(-12, 30)
        for size in (1, 2, 5)
        if spread / (size * 10.0**power) <= 7  # noqa: PLR2004 - as many lines as one reads
    )
    first = (least // step - (1 if least % step == 0 else 0)) * step
    values = [first]
    while values[-1] <= most:
        values.append(round(values[-1] + step, 10))
    return [float(value) for value in values]


def _x(value: float, ticks: Sequence[float]) -> float:
    room = WIDTH - _LEFT - _RIGHT
    return round(_LEFT + (value - ticks[0]) / (ticks[-1] - ticks[0]) * room, 1)


@dataclass(frozen=True, slots=True)
class Dated:
    """Something with a date in EDTF, as a picture shows it."""

    date: str
    name: str

    @property
    def year(self) -> int | None:
        """Its year; None where the date leaves it open."""
        return int(self.date[:4]) if self.date[:4].isdecimal() else None

    @property
    def is_whole(self) -> bool:
        """Whether the date names a day."""
        return len(self.date) == len("2000-01-01")


def years_figure(
    anchor: str,
    title: str,
    lanes: Sequence[tuple[str, Sequence[Dated], int]],
    notes: Sequence[str],
) -> Figure | None:
    """How many things began in each year, one lane for each revision; None where nothing is dated.

    `lanes` has label, dated things and the number of undated ones of each revision, in order.
    """
    placed = [(label, _by_year(dated), undated) for label, dated, undated in lanes[-_MOST_LANES:]]
    years = sorted({year for _, found, _ in placed for year in found})
    if not years:
        return None
    axis = _Years(years)
    drawn: list[Lane] = []
    marks: list[Mark] = []
    top = 8.0
    for label, found, undated in placed:
        tallest = max((len(some) for some in found.values()), default=0)
        height = max(46.0, min(tallest, _MOST_DOTS) * _DOT + 34)
        base = top + height - 12
        dated = sum(len(some) for some in found.values())
        drawn.append(Lane(label, f"{dated} dated, {undated} not", top, base, height))
        for year, some in found.items():
            marks += _stack(some, axis.x(year), base, axis.slot)
        top += height
    return Figure(
        anchor=anchor,
        title=title,
        text="; ".join(
            f"{label}: "
            + (", ".join(f"{len(some)} in {year}" for year, some in found.items()) or "no dates")
            for label, found, _ in placed
        ),
        notes=[*notes, *(["The scale leaves out years without any."] if axis.breaks() else [])],
        width=WIDTH,
        height=top + 30,
        lanes=drawn,
        ticks=[Tick(axis.x(year), str(year)) for year in axis.labelled()],
        breaks=axis.breaks(),
        marks=marks,
        legend=[("circle", True, "dated to the day"), ("circle", False, "to a month or a year")],
        columns=("year", *(label for label, _, _ in placed)),
        rows=[
            (
                str(year),
                *(
                    ", ".join(f"{one.name} ({one.date})" for one in found.get(year, ())) or "–"
                    for _, found, _ in placed
                ),
            )
            for year in years
        ],
        axis=top,
    )


def _by_year(dated: Sequence[Dated]) -> dict[int, list[Dated]]:
    found: dict[int, list[Dated]] = {}
    for one in sorted(dated, key=lambda one: (one.date[:4], not one.is_whole, one.date)):
        if one.year is not None:
            found.setdefault(one.year, []).append(one)
    return found


def _stack(some: Sequence[Dated], x: float, base: float, slot: float) -> list[Mark]:
    """Dots, one over another; their number over them, where it is more than one and fits."""
    size = round(min(3.2, slot / 2 - 0.4), 1)
    shown = some[:_MOST_DOTS]
    marks = [
        Mark(
            "circle",
            one.is_whole,
            x,
            round(base - _DOT * (at + 0.5), 1),
            size,
            title=f"{one.name} {one.date}",
        )
        for at, one in enumerate(shown)
    ]
    if len(some) > 1 and slot >= _LETTER * len(str(len(some))):
        top = round(base - _DOT * len(shown) - 5, 1)
        marks.append(Mark("none", False, x, top, 0, str(len(some)), x, top))  # noqa: FBT003 - no mark
    return marks


class _Years:
    """A scale of years that leaves out long stretches in which nothing is; each break is drawn."""

    def __init__(self, years: Sequence[int]) -> None:
        self._parts: list[tuple[int, int]] = []
        for year in years:
            if self._parts and year - self._parts[-1][1] <= _GAP:
                self._parts[-1] = (self._parts[-1][0], year)
            else:
                self._parts.append((year, year))
        room = WIDTH - _LEFT - _RIGHT
        slots = sum(last - first + 1 for first, last in self._parts)
        self.slot = round(min(40.0, room / (slots + _BREAK * (len(self._parts) - 1))), 2)

    def x(self, year: int) -> float:
        """Where the middle of a year stands."""
        at = 0.5
        for first, last in self._parts:
            if year <= last:
                return round(_LEFT + (at + year - first) * self.slot, 1)
            at += last - first + 1 + _BREAK
        return WIDTH

    def labelled(self) -> list[int]:
        """The years that are labelled: the first of each part, then those that have room."""
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 500, 5000) if n * self.slot >= _TICK)
        found = []
        for first, last in self._parts:
            found.append(first)
            found += [
                y for y in range(first + 1, last + 1) if y % step == 0 and y - found[-1] >= step
            ]
        return found

    def breaks(self) -> list[Tick]:
        """Where years are left out, and how many."""
        pairs = zip(self._parts, self._parts[1:], strict=False)
        return [
            Tick(round((self.x(last) + self.x(first)) / 2, 1), f"{first - last - 1} years")
            for (_, last), (first, _) in pairs
        ]
