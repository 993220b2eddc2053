"""The shipped data tell the truth of their sources, and nothing of their prose."""

import re
import tomllib
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from azds.dataset.build import check_build
from azds.dataset.dataset import Dataset
from azds.dataset.revision import BOOKKEEPING
from azds.records import registered
from azds.spans import Span, words_digest
from azds.store.folder import open_store

LABELS = ("2016", "interim", "current")
TABLES = (
    "bibliography",
    "counts",
    "events",
    "missions",
    "organizations",
    "recognitions",
    "relations",
    "sections",
)
ROWS = {  # bibliography, counts, events, missions, organizations, recognitions, relations, sections
    "2016": (84, 2, 25, 16, 14, 5, 80, 7),
    "interim": (0, 2, 15, 0, 50, 0, 56, 6),
    "current": (0, 1, 29, 1, 50, 2, 4, 1),
}
LEVELS = {
    "counts": ("partial", "partial", "partial"),
    "relations": ("partial", "partial", "partial"),
    "recognitions": ("partial", "absent", "partial"),
    "missions": ("partial", "absent", "partial"),
    "organizations": ("partial", "complete", "complete"),
    "bibliography": ("partial", "absent", "absent"),
    "sections": ("partial", "partial", "partial"),
    "events": ("partial", "partial", "partial"),
}


def test_the_revisions_stand_in_their_declared_order(article: Dataset) -> None:
    assert tuple(article) == LABELS
    assert [one.date for one in article.revisions] == ["2016-11-19", None, None]


@pytest.mark.parametrize("label", LABELS)
def test_every_revision_has_every_table_of_the_design(article: Dataset, label: str) -> None:
    tables = article[label].tables
    assert set(tables) == set(registered("foreign-relations"))
    assert {*TABLES, *BOOKKEEPING} <= set(tables)
    assert tables[-2:] == BOOKKEEPING


@pytest.mark.parametrize("label", LABELS)
def test_every_table_has_its_coverage_with_a_reason(article: Dataset, label: str) -> None:
    coverage = article[label].revision.coverage
    assert set(coverage) == set(article[label].tables)
    assert all(one.reason for one in coverage.values())
    told = {name: coverage[name].level for name in TABLES}
    assert told == {name: levels[LABELS.index(label)] for name, levels in LEVELS.items()}


def test_only_the_list_of_names_lacks_columns(article: Dataset) -> None:
    absent = {
        (revision.label, name): coverage.columns_absent
        for revision in article.revisions
        for name, coverage in revision.coverage.items()
        if coverage.columns_absent
    }
    assert absent == {("interim", "relations"): ("began", "ended", "began_also")}


@pytest.mark.parametrize("label", LABELS)
def test_each_table_has_its_rows(article: Dataset, label: str) -> None:
    assert tuple(len(article[label][name]) for name in TABLES) == ROWS[label]


@pytest.mark.parametrize("label", LABELS)
def test_what_is_absent_has_no_rows(article: Dataset, label: str) -> None:
    for name, coverage in article[label].revision.coverage.items():
        assert coverage.level != "absent" or not len(article[label][name]), name


def test_the_headlines_are_those_of_the_design(article: Dataset) -> None:
    assert [(one.label, *(h.to_document() for h in one.headline)) for one in article.revisions] == [
        ("2016", {"measure": "diplomatic_relations", "value": 160, "scope": "countries"}),
        ("interim", {"measure": "diplomatic_relations", "value": 174, "scope": "states"}),
        ("current", {"measure": "diplomatic_relations", "value": 184, "scope": "un_members"}),
    ]


@pytest.mark.parametrize("label", ["2016", "interim"])
def test_both_older_texts_state_160_and_174(article: Dataset, label: str) -> None:
    rows = article[label]["counts"].records
    assert [(row.scope, row.value, row.includes, row.alongside) for row in rows] == [
        ("countries", 160, (), ()),
        ("states", 174, ("PSE", "VAT"), ("Q458",)),
    ]


def test_the_current_text_states_184_beside_two_others(article: Dataset) -> None:
    [row] = article["current"]["counts"].records
    assert (row.scope, row.value, row.includes, row.alongside) == (
        "un_members",
        184,
        (),
        ("PSE", "VAT"),
    )


@pytest.mark.parametrize("label", LABELS)
def test_a_headline_is_a_count_that_the_text_states(article: Dataset, label: str) -> None:
    stated = {(row.measure, row.scope, row.value) for row in article[label]["counts"].records}
    assert {(h.measure, h.scope, h.value) for h in article[label].manifest.headline} <= stated


@pytest.mark.parametrize("label", LABELS)
def test_entities_counted_in_or_beside_a_number_have_a_relation(
    article: Dataset, label: str
) -> None:
    for row in article[label]["counts"].records:
        for entity in (*row.includes, *row.alongside):
            assert article[label]["relations"][entity].status == "established"


@pytest.mark.parametrize("label", LABELS)
def test_every_record_is_valid_and_every_row_has_evidence(article: Dataset, label: str) -> None:
    snapshot = article[label]
    pointed = {(row.table, row.key) for row in snapshot["evidence"].records}
    for name in set(snapshot.tables) - set(BOOKKEEPING):
        assert len(snapshot[name].records) == len(snapshot[name])
        for key in snapshot[name].keys().to_pylist():
            assert (name, key) in pointed


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("bookkeeping", BOOKKEEPING)
def test_every_span_lies_within_its_source(article: Dataset, label: str, bookkeeping: str) -> None:
    source = article[label].manifest.source
    assert source is not None
    for row in article[label][bookkeeping].records:
        assert 0 <= row.start <= row.end <= source.characters


@pytest.mark.parametrize("label", LABELS)
def test_evidence_points_to_rows_and_columns_that_exist(article: Dataset, label: str) -> None:
    snapshot = article[label]
    keys = {name: set(snapshot[name].keys().to_pylist()) for name in snapshot.tables}
    for row in snapshot["evidence"].records:
        assert row.key in keys[row.table]
        assert row.column in {"", *snapshot[row.table].schema.names}


@pytest.mark.parametrize("label", LABELS)
def test_the_sections_partition_the_source(article: Dataset, label: str) -> None:
    source = article[label].manifest.source
    rows = article[label]["sections"].to_arrow().to_pylist()
    rows.sort(key=lambda row: row["ordinal"])
    assert source is not None
    assert [row["ordinal"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["start"] for row in rows] == [0, *(row["end"] for row in rows[:-1])]
    assert rows[-1]["end"] == source.characters


@pytest.mark.parametrize("label", LABELS)
def test_no_stored_cell_is_prose(article: Dataset, label: str) -> None:
    """Facts and pointers are shipped, never the article's words: no cell is a sentence long."""
    for name in article[label].tables:
        for text in _texts(article[label][name].to_arrow()):
            assert len(text) <= 200, (name, text)


@pytest.mark.parametrize("label", LABELS)
def test_the_manifest_says_what_was_declared(article: Dataset, label: str, shipped: Path) -> None:
    declared = tomllib.loads(
        (shipped / "foreign-relations" / "dataset.toml").read_text(encoding="utf-8")
    )
    by_label = {one["label"]: one for one in declared["revisions"]}
    manifest = article[label].manifest
    assert manifest.source is not None
    assert manifest.source.digest == by_label[label]["source"]
    assert manifest.position_declared == by_label[label]["position_declared"]
    assert manifest.about["title"] == declared["title"]


def test_a_stranger_can_open_any_table_with_parquet_alone(shipped: Path) -> None:
    """Small tables are whole: pyarrow reads each file without azds."""
    files = sorted((shipped / "foreign-relations").rglob("*.parquet"))
    assert files
    for path in files:
        assert pq.read_table(path).num_columns > 1


@pytest.mark.parametrize("label", LABELS)
def test_the_digest_of_each_evidence_is_that_of_the_words_in_the_source(
    article: Dataset, sources: Path, label: str
) -> None:
    text = _source(article, sources, label)
    for name in BOOKKEEPING:
        for row in article[label][name].records:
            words = Span(row.start, row.end).of(text)
            assert words_digest(words) == row.digest, (name, row.start, row.end)


@pytest.mark.parametrize("label", LABELS)
def test_dates_numbers_and_names_are_found_in_the_words_of_their_evidence(
    article: Dataset, sources: Path, label: str
) -> None:
    text = _source(article, sources, label)
    for row in article[label]["evidence"].records:
        words = Span(row.start, row.end).of(text)
        record = article[label][row.table].find(row.key)
        if row.table == "counts" and row.column in {"", "value"}:
            assert str(record.value) in words
        if row.column in {"began", "ended", "date", "since", "published", "retrieved"}:
            date = getattr(record, row.column)
            assert str(date)[:4] in words or str(date)[2:4] in words, (row, words)


@pytest.mark.parametrize("label", LABELS)
def test_no_run_of_words_of_a_source_stands_in_a_stored_text_file(
    article: Dataset, sources: Path, shipped: Path, label: str
) -> None:
    runs = set(_runs(_source(article, sources, label)))
    for path in sorted(shipped.rglob("*")):
        if path.suffix in {".json", ".toml", ".md"}:
            shared = runs.intersection(_runs(path.read_text(encoding="utf-8")))
            assert not shared, path


def test_a_build_from_the_sources_gives_what_is_stored(sources: Path, shipped: Path) -> None:
    """`azds build foreign-relations --sources DIR --check`."""
    assert check_build(open_store(shipped), "foreign-relations", sources) is None


@pytest.mark.parametrize(("old", "new"), list(permutations(LABELS, 2)))
def test_no_diff_of_the_shipped_revisions_says_that_anything_was_withdrawn(
    article: Dataset, old: str, new: str
) -> None:
    """Only where a list is complete on the new side could a row have been removed; none was."""
    for one in article.diff(old, new):
        assert len(one.removed) == 0
        kinds = {kind for counts in _columns(one.summary()) for kind in counts}
        assert not kinds & {"emptied", "reduced"}


def _columns(summary: dict[str, object]) -> list[dict[str, int]]:
    columns = summary["columns"]
    assert isinstance(columns, dict)
    return list(columns.values())


def _texts(rows: pa.Table) -> Iterator[str]:
    for row in rows.to_pylist():
        for value in row.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    yield item


def _source(article: Dataset, sources: Path, label: str) -> str:
    from azds.dataset.sources import find_source

    source = article[label].manifest.source
    assert source is not None
    return find_source(sources, source.digest, label).decode("utf-8-sig")


def _runs(text: str, length: int = 12) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[at:] for at in range(length)), strict=False)
