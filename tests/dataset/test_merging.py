"""Merges as users hold them: previewed, resolved by a rule or by a file that a person edits."""

import csv
import json
from pathlib import Path

import pytest

import azds
from azds.coverage import Coverage
from azds.dataset.merging import Merge, merge_revisions, read_takes, write_conflicts
from azds.errors import InvalidInputError, NotFoundError, RefusedError

BASE = [{"id": n, "x": n, "y": "a"} for n in range(1, 5)]
OURS = [BASE[0] | {"x": 10}, BASE[1] | {"y": "B"}, BASE[2], BASE[3] | {"x": 40}]
THEIRS = [BASE[0] | {"x": 11, "y": "A"}, BASE[1], BASE[2] | {"x": 33}]


@pytest.fixture
def merged() -> Merge:
    return azds.merge(BASE, OURS, THEIRS, key="id", name="city")


def test_a_merge_tells_its_conflicts_and_is_open_until_they_are_resolved(merged: Merge) -> None:
    assert repr(merged) == "<Merge city: 4 rows, 2 conflicts open>"
    assert [tuple(row.values()) for row in merged.conflicts.to_pylist()] == [
        ("city", "4", "", "the row", "changed", "removed", ""),
        ("city", "1", "x", "1", "10", "11", ""),
    ]
    with pytest.raises(RefusedError, match=r"2 conflicts are open; .* got city 4, city 1 x"):
        _ = merged.table
    assert [row["x"] for row in merged.preview().to_pylist()] == [1, 2, 33, 4]


@pytest.mark.parametrize(
    ("side", "expected"),
    [("ours", [10, 2, 33, 40]), ("theirs", [11, 2, 33]), ("base", [1, 2, 33, 4])],
)
def test_a_rule_resolves_what_is_open(merged: Merge, side: str, expected: list[int]) -> None:
    done = merged.prefer(side)
    assert done.open == 0
    assert done.table["x"].to_pylist() == expected
    assert done.table["y"].to_pylist()[:3] == ["A", "B", "a"]
    assert done.prefer("base").table.equals(done.table)


def test_a_rule_that_is_none_is_refused(merged: Merge) -> None:
    with pytest.raises(InvalidInputError, match="expected ours, theirs, base, got 'mine'"):
        merged.prefer("mine")


@pytest.mark.parametrize("name", ["conflicts.csv", "conflicts.json"])
def test_a_person_resolves_conflicts_in_a_file(merged: Merge, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_conflicts([merged], path) == 2
    if name.endswith("csv"):
        with path.open(newline="") as handle:
            rows = list(csv.DictReader(handle))
    else:
        rows = json.loads(path.read_text())
    for row, take in zip(rows, ("theirs", " Ours "), strict=True):
        row["take"] = take
    if name.endswith("csv"):
        with path.open("w", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text(json.dumps(rows))
    done = merged.resolve(read_takes(path))
    assert done.table["x"].to_pylist() == [10, 2, 33]
    assert done.summary() == {
        "rows": 3,
        "conflicts": 2,
        "open": 0,
        "base": {"changed": 3, "added": 0, "removed": 1},
        "ours": {"changed": 2, "added": 0, "removed": 1},
        "theirs": {"changed": 2, "added": 0, "removed": 0},
    }


def test_a_file_for_another_merge_is_refused(merged: Merge, tmp_path: Path) -> None:
    path = tmp_path / "conflicts.csv"
    write_conflicts([merged], path)
    text = path.read_text()
    path.write_text(text.replace("11", "12"))
    with pytest.raises(
        InvalidInputError,
        match=r"city 1 x: the conflict has another value of theirs now; .*'11', got '12'",
    ):
        merged.resolve(read_takes(path))
    path.write_text(text.replace("city,1,x", "city,3,x"))
    with pytest.raises(InvalidInputError, match="city 3 x: there is no such conflict"):
        merged.resolve(read_takes(path))
    path.write_text(text.replace("10,11,", "10,11,mine"))
    with pytest.raises(
        InvalidInputError, match=r"city 1 x: .*expected ours, theirs, base, got 'mine'"
    ):
        merged.resolve(read_takes(path))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("c.csv", b"table,key\ncity,1\n", "c.csv: row 1, column: this is no conflict"),
        ("c.csv", b"\xff\xfe", "c.csv: this is no file of conflicts"),
        ("c.json", b"{}", "not a list of objects"),
        ("c.json", b'[{"table": 5}]', "c.json: row 1, table: .*expected text, got 5"),
        ("c.json", b"[", "c.json: this is no file of conflicts"),
        ("c.txt", b"", "expected .csv or .json, got .txt"),
    ],
    ids=["columns", "bytes", "object", "number", "broken", "kind"],
)
def test_what_is_no_file_of_conflicts_is_told(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InvalidInputError, match=told):
        read_takes(path)
    with pytest.raises(NotFoundError, match="a file of conflicts"):
        read_takes(tmp_path / "none.csv")


def test_corrections_survive_when_a_newer_source_is_ingested(tmp_path: Path) -> None:
    """By hand on revision A; then comes revision B, of a feed that broke off."""
    data = azds.init(tmp_path / "store").create("cities")
    data.commit("a", {"city": BASE, "mayor": [{"id": 1, "who": "m"}]}, key="id")
    data.commit("a-corrected", {"city": OURS, "mayor": [{"id": 1, "who": "M"}]})
    part = Coverage("partial", reason="the feed broke off")
    data.commit("b", {"city": THEIRS}, coverage=part)
    merges = merge_revisions(data["a"], data["a-corrected"], data["b"])
    assert {name: one.conflicts.num_rows for name, one in merges.items()} == {"city": 1, "mayor": 0}
    assert merges["mayor"].table["who"].to_pylist() == ["M"]
    city = merges["city"].prefer("theirs")
    assert [tuple(row.values()) for row in city.table.to_pylist()] == [
        (1, 11, "A"),
        (2, 2, "B"),
        (3, 33, "a"),
        (4, 40, "a"),
    ]
    assert city.coverage.level == "partial"
    data.commit("b-corrected", {"city": city.table}, coverage=city.coverage)
    assert data.diff("b", "b-corrected")["city"].summary()["changed"] == 1
    assert set(merge_revisions(data["a"], data["a-corrected"], data["b"], ["city"])) == {"city"}
    with pytest.raises(NotFoundError, match="none of the three has this table; got 'towns'"):
        merge_revisions(data["a"], data["a"], data["b"], ["towns"])
