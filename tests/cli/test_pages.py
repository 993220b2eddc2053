"""What strangers read, word for word: rewritten by `make golden`, and then read."""

from collections.abc import Callable

import pytest
from tests.cli.making import Ran

Cli = Callable[..., Ran]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("log", "log.txt"),
        ("diff 2016 current", "diff-nothing-removed.txt"),
        ("diff 2016 interim --stat", "diff-only-the-headline-differs-stat.txt"),
        ("diff 2016 interim relations --format markdown", "diff-dates-unstated.md"),
        ("diff interim current organizations", "diff-equal-lists.txt"),
        ("series diplomatic_relations", "series.txt"),
        ("check", "check.txt"),
    ],
    ids=lambda value: value.partition(".")[0].replace(" ", "-"),
)
def test_a_page_reads_as_it_was_approved(
    cli: Cli, golden: Callable[[str, str], None], words: str, name: str
) -> None:
    golden(name, cli(words).out)
