"""Pictures: every value has its mark, in its place, with a shape and words; nothing overlaps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.report.count_figures import Count, counts_figure
from azds.report.figures import WIDTH
from azds.report.year_figures import Dated, years_figure

NUMBERS = st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3)


def count(value: float, scope: str = "states", *, head: bool = True) -> Count:
    return Count(float(value), f"{value} {scope}", scope, head)


@given(st.lists(st.lists(NUMBERS, max_size=4), min_size=1, max_size=5))
def test_every_count_has_a_mark_on_the_picture_in_the_order_of_values(
    lanes: list[list[float]],
) -> None:
    given_lanes = [(f"r{at}", "undated", [count(v) for v in vs]) for at, vs in enumerate(lanes)]
    figure = counts_figure("things", given_lanes, [])
    values = [value for some in lanes for value in some]
    if figure is None:
        assert not values
        return
    assert len(figure.marks) == len(values)
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= figure.height for mark in figure.marks)
    places = sorted((float(mark.title.split()[0]), mark.x) for mark in figure.marks)
    assert all(before[1] <= after[1] + 0.1 for before, after in pairwise(places))
    assert len(figure.rows) == len(lanes)


def test_labels_of_near_counts_do_not_meet() -> None:
    figure = counts_figure("things", [("r", "", [count(n) for n in (100, 101, 102, 160)])], [])
    assert figure is not None
    rows: dict[float, list[tuple[float, float]]] = {}
    for mark in figure.marks:
        if mark.label:
            half = len(mark.label) * 7 / 2
            rows.setdefault(mark.label_y, []).append((mark.x - half, mark.x + half))
    for spans in rows.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))
    assert len(figure.marks) == 4


def test_what_is_counted_shows_in_the_shape_and_the_headline_in_the_filling() -> None:
    counts = [count(160, "countries"), count(174, "states", head=False)]
    figure = counts_figure("things", [("r", "", counts)], [])
    assert figure is not None
    assert [(mark.shape, mark.is_filled) for mark in figure.marks] == [
        ("circle", True),
        ("square", False),
    ]


def test_a_bound_has_an_arrow_beside_its_mark_and_the_legend_says_so() -> None:
    counts = [
        Count(130.0, "more than 130 states", "states", True, "more_than"),  # noqa: FBT003 - fields in order
        Count(140.0, "at most 140 states", "states", False, "at_most"),  # noqa: FBT003 - the same
        count(150),
    ]
    figure = counts_figure("things", [("r", "", counts)], [])
    assert figure is not None
    assert [mark.sign for mark in figure.marks] == ["→", "←", ""]
    first, second, _ = figure.marks
    assert first.sign_x > first.x + first.size
    assert second.sign_x < second.x - second.size
    assert [words for *_, words in figure.legend][-1].startswith("→ or more")
    plain = counts_figure("things", [("r", "", [count(150)])], [])
    assert plain is not None
    assert "→" not in str(plain.legend)


@given(st.lists(st.integers(1, 9998), min_size=1, max_size=60))
def test_every_dated_thing_has_a_dot_and_years_stand_in_order(years: list[int]) -> None:
    things = [Dated(f"{year:04}", f"n{at}") for at, year in enumerate(years)]
    figure = years_figure("f", "When", [("r", things, 3)], [])
    assert figure is not None
    stacks = {year: min(years.count(year), 24) for year in set(years)}
    dots = [mark for mark in figure.marks if mark.shape == "circle"]
    assert len(dots) == sum(stacks.values())
    places = sorted({(int(mark.title.split()[1]), mark.x) for mark in dots})
    assert all(before[1] <= after[1] for before, after in pairwise(places))
    assert all(0 <= mark.x <= WIDTH for mark in dots)
    assert figure.lanes[0].note == f"{len(years)} dated, 3 not"


def test_long_silence_is_left_out_and_the_break_says_how_long_it_is() -> None:
    things = [Dated("1918", "a"), Dated("1992-06-05", "b")]
    figure = years_figure("f", "When", [("r", things, 0)], [])
    assert figure is not None
    assert [tick.label for tick in figure.breaks] == ["73 years"]
    assert [mark.is_filled for mark in figure.marks] == [False, True]
    assert [row[0] for row in figure.rows] == ["1918", "1992"]


@pytest.mark.parametrize("dates", [[], ["XXXX", "19XX", ""]])
def test_without_a_year_there_is_no_picture(dates: list[str]) -> None:
    assert years_figure("f", "When", [("r", [Dated(d, "n") for d in dates], 0)], []) is None
