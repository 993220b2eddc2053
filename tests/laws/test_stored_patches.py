"""What holds for tables that are stored as checkpoints and patches, whatever came before."""

import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.making import WRITER

from azds.arrow import digest
from azds.arrow.digest import content_digest
from azds.arrow.equality import equal
from azds.changes.compare import compare
from azds.changes.patch import Patch
from azds.changes.patching import make_patch
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.dataset.snapshot import Snapshot
from azds.dataset.table_changes import table_changes
from azds.store import (
    DatasetFolder,
    StagedPatch,
    StagedRevision,
    StagedTable,
    StagedUpserts,
    init_store,
    staging,
    verify,
)
from azds.store.ready import end_of
from azds.store.staged import Staged

SCHEMA = TableSchema(
    "t",
    1,
    (
        Column("tenant", "string", Role.KEY),
        Column("n", "int64", Role.KEY),
        Column("x", "float64", Role.FACT, nullable=True),
        Column("tags", "list<string>", Role.FACT, nullable=True),
        Column("note", "string", Role.WORDING, nullable=True),
    ),
)
COMPLETE = Coverage("complete")
TYPES = pa.schema(
    [
        ("tenant", pa.string()),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("tags", pa.list_(pa.string())),
        ("note", pa.string()),
    ]
)
Rows = dict[tuple[str, int], tuple[float | None, list[str] | None, str | None]]

_KEYS = st.tuples(st.sampled_from(("", "a", "é")), st.integers(0, 40))
_CELLS = st.tuples(
    st.none() | st.sampled_from((0.0, 1.5, float("nan"))),
    st.none() | st.lists(st.sampled_from(("p", "q")), max_size=2),
    st.none() | st.just("so"),
)
_BIG = st.dictionaries(_KEYS, _CELLS, min_size=20, max_size=50)
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("upserts", "patch", "whole")),
        st.dictionaries(_KEYS, _CELLS, max_size=6),
        st.lists(_KEYS, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(autouse=True, scope="module", params=["by keys", "by numbers of rows"])
def _small(request: pytest.FixtureRequest) -> Iterator[None]:
    """Groups of about four rows, patches on tables of any size, short chains, and no syncing.

    Patches of either kind; and manifests that are told by others, whatever that saves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "_LIMIT", np.uint64((1 << 64) // 4))
        patch.setattr(digest, "LARGEST_GROUP", 6)
        patch.setattr("azds.store.revise.LARGEST_GROUP", 6)
        patch.setattr(staging, "_SMALL", 1 if request.param == "by keys" else 1 << 18)
        patch.setattr(staging, "_TINY", 1)
        patch.setattr(staging, "_NUMBERED_SHARE", 9.0)
        patch.setattr("azds.store.manifests._SMALL", 1)
        patch.setattr("azds.store.manifests._SHARE", 9.0)
        patch.setattr(staging, "_SHARE", 3.0)
        patch.setattr(staging, "_MOST_STEPS", 2)
        patch.setattr("azds.store.lineage._SHARE", 9.0)
        patch.setattr("azds.store.port.os.fsync", lambda _: None)
        yield


def table(rows: Rows) -> pa.Table:
    columns = list(zip(*[(*key, *cells) for key, cells in rows.items()], strict=True)) or [()] * 5
    arrays = [pa.array(c, kind) for c, kind in zip(columns, TYPES.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=TYPES).sort_by(
        [("tenant", "ascending"), ("n", "ascending")]
    )


def same(a: pa.Table, b: pa.Table) -> bool:
    return a.num_rows == b.num_rows and all(
        equal(a.column(name), b.column(name)).false_count == 0 for name in TYPES.names
    )


def given_as(how: str, dataset: DatasetFolder, old: Rows, new: Rows) -> Staged:
    """The next revision, as a whole table, as a patch, or as upserts and deletes."""
    if how == "whole":
        return StagedTable(SCHEMA, COMPLETE, table(new))
    gone = {key: old[key] for key in old.keys() - new.keys()}
    if how == "upserts":
        deletes = table(gone).select(["tenant", "n"])
        return StagedUpserts(COMPLETE, table(new), deletes)
    return StagedPatch(COMPLETE, patch_of(dataset, old, new))


def patch_of(dataset: DatasetFolder, old: Rows, new: Rows) -> Patch:
    before = end_of(dataset.table_entry(dataset.revisions()[-1].label, "t"))
    rows = table(new)
    after = type(before)(SCHEMA, content_digest(rows, SCHEMA).digest, rows.num_rows, COMPLETE)
    return make_patch(table(old), rows, before, after)


@settings(max_examples=20)  # each makes and reads a whole history
@given(start=_BIG, steps=_STEPS, data=st.data())
def test_every_revision_is_read_as_it_was_and_diffs_are_those_of_whole_tables(
    start: Rows, steps: list[tuple[str, Rows, list[tuple[str, int]]]], data: st.DataObject
) -> None:
    """However a revision came, it reads back, has the digest of its rows, and compares the same."""
    model: dict[str, Rows] = {"r0": start}
    with tempfile.TemporaryDirectory() as folder:
        dataset = init_store(Path(folder) / "store").create("things")
        first = StagedTable(SCHEMA, COMPLETE, table(start))
        dataset.commit([StagedRevision("r0", {"t": first})], writer=WRITER)
        rows = start
        for number, (how, upserts, deletes) in enumerate(steps, 1):
            changed = {key: cells for key, cells in (rows | upserts).items() if key not in deletes}
            revision = StagedRevision(f"r{number}", {"t": given_as(how, dataset, rows, changed)})
            dataset.commit([revision], writer=WRITER)
            model[f"r{number}"] = rows = changed
        fresh = DatasetFolder(dataset.store, "things")
        for label, expected in model.items():
            entry, whole = fresh.table_entry(label, "t"), table(expected)
            assert same(fresh.read_table(label, "t"), whole)
            content = content_digest(whole, SCHEMA)
            assert (entry.digest, entry.rows) == (content.digest, whole.num_rows)
            assert [(g.rows, g.digest) for g in entry.groups] == [
                (g.rows, g.digest) for g in content.groups
            ]
            with fresh.stored_table(label, "t").segments() as segments:
                parts = [segment.read() for segment in segments]
                assert [part.num_rows for part in parts] == segments.sizes.tolist()
                assert same(pa.concat_tables(parts), whole)
        for old, new in data.draw(
            st.lists(st.sampled_from(list(product(model, repeat=2))), max_size=6)
        ):
            before, after = model[old], model[new]
            told = table_changes(Snapshot(fresh, old), Snapshot(fresh, new), "t")
            plain = compare(
                table(before),
                table(after),
                old_schema=SCHEMA,
                new_schema=SCHEMA,
                old_coverage=COMPLETE,
                new_coverage=COMPLETE,
            )
            assert (told.equal, told.changed) == (plain.equal, plain.changed)
            assert told.keys.to_pylist() == plain.keys.to_pylist()
            assert same(told.added, plain.added)
            assert same(told.removed, plain.removed)
            assert {n: c.kinds for n, c in told.cells.items()} == {
                n: c.kinds for n, c in plain.cells.items()
            }
        for key in data.draw(st.lists(st.sampled_from(sorted(start)), max_size=3)):
            told_rows = [one.row for one in Dataset(fresh).history("t", *key)]
            assert [None if row is None else row["tags"] for row in told_rows] == [
                rows[key][1] if key in rows else None for rows in model.values()
            ]
        assert verify(fresh.store, "things") == []
