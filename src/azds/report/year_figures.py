"""The picture of years: how many things began in each, one lane for each revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from azds.report.figures import LEFT, LETTER, MOST_LANES, ROOM, TOP, WIDTH, Figure, Lane, Mark, Tick

__all__ = ["Dated", "years_figure"]

_DOT = 8.0
_MOST_DOTS = 24
_GAP = 12
"""Years without anything that are still drawn."""
_BREAK = 4
"""What a break takes, in years."""
_TICK = 36.0


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
    placed = [(label, _by_year(dated), undated) for label, dated, undated in lanes[-MOST_LANES:]]
    years = sorted({year for _, found, _ in placed for year in found})
    if not years:
        return None
    axis = _Years(years)
    drawn: list[Lane] = []
    marks: list[Mark] = []
    top = TOP
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
    if len(some) > 1 and slot >= LETTER * len(str(len(some))):
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
        slots = sum(last - first + 1 for first, last in self._parts)
        self.slot = round(min(40.0, ROOM / (slots + _BREAK * (len(self._parts) - 1))), 2)

    def x(self, year: int) -> float:
        """Where the middle of a year stands."""
        at = 0.5
        for first, last in self._parts:
            if year <= last:
                return round(LEFT + (at + year - first) * self.slot, 1)
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
        return [
            Tick(round((self.x(last) + self.x(first)) / 2, 1), f"{first - last - 1} years")
            for (_, last), (first, _) in pairwise(self._parts)
        ]
