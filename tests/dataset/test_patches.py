"""Patches as users hold them: made of anything, applied to what they fit, kept in files."""

import copy
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import azds
from azds.coverage import Coverage
from azds.dataset.patches import Patch, compose_patches
from azds.errors import AzdsError, FormatError, InvalidInputError, NotFoundError

OLD = [{"id": 1, "name": "Baku", "n": 5}, {"id": 2, "name": "Ganja", "n": 6}]
NEW = [{"id": 2, "name": "Ganja", "n": 7}, {"id": 3, "name": None, "n": 8}]


@pytest.fixture
def change() -> Patch:
    return azds.patch(OLD, NEW, key="id", name="city")


def test_a_patch_applies_and_takes_back_what_rows_say(change: Patch) -> None:
    assert change.apply(OLD).to_pylist() == NEW
    assert change.apply(reversed(OLD)).to_pylist() == NEW
    assert change.invert().apply(NEW).to_pylist() == OLD
    assert repr(change) == "<Patch city: changed 1, added 1, removed 1>"
    assert (len(change), bool(change), change.old.rows, change.new.rows) == (3, True, 2, 2)


def test_a_patch_between_equal_tables_is_false() -> None:
    assert not azds.patch(OLD, OLD[::-1], key="id")
    part = Coverage("partial", reason="half")
    assert azds.patch(OLD, OLD, key="id", new_coverage=part)


def test_patches_compose_to_the_patch_between_their_ends(change: Patch) -> None:
    later = [{"id": 1, "name": "Baku", "n": 5}]
    second = azds.patch(NEW, later, key="id", name="city")
    assert change.compose(second) == azds.patch(OLD, later, key="id", name="city")
    assert change.compose(change.invert()) == azds.patch(OLD, OLD, key="id", name="city")
    assert compose_patches([change, change.invert(), change]) == change
    assert change != second
    assert (change == 1) is False
    with pytest.raises(InvalidInputError, match="city: the patches do not meet"):
        change.compose(change)


@pytest.mark.parametrize("name", ["city.patch.parquet", "city.patch.json"])
def test_a_file_holds_the_patch(change: Patch, tmp_path: Path, name: str) -> None:
    change.write(tmp_path / name)
    assert azds.read_patch(tmp_path / name) == change
    assert azds.read_patch(str(tmp_path / name)).apply(OLD).to_pylist() == NEW


def test_json_is_what_the_schema_says(change: Patch) -> None:
    import jsonschema

    from azds.records.export import document_schema

    document = json.loads(change.to_json())
    jsonschema.validate(document, document_schema("patch.v1"))
    assert document == change.to_document()
    assert document["changed"] == [{"key": {"id": 2}, "cells": {"n": {"old": 6, "new": 7}}}]


def test_what_changes_mean_is_read_from_the_coverage_of_both_ends() -> None:
    part = Coverage("partial", reason="the feed broke off")
    diff = azds.patch(OLD, NEW, key="id", new_coverage=part).diff()
    assert (len(diff.removed), len(diff.unstated), len(diff.added)) == (0, 1, 1)
    assert azds.patch(OLD, NEW, key="id").summary()["removed"] == 1
    assert diff.summary() == azds.diff(OLD, NEW, key="id", new_coverage=part).summary()


def test_tables_of_revisions_know_their_key_and_coverage() -> None:
    article = azds.open()["foreign-relations"]
    old, new = article["2016"]["relations"], article["current"]["relations"]
    change = azds.patch(old, new)
    assert change.table == old.schema.name
    assert change.apply(old).equals(new.to_arrow())
    assert change.invert().apply(new).equals(old.to_arrow())
    assert change.old.coverage.level == "partial"
    assert Patch.from_bytes(change.to_bytes()) == change
    assert Patch.from_json(change.to_json()) == change
    with pytest.raises(InvalidInputError, match=r"has its own key; expected counterpart, got name"):
        azds.patch(old, new, key="name")


def test_all_tables_of_the_shipped_data_come_back() -> None:
    article = azds.open()["foreign-relations"]
    for name in article["2016"].tables:
        if name in article["current"].tables:
            old, new = article["2016"][name], article["current"][name]
            change = Patch.from_json(azds.patch(old, new).to_json())
            assert change.apply(old).equals(new.to_arrow()), name


def test_the_refusal_names_the_first_cell_that_differs(change: Patch) -> None:
    other = copy.deepcopy(OLD)
    other[1]["n"] = 60
    with pytest.raises(
        InvalidInputError,
        match=r"table: city 2 n: the patch is for another table; expected 6, got 60",
    ):
        change.apply(other)
    other[0]["name"] = None
    with pytest.raises(
        InvalidInputError, match=r"city 1 name: .*\(1 more conflict\); .* got no value"
    ):
        change.apply(other)
    with pytest.raises(InvalidInputError, match="the patch was applied already"):
        change.apply(NEW)
    with pytest.raises(InvalidInputError, match="differs where the patch changes nothing"):
        change.apply([*OLD, {"id": 9, "name": "x", "n": 1}])


def test_what_fits_is_applied_where_that_is_asked_for(change: Patch) -> None:
    other = [{"id": 2, "name": "Ganja", "n": 60}, {"id": 9, "name": "x", "n": 1}]
    done = change.apply_leniently(other)
    assert done.conflicts.to_pylist() == [{"key": "2", "column": "n", "expected": "6", "got": "60"}]
    assert change.conflicts(other).equals(done.conflicts)
    assert [row["id"] for row in done.table.to_pylist()] == [2, 3, 9]


def test_csv_is_read_by_the_types_of_the_patch(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("id,day,x\n1,2024-01-01,5\n2,,6\n")
    new.write_text("id,day,x\n1,2024-01-02,5.5\n2,,6\n")
    change = azds.patch(old, new, key="id")
    assert [column.type for column in change.old.schema.columns] == ["int64", "date32", "float64"]
    assert change.apply(old)["x"].to_pylist() == [5.5, 6.0]
    old.write_text("id,day,x\n1,soon,5\n2,,6\n")
    with pytest.raises(InvalidInputError, match="do not fit the type of the column"):
        change.apply(old)
    old.write_text("id,x\n1,5\n")
    with pytest.raises(
        InvalidInputError, match=r"not the columns of this table; expected id, day, x"
    ):
        change.apply(old)


def test_an_arrow_table_of_other_types_is_refused(change: Patch) -> None:
    table = pa.table({"id": [1.0], "name": ["Baku"], "n": [5]})
    with pytest.raises(InvalidInputError, match="expected int64, got double"):
        change.apply(table)
    for key, told in (
        ((), "got none"),
        (("id", "id"), "got id, id"),
        ("nope", "no such key column"),
    ):
        with pytest.raises(InvalidInputError, match=told):
            azds.patch(OLD, NEW, key=key)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ({"more": 1}, "patch.json: patch: more: extra inputs are not permitted"),
        ({"removed": "all"}, "patch: removed: input should be a valid array"),
        ({"old": {"digest": 5}}, "patch: old.digest: input should be a valid string"),
        ({"format": 7}, "patch: format: input should be 'azds-patch-1'"),
    ],
    ids=["unknown", "no list", "no digest", "no format"],
)
def test_documents_are_checked_by_their_type(
    change: Patch, tmp_path: Path, spoil: dict[str, Any], told: str
) -> None:
    path = tmp_path / "patch.json"
    path.write_text(json.dumps(change.to_document() | spoil))
    with pytest.raises(InvalidInputError, match=told):
        azds.read_patch(path)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", InvalidInputError),
        (b"PAR1", InvalidInputError),
        (b"id,n\n1,2\n", InvalidInputError),
        (b"[" * 100_000, InvalidInputError),
        (b'{"format": "azds-patch-9"}', FormatError),
    ],
    ids=["empty", "parquet", "csv", "deep", "newer"],
)
def test_files_that_are_no_patch_are_told_by_name(
    tmp_path: Path, data: bytes, kind: type[AzdsError]
) -> None:
    path = tmp_path / "some.file"
    path.write_bytes(data)
    with pytest.raises(kind, match=r"some\.file"):
        azds.read_patch(path)
    with pytest.raises(NotFoundError, match="no such file; expected a patch"):
        azds.read_patch(tmp_path / "nope")
