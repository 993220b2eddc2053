"""Where a fact is stated: words, citation, caveat."""

import hashlib
from pathlib import Path

import pytest
from tests.dataset.making import COMPLETE, dataset, evidence, relation, typed

from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.errors import IntegrityError, InvalidInputError, NotFoundError
from azds.records import Evidence, Relation, Section
from azds.spans import words_digest
from azds.store import StagedRevision
from azds.store.manifest import SourceEntry

TEXT = "First line.\nRelations with Belarus began in 1992, it says.\nThe end"
START = TEXT.index("1992")


def staged(text: str = TEXT, *, date: str | None = None, digest: str = "") -> StagedRevision:
    """A revision of one fact with its evidence in `text`."""
    data = text.encode()
    pointer = evidence(
        "relations",
        "BLR",
        START,
        column="began",
        end=START + 4,
        markers=(3, 12),
        digest=digest or words_digest("1992"),
    )
    section = Section(
        heading="Past",
        occurrence=1,
        digest="0" * 16,
        ordinal=1,
        start=0,
        end=len(text),
        words=9,
    )
    coverage = COMPLETE if date else Coverage("partial", reason="one line")
    return StagedRevision(
        "a",
        typed(Relation, [relation("BLR", began="1992"), relation("GEO")], coverage)
        | typed(Evidence, [pointer])
        | typed(Section, [section]),
        date=date,
        about={"title": "A title", "origin": {"article": "An article", "project": "A wiki"}},
        source=SourceEntry("sha256:" + hashlib.sha256(data).hexdigest(), "plain-lines", len(text)),
    )


def test_a_quote_has_the_words_the_line_the_section_and_the_citation_marks(
    tmp_path: Path,
) -> None:
    (tmp_path / "source.txt").write_text(TEXT, encoding="utf-8")
    things = dataset(tmp_path / "store", staged())
    quote = things["a"].quote("relations", "BLR", sources=tmp_path / "source.txt")
    [passage] = quote.passages
    assert quote.words == passage.words == "1992"
    assert passage.context == "Relations with Belarus began in 1992, it says."
    assert (passage.section, passage.markers, passage.column) == ("Past", (3, 12), "began")
    digest = "sha256:" + hashlib.sha256(TEXT.encode()).hexdigest()[:12]
    assert quote.citation == f"“An article”, A wiki, undated version (revision a, source {digest})"
    assert quote.caveat == (
        "relations is partial in this revision: one line; "
        "the revision carries no date; its place in the order is declared"
    )


def test_a_dated_revision_that_is_complete_needs_no_caveat(tmp_path: Path) -> None:
    quote = dataset(tmp_path / "store", staged(date="2016-11-19"))["a"].quote("relations", "BLR")
    assert quote.caveat == ""
    assert "version of 2016-11-19" in quote.citation


def test_without_sources_the_spans_remain(tmp_path: Path) -> None:
    quote = dataset(tmp_path / "store", staged())["a"].quote("relations", "BLR")
    assert quote.words is None
    assert quote.passages[0].span.start == START
    assert quote.to_document()["passages"] == [
        {
            "column": "began",
            "start": START,
            "end": START + 4,
            "place": "prose",
            "section": "Past",
            "markers": [3, 12],
            "words": None,
            "context": None,
        }
    ]


def test_the_source_is_found_in_a_folder_by_its_digest(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.txt").write_text("another text", encoding="utf-8")
    (folder / "b.bin").write_bytes(TEXT.encode())
    quote = dataset(tmp_path / "store", staged())["a"].quote("relations", "BLR", sources=folder)
    assert quote.words == "1992"


def test_a_file_that_is_another_text_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("another text", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="not the source of revision a") as caught:
        dataset(tmp_path / "store", staged())["a"].quote("relations", "BLR", sources=other)
    assert caught.value.kind == "source-changed"


@pytest.mark.parametrize("name", ["nowhere", "."], ids=["no folder", "no source in it"])
def test_a_source_that_is_not_there_is_missing(tmp_path: Path, name: str) -> None:
    things = dataset(tmp_path / "store", staged())
    with pytest.raises(NotFoundError) as caught:
        things["a"].quote("relations", "BLR", sources=tmp_path / name)
    assert caught.value.kind == "source-missing"


def test_words_that_are_not_those_of_the_evidence_are_refused(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text(TEXT, encoding="utf-8")
    things = dataset(tmp_path / "store", staged(digest=words_digest("1993")))
    with pytest.raises(IntegrityError, match="not those of the evidence") as caught:
        things["a"].quote("relations", "BLR", sources=tmp_path)
    assert caught.value.kind == "content-changed"


def test_a_row_that_nothing_states_has_no_quote(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing in the source states this row") as caught:
        dataset(tmp_path / "store", staged())["a"].quote("relations", "GEO")
    assert caught.value.kind == "no-evidence"


def test_a_cell_that_nothing_states_has_no_quote_and_those_that_have_are_named(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotFoundError, match="states ended of this row; it states began") as caught:
        dataset(tmp_path / "store", staged())["a"].quote("relations", "BLR", column="ended")
    assert caught.value.kind == "no-evidence"


def test_a_column_that_the_table_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"no such column.*did you mean began") as caught:
        dataset(tmp_path / "store", staged())["a"].quote("relations", "BLR", column="begun")
    assert caught.value.kind == "bad-column"


def test_a_row_that_is_not_there_is_not_found_before_any_source_is_read(article: Dataset) -> None:
    with pytest.raises(NotFoundError, match="did you mean BLR") as caught:
        article["2016"].quote("relations", "BLRR", sources="/nowhere")
    assert caught.value.kind == "unknown-key"


def test_a_dataset_without_evidence_has_no_quotes(tmp_path: Path) -> None:
    bare = StagedRevision("a", typed(Relation, [relation("BLR")]))
    with pytest.raises(NotFoundError) as caught:
        dataset(tmp_path / "store", bare)["a"].quote("relations", "BLR")
    assert caught.value.kind == "no-evidence"


def test_long_lines_are_cut_on_both_sides(tmp_path: Path) -> None:
    before, after = "a" * (START - len("First line.\n") - 1), " " + "b" * 200
    text = f"First line.\n{before} 1992{after}"
    (tmp_path / "source.txt").write_text(text, encoding="utf-8")
    things = dataset(tmp_path / "store", staged(text))
    [passage] = things["a"].quote("relations", "BLR", sources=tmp_path).passages
    assert passage.context == f"{before} 1992{after[:80]}…"


def test_the_passages_of_a_shipped_row_come_row_first_then_by_column(article: Dataset) -> None:
    quote = article["2016"].quote("relations", "BLR")
    columns = [passage.column for passage in quote.passages]
    assert columns == sorted(columns)
    assert columns[0] == ""


def test_a_shipped_fact_is_quoted_in_its_words(article: Dataset, sources: Path) -> None:
    quote = article["2016"].quote("relations", "BLR", column="began", sources=sources)
    assert quote.words == "1992"
    assert "Belarus" in str(quote.passages[0].context)
    assert quote.citation.startswith(
        "“Foreign relations of Azerbaijan”, English Wikipedia, version of 2016-11-19"
    )
