"""The diff document as a page."""

from pathlib import Path

import pytest
from tests.dataset.making import CITY, COMPLETE, cities, column, dataset, table

from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.diff import Diff
from azds.render.diff import LIMIT, Reading, diff_page
from azds.render.page import to_text
from azds.store import StagedRevision

PARTIAL = Coverage("partial", reason="only a sample")


def text_of(diff: Diff, roles: tuple[Role, ...] = (Role.FACT,), *, stat: bool = False) -> str:
    """The page of a diff, as text."""
    document = diff.to_document(
        wording=Role.WORDING in roles, place=Role.PLACE in roles, limit=LIMIT
    )
    readings = {
        one.name: Reading(
            one.changes.schema, one.count_changed(roles), diff.labels().get(one.name, {})
        )
        for one in diff
    }
    sides = (diff.old.manifest, diff.new.manifest)
    return to_text(diff_page(document, *sides, readings, stat=stat))


def page(
    path: Path, old: StagedRevision, new: StagedRevision, *roles: Role, stat: bool = False
) -> str:
    """The page of the diff of two revisions."""
    return text_of(dataset(path / "store", old, new).diff("a", "b"), (Role.FACT, *roles), stat=stat)


def test_rows_that_came_and_went_are_told_with_their_names(tmp_path: Path) -> None:
    told = page(
        tmp_path,
        StagedRevision("a", cities({"x": {"name": "Xerxes"}, "y": {"people": 1, "name": "Ys"}})),
        StagedRevision("b", cities({"y": {"people": 2, "name": "Ys"}, "z": {"tags": ["t", "u"]}})),
    )
    assert told == (
        "things: a (undated, position declared) → b (undated, position declared)\n"
        "\n"
        "Rows, by table\n"
        "  table  old  new  equal  changed  added  removed"
        "  newly stated  unstated  not comparable\n"
        "  City     2    2      ·        1      1        1"
        "             ·         ·               ·\n"
        "\n"
        "City: 1 changed, 1 added, 1 removed\n"
        "  added:\n"
        "  id  people  tags  founded  name\n"
        "  z   –       t, u  –\n"
        "  removed:\n"
        "  id  people  tags  founded  name\n"
        "  x   –       –     –        Xerxes\n"
        "  changed:\n"
        "  key  name  column  old     new  kind\n"
        "  y    Ys    people  1    →  2    replaced\n"
    )


def test_what_a_partial_side_lacks_is_not_called_removed(tmp_path: Path) -> None:
    told = page(
        tmp_path,
        StagedRevision("a", cities({"x": {}})),
        StagedRevision("b", cities({}, PARTIAL)),
    )
    assert "  b is partial: only a sample\n" in told
    assert "  only in a; b does not show all there is, so not called removed:\n" in told
    assert "removed:\n" not in told.replace("so not called removed:\n", "")


def test_columns_that_a_source_never_carried_are_named(tmp_path: Path) -> None:
    bare = Coverage("complete", columns_absent=("people",))
    told = page(
        tmp_path,
        StagedRevision("a", cities({"x": {"people": 1}})),
        StagedRevision("b", cities({"x": {}}, bare)),
    )
    assert "  b does not carry people\n" in told
    assert "people  1    →  –    unstated\n" in told


def test_a_table_where_nothing_differs_is_only_counted(tmp_path: Path) -> None:
    same = cities({"x": {}})
    told = page(tmp_path, StagedRevision("a", same), StagedRevision("b", same))
    assert told.splitlines()[-1].split() == ["City", "1", "1", "1", *"······"]


def test_twenty_rows_of_each_kind_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    old = {f"c{n:02}": {"people": n, "name": "n"} for n in range(50)}
    new = {key: {"people": row["people"], "name": "m"} for key, row in list(old.items())[25:]}
    sides = (StagedRevision("a", cities(old)), StagedRevision("b", cities(new)))
    told = page(tmp_path, *sides)
    assert "  … 5 more\n" in told
    assert "changed:" not in told
    told = text_of(dataset(tmp_path / "again", *sides).diff("a", "b"), (Role.FACT, Role.WORDING))
    assert told.count("reworded") == 20
    assert told.endswith("  … 5 more\n")


def test_stat_tells_cells_by_column_and_no_rows(tmp_path: Path) -> None:
    told = page(
        tmp_path,
        StagedRevision("a", cities({"x": {"people": 1}, "y": {"founded": "1900"}})),
        StagedRevision("b", cities({"x": {"people": 2}, "y": {"founded": "1900-01"}})),
        stat=True,
    )
    assert told.endswith(
        "Cells, by column\n"
        "  column        changes\n"
        "  City.people   1 replaced\n"
        "  City.founded  1 refined\n"
    )


def test_a_change_of_columns_is_told_in_words(tmp_path: Path) -> None:
    newer = column(CITY, Column("mayor", "string", Role.FACT, nullable=True), without=["tags"])
    told = page(
        tmp_path,
        StagedRevision("a", cities({"x": {}})),
        StagedRevision("b", cities({"x": {}}, COMPLETE, newer)),
    )
    assert "  columns: mayor added, tags removed\n" in told


@pytest.mark.parametrize("kind", ["digest", ""])
def test_a_digest_is_told_as_text_that_differs(tmp_path: Path, kind: str) -> None:
    columns = (
        Column("id", "string", Role.KEY),
        Column("words", "string", Role.FACT, meaning="digest" if kind else ""),
    )
    schema, other = TableSchema("Page", 1, columns), {"id": "y", "words": "2f"}
    told = page(
        tmp_path,
        StagedRevision("a", {"Page": table(schema, [{"id": "x", "words": "0f"}])}),
        StagedRevision("b", {"Page": table(schema, [{"id": "x", "words": "1f"}, other])}),
    )
    assert ("the text  →  another text" in told) == bool(kind)
    assert ("0f" in told) == ("2f" in told) == (not kind)


def test_of_nested_values_the_element_that_differs_is_told(tmp_path: Path) -> None:
    columns = (
        Column("id", "string", Role.KEY),
        Column("at", "struct<lat: int64, lon: int64>", Role.FACT),
    )
    schema = TableSchema("Place", 1, columns)
    told = page(
        tmp_path,
        StagedRevision("a", {"Place": table(schema, [{"id": "x", "at": {"lat": 1, "lon": 2}}])}),
        StagedRevision("b", {"Place": table(schema, [{"id": "x", "at": {"lat": 1, "lon": 3}}])}),
    )
    assert "['lon'] 2  →  ['lon'] 3" in told
