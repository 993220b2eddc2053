"""Eleven forms of one text: the same facts where a form carries them, and never a removal."""

from itertools import permutations
from pathlib import Path

import pytest
from tests.ingest.forms import FORMS, LISTED, WHOLE, derive

from azds.dataset.dataset import Dataset
from azds.dataset.ingesting import ingest, new_article
from azds.entities import states
from azds.ingest.containers import read_pages
from azds.ingest.extract import Extraction, extract
from azds.store.folder import init_store


def extracted(form: str) -> Extraction:
    [page] = read_pages([derive(form)])
    data = page.data if page.data is not None else (page.text or "").encode()
    return extract(data, subject="FJI", style=page.form)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The forms as revisions of one dataset; the API's text, which is the wikitext, apart."""
    folder = tmp_path_factory.mktemp("forms")
    for form in FORMS:
        if form != "api-json":
            (folder / f"{form}.txt").write_bytes(derive(form))
    article = new_article(
        init_store(folder / "store"), "fiji", article="Foreign relations of Fiji", subject="FJI"
    )
    done = ingest(article, sorted(folder.glob("*.txt")))
    assert not done.refused
    return Dataset(article)


@pytest.mark.parametrize("form", [*WHOLE, "cell-lines", "pipes"])
def test_a_form_that_carries_the_list_gives_each_row_with_its_date(form: str) -> None:
    found = extracted(form)
    rows = {row.counterpart: row for row in found.tables["relations"]}  # type: ignore[attr-defined]
    for _, name, _, began in LISTED:
        row = rows[str(states().resolve(name))].model_dump()
        assert (row["status"], str(row["began"]) if row["began"] else None) == (
            "established",
            began,
        )
    assert set(rows) == {states().resolve(name) for _, name, _, _ in LISTED} | {"CHL"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_states_the_count_with_its_scope(form: str) -> None:
    counts = [row.model_dump() for row in extracted(form).tables["counts"]]
    expected = [] if form == "templates-stripped" and not counts else [(182, "un_members")]
    assert [(row["value"], row["scope"]) for row in counts] == expected


@pytest.mark.parametrize("form", FORMS)
def test_evidence_points_to_the_words_as_they_are_stored(form: str) -> None:
    [page] = read_pages([derive(form)])
    text = page.text if page.text is not None else (page.data or b"").decode()
    found = extracted(form)
    counts = [one for one in found.evidence if one.table == "counts" and one.column == "value"]
    assert all(text[one.start : one.end] == "182" for one in counts)
    named = {one.key: text[one.start : one.end] for one in found.evidence if one.column == "began"}
    assert all(words.strip("0") for words in named.values())


def test_only_a_form_that_keeps_tables_shows_all_relations() -> None:
    levels = {form: extracted(form).coverage["relations"].level for form in FORMS}
    assert {form for form, level in levels.items() if level == "complete"} == set(WHOLE)
    assert levels["textextracts"] == levels["wikiextractor"] == "absent"


def test_a_diff_between_two_forms_of_one_text_reports_no_removal(dataset: Dataset) -> None:
    labels = [revision.label for revision in dataset.revisions]
    assert len(labels) == len(FORMS) - 1
    for old, new in permutations(labels, 2):
        summary = dataset.diff(old, new, ["relations", "missions", "counts"]).summary()
        for table, counts in summary.items():
            kinds = {kind for column in counts["columns"].values() for kind in column}  # type: ignore[attr-defined]
            assert not counts["removed"], (old, new, table)
            assert not kinds & {"emptied", "reduced"}, (old, new, table, kinds)


def test_the_forms_that_carry_everything_state_the_same_relations(dataset: Dataset) -> None:
    for form in WHOLE:
        if form not in {"wikitext", "api-json"}:
            relations = dataset.diff("wikitext", form, ["relations"]).summary()["relations"]
            assert relations["equal"] == relations["rows_old"] == relations["rows_new"]


def test_a_country_that_leaves_the_list_is_removed(tmp_path: Path) -> None:
    """The other side of the rule: where both sides show the whole list, a removal is told."""
    text = derive("wikitext").decode()
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        text.replace("|-\n|3\n|{{flag|Chad}}\n|{{dts|1971}}\n", ""), encoding="utf-8"
    )
    article = new_article(init_store(tmp_path / "s"), "fiji", article="x", subject="Fiji")
    ingest(article, [tmp_path / "a.txt", tmp_path / "b.txt"])
    diff = Dataset(article).diff("a", "b")
    assert diff.summary()["relations"]["removed"] == 1


def test_a_table_that_only_arranges_others_hides_none_of_them() -> None:
    html = derive("legacy").decode().replace("<h2>Bilateral", "</td></tr></table><h2>Bilateral")
    html = html.replace("<p>List", '<table role="presentation"><tr><td><p>List', 1)
    found = extract(html.encode(), subject="FJI")
    assert len(found.tables["relations"]) == len(LISTED) + 1
    assert found.coverage["relations"].level == "complete"
