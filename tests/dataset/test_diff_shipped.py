"""What the diffs of the shipped revisions say, and that they say no more than is known."""

import json
from itertools import permutations, product
from pathlib import Path

import jsonschema
import pyarrow as pa
import pytest

from azds.dataset.cells import SCHEMA
from azds.dataset.dataset import Dataset
from azds.dataset.diff import CATEGORIES, Diff
from azds.records.documents import DOCUMENTS
from azds.records.export import document_schema

LABELS = ("2016", "interim", "current")
PAIRS = list(permutations(LABELS, 2))


@pytest.fixture(params=PAIRS, ids="-".join)
def pair(article: Dataset, request: pytest.FixtureRequest) -> Diff:
    """Each pair of revisions, in both orders."""
    return article.diff(*request.param)


def test_2016_to_current_nothing_was_removed_or_added_but_what_lists_show(
    article: Dataset,
) -> None:
    """The source of `current` does not carry the tables: their rows are not comparable."""
    diff = article.diff("2016", "current")
    for one in diff:
        assert (len(one.removed), len(one.added)) == (0, 0), one.name
    assert diff["bibliography"].not_comparable == 84
    assert diff["missions"].not_comparable == 16
    assert len(diff["relations"].unstated) + diff["relations"].not_comparable == 77
    assert diff["relations"].unstated.keys().to_pylist() == ["CYP", "Q458"]


def test_2016_to_current_the_headlines_do_not_count_the_same_thing(article: Dataset) -> None:
    assert article.diff("2016", "current").headlines == [
        {
            "measure": "diplomatic_relations",
            "old": {"value": 160, "scope": "countries"},
            "new": {"value": 184, "scope": "un_members"},
            "same_scope": False,
            "statements_changed": True,
            "reason": "2016 counts countries, current counts UN members: not the same thing",
        }
    ]


def test_2016_to_interim_only_the_designation_differs(article: Dataset) -> None:
    [headline] = article.diff("2016", "interim").headlines
    assert headline["statements_changed"] is False
    assert headline["reason"] == (
        "2016 counts countries, interim counts states: not the same thing; "
        "both state the same counts, and only the one taken as headline differs"
    )


def test_2016_to_interim_no_date_was_emptied(article: Dataset) -> None:
    """`interim` shows names without dates."""
    diff = article.diff("2016", "interim")["relations"]
    kinds = diff.summary()["columns"]
    assert isinstance(kinds, dict)
    assert set(kinds) == {"began", "began_also"}
    assert {kind for counts in kinds.values() for kind in counts} == {"unstated"}
    assert "NIC" in diff.unstated
    assert len(diff.removed) == len(diff.newly_stated) == len(diff.added) == 0


@pytest.mark.parametrize("old", LABELS)
def test_the_statements_are_compared_even_where_the_counts_are_not_asked_for(
    article: Dataset, old: str
) -> None:
    for new in LABELS:
        whole, part = article.diff(old, new), article.diff(old, new, ["organizations"])
        assert whole.headlines == part.headlines


def test_interim_to_current_the_participations_compare_completely(article: Dataset) -> None:
    diff = article.diff("interim", "current")["organizations"]
    assert diff.summary() == {
        "rows_old": 50,
        "rows_new": 50,
        "equal": 50,
        "changed": 0,
        "added": 0,
        "removed": 0,
        "newly_stated": 0,
        "unstated": 0,
        "not_comparable": 0,
        "columns": {},
    }
    assert diff.changes.old_coverage.level == diff.changes.new_coverage.level == "complete"
    assert not diff.is_changed


@pytest.mark.parametrize("label", LABELS)
def test_a_revision_does_not_differ_from_itself(article: Dataset, label: str) -> None:
    diff = article.diff(label, label)
    assert not diff
    assert not list(filter(None, diff))
    assert [h["reason"] for h in diff.headlines] == ["nothing differs"]
    assert diff.to_arrow().num_rows == 0
    assert repr(diff) == f"<Diff {label} → {label}: nothing differs>"


def test_revisions_that_differ_make_a_diff_that_is_true(pair: Diff) -> None:
    assert pair


def test_the_counts_add_up(pair: Diff) -> None:
    for one in pair:
        changes, counts = one.changes, one.summary()
        assert changes.rows_old == (
            changes.equal
            + changes.changed
            + changes.removed.num_rows
            + changes.unstated.num_rows
            + changes.not_comparable_old.num_rows
        )
        assert changes.rows_new == (
            changes.equal
            + changes.changed
            + changes.added.num_rows
            + changes.newly_stated.num_rows
            + changes.not_comparable_new.num_rows
        )
        assert counts["not_comparable"] == one.not_comparable
        assert len(one.changed) == counts["changed"]


def test_the_document_fits_its_schema(pair: Diff) -> None:
    for wording, place in product([False, True], repeat=2):
        text = pair.to_json(wording=wording, place=place)
        document = DOCUMENTS["diff.v1"].validate(text)
        jsonschema.validate(json.loads(text), document_schema("diff.v1"))
        assert document == pair.to_document(wording=wording, place=place)


def test_the_document_lists_all_rows_that_the_summary_counts(pair: Diff) -> None:
    document = DOCUMENTS["diff.v1"].validate(pair.to_json())
    assert isinstance(document, dict)
    for name, table in document["tables"].items():
        for category in (*CATEGORIES, "changed"):
            assert len(table[category]) == document["summary"][name][category]


def test_wording_and_place_stay_out_of_the_document_unless_they_are_asked_for(
    article: Dataset,
) -> None:
    diff = article.diff("2016", "current")
    [row] = diff.to_document()["tables"]["relations"]["newly_stated"]  # type: ignore[index]  # plain JSON
    assert set(row) == {"counterpart", "status", "began", "ended", "began_also"}
    [row] = diff.to_document(wording=True)["tables"]["relations"]["newly_stated"]  # type: ignore[index]  # plain JSON
    assert {"name", "names_as_written"} <= set(row)


def test_the_cells_as_a_table_have_one_row_for_each_changed_cell(pair: Diff) -> None:
    cells = pair.to_arrow()
    assert cells.schema == SCHEMA
    rows = cells.to_pylist()
    changed = [row for row in rows if row["change"] == "changed"]
    assert len(changed) == sum(
        sum(counts.values()) for one in pair for counts in _kinds(one.summary()).values()
    )
    assert all(row["kind"] and row["old"] != row["new"] for row in changed)
    assert all(row["kind"] is None for row in rows if row["change"] != "changed")


def test_the_cells_as_a_table_leave_out_no_row_on_one_side(pair: Diff) -> None:
    """A row whose facts are all null still has a row: it is there, it only says nothing more."""
    rows = pair.to_arrow().to_pylist()
    for one in pair:
        for category in CATEGORIES:
            keys = {r["key"] for r in rows if (r["table"], r["change"]) == (one.name, category)}
            assert keys == set(getattr(one, category).keys().to_pylist()), category


def test_the_cells_come_in_order_of_tables_then_changes(pair: Diff) -> None:
    rows = pair.to_arrow().to_pylist()
    tables = [row["table"] for row in rows]
    assert tables == sorted(tables, key=pair.tables.index)
    order = ("changed", *CATEGORIES)
    for name in pair.tables:
        changes = [row["change"] for row in rows if row["table"] == name]
        assert changes == sorted(changes, key=order.index)


def test_wording_brings_more_cells_and_the_same_rows(article: Dataset) -> None:
    diff = article.diff("2016", "current")
    facts, all_roles = diff.to_arrow(), diff.to_arrow(wording=True, place=True)
    assert all_roles.num_rows > facts.num_rows
    assert {"reworded", "moved"} & set(all_roles["kind"].to_pylist())
    assert diff.summary()["relations"]["changed"] == 0


def test_a_diff_is_iterated_by_table_and_holds_those_of_the_design(article: Dataset) -> None:
    diff = article.diff("2016", "interim")
    assert [one.name for one in diff] == list(diff.tables)
    assert "evidence" not in diff.tables
    assert [one.name for one in article.diff("2016", "interim", ["evidence"])] == ["evidence"]


def test_a_table_that_is_asked_for_twice_is_told_once(article: Dataset) -> None:
    assert article.diff("2016", "current", ["counts", "counts"]).tables == ("counts",)


def test_the_rows_of_a_category_are_records(article: Dataset) -> None:
    unstated = article.diff("2016", "interim")["relations"].unstated
    assert [row.counterpart for row in unstated] == ["ARM", "CYP", "NIC"]
    assert str(unstated["NIC"].began) == "1994-02-10"


def test_the_names_of_keys_are_those_of_the_new_side_where_it_has_one(article: Dataset) -> None:
    names = article.diff("2016", "current").labels()["relations"]
    assert names["VAT"] == "Holy See"
    assert names["NIC"] == "Nicaragua"


def test_a_diff_names_the_tables_that_differ(article: Dataset) -> None:
    diff = article.diff("interim", "current", ["organizations", "counts"])
    assert repr(diff) == "<Diff interim → current: counts>"
    assert repr(diff["counts"]) == (
        "<TableDiff counts: rows_old 2, rows_new 1, newly_stated 1, unstated 2>"
    )


def test_the_cells_can_be_handed_to_other_libraries(article: Dataset) -> None:
    cells = article.diff("2016", "interim").to_arrow()
    assert pa.table(cells).num_rows == cells.to_pandas().shape[0]


def test_the_store_is_only_read(article: Dataset, shipped: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in shipped.rglob("*"))
    article.diff("2016", "current").to_json()
    article.check()
    assert sorted((p, p.stat().st_mtime_ns) for p in shipped.rglob("*")) == before


def _kinds(summary: dict[str, object]) -> dict[str, dict[str, int]]:
    columns = summary["columns"]
    assert isinstance(columns, dict)
    return columns
