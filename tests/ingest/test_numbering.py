"""Which number in the text an entry answers, where a list of references lost entries."""

import pytest
from tests.ingest.reading import facts, read

PLACES = ("Fiji", "Nauru", "Tonga", "Niue", "Peru", "Chad", "Mali", "Cuba")


def markers(numbers: list[tuple[int, int]]) -> list[int | None]:
    """The answers of a list whose printed number n stands for the place cited as number m."""
    text = "A title\n\n" + "".join(
        f"The pact with {place} was signed on {at} May 1992.[{at}]\n\n"
        for at, place in enumerate(PLACES, 1)
    )
    for printed, meant in numbers:
        text += f'  {printed}. "Pact with {PLACES[meant - 1]}". {meant} May 1992.\n'
    rows = facts(read(text, style="html-text"), "bibliography").values()
    return [row["marker"] for row in rows]


@pytest.mark.parametrize(
    ("numbers", "answers"),
    [
        ([(n, n) for n in range(1, 9)], [None] * 8),
        ([(1, 1), (2, 2), (4, 4), (5, 5), (8, 8)], [None] * 5),
        ([(1, 1), (2, 3), (3, 4), (4, 5), (5, 6)], [None, 3, 4, 5, 6]),
        ([(1, 1), (2, 3), (3, 4), (4, 6), (5, 7)], [None, 3, 4, 6, 7]),
        ([(1, 1), (2, 3), (4, 5), (5, 7), (6, 8)], [None, 3, 5, 7, 8]),
        ([(1, 2), (2, 3), (3, 4)], [2, 3, 4]),
    ],
)
def test_entries_behind_a_lost_one_answer_higher_numbers(
    numbers: list[tuple[int, int]], answers: list[int | None]
) -> None:
    assert markers(numbers) == answers


def test_without_marks_in_the_text_nothing_is_misnumbered() -> None:
    text = 'A title\n\nReferences\n\n  1. "Talks". Retrieved 5 May 2010.\n  2. Fiji\n'
    rows = facts(read(text, style="html-text"), "bibliography")
    assert [row["marker"] for row in rows.values()] == [None, None]


def test_an_entry_that_says_how_often_it_is_used_answers_a_number_used_as_often() -> None:
    text = (
        "A title\n\nOne.[1] Two.[2] Three.[2] Four.[3]\n\n"
        '  1. 1 2 "Talks". Retrieved 5 May 2010.\n  2. "More". Retrieved 5 May 2010.\n'
    )
    rows = facts(read(text, style="html-text"), "bibliography")
    assert [row["marker"] for row in rows.values()] == [2, 3]
