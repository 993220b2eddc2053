"""The invented articles are read as a careful reader wrote them down: every row and every cell."""

import pytest
from tests.ingest.reading import FIXTURES, TABLES, Fixture, facts

from azds.ingest.extract import Extraction


@pytest.fixture(scope="module", params=FIXTURES)
def fixture(request: pytest.FixtureRequest) -> Fixture:
    return Fixture.load(request.param)


@pytest.fixture(scope="module")
def extraction(fixture: Fixture) -> Extraction:
    return fixture.extraction()


def test_the_style_is_recognised_by_form(fixture: Fixture, extraction: Extraction) -> None:
    assert extraction.style == fixture.expected["style"]


@pytest.mark.parametrize("table", TABLES)
def test_every_row_and_cell_is_as_a_careful_reader_wrote_it(
    fixture: Fixture, extraction: Extraction, table: str
) -> None:
    found = list(facts(extraction, table).values())
    expected = fixture.rows(table)
    assert len(found) == len(extraction.tables[table])
    assert sorted(map(repr, found)) == sorted(map(repr, ordered(expected, found)))


def test_what_was_refused_is_kept_with_its_rule(fixture: Fixture, extraction: Extraction) -> None:
    refused = [
        [one.table, one.rule, fixture.text[one.start : one.end]]
        for one in extraction.rejections
        if one.table in TABLES
    ]
    assert sorted(refused) == sorted(fixture.expected["rejections"])


def test_what_was_decoded_wrongly_is_mended_and_logged(
    fixture: Fixture, extraction: Extraction
) -> None:
    mended = [[one.rule, fixture.text[one.start : one.end]] for one in extraction.repairs]
    assert mended == fixture.expected["repairs"]


def ordered(
    rows: list[dict[str, object]], like: list[dict[str, object]]
) -> list[dict[str, object]]:
    """The rows with their cells in the order that records have."""
    columns = list(like[0]) if like else []
    assert all(sorted(row) == sorted(columns) for row in rows) or not like
    return [{name: row[name] for name in columns} for row in rows] if like else rows
