"""The three real sources, where they are at hand: how many rows, and which counts."""

from pathlib import Path

import pytest
from tests.ingest.reading import REAL, TABLES, facts

from azds.ingest.extract import Extraction, extract

ROWS = {
    "2016": (2, 80, 5, 16, 14, 84, 7),
    "interim": (2, 56, 0, 0, 50, 0, 6),
    "current": (1, 4, 2, 1, 50, 0, 1),
}
COUNTS = {
    "2016": {("countries", 160, (), ()), ("states", 174, ("PSE", "VAT"), ("Q458",))},
    "interim": {("countries", 160, (), ()), ("states", 174, ("PSE", "VAT"), ("Q458",))},
    "current": {("un_members", 184, (), ("PSE", "VAT"))},
}
STYLES = {"2016": "html-text", "interim": "wikiextractor", "current": "plain-lines"}


@pytest.fixture(scope="module", params=REAL)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def extraction(sources: Path, revision: str) -> Extraction:
    return extract((sources / REAL[revision]).read_bytes(), subject="AZE")


def test_every_table_has_the_rows_that_the_annotation_counts(
    revision: str, extraction: Extraction
) -> None:
    found = {table: len(extraction.tables[table]) for table in TABLES}
    assert found == dict(zip(TABLES, ROWS[revision], strict=True))


def test_the_stated_numbers_are_those_of_the_text(revision: str, extraction: Extraction) -> None:
    found = {
        (row["scope"], row["value"], tuple(row["includes"]), tuple(row["alongside"]))
        for row in facts(extraction, "counts").values()
    }
    assert found == COUNTS[revision]


def test_each_source_is_read_in_its_style(revision: str, extraction: Extraction) -> None:
    assert extraction.style == STYLES[revision]


def test_of_each_source_few_candidates_are_refused(extraction: Extraction) -> None:
    assert len([one for one in extraction.rejections if one.table in TABLES]) <= 4
