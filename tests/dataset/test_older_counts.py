"""Stores from before counts had a qualifier: they open, and their numbers did not change."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.dataset.making import column, count, dataset, evidence, headline, typed

from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.dataset.series import Stated
from azds.records import Count, Evidence
from azds.store import StagedRevision, StagedTable

PARTIAL = Coverage("partial", places=("prose",), reason="a number not stated again is not gone")
OLD = [count(160), count(174, "states", includes=("PSE", "VAT"))]
KEY = ("diplomatic_relations", "countries", 1)


def older(tables: dict[str, StagedTable]) -> dict[str, StagedTable]:
    """The tables as they were made before there was the column."""
    held = tables["counts"]
    schema = column(held.schema, without=["qualifier"])
    return {"counts": replace(held, schema=schema, rows=held.rows.drop_columns("qualifier"))}


@pytest.fixture(params=["same", "more"])
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> Dataset:
    """An older revision, and one with the column: with the same rows, or a bound among them."""
    bound = [count(130, "un_members", qualifier="more_than")] if request.param == "more" else []
    cited = typed(Evidence, [evidence("counts", "/".join(map(str, KEY)), 7)])
    head = headline(160, "countries")
    return dataset(
        tmp_path / "store",
        StagedRevision("old", older(typed(Count, OLD, PARTIAL)) | cited, headline=head),
        StagedRevision("new", typed(Count, [*OLD, *bound], PARTIAL) | cited, headline=head),
    )


@pytest.mark.parametrize("labels", [("old", "new"), ("new", "old")], ids="→".join)
def test_a_column_that_was_not_carried_changes_no_row(
    counted: Dataset, labels: tuple[str, str]
) -> None:
    diff = counted.diff(*labels)["counts"]
    more = len(counted["new"]["counts"]) - 2
    counts = diff.counts()
    assert (counts["equal"], counts["changed"]) == (2, 0)
    assert counts["newly_stated" if labels[0] == "old" else "unstated"] == more
    assert diff.changes.cells == {}
    change = diff.changes.schema_change
    assert [one.name for one in (*change.added, *change.removed)] == ["qualifier"]
    [told] = counted.diff(*labels).headlines
    assert told["statements_changed"] == bool(more)


def test_history_series_and_check_read_the_older_one(counted: Dataset) -> None:
    assert [one.change for one in counted.history("counts", *KEY)] == ["first", "equal"]
    points = counted.series("diplomatic_relations").points
    assert [point.headline for point in points] == [Stated(160, "countries")] * 2
    assert points[0].also_stated == (Stated(174, "states", ("PSE", "VAT")),)
    assert [one.revision for one in counted.check() if one.code == "counts-differ"] == [
        "old",
        "new",
    ]
    stacked = counted.table("counts")
    assert stacked["qualifier"].null_count == 4


def test_its_rows_open_as_they_were_stored(counted: Dataset) -> None:
    rows = counted["old"]["counts"].records
    assert [row["value"] for row in rows] == [160, 174]
    assert "qualifier" not in rows[0]
    assert counted["old"]["counts"][KEY]["value"] == 160
