"""Evidence: every fact points to words of the source that state it."""

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ingest.reading import FIXTURES, REAL, TABLES, Fixture

from azds.columns import Role
from azds.entities import bodies, cities, states
from azds.ingest.calendar_words import find_dates
from azds.ingest.extract import Extraction, extract
from azds.ingest.number_words import NUMBER, QUALIFIED, qualifier_in, read_number
from azds.ingest.source import read_source
from azds.records import Evidence, table_schema
from azds.records.base import key_of
from azds.spans import words_digest

TOLD = re.compile(
    r"relation|ties|began|establish|sever|suspend|restor|resum|broke|\d|unknown|none", re.IGNORECASE
)
DEFAULTS = {("relations", "status", "not_given"), ("organizations", "status", "member")}
COMPUTED = {("sections", "digest")}


@pytest.fixture(scope="module", params=[*FIXTURES, *REAL])
def read(request: pytest.FixtureRequest) -> tuple[str, Extraction]:
    """A text and what was found in it; a real source is skipped where it is not at hand."""
    if request.param in FIXTURES:
        fixture = Fixture.load(request.param)
        return fixture.text, fixture.extraction()
    folder: Path = request.getfixturevalue("sources")
    data = (folder / REAL[request.param]).read_bytes()
    return data.decode("utf-8-sig"), extract(data, subject="AZE")


def evidence(found: Extraction) -> Iterator[tuple[Evidence, dict[str, Any]]]:
    """Each piece of evidence with the row that it is of."""
    rows = {
        (table, key_of(row)): row.model_dump(mode="json")
        for table in TABLES
        for row in found.tables[table]
    }
    for one in found.evidence:
        if one.table in TABLES:
            yield one, rows[one.table, one.key]


def test_every_span_lies_in_the_source_and_its_digest_is_right(
    read: tuple[str, Extraction],
) -> None:
    text, found = read
    spans = [(one.start, one.end, one.digest) for one in found.evidence]
    spans += [(one.start, one.end, one.digest) for one in found.rejections]
    for start, end, digest in spans:
        assert 0 <= start <= end <= len(text)
        assert digest == words_digest(text[start:end])


def test_every_row_has_evidence_of_its_own(read: tuple[str, Extraction]) -> None:
    _, found = read
    cited = {(one.table, one.key) for one in found.evidence if not one.column}
    rows = {(table, key_of(row)) for table in TABLES for row in found.tables[table]}
    assert rows <= cited


def test_every_fact_has_evidence_or_is_a_documented_default(
    read: tuple[str, Extraction],
) -> None:
    _, found = read
    cited = {(one.table, one.key, one.column) for one in found.evidence}
    for table, row in itertools.chain.from_iterable(
        [(table, row) for row in found.tables[table]] for table in TABLES
    ):
        cells = row.model_dump(mode="json")
        for column in table_schema(type(row)).columns:
            where = (table, key_of(row), column.name)
            value = cells[column.name]
            stated = column.role is Role.FACT and value not in (None, [])
            if stated and (table, column.name) not in COMPUTED:
                assert where in cited or (table, column.name, value) in DEFAULTS


def test_the_words_of_evidence_contain_what_they_state(read: tuple[str, Extraction]) -> None:
    text, found = read
    faults = []
    for one, row in evidence(found):
        words = clean(text[one.start : one.end])
        if not STATES[one.table](one.column, words, row):
            faults.append((one.table, one.key, one.column, words[:80]))
    assert faults == []


def test_sections_partition_the_source(read: tuple[str, Extraction]) -> None:
    text, found = read
    rows = [row.model_dump() for row in found.tables["sections"]]
    assert [row["start"] for row in rows] == [0, *(row["end"] for row in rows[:-1])]
    assert rows[-1]["end"] == len(text)
    assert [row["ordinal"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["digest"] == words_digest(text[row["start"] : row["end"]]) for row in rows)


def clean(words: str) -> str:
    """Words as the rules read them: mended, without citation marks."""
    return " ".join(read_source(words.encode()).clean.split())


def has_date(words: str, value: object) -> bool:
    dates = {date.edtf for date in find_dates(words)}
    return value in dates | {end for date in dates for end in date.split("/")}


def names(words: str) -> set[str]:
    return {entity for _, _, entity in states().find(words)} | {states().resolve(words) or ""}


def states_count(column: str, words: str, row: dict[str, Any]) -> bool:
    if column in {"", "value"}:
        numbers = re.findall(NUMBER, words, re.IGNORECASE)
        return row["value"] in [read_number(number) for number in numbers]
    if column == "qualifier":
        told = re.match(QUALIFIED, f"{words} ", re.IGNORECASE)
        return told is not None and (qualifier_in(told) or [""])[0] == row["qualifier"]
    return bool(names(words) & set(row[column]))


def states_relation(column: str, words: str, row: dict[str, Any]) -> bool:
    if column in {"began", "ended"}:
        return has_date(words, row[column])
    if column == "began_also":
        return any(has_date(words, value) for value in row[column])
    if column == "see_also":
        return words in row[column]
    if column == "status":
        return TOLD.search(words) is not None
    return row["counterpart"] in names(words)


def states_recognition(column: str, words: str, row: dict[str, Any]) -> bool:
    if column == "date":
        return has_date(words, row["date"])
    return {row["recognizer"], row["recognized"]} <= names(words)


def states_mission(column: str, words: str, row: dict[str, Any]) -> bool:
    if column == "since":
        return has_date(words, row["since"])
    if column == "host":
        city = cities().get(cities().resolve(words) or "")
        unknown = words == row["city_as_written"] and city is None
        return (
            row["host"] in names(words)
            or (city is not None and city.kind == row["host"])
            or unknown
        )
    return str(row["city_as_written"]) in words


def states_organization(column: str, words: str, row: dict[str, Any]) -> bool:
    if column == "status":
        return str(row["status"]) in words.casefold()
    return bodies().resolve(words) == str(row["organization"])


def states_entry(column: str, words: str, row: dict[str, Any]) -> bool:
    if column in {"published", "retrieved", "archived"}:
        return has_date(words, row[column])
    return str(row[column or "title"]) in words


def states_section(column: str, words: str, row: dict[str, Any]) -> bool:
    return not column and row["heading"] in words


STATES: dict[str, Callable[[str, str, dict[str, Any]], bool]] = {
    "counts": states_count,
    "relations": states_relation,
    "recognitions": states_recognition,
    "missions": states_mission,
    "organizations": states_organization,
    "bibliography": states_entry,
    "sections": states_section,
}
