"""Commits: all of it or nothing, nothing where nothing differs, nothing written twice."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.store.making import WRITER, broken_text, city_of, files, revision

from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError, InvalidInputError, RefusedError, StorageError
from azds.store import (
    Correction,
    DatasetFolder,
    Headline,
    StagedRevision,
    StagedTable,
    port,
    verify,
)


def people(dataset: DatasetFolder, label: str) -> dict[str, int]:
    rows = dataset.read_table(label, "City").to_pylist()
    return {row["id"]: row["people"] for row in rows}


def test_what_is_committed_is_read(dataset: DatasetFolder) -> None:
    done = dataset.commit([revision("2016", {"SUM": 3, "BAK": 2_200})], writer=WRITER)
    assert (done.number, dict(done.folders), done.unchanged) == (1, {"2016": "2016"}, ())
    assert dataset.read_table("2016", "City").to_pylist() == [
        {"id": "BAK", "people": 2_200},
        {"id": "SUM", "people": 3},
    ]
    manifest = dataset.manifest("2016")
    assert manifest.headline == (Headline("cities", 2, "all"),)
    assert manifest.writer == WRITER
    assert manifest.tables["City"].coverage == Coverage("partial", reason="a sample")
    assert verify(dataset.store, "cities") == []


def test_one_commit_publishes_several_revisions_in_one_record(dataset: DatasetFolder) -> None:
    done = dataset.commit([revision("b", {"BAK": 1}), revision("a", {"BAK": 2})], writer=WRITER)
    assert done.number == 1
    assert [manifest.label for manifest in dataset.revisions()] == ["b", "a"]
    assert [manifest.position for manifest in dataset.revisions()] == [1, 2]
    assert len(dataset.records()) == 1


def test_a_table_equal_to_an_earlier_one_is_named_not_written(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("c", {"BAK": 1})], writer=WRITER)
    for label in "abc":
        assert dataset.table_entry(label, "City").files[0].path == "a/City.parquet"
        assert people(dataset, label) == {"BAK": 1}
    assert [path for path in files(dataset.path) if path.endswith(".parquet")] == ["a/City.parquet"]
    assert verify(dataset.store, "cities") == []


def test_nothing_is_made_where_nothing_differs(dataset: DatasetFolder) -> None:
    revisions = [revision("a", {"BAK": 1, "SUM": 2}), revision("b", {"BAK": 1})]
    dataset.commit(revisions, writer=WRITER)
    before = files(dataset.path)
    again = dataset.commit(revisions, writer=WRITER)
    assert again.is_empty
    assert (again.number, again.unchanged) == (1, ("a", "b"))
    assert files(dataset.path) == before


def test_another_version_of_the_writer_alone_makes_no_edition(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    assert dataset.commit([revision("a", {"BAK": 1})], writer=WRITER | {"azds": "9"}).is_empty


def test_a_changed_revision_becomes_a_new_edition_and_the_old_files_stay(
    dataset: DatasetFolder,
) -> None:
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 5})], writer=WRITER)
    before = files(dataset.path)
    second = dataset.commit([revision("a", {"BAK": 2}), revision("b", {"BAK": 5})], writer=WRITER)
    third = dataset.commit([revision("a", {"BAK": 3})], writer=WRITER)
    assert (dict(second.folders), second.unchanged) == ({"a": "a@2"}, ("b",))
    assert dict(third.folders) == {"a": "a@3"}
    assert people(dataset, "a") == {"BAK": 3}
    assert [manifest.label for manifest in dataset.revisions()] == ["a", "b"], "its place stays"
    assert before.items() <= files(dataset.path).items()
    assert verify(dataset.store, "cities") == []


@pytest.mark.parametrize(
    "change",
    [
        {"about": {"title": "x"}},
        {"date": "2016"},
        {"position": 7},
        {"position_declared": "x"},
        {"headline": ()},
        {"corrections": (Correction("City", "BAK", "people", 1, 2, "x"),)},
        {"rejections": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_a_manifest_says_makes_a_new_edition(
    dataset: DatasetFolder, change: dict[str, Any]
) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    done = dataset.commit([replace(revision("a", {"BAK": 1}), **change)], writer=WRITER)
    assert dict(done.folders) == {"a": "a@2"}
    assert dataset.table_entry("a", "City").files[0].path == "a/City.parquet"


def test_a_revision_stands_where_it_is_declared_to_stand(dataset: DatasetFolder) -> None:
    dataset.commit([revision("late", {"BAK": 1}, 5)], writer=WRITER)
    dataset.commit([revision("early", {"BAK": 1}, 2), revision("last", {"BAK": 1})], writer=WRITER)
    places = {manifest.label: manifest.position for manifest in dataset.revisions()}
    assert places == {"early": 2, "late": 5, "last": 6}
    assert list(places) == ["early", "late", "last"]


def test_a_place_is_not_taken_twice(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1}, 1)], writer=WRITER)
    before = files(dataset.path)
    with pytest.raises(InvalidInputError, match="one position"):
        dataset.commit([revision("b", {"BAK": 2}, 1)], writer=WRITER)
    assert files(dataset.path) == before
    dataset.commit([revision("a", {"BAK": 1}, 2), revision("b", {"BAK": 2}, 1)], writer=WRITER)
    assert [manifest.label for manifest in dataset.revisions()] == ["b", "a"]


def test_the_order_and_chunks_of_the_input_make_no_difference(dataset: DatasetFolder) -> None:
    given = revision("a", {name: number for number, name in enumerate("abcdef")})
    dataset.commit([given], writer=WRITER)
    table = city_of(given)
    rows = table.rows.take(pa.array([5, 0, 4, 1, 3, 2]))
    pieces = pa.concat_tables([rows.slice(0, 2), rows.slice(2, 3), rows.slice(5)])
    other = StagedTable(table.schema, table.coverage, pieces)
    assert dataset.commit([replace(given, tables={"City": other})], writer=WRITER).is_empty


def bad(given: StagedRevision, what: str) -> list[StagedRevision]:
    table = city_of(given)
    rows = table.rows
    tables: dict[str, dict[str, StagedTable]] = {
        "key twice": {"City": replace(table, rows=pa.concat_tables([rows, rows]))},
        "text that is none": {"City": replace(table, rows=broken_text())},
        "key missing": {"City": replace(table, rows=rows.select(["people"]))},
        "name not the schema's": {"Town": table},
        "no name": {"a/b": replace(table, schema=replace(table.schema, name="a/b"))},
        "names differ in case": {
            "City": table,
            "city": replace(table, schema=replace(table.schema, name="city")),
        },
        "type that parquet lacks": {
            "City": StagedTable(
                TableSchema(
                    "City",
                    1,
                    (
                        Column("id", "string", Role.KEY),
                        Column("x", "struct<>", Role.FACT, nullable=True),
                    ),
                ),
                table.coverage,
                pa.table({"id": rows["id"], "x": pa.nulls(rows.num_rows, pa.struct([]))}),
            )
        },
    }
    others: dict[str, list[StagedRevision]] = {
        "no label": [replace(given, label="../x")],
        "label twice": [given, given],
        "no JSON": [replace(given, about={"x": float("nan")})],
        "no number": [replace(given, headline=(Headline("m", "160", "s"),))],  # type: ignore[arg-type]  # the fault
        "second revision bad": [given, replace(given, label="LPT1")],
    }
    return others[what] if what in others else [replace(given, tables=tables[what])]


@pytest.mark.parametrize(
    "what",
    [
        "key twice",
        "text that is none",
        "key missing",
        "name not the schema's",
        "no name",
        "names differ in case",
        "type that parquet lacks",
        "no label",
        "label twice",
        "no JSON",
        "no number",
        "second revision bad",
    ],
)
def test_bad_input_leaves_the_dataset_as_it_was(dataset: DatasetFolder, what: str) -> None:
    dataset.commit([revision("old", {"BAK": 1})], writer=WRITER)
    before = files(dataset.path)
    with pytest.raises(InvalidInputError):
        dataset.commit(bad(revision("new", {"BAK": 2}), what), writer=WRITER)
    assert files(dataset.path) == before
    assert not (dataset.path / "tmp").exists()
    assert [manifest.label for manifest in dataset.revisions()] == ["old"]


def test_no_clock_host_or_absolute_path_enters_a_store(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    text = b"\n".join(files(dataset.store.path).values())
    assert str(dataset.path.parent).encode() not in text
    assert not re.search(rb"20\d\d-\d\d-\d\d", text)
    manifest = json.loads((dataset.path / "a" / "manifest.json").read_bytes())
    assert set(manifest) == {
        "dataset",
        "format",
        "headline",
        "label",
        "position",
        "tables",
        "writer",
    }


def test_what_an_interrupted_commit_left_in_the_way_is_replaced(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    (dataset.path / "a@2").mkdir()
    (dataset.path / "a@2" / "City.parquet").write_bytes(b"half")
    (dataset.path / "b").mkdir()
    (dataset.path / "tmp" / "left").mkdir(parents=True)
    dataset.commit([revision("a", {"BAK": 2})], writer=WRITER)
    assert people(dataset, "a") == {"BAK": 2}
    assert not (dataset.path / "tmp").exists()
    faults = verify(dataset.store, "cities")
    assert [(fault.code, fault.file) for fault in faults] == [("leftover-empty", "cities/b")]


@pytest.mark.parametrize("name", ["notes.txt", "sub.parquet/inner"])
def test_a_folder_of_the_users_is_never_removed(dataset: DatasetFolder, name: str) -> None:
    mine = dataset.path / "a" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(RefusedError) as caught:
        dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    assert caught.value.kind == "in-the-way"
    assert mine.read_text() == "mine"
    assert dataset.revisions() == ()


def test_a_damaged_dataset_takes_no_commit(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    manifest = dataset.path / "a" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"0.1.0", b"0.1.1"))
    before = files(dataset.path)
    with pytest.raises(IntegrityError) as caught:
        dataset.commit([revision("b", {"BAK": 1})], writer=WRITER)
    assert caught.value.kind == "manifest-changed"
    assert files(dataset.path) == before


def test_no_revision_rests_on_a_damaged_file(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    (dataset.path / "a" / "City.parquet").write_bytes(b"rotten")
    done = dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    assert dict(done.folders) == {"a": "a@2", "b": "b"}
    assert people(dataset, "a") == people(dataset, "b") == {"BAK": 1}
    assert dataset.table_entry("b", "City").files[0].path == "a@2/City.parquet"


def test_a_revision_keeps_its_own_file_where_another_has_the_same(dataset: DatasetFolder) -> None:
    dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    file = dataset.path / "a" / "City.parquet"
    data = file.read_bytes()
    file.write_bytes(b"rotten")
    dataset.commit([revision("b", {"BAK": 1})], writer=WRITER)
    file.write_bytes(data)
    assert dataset.commit([revision("b", {"BAK": 1})], writer=WRITER).is_empty


def test_a_commit_that_cannot_be_made_durable_says_so(
    dataset: DatasetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = port.sync_folder

    def refuse_log(path: Path) -> None:
        if path.name == "log":
            raise StorageError("storage-failed", "cannot sync this folder: no", where=str(path))
        sync(path)

    monkeypatch.setattr(port, "sync_folder", refuse_log)
    with pytest.raises(StorageError) as caught:
        dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    assert caught.value.kind == "commit-unknown"
    monkeypatch.undo()
    assert people(dataset, "a") == {"BAK": 1}
    assert dataset.commit([revision("a", {"BAK": 1})], writer=WRITER).is_empty


def test_a_record_that_another_writer_made_is_not_replaced(
    dataset: DatasetFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = port.link_new

    def too_late(source: Path, target: Path) -> bool:
        target.write_bytes(b"theirs")
        return link(source, target)

    monkeypatch.setattr(port, "link_new", too_late)
    with pytest.raises(StorageError, match="another writer") as caught:
        dataset.commit([revision("a", {"BAK": 1})], writer=WRITER)
    assert caught.value.kind == "storage-failed"
    assert (dataset.path / "log" / "000001.json").read_bytes() == b"theirs"


PROGRAM = """
import pathlib, sys
import pyarrow as pa
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.store import StagedRevision, StagedTable, open_store
name, path = sys.argv[1:]
schema = TableSchema("City", 1, (Column("id", "string", Role.KEY),))
dataset = open_store(pathlib.Path(path)).dataset("cities")
input()
for number in range(4):
    table = StagedTable(schema, Coverage("complete"), pa.table({"id": [f"{name}{number}"]}))
    shared = StagedRevision("shared", {"City": table})
    done = dataset.commit([StagedRevision(f"{name}{number}", {"City": table}), shared], writer={})
    print(done.number, flush=True)
"""


def test_two_processes_that_commit_at_once_are_both_kept(dataset: DatasetFolder) -> None:
    command = [sys.executable, "-c", PROGRAM]
    processes = [
        subprocess.Popen(  # noqa: S603 - our own code
            [*command, name, str(dataset.store.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "xy"
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    acknowledged = [
        int(line) for process in processes for line in process.communicate(timeout=60)[0].split()
    ]
    assert sorted(acknowledged) == list(range(1, 9)), "each commit has a record of its own"
    labels = {manifest.label for manifest in dataset.revisions()}
    assert labels == {"shared", *(f"{name}{number}" for name in "xy" for number in range(4))}
    assert verify(dataset.store, "cities") == []
