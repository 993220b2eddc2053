"""What the pages say about the shipped data, and how a page is made to fit."""

import re
from pathlib import Path

import pyarrow as pa
import pytest

import azds
from azds.dataset.diff import CATEGORIES
from azds.report import Report, dataset_report, diff_report, table_report
from azds.report import reports as module

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def text_of(html: str) -> str:
    """The words of a page, without tags."""
    body = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def test_the_top_says_what_the_counts_count(of_two: Report) -> None:
    text = text_of(of_two.html)
    for told in ("160 countries", "174 states", "184 UN members", "not the same thing"):
        assert told in text
    assert "implies: 172 UN members" in text
    assert text.index("not the same thing") < text.index("Changes, table by table")


def test_what_a_source_never_carried_is_not_called_removed(article: azds.Dataset) -> None:
    text = text_of(diff_report(article.diff("2016", "current"), article).html)
    assert "The source of current does not carry this table, so nothing can be said of it" in text
    assert "called neither added nor removed" in text
    assert "No value that both 2016 and current state differs." in text
    assert not re.search(r"\d+ removed", text)


def test_no_page_speaks_of_a_trend(of_all: Report, of_two: Report) -> None:
    for made in (of_all, of_two):
        text = text_of(made.html).lower()
        assert not re.search(
            r"\b(rose|risen|fell|fallen|grew|grown|increased?|decreased?|until)\b", text
        )
        assert "no trend" in text


def test_a_page_shows_every_change_of_the_shipped_data(article: azds.Dataset) -> None:
    for old, new in (("2016", "interim"), ("interim", "current"), ("2016", "current")):
        found = article.diff(old, new)
        made = diff_report(found, article)
        lines = len(re.findall(r"<tr role=\"row\" data-kind=", made.html))
        cells = sum(len(cell) for one in found for cell in one.changes.cells.values())
        rows = sum(len(getattr(one, kind)) for one in found for kind in CATEGORIES)
        assert made.is_whole
        assert lines == cells + rows


def test_wording_and_place_are_there_and_hidden_until_asked_for(of_two: Report) -> None:
    assert "g-wording" in of_two.html
    assert "g-place" in of_two.html
    assert 'id="show-wording">' in of_two.html


def test_wording_can_be_shown_from_the_start(article: azds.Dataset) -> None:
    made = diff_report(article.diff("2016", "interim"), article, wording=True)
    assert 'id="show-wording" checked>' in made.html
    assert 'id="show-place">' in made.html


def test_every_shown_change_of_a_sourced_table_has_evidence(article: azds.Dataset) -> None:
    made = diff_report(article.diff("2016", "interim", ["relations"]), article)
    lines = re.findall(r"<tr role=\"row\" data-kind=.*?</tr>", made.html, re.DOTALL)
    assert lines
    assert all("characters" in line and "<b><bdi>2016</bdi></b>" in line for line in lines)


def test_quotations_are_short_and_only_where_the_source_is(
    article: azds.Dataset, sources: Path, tmp_path: Path
) -> None:
    found = article.diff("2016", "interim")
    assert "<q>" not in diff_report(found, article).html
    quoted = re.findall(
        r"<q><bdi>(.*?)</bdi></q>", diff_report(found, article, sources=sources).html
    )
    assert len(quoted) > 50
    assert all(len(words.replace("…", "").split()) <= 10 for words in quoted)
    elsewhere = diff_report(found, article, sources=tmp_path)
    assert "<q>" not in elsewhere.html
    assert elsewhere.notes == (
        "the source of 2016 is not in the place given: no quotations",
        "the source of interim is not in the place given: no quotations",
    )


def test_findings_of_both_sides_are_shown_and_no_others(article: azds.Dataset) -> None:
    text = text_of(diff_report(article.diff("interim", "current"), article).html)
    assert "states several counts" in text
    assert "relations with Israel began 1991" not in text


def test_the_dataset_page_has_all_revisions_neighbours_and_findings(
    article: azds.Dataset, of_all: Report
) -> None:
    text = text_of(of_all.html)
    for told in ("2016 → interim", "interim → current", "What each source could show"):
        assert told in text
    for finding in article.check():
        assert finding.message in text.replace("&#34;", '"')


@pytest.mark.parametrize("name", ["war-reactions", "foreign-relations"])
def test_every_shipped_dataset_makes_a_page(name: str) -> None:
    made = dataset_report(azds.open()[name])
    assert len(made.html) < 400_000
    assert made.is_whole


def test_the_same_data_make_the_same_page(article: azds.Dataset, of_all: Report) -> None:
    assert dataset_report(azds.open()[article.name]).html == of_all.html


def test_a_page_fetches_nothing_and_allows_its_own_script_alone(of_all: Report) -> None:
    [policy] = POLICY.findall(of_all.html)
    assert policy.startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=\"(?!#)", of_all.html)
    assert not re.search(r"<[^>]* (style|on[a-z]+)=", of_all.html)


def test_only_the_last_neighbours_of_a_long_history_are_compared(tmp_path: Path) -> None:
    dataset = azds.init(tmp_path / "store").create("days")
    for day in range(5):
        dataset.commit(f"day-{day}", {"Day": pa.table({"id": [1], "x": [day]})}, key="id")
    made = dataset_report(dataset, latest=2)
    assert "The last 2 of 4 comparisons of neighbours are shown." in made.html
    assert made.full().column("new_revision").to_pylist() == ["day-3", "day-4"]


def test_a_dataset_without_a_revision_makes_a_page_that_says_so(tmp_path: Path) -> None:
    made = dataset_report(azds.init(tmp_path / "store").create("nothing"))
    assert "Nothing was committed yet." in made.html
    assert made.full().num_rows == 0


def million() -> tuple[pa.Table, pa.Table]:
    """Two tables of a million rows with a million differing rows between them."""
    ids = pa.array(range(900_000), pa.int64())
    old = pa.table({"id": ids, "x": pa.repeat(1, 900_000), "word": pa.repeat("old", 900_000)})
    later = pa.array(range(100_000, 1_000_000), pa.int64())
    new = pa.table({"id": later, "x": pa.repeat(2, 900_000), "word": pa.repeat("new", 900_000)})
    return old, new


def test_a_million_changes_make_a_small_page_that_points_to_all_of_them() -> None:
    found = azds.diff(*million(), key="id")
    made = table_report(found, "before", "after", full="all.parquet")
    assert made.total == 1_000_000
    assert 0 < made.shown < made.total
    assert len(made.html.encode()) < 5_000_000
    assert f"{made.shown:,} of 1,000,000 changed rows are shown." in made.html
    assert "<code>all.parquet</code>" in made.html
    assert made.full().num_rows == 1_600_000 + 200_000 * 2


def test_long_cells_and_many_columns_still_fit() -> None:
    """Fewer rows are shown until the page fits."""
    cells = {f"column {at}": [f"{at}<&\"'\u202e" * 200] * 600 for at in range(50)}
    old = pa.table({"id": range(600), **cells})
    new = pa.table({"id": range(600), **{name: ["<"] * 600 for name in cells}})
    made = table_report(azds.diff(old, new, key="id"))
    assert len(made.html.encode()) <= module.MOST_BYTES
    assert 0 < made.shown < made.total == 600
