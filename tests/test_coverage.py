"""What a source could show."""

import pytest

from azds.coverage import LEVELS, Coverage, Level
from azds.errors import InvalidInputError


@pytest.mark.parametrize("level", ["partial", "absent"])
def test_what_is_not_complete_says_why(level: Level) -> None:
    with pytest.raises(InvalidInputError, match="needs a reason") as caught:
        Coverage(level)
    assert caught.value.kind == "bad-coverage"
    assert Coverage(level, reason="half of it was lost").level == level


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="complete or partial or absent") as caught:
        Coverage("half", reason="a test")  # type: ignore[arg-type]  # what a file may hold
    assert caught.value.kind == "bad-coverage"


@pytest.mark.parametrize("level", [one for one in LEVELS if one != "partial"])
def test_only_a_partial_table_covers_a_part(level: Level) -> None:
    with pytest.raises(InvalidInputError, match="only a partial table"):
        Coverage(level, covers={"region": ("EU",)}, reason="a test")
    assert Coverage("partial", covers={"region": ("EU",)}, reason="one region").covers


def test_a_complete_source_is_complete_but_for_the_columns_it_never_carried() -> None:
    coverage = Coverage("complete", columns_absent=("began",))
    assert coverage.is_complete_for("name")
    assert not coverage.is_complete_for("began")
    assert not Coverage("partial", reason="a test").is_complete_for("name")
