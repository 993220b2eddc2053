"""The diff of two revisions, on small invented stores."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.dataset.making import (
    CITY,
    COMPLETE,
    cities,
    column,
    count,
    dataset,
    evidence,
    headline,
    relation,
    table,
    typed,
)

import azds
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.diff import Diff, TableDiff
from azds.errors import NotFoundError
from azds.records import Count, Evidence, Relation
from azds.records.documents import DOCUMENTS
from azds.store import StagedRevision

PARTIAL = Coverage("partial", reason="a sample")
ABSENT = Coverage("absent", reason="the page was lost")


def diff_of(path: Path, old: StagedRevision, new: StagedRevision) -> Diff:
    """The diff of two revisions in a store of their own."""
    return dataset(path / "store", old, new).diff(old.label, new.label)


def city_diff(
    path: Path,
    old: dict[str, dict[str, object]],
    new: dict[str, dict[str, object]],
    *,
    before: Coverage = COMPLETE,
    after: Coverage = COMPLETE,
) -> TableDiff:
    """The diff of two tables of cities."""
    sides = StagedRevision("a", cities(old, before)), StagedRevision("b", cities(new, after))
    return diff_of(path, *sides)["City"]


def test_wording_and_place_alone_make_no_difference(tmp_path: Path) -> None:
    diff = city_diff(
        tmp_path,
        {"x": {"name": "Baku", "page": 1, "people": 5}},
        {"x": {"name": "Bakü", "page": 2, "people": 5}},
    )
    assert not diff
    assert diff.changed == []
    assert diff.changed_rows((Role.WORDING, Role.PLACE)) == [
        {
            "key": {"id": "x"},
            "cells": {
                "name": {"old": "Baku", "new": "Bakü", "kind": "reworded"},
                "page": {"old": 1, "new": 2, "kind": "moved"},
            },
        }
    ]
    assert diff.change_of("x") == ("equal", {})
    assert diff.count_changed() == 0
    assert diff.count_changed((Role.FACT, Role.WORDING)) == 1


def test_a_removed_row_is_reported_once(tmp_path: Path) -> None:
    diff = city_diff(tmp_path, {"x": {}, "y": {}}, {"y": {}})
    assert diff.removed.keys().to_pylist() == ["x"]
    assert diff.summary()["removed"] == 1
    assert diff.change_of("x") == ("removed", {})
    assert diff.is_changed


def test_what_a_partial_side_lacks_was_not_removed(tmp_path: Path) -> None:
    diff = city_diff(tmp_path, {"x": {"people": 5}, "y": {}}, {"y": {}}, after=PARTIAL)
    assert len(diff.removed) == 0
    assert diff.unstated.keys().to_pylist() == ["x"]


def test_what_a_partial_side_covers_was_removed(tmp_path: Path) -> None:
    part = Coverage("partial", covers={"founded": ("1900",)}, reason="one year")
    old: dict[str, dict[str, object]] = {"x": {"founded": "1900"}, "y": {"founded": "1901"}}
    diff = city_diff(tmp_path, old, {}, after=part)
    assert diff.removed.keys().to_pylist() == ["x"]
    assert diff.unstated.keys().to_pylist() == ["y"]


def test_rows_that_an_absent_side_cannot_have_are_only_counted(tmp_path: Path) -> None:
    diff = city_diff(tmp_path, {"x": {}, "y": {}}, {}, after=ABSENT)
    assert diff.not_comparable == 2
    assert len(diff.removed) == len(diff.unstated) == 0
    assert diff.change_of("x") == ("not_comparable", {})


def test_coverage_alone_is_a_difference_but_no_changed_fact(tmp_path: Path) -> None:
    diff = city_diff(tmp_path, {"x": {}}, {"x": {}}, after=PARTIAL)
    assert diff
    assert not diff.is_changed


@pytest.mark.parametrize(
    ("old", "new", "after", "kind"),
    [
        ({"people": 5}, {"people": 6}, COMPLETE, "replaced"),
        ({"people": 5}, {}, COMPLETE, "emptied"),
        ({"people": 5}, {}, PARTIAL, "unstated"),
        ({}, {"people": 5}, COMPLETE, "filled"),
        ({"founded": "1900"}, {"founded": "1900-05"}, COMPLETE, "refined"),
        ({"founded": "1900-05"}, {"founded": "1900"}, COMPLETE, "coarsened"),
        ({"tags": ["a"]}, {"tags": ["a", "b"]}, COMPLETE, "extended"),
        ({"tags": ["a", "b"]}, {"tags": ["a"]}, COMPLETE, "reduced"),
        ({"tags": ["a", "b"]}, {"tags": ["a"]}, PARTIAL, "unstated"),
    ],
    ids=str,
)
def test_a_changed_cell_has_its_kind(
    tmp_path: Path, old: dict[str, object], new: dict[str, object], after: Coverage, kind: str
) -> None:
    [row] = city_diff(tmp_path, {"x": old}, {"x": new}, after=after).changed
    cells = row["cells"]
    assert isinstance(cells, dict)
    assert [cell["kind"] for cell in cells.values()] == [kind]


def test_a_column_that_the_source_never_carried_was_not_emptied(tmp_path: Path) -> None:
    after = Coverage("complete", columns_absent=("people",))
    diff = city_diff(tmp_path, {"x": {"people": 5}}, {"x": {}}, after=after)
    assert diff.summary()["columns"] == {"people": {"unstated": 1}}


def test_columns_that_came_and_went_are_told_once_and_rows_still_compare(tmp_path: Path) -> None:
    older = column(CITY, Column("mayor", "string", Role.FACT, nullable=True), without=["page"])
    newer = column(
        CITY, Column("page", "string", Role.PLACE, nullable=True), without=["tags", "page"]
    )
    diff = diff_of(
        tmp_path,
        StagedRevision(
            "a", cities({"x": {"people": 5, "mayor": "M"}, "z": {"mayor": "N"}}, schema=older)
        ),
        StagedRevision("b", cities({"x": {"people": 6}}, schema=newer)),
    )
    told = json.loads(diff.to_json())["schema"]["City"]
    assert (told["added"], told["removed"], told["retyped"]) == (["page"], ["tags", "mayor"], [])
    assert diff["City"].summary()["columns"] == {"people": {"replaced": 1}}
    assert diff["City"].removed.records[0]["mayor"] == "N"
    assert "mayor" not in set(diff.to_arrow()["column"].to_pylist())


def test_a_column_of_another_type_is_a_schema_change_alone(tmp_path: Path) -> None:
    older = column(CITY, without=["page"])
    retyped = Column("people", "string", Role.FACT, nullable=True)
    newer = column(older, retyped, without=["people"])
    diff = diff_of(
        tmp_path,
        StagedRevision("a", cities({"x": {"people": 5}}, schema=older)),
        StagedRevision("b", cities({"x": {"people": "5"}}, schema=newer)),
    )
    told = json.loads(diff.to_json())["schema"]["City"]
    assert (told["added"], told["removed"]) == ([], [])
    assert told["retyped"] == [{"column": "people", "old": "int64", "new": "string"}]
    assert diff["City"].changed == []
    assert diff["City"].is_changed


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")], ids=["lost", "new"])
def test_a_table_that_one_side_lacks_is_absent_there(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    whole = StagedRevision("a", cities({"x": {}}))
    bare = StagedRevision("b", typed(Relation, [relation("BLR")]))
    found = dataset(tmp_path / "store", whole, bare).diff(*order)
    assert set(found.tables) == {"City", "relations"}
    assert found["City"].not_comparable == 1
    assert len(found["City"].removed) == len(found["City"].added) == 0
    document = json.loads(found.to_json())
    levels = {side: one["level"] for side, one in document["tables"]["City"]["coverage"].items()}
    assert sorted(levels.values()) == ["absent", "complete"]


def test_rows_whose_places_the_other_source_never_saw_do_not_compare(tmp_path: Path) -> None:
    """The list was lost, the lead remains: what only the list said is not comparable."""
    before = Coverage("complete", places=("lead", "list"))
    after = Coverage("partial", places=("lead",), reason="the list is lost")
    rows = [relation("BLR"), relation("GEO")]
    shown = [evidence("relations", "BLR", place="list"), evidence("relations", "GEO", place="lead")]
    old = StagedRevision("a", typed(Relation, rows, before) | typed(Evidence, shown, before))
    new = StagedRevision("b", typed(Relation, [], after) | typed(Evidence, [], after))
    diff = diff_of(tmp_path, old, new)["relations"]
    assert diff.unstated.keys().to_pylist() == ["GEO"]
    assert diff.changes.not_comparable_old.num_rows == 1


def test_places_are_told_of_rows_whose_key_was_renamed(tmp_path: Path) -> None:
    before = Coverage("complete", places=("lead", "list"))
    after = Coverage("partial", places=("lead",), reason="the list is lost")
    code = replace(CITY.column("id"), name="code", was="id")
    renamed = replace(CITY, columns=(code, *CITY.columns[1:]))
    shown = [evidence("City", "x", place="list"), evidence("City", "y", place="lead")]
    old = cities({"x": {}, "y": {}}, before) | typed(Evidence, shown, before)
    new = cities({"z": {"code": "z"}}, after, renamed) | typed(Evidence, [], after)
    diff = diff_of(tmp_path, StagedRevision("a", old), StagedRevision("b", new))["City"]
    assert diff.unstated.keys().to_pylist() == ["y"]
    assert diff.changes.not_comparable_old.column("code").to_pylist() == ["x"]


def test_a_table_that_neither_side_has_is_not_found(tmp_path: Path) -> None:
    things = dataset(tmp_path / "store", StagedRevision("a", cities({})))
    with pytest.raises(NotFoundError, match="did you mean City") as caught:
        things.diff("a", "a", ["Cty"])
    assert caught.value.kind == "unknown-table"
    with pytest.raises(NotFoundError) as caught:
        things.diff("a", "a")["evidence"]
    assert caught.value.kind == "unknown-table"


def test_keys_of_several_columns_are_told_apart_even_with_slashes(tmp_path: Path) -> None:
    schema = TableSchema(
        "Pair",
        1,
        (Column("a", "string", Role.KEY), Column("b", "string", Role.KEY)),
    )
    old = StagedRevision("a", {"Pair": table(schema, [{"a": "x/y", "b": "z"}])})
    new = StagedRevision("b", {"Pair": table(schema, [{"a": "x", "b": "y/z"}])})
    diff = diff_of(tmp_path, old, new)["Pair"]
    assert diff.removed.keys().to_pylist() == ["x~1y/z"]
    assert diff.added.keys().to_pylist() == ["x/y~1z"]
    assert diff.change_of("x~1y/z") == ("removed", {})
    assert ("x/y", "z") in diff.removed


APART = "a counts countries, b counts states: not the same thing"
COUNTED = StagedRevision("a", typed(Count, [count(5)]), headline=headline(5, "countries"))


@pytest.mark.parametrize(
    ("new", "changed", "reason"),
    [
        (
            StagedRevision("b", typed(Count, [count(5)]), headline=headline(5, "countries")),
            False,
            "nothing differs",
        ),
        (
            StagedRevision("b", typed(Count, [count(6)]), headline=headline(6, "countries")),
            True,
            "the stated counts differ",
        ),
        (
            StagedRevision("b", typed(Count, [count(5)]), headline=headline(5, "states")),
            False,
            f"{APART}; both state the same counts, and only the one taken as headline differs",
        ),
        (
            StagedRevision("b", typed(Count, [], ABSENT), headline=headline(6, "states")),
            False,
            APART,
        ),
        (StagedRevision("b", typed(Count, [count(6)])), True, "only one side has a headline"),
        (
            StagedRevision("b", cities({}), headline=headline(5, "countries")),
            False,
            "nothing differs",
        ),
    ],
    ids=["same", "other", "redesignated", "absent", "undesignated", "no table"],
)
def test_a_headline_says_whether_the_statements_changed(
    tmp_path: Path, new: StagedRevision, reason: str, *, changed: bool
) -> None:
    [told] = diff_of(tmp_path, COUNTED, new).headlines
    assert (told["statements_changed"], told["reason"]) == (changed, reason)


@pytest.mark.parametrize(
    ("bound", "number", "reason"),
    [
        ("more_than", 150, "may be the same"),
        ("more_than", 130, "the stated counts differ"),
        ("about", 20, "may be the same"),
        ("at_most", 150, "the stated counts differ"),
    ],
)
def test_no_difference_follows_from_a_bound_that_the_other_number_keeps(
    tmp_path: Path, bound: str, number: int, reason: str
) -> None:
    sides = (
        StagedRevision(
            "a",
            typed(Count, [count(130, qualifier=bound)], PARTIAL),
            headline=headline(130, "countries", bound),
        ),
        StagedRevision(
            "b", typed(Count, [count(number)], PARTIAL), headline=headline(number, "countries")
        ),
    )
    diff = diff_of(tmp_path, *sides)
    [told] = diff.headlines
    assert told["old"] == {"value": 130, "scope": "countries", "qualifier": bound}
    assert told["new"] == {"value": number, "scope": "countries"}
    assert told["same_scope"]
    assert told["statements_changed"]
    assert reason in str(told["reason"])
    DOCUMENTS["diff.v1"].validate(diff.to_json())
    _, cells = diff["counts"].change_of("diplomatic_relations/countries/1")
    assert cells["qualifier"] == {"old": bound, "new": None, "kind": "unstated"}


def test_a_dataset_without_counts_has_no_headlines(tmp_path: Path) -> None:
    things = dataset(tmp_path / "store", StagedRevision("a", cities({})))
    assert things.diff("a", "a").headlines == []


def test_rows_of_a_diff_are_the_programs_own_records(tmp_path: Path) -> None:
    class Town(azds.Record):
        id: azds.Key[str]
        people: azds.Fact[int]

    towns = azds.init(tmp_path / "towns").create("towns", tables=[Town])
    towns.commit("a", {"Town": [Town(id="x", people=1)]})
    towns.commit("b", {"Town": [Town(id="x", people=1), Town(id="y", people=2)]})
    [added] = towns.diff("a", "b")["Town"].added
    assert added == Town(id="y", people=2)


def test_two_stores_are_compared_by_their_row_groups(tmp_path: Path) -> None:
    rows = pa.table({"id": range(40_000), "value": [at / 7 for at in range(40_000)]})
    edited = rows.set_column(1, "value", pa.array([-1.0, *rows["value"].to_pylist()[1:]]))
    snapshots = []
    for label, whole in (("old", rows), ("new", edited)):
        dataset = azds.init(tmp_path / label).create(
            "data", origin={"creator": "nobody", "licence": "CC0-1.0", "origin": "made here"}
        )
        dataset.commit(label, {"readings": whole}, key=["id"])
        snapshots.append(dataset[label])
    changes = Diff(snapshots[0], snapshots[1]).to_arrow()
    assert changes.select(["key", "column", "kind"]).to_pylist() == [
        {"key": "0", "column": "value", "kind": "replaced"}
    ]
