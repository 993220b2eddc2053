"""A dataset across its revisions: order, names, stacked tables."""

from pathlib import Path

import pytest
from tests.dataset.making import CITY, cities, column, dataset

from azds.columns import Column, Role
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.errors import InvalidInputError, NotFoundError
from azds.store import StagedRevision

PARTIAL = Coverage("partial", reason="a sample")


def test_a_dataset_tells_its_revisions_in_one_line(article: Dataset) -> None:
    assert repr(article) == "<Dataset foreign-relations: 2016, interim, current>"
    assert len(article) == 3
    assert list(article) == ["2016", "interim", "current"]


def test_a_revision_tells_its_label_date_source_and_coverage(article: Dataset) -> None:
    first, second, _ = article.revisions
    assert repr(first) == "<Revision 2016: 2016-11-19>"
    assert repr(second) == "<Revision interim: undated>"
    assert str(first.source).startswith("sha256:")
    assert first.coverage["relations"].places == ("list", "table", "prose")


def test_a_snapshot_tells_its_tables_in_one_line(article: Dataset) -> None:
    told = repr(article["current"])
    assert told.startswith("<Snapshot foreign-relations current: bibliography 0, counts 1, ")
    assert told.endswith("relations 4, sections 1>")
    assert list(article["current"])[-2:] == ["evidence", "rejections"]


def test_a_snapshot_and_its_tables_are_read_once(article: Dataset) -> None:
    assert article["2016"] is article["2016"]
    assert article["2016"]["counts"] is article["2016"]["counts"]


def test_a_revision_that_is_not_there_is_not_found_and_near_ones_are_named(
    article: Dataset,
) -> None:
    with pytest.raises(NotFoundError, match="did you mean current") as caught:
        article["curent"]
    assert caught.value.kind == "unknown-revision"


@pytest.mark.parametrize("ask", ["table", "schema"])
def test_a_table_that_is_not_there_is_not_found_and_near_ones_are_named(
    article: Dataset, ask: str
) -> None:
    with pytest.raises(NotFoundError, match="did you mean relations") as caught:
        getattr(article, ask)("relation")
    assert caught.value.kind == "unknown-table"
    with pytest.raises(NotFoundError) as caught:
        article["2016"]["relation"]
    assert caught.value.kind == "unknown-table"


def test_a_stacked_table_has_all_revisions_in_order_with_their_coverage(article: Dataset) -> None:
    stacked = article.table("organizations")
    assert stacked.column_names[:3] == ["revision", "coverage", "organization"]
    sizes = [len(article[label]["organizations"]) for label in article]
    assert stacked["revision"].to_pylist() == [
        label for label, size in zip(article, sizes, strict=True) for _ in range(size)
    ]
    assert set(
        zip(stacked["revision"].to_pylist(), stacked["coverage"].to_pylist(), strict=True)
    ) == {
        ("2016", "partial"),
        ("interim", "complete"),
        ("current", "complete"),
    }


def test_a_column_that_a_revision_lacks_is_null_there(tmp_path: Path) -> None:
    newer = column(CITY, Column("mayor", "string", Role.FACT, nullable=True))
    things = dataset(
        tmp_path / "store",
        StagedRevision("a", cities({"x": {}})),
        StagedRevision("b", cities({"x": {"mayor": "M"}}, PARTIAL, newer)),
        StagedRevision("c", {}),
    )
    assert things.table("City")["mayor"].to_pylist() == [None, "M"]
    assert things.schema("City") == newer
    assert things.tables == ("City",)


def test_a_column_that_changed_its_type_does_not_stack_and_that_is_said(tmp_path: Path) -> None:
    retyped = Column("people", "string", Role.FACT, nullable=True)
    things = dataset(
        tmp_path / "store",
        StagedRevision("a", cities({"x": {"people": 1}})),
        StagedRevision(
            "b", cities({"x": {"people": "1"}}, schema=column(CITY, retyped, without=["people"]))
        ),
    )
    with pytest.raises(InvalidInputError, match="do not stack") as caught:
        things.table("City")
    assert caught.value.kind == "bad-column"
