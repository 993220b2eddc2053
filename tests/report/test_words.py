"""The sentences of a page: plural forms, and never more than the sources can bear."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azds.coverage import Coverage
from azds.report.words import COUNTS, Cells, coverage_words, lead_words, table_words

KINDS = [kind for kind, _ in COUNTS]
NOTHING = dict.fromkeys(KINDS, 0)
NO_CELLS = Cells({}, [], {})
PAGE = Path(__file__).parents[2] / "docs" / "report.md"


@given(st.fixed_dictionaries({kind: st.integers(0, 10**7) for kind in KINDS}))
def test_rows_are_called_removed_only_where_some_were(counts: dict[str, int]) -> None:
    told = " ".join(lead_words(counts, NO_CELLS, "one", "two"))
    assert ("removed" in told.replace("added nor removed", "").replace("added or removed", "")) == (
        counts["removed"] > 0
    )
    assert ("neither added nor removed" in told) == bool(
        counts["newly_stated"] + counts["unstated"]
    )


def test_silence_is_told_apart_from_difference() -> None:
    cells = Cells({"unstated": 25, "coarsened": 1}, ["events"], {"sections": 3})
    assert lead_words(NOTHING | {"changed": 29, "equal": 1}, cells, "one", "two")[:3] == [
        "1 value differs, in events: 1 coarsened.",
        "25 values of one are not stated in two, which says nothing against them.",
        "The text of 3 rows of sections differs.",
    ]


def test_counts_are_told_in_the_singular_and_in_the_plural() -> None:
    one = lead_words(NOTHING | {"added": 1, "unstated": 1, "equal": 1}, NO_CELLS, "a", "b")
    assert one[1:] == [
        "1 row was added.",
        (
            "There is 1 row only in a. The other side does not show all there is, "
            "so it is called neither added nor removed."
        ),
        "1 row is equal.",
    ]
    assert table_words(NOTHING, "a", "b") == "no rows on either side"


@pytest.mark.parametrize(
    ("coverage", "told"),
    [
        (
            Coverage("absent", reason="the tables are gone"),
            (
                "The source of x does not carry this table, so nothing can be said of it: "
                "the tables are gone."
            ),
        ),
        (
            Coverage("partial", reason="half", columns_absent=("began",)),
            "The source of x shows a part of this table: half. It does not carry began.",
        ),
        (
            Coverage("partial", reason="late", covers={"region": ("EU",)}),
            "The source of x shows a part of this table: late. Of region EU it holds all.",
        ),
        (Coverage("complete"), "The source of x shows all there is of this table."),
    ],
)
def test_coverage_is_told_in_plain_words(coverage: Coverage, told: str) -> None:
    assert coverage_words("x", coverage, has_source=True) == told


def test_the_example_in_the_docs_prints_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    [(code, printed)] = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out == printed
