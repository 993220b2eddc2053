"""docs/reliability.md says what is tested: each code with its meaning, each file of tests."""

import re
from pathlib import Path

from azds.store import CODES

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_every_code_stands_in_the_table_with_its_meaning() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert told == dict(CODES)


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert len(named) >= 10
    assert all((HERE / name).is_file() for name in named)


def test_the_number_of_planted_faults_is_right() -> None:
    from tests.faults.test_mutants import MUTANTS

    assert f"{len(MUTANTS)} faults planted" in PAGE
