"""The picture of stated counts: one lane for each revision, and no line that joins them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from azds.render.words import BOUND_SIGNS, bound_sign
from azds.report.figures import LEFT, LETTER, MOST_LANES, ROOM, TOP, WIDTH, Figure, Lane, Mark, Tick

__all__ = ["Count", "counts_figure"]

_LANE = 64
_SHAPES = ("circle", "square", "triangle", "diamond", "cross")


@dataclass(frozen=True, slots=True)
class Count:
    """A stated count as a picture shows it."""

    value: float
    words: str
    scope: str
    is_headline: bool
    qualifier: str | None = None


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
    lanes = lanes[-MOST_LANES:]
    scopes = list(dict.fromkeys(count.scope for count in every))
    shapes = {scope: _SHAPES[at % len(_SHAPES)] for at, scope in enumerate(scopes)}
    least, most = min(c.value for c in every), max(c.value for c in every)
    ticks = _scale(least, most)
    drawn, marks = [], []
    for at, (label, note, counts) in enumerate(lanes):
        top = TOP + at * _LANE
        base = top + _LANE * 0.62
        drawn.append(Lane(label, note, top, base, _LANE))
        marks += _lane_marks(counts, base, ticks, shapes)
    height = TOP + len(lanes) * _LANE + 30
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
            *([("none", False, BOUND_SIGNS)] if any(c.qualifier for c in every) else []),
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
        axis=TOP + len(lanes) * _LANE,
    )


def _lane_marks(
    counts: Sequence[Count], base: float, ticks: Sequence[float], shapes: Mapping[str, str]
) -> list[Mark]:
    """The marks of one lane; a label that would meet the one before it goes under the line."""
    marks: list[Mark] = []
    ends = [-1.0e9, -1.0e9]
    for count in sorted(counts, key=lambda one: one.value):
        x = _x(count.value, ticks)
        half = len(count.words) * LETTER / 2
        middle = min(max(x, LEFT + half), WIDTH - half)
        size = 7.0 if count.is_headline else 5.5
        sign = bound_sign(count.qualifier)
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
                size,
                label,
                middle - half if anchor == "start" else middle + half,
                base - 14 if row == 0 else base + 22,
                anchor,
                count.words,
                sign,
                x - size - LETTER if sign == "←" else x + size + LETTER,
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
    return round(LEFT + (value - ticks[0]) / (ticks[-1] - ticks[0]) * ROOM, 1)
