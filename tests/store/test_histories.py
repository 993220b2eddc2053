"""Histories of small tables: what changed little is told by what came before."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from tests.store.making import WRITER

from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.errors import IntegrityError
from azds.store import DatasetFolder, StagedRevision, StagedTable, verify
from azds.store.gc import find_leftovers
from azds.store.manifests import Base, from_stored
from azds.store.patched import check_patches
from azds.store.staged import StagedUpserts

COLUMNS = [Column(f"c{n}", "int64", Role.FACT) for n in range(80)]
SCHEMA = TableSchema(
    "places",
    1,
    (
        Column("name", "string", Role.KEY, description="What it is called."),
        Column("start", "int64", Role.KEY, description="Where the word stands."),
        Column("end", "int64", Role.PLACE),
        Column("digest", "string", Role.FACT),
        *COLUMNS,
    ),
)
COUNT = 1500


def places(moved: int) -> pa.Table:
    """Words in their places, those after the middle moved by so many."""
    starts = [n * 10 + (moved if n > COUNT / 2 else 0) for n in range(COUNT)]
    return pa.table(
        {
            "name": [f"{n * 7919 % 1499:04}" for n in range(COUNT)],
            "start": starts,
            "end": [start + 5 for start in starts],
            "digest": [f"{n * 2654435761 % 2**61:016x}" for n in range(COUNT)],
            **{column.name: pa.array([0] * COUNT) for column in COLUMNS},
        }
    )


@pytest.fixture
def history(dataset: DatasetFolder) -> DatasetFolder:
    """Six revisions in three commits; the third is told by the first, of the same commit."""
    for numbers in ((0, 1, 2), (3, 4), (5,)):
        staged = [
            StagedRevision(
                f"r{n}", {"places": StagedTable(SCHEMA, Coverage("complete"), places(n))}
            )
            for n in numbers
        ]
        dataset.commit(staged, writer=WRITER)
    return DatasetFolder(dataset.store, dataset.name)


def test_a_revision_in_which_places_moved_takes_little(history: DatasetFolder) -> None:
    whole = history.table_entry("r0", "places").file
    assert not whole.is_patch
    for number in range(1, 6):
        file = history.table_entry(f"r{number}", "places").file
        assert file.numbered
        assert file.on == "r0"
        assert file.bytes < whole.bytes / 5
        manifest = history.path / f"r{number}" / "manifest.json"
        assert manifest.stat().st_size < (history.path / "r0" / "manifest.json").stat().st_size / 4
        read = history.read_table(f"r{number}", "places")
        expected = places(number).sort_by([("name", "ascending"), ("start", "ascending")])
        assert read.to_pydict() == expected.to_pydict()
    assert verify(history.store, history.name) == []
    assert find_leftovers(history.store, history.name) == []


def test_what_is_told_by_a_damaged_table_is_told_as_damaged(history: DatasetFolder) -> None:
    table = history.path / "r0" / "places.parquet"
    table.write_bytes(table.read_bytes().replace(b"PAR1", b"PAR2"))
    with pytest.raises(IntegrityError, match=r"r0/places\.parquet"):
        history.read_table("r3", "places")
    faults = verify(history.store, history.name)
    assert [fault.code for fault in faults] == ["file-changed"]
    assert "r3" in faults[0].revision
    changed = StagedTable(SCHEMA, Coverage("complete"), places(9))
    history.commit([StagedRevision("r9", {"places": changed})], writer=WRITER)
    assert not history.table_entry("r9", "places").file.is_patch  # nothing rests on it


def test_the_same_table_again_is_whole_where_what_told_it_is_damaged(
    history: DatasetFolder,
) -> None:
    table = history.path / "r0" / "places.parquet"
    table.write_bytes(table.read_bytes().replace(b"PAR1", b"PAR2"))
    same = StagedTable(SCHEMA, Coverage("complete"), places(3))
    commit = history.commit([StagedRevision("r3", {"places": same})], writer=WRITER)
    assert commit.folders == {"r3": "r3@2"}
    assert history.read_table("r3", "places").num_rows == COUNT


@pytest.mark.parametrize("column", ["end", "c7"])
def test_the_same_rows_declared_otherwise_are_read_as_they_are(
    history: DatasetFolder, column: str
) -> None:
    columns = [replace(c, nullable=True) if c.name == column else c for c in SCHEMA.columns]
    looser = StagedTable(replace(SCHEMA, columns=tuple(columns)), Coverage("complete"), places(3))
    history.commit([StagedRevision("r9", {"places": looser})], writer=WRITER)
    assert history.table_entry("r9", "places").file == history.table_entry("r3", "places").file
    read = history.read_table("r9", "places")
    assert read.to_pydict() == history.read_table("r3", "places").to_pydict()
    assert verify(history.store, history.name) == []


def test_the_very_same_rows_are_stored_as_each_revision_declares_them(
    dataset: DatasetFolder,
) -> None:
    rows, partial = places(0), Coverage("partial", reason="a sample")
    columns = tuple(replace(c, nullable=True) if c.name == "end" else c for c in SCHEMA.columns)
    given = {
        "a": StagedTable(SCHEMA, Coverage("complete"), rows),
        "b": StagedTable(SCHEMA, partial, rows),
        "c": StagedTable(replace(SCHEMA, columns=columns), partial, rows),
    }
    dataset.commit([StagedRevision(n, {"places": t}) for n, t in given.items()], writer=WRITER)
    for label, table in given.items():
        entry = dataset.table_entry(label, "places")
        assert (entry.schema, entry.coverage) == (table.schema, table.coverage)
        assert entry.file.path == "a/places.parquet"
    assert verify(dataset.store, dataset.name) == []


def test_rows_are_put_into_a_large_table_that_allows_for_nulls_by_now(
    dataset: DatasetFolder,
) -> None:
    strict = TableSchema("t", 1, (Column("id", "int64", Role.KEY), Column("v", "int64", Role.FACT)))
    loose = replace(strict, columns=(strict.columns[0], replace(strict.columns[1], nullable=True)))
    values: list[int | None] = [n * 2654435761 % 2**61 for n in range(60_000)]
    for label, schema in (("a", strict), ("b", strict), ("c", loose)):
        rows = pa.table({"id": range(len(values)), "v": values})
        table = StagedTable(schema, Coverage("complete"), rows)
        dataset.commit([StagedRevision(label, {"t": table})], writer=WRITER)
        values[5] = 7
    assert dataset.table_entry("c", "t").file.path == "b/t.patch.parquet"
    put = pa.table({"id": [9, 50_000], "v": pa.array([None, 3])})
    upserts = StagedUpserts(Coverage("complete"), put)
    dataset.commit([StagedRevision("d", {"t": upserts})], writer=WRITER)
    values[9], values[50_000] = None, 3
    assert dataset.read_table("d", "t").column("v").to_pylist() == values
    with dataset.stored_table("d", "t").segments() as segments:
        read = pa.concat_tables([segment.read() for segment in segments])
    assert read == dataset.read_table("d", "t")
    assert verify(dataset.store, dataset.name) == []


def test_each_revision_that_a_patch_is_named_for_is_checked(history: DatasetFolder) -> None:
    manifests = {f"r{n}": history.manifest(f"r{n}") for n in range(6)}
    assert list(check_patches(history.path, history.name, manifests)) == []
    entry = replace(manifests["r3"].tables["places"], digest="another")
    manifests["r4"] = replace(manifests["r4"], tables={"places": entry})
    faults = list(check_patches(history.path, history.name, manifests))
    assert [(fault.code, fault.revision) for fault in faults] == [("patch-ends", "r4")]


def test_what_is_told_by_a_damaged_manifest_is_told_as_damaged(history: DatasetFolder) -> None:
    (history.path / "r0" / "manifest.json").unlink()
    fresh = DatasetFolder(history.store, history.name)
    with pytest.raises(IntegrityError, match=r"r3/manifest.json: like.folder: .*r0"):
        fresh.manifest("r3")
    codes = {(fault.code, fault.file) for fault in verify(history.store, history.name)}
    assert ("manifest-missing", f"{history.name}/r0/manifest.json") in codes
    assert ("manifest-invalid", f"{history.name}/r3/manifest.json") in codes


def test_a_revision_told_by_another_is_whole_though_its_record_was_lost(
    history: DatasetFolder,
) -> None:
    (history.path / "log" / "000003.json").unlink()
    faults = verify(history.store, history.name)
    assert [(fault.code, fault.file) for fault in faults] == [
        ("leftover-whole", f"{history.name}/r5")
    ]


@pytest.mark.parametrize(
    "like",
    [
        {"folder": "r1", "but": []},  # which is no whole one
        {"folder": "r9", "but": []},
        {"folder": "../r0", "but": []},
        {"but": []},
        {"folder": "r0", "but": [{"at": []}]},
        {"folder": "r0", "but": [{"at": ["writer", "azds", "x"]}]},
        {"folder": "r0", "but": [{"at": ["label"], "less": ["a"]}]},
    ],
)
def test_a_manifest_that_is_told_by_what_is_not_there_is_refused(
    history: DatasetFolder, like: dict[str, object]
) -> None:
    state = history.state()
    stored = state.bases.stored(state.folders["r3"])
    with pytest.raises(IntegrityError) as caught:
        from_stored(json.loads(json.dumps(stored | {"like": like})), state.bases.base, where="m")
    assert caught.value.kind == "manifest-invalid"


def test_a_short_manifest_is_no_base_though_it_says_all(history: DatasetFolder) -> None:
    whole = history.manifest("r0").to_document()
    with pytest.raises(IntegrityError, match="no whole manifest"):
        Base.of("r0", whole | {"like": {"folder": "r0", "but": []}}, where="m")
