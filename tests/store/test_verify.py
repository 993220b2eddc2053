"""Verify: every byte counts, each fault has its code, damage never raises."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.store.making import WRITER, FaultyOs, broken_text, files, revision

from azds.arrow.digest import content_digest
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import AzdsError
from azds.store import (
    CODES,
    DatasetFolder,
    Fault,
    FileEntry,
    GroupEntry,
    LoggedRevision,
    LogRecord,
    Manifest,
    StagedRevision,
    StagedTable,
    canonical,
    open_store,
    verify,
)
from azds.store.parquet import encode

Damage = Callable[[DatasetFolder], None]


@pytest.fixture
def cities(dataset: DatasetFolder) -> DatasetFolder:
    """Two revisions in two records, one superseded edition, one table that two revisions share."""
    dataset.commit([revision("a", {"BAK": 1}), revision("b", {"BAK": 1})], writer=WRITER)
    dataset.commit([revision("a", {"BAK": 2, "SUM": 3})], writer=WRITER)
    (dataset.path / "dataset.toml").write_text("# by people")
    return dataset


def codes(dataset: DatasetFolder, *, quick: bool = False) -> list[tuple[str, str, str]]:
    faults = verify(dataset.store, dataset.name, quick=quick)
    assert all(fault.message and "\n" not in fault.message for fault in faults)
    return [(fault.code, fault.file, fault.revision) for fault in faults]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def rewrite(
    dataset: DatasetFolder, change: Callable[[Manifest], Manifest], white_space: bytes = b""
) -> None:
    """Change the manifest of `b` and make the log agree, as a forger would."""
    first, second = dataset.records()
    manifest = change(dataset.manifest("b")).to_bytes() + white_space
    (dataset.path / "b" / "manifest.json").write_bytes(manifest)
    forged = {**first.revisions, "b": LoggedRevision("b", canonical.hash_of(manifest))}
    relink(dataset, LogRecord.after(None, forged), second)


def relink(dataset: DatasetFolder, first: LogRecord, second: LogRecord) -> None:
    log = dataset.path / "log"
    (log / "000001.json").write_bytes(first.to_bytes())
    (log / "000002.json").write_bytes(LogRecord.after(first, second.revisions).to_bytes())


def swap_content(dataset: DatasetFolder, rows: pa.Table, groups: list[int]) -> None:
    """Put another table under `b`, with a right file digest but the old content digest."""
    data = encode(rows, groups)
    (dataset.path / "b" / "City.parquet").write_bytes(data)
    file = FileEntry("b/City.parquet", canonical.hash_of(data), len(data))

    def change(manifest: Manifest) -> Manifest:
        entry = replace(manifest.tables["City"], files=(file,))
        return replace(manifest, tables={"City": entry})

    rewrite(dataset, change)


def city(*rows: tuple[str, int]) -> pa.Table:
    names, people = [row[0] for row in rows], [row[1] for row in rows]
    schema = pa.schema([pa.field("id", pa.string(), nullable=False), ("people", pa.int64())])
    return pa.table([pa.array(names), pa.array(people, pa.int64())], schema=schema)


def other_groups(manifest: Manifest) -> Manifest:
    entry = manifest.tables["City"]
    groups = tuple(replace(group, digest="0" * 32) for group in entry.groups)
    return replace(manifest, tables={"City": replace(entry, groups=groups)})


def unordered(dataset: DatasetFolder) -> None:
    """A table whose digest is right, but whose rows are out of order."""
    rows = city(("SUM", 1), ("BAK", 1))
    schema = dataset.table_entry("b", "City").schema
    content = content_digest(rows, schema)
    data = encode(rows, [group.rows for group in content.groups])
    (dataset.path / "b" / "City.parquet").write_bytes(data)

    def change(manifest: Manifest) -> Manifest:
        entry = replace(
            manifest.tables["City"],
            rows=2,
            digest=content.digest,
            groups=tuple(GroupEntry(group.rows, group.digest) for group in content.groups),
            files=(FileEntry("b/City.parquet", canonical.hash_of(data), len(data)),),
        )
        return replace(manifest, tables={"City": entry})

    rewrite(dataset, change)


def fork(dataset: DatasetFolder) -> None:
    """A second record that follows another first one."""
    other = LogRecord.after(None, {"b": LoggedRevision("b", "sha256:" + "0" * 64)})
    record = LogRecord.after(other, dataset.records()[1].revisions)
    (dataset.path / "log" / "000002.json").write_bytes(record.to_bytes())


def folder_for_table(dataset: DatasetFolder) -> None:
    (dataset.path / "a@2" / "City.parquet").unlink()
    (dataset.path / "a@2" / "City.parquet").mkdir()


def swap_records(dataset: DatasetFolder) -> None:
    log = dataset.path / "log"
    (log / "000001.json").rename(dataset.path / "x")
    (log / "000002.json").rename(log / "000001.json")
    (dataset.path / "x").rename(log / "000002.json")


def empty_log(dataset: DatasetFolder) -> None:
    for record in (dataset.path / "log").iterdir():
        record.unlink()


def name_again(dataset: DatasetFolder) -> None:
    first, second = dataset.records()
    record = LogRecord.after(second, first.revisions)
    (dataset.path / "log" / "000003.json").write_bytes(record.to_bytes())


def drop_log(dataset: DatasetFolder) -> None:
    shutil.rmtree(dataset.path / "log")


def add_record(dataset: DatasetFolder) -> None:
    last = dataset.records()[-1]
    far = replace(LogRecord.after(last, last.revisions), number=9)
    (dataset.path / "log" / "000009.json").write_bytes(far.to_bytes())


CASES: dict[str, tuple[Damage, list[tuple[str, str, str]]]] = {
    "a changed table": (
        lambda it: flip(it.path / "a@2" / "City.parquet"),
        [("file-changed", "cities/a@2/City.parquet", "a")],
    ),
    "a changed table that two revisions share": (
        lambda it: flip(it.path / "a" / "City.parquet"),
        [("file-changed", "cities/a/City.parquet", "a, b")],
    ),
    "a missing table": (
        lambda it: (it.path / "a@2" / "City.parquet").unlink(),
        [("file-missing", "cities/a@2/City.parquet", "a")],
    ),
    "a folder in place of a table": (
        folder_for_table,
        [("file-missing", "cities/a@2/City.parquet", "a")],
    ),
    "a changed manifest": (
        lambda it: flip(it.path / "b" / "manifest.json"),
        [("manifest-changed", "cities/b/manifest.json", "b")],
    ),
    "a changed manifest of an old edition": (
        lambda it: flip(it.path / "a" / "manifest.json"),
        [("manifest-changed", "cities/a/manifest.json", "a")],
    ),
    "a missing manifest": (
        lambda it: (it.path / "b" / "manifest.json").unlink(),
        [("manifest-missing", "cities/b/manifest.json", "b")],
    ),
    "a missing folder": (
        lambda it: shutil.rmtree(it.path / "a"),
        [
            ("manifest-missing", "cities/a/manifest.json", "a"),
            ("file-missing", "cities/a/City.parquet", "b"),
        ],
    ),
    "a manifest of another dataset, forged": (
        lambda it: rewrite(it, lambda manifest: replace(manifest, dataset="towns")),
        [("manifest-invalid", "cities/b/manifest.json", "b")],
    ),
    "a manifest with other white space, forged": (
        lambda it: rewrite(it, lambda manifest: manifest, white_space=b" "),
        [("manifest-invalid", "cities/b/manifest.json", "b")],
    ),
    "a changed record": (
        lambda it: flip(it.path / "log" / "000001.json"),
        [("record-changed", "cities/log/000001.json", "")],
    ),
    "records swapped": (
        swap_records,
        [
            ("record-changed", "cities/log/000001.json", ""),
            ("record-changed", "cities/log/000002.json", ""),
        ],
    ),
    "a missing record": (
        lambda it: (it.path / "log" / "000001.json").unlink(),
        [("record-missing", "cities/log/000001.json", "")],
    ),
    "many missing records": (
        add_record,
        [
            ("record-missing", "cities/log/000003.json to 000008.json", ""),
            ("record-changed", "cities/log/000009.json", ""),
        ],
    ),
    "a missing last record": (
        lambda it: (it.path / "log" / "000002.json").unlink(),
        [("leftover", "cities/a@2", "")],
    ),
    "a record that follows another": (fork, [("record-parent", "cities/log/000002.json", "")]),
    "a record that names an older folder": (
        name_again,
        [("record-parent", "cities/log/000003.json", "")],
    ),
    "a missing log": (drop_log, [("log-missing", "cities/log", "")]),
    "all records missing": (
        empty_log,
        [("leftover", f"cities/{name}", "") for name in ("a", "a@2", "b")],
    ),
    "a folder that no record names": (
        lambda it: (it.path / "c").mkdir(),
        [("leftover", "cities/c", "")],
    ),
    "a file beside the revisions": (
        lambda it: (it.path / "notes.txt").touch(),
        [("file-extra", "cities/notes.txt", "")],
    ),
    "a folder beside the revisions": (
        lambda it: (it.path / "My notes").mkdir(),
        [("file-extra", "cities/My notes", "")],
    ),
    "a file in a revision": (
        lambda it: (it.path / "b" / "City.parquet").touch(),
        [("file-extra", "cities/b/City.parquet", "b")],
    ),
    "a folder in a revision": (
        lambda it: (it.path / "a" / "more").mkdir(),
        [("file-extra", "cities/a/more", "a")],
    ),
    "a file in the log": (
        lambda it: (it.path / "log" / "1.json").touch(),
        [("file-extra", "cities/log/1.json", "")],
    ),
    "a name that is no text": (
        lambda it: (it.path / "\udcff").touch(),
        [("file-extra", "cities/\\udcff", "")],
    ),
    "a changed marker": (
        lambda it: flip(it.store.path / "azds-store.json"),
        [("marker-changed", "azds-store.json", "")],
    ),
    "a missing marker": (
        lambda it: (it.store.path / "azds-store.json").unlink(),
        [("marker-missing", "azds-store.json", "")],
    ),
    "other values, forged": (
        lambda it: swap_content(it, city(("BAK", 7)), [1]),
        [("content-changed", "cities/b/City.parquet", "b")],
    ),
    "other groups, forged": (
        lambda it: rewrite(it, other_groups),
        [("content-changed", "cities/a/City.parquet", "b")],
    ),
    "another number of rows, forged": (
        lambda it: swap_content(it, city(("BAK", 1), ("SUM", 1)), [2]),
        [("content-changed", "cities/b/City.parquet", "b")],
    ),
    "text that is none, forged": (
        lambda it: swap_content(it, broken_text(), [1]),
        [("content-changed", "cities/b/City.parquet", "b")],
    ),
    "rows out of order, forged": (
        unordered,
        [("content-changed", "cities/b/City.parquet", "b")],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_reported_under_its_code_and_nothing_else_is(
    cities: DatasetFolder, case: str
) -> None:
    damage, expected = CASES[case]
    cities.revisions()
    damage(cities)
    assert codes(cities) == expected


def test_a_file_that_the_system_refuses_is_reported(
    cities: DatasetFolder, faulty: FaultyOs
) -> None:
    first_open = 1
    faulty.fail_at(first_open, errno.EACCES)
    (fault,) = verify(cities.store, "cities")
    assert (fault.code, fault.file) == ("file-unreadable", "azds-store.json")
    assert "Permission denied" in fault.message


def test_every_code_has_a_case_and_a_meaning() -> None:
    tested = {code for _, expected in CASES.values() for code, _, _ in expected}
    assert tested | {"file-unreadable"} == set(CODES)
    assert list(CODES) == sorted(CODES)


def test_a_sound_dataset_has_no_fault_and_peoples_files_do_not_count(
    cities: DatasetFolder,
) -> None:
    (cities.path / "tmp").mkdir()
    (cities.path / "tmp" / "left").touch()
    (cities.path / "dataset.toml").write_text("changed")
    (cities.store.path / "README.md").touch()
    assert verify(cities.store, "cities") == []
    assert verify(cities.store, "cities", quick=True) == []


def test_an_empty_dataset_has_no_fault(dataset: DatasetFolder) -> None:
    assert verify(dataset.store, "cities") == []


def test_a_dataset_that_was_not_built_yet_has_no_fault(dataset: DatasetFolder) -> None:
    (dataset.path / "log").rmdir()
    (dataset.path / "dataset.toml").touch()
    assert verify(dataset.store, "cities") == []


def test_quick_looks_at_presence_and_size_of_tables_only(cities: DatasetFolder) -> None:
    flip(cities.path / "a@2" / "City.parquet")
    assert codes(cities, quick=True) == []
    with (cities.path / "a" / "City.parquet").open("ab") as file:
        file.write(b"\0")
    (cities.path / "a@2" / "City.parquet").unlink()
    assert codes(cities, quick=True) == [
        ("file-changed", "cities/a/City.parquet", "a, b"),
        ("file-missing", "cities/a@2/City.parquet", "a"),
    ]


def test_faults_are_told_together(cities: DatasetFolder) -> None:
    flip(cities.path / "log" / "000001.json")
    flip(cities.path / "a@2" / "City.parquet")
    (cities.path / "notes.txt").touch()
    assert [code for code, _, _ in codes(cities)] == [
        "record-changed",
        "file-changed",
        "file-extra",
    ]
    (fault, *_) = verify(cities.store, "cities")
    assert isinstance(fault, Fault)
    assert "is not" in fault.message


def readable(dataset: DatasetFolder) -> list[object]:
    """The rows of `a` and of `b` by a new reader; None where it refuses."""
    try:
        reader = open_store(dataset.store.path).dataset(dataset.name)
        reader.revisions()
    except AzdsError:
        return [None, None]
    return [rows_of(reader, label) for label in ("a", "b")]


def rows_of(reader: DatasetFolder, label: str) -> object:
    try:
        return reader.read_table(label, "City").to_pylist()
    except AzdsError:
        return None


def small(label: str, city_id: str) -> StagedRevision:
    schema = TableSchema("City", 1, (Column("id", "string", Role.KEY),))
    table = StagedTable(schema, Coverage("complete"), pa.table({"id": [city_id]}))
    return StagedRevision(label, {"City": table})


def is_right(got: list[object], right: list[object]) -> bool:
    return all(one in (None, other) for one, other in zip(got, right, strict=True))


def test_every_flipped_byte_is_reported_and_no_reader_is_fooled(dataset: DatasetFolder) -> None:
    dataset.commit([small("a", "BAK"), small("b", "SUM")], writer={})
    right = readable(dataset)
    stored = files(dataset.store.path)
    assert stored.pop("cities/lock") == b""
    for name, data in stored.items():
        path = dataset.store.path / name
        flipped = bytearray(data)
        for place in range(len(data)):
            flipped[place] ^= 1 << place % 8
            path.write_bytes(flipped)
            faults = verify(dataset.store, "cities")
            assert [fault.file for fault in faults] == [name], f"byte {place}"
            assert is_right(readable(dataset), right), f"{name} byte {place}"
            flipped[place] = data[place]
        path.write_bytes(data)
    assert verify(dataset.store, "cities") == []


def test_every_file_of_another_length_or_swapped_is_reported(cities: DatasetFolder) -> None:
    stored = files(cities.store.path)
    del stored["cities/lock"], stored["cities/dataset.toml"]
    right = readable(cities)
    for name, data in stored.items():
        path = cities.store.path / name
        others = [data[:length] for length in (0, 1, len(data) // 2, len(data) - 1)]
        others += [data + b"\0", data + b"\n", *stored.values()]
        for other in others:
            if other != data:
                path.write_bytes(other)
                assert name in [fault.file for fault in verify(cities.store, "cities")]
                assert is_right(readable(cities), right)
        path.write_bytes(data)
