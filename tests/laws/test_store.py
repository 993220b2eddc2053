"""What holds for every table that is stored, every manifest, and every history of commits."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.store.making import CITY, WRITER, files, revision
from tests.strategies import Side, coverages, pairs, table_layouts

from azds.arrow.digest import content_digest
from azds.arrow.types import to_arrow_schema
from azds.columns import Column, Role, TableSchema
from azds.errors import AzdsError, InvalidInputError
from azds.store import (
    Correction,
    DatasetFolder,
    FileEntry,
    GroupEntry,
    Headline,
    LogRecord,
    Manifest,
    Repair,
    SourceEntry,
    StagedRevision,
    StagedTable,
    TableEntry,
    canonical,
    first_difference,
    init_store,
    verify,
)
from azds.store.canonical import Json
from azds.store.parquet import decode

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS
)
_DOCUMENTS: st.SearchStrategy[Json] = st.recursive(
    _SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner), max_leaves=8
)
_OBJECTS = st.dictionaries(_TEXTS, _DOCUMENTS, max_size=4)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """These laws are not about power cuts, and syncing is most of the time of a small commit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("azds.store.port.os.fsync", lambda _: None)
        yield


@contextmanager
def fresh() -> Iterator[DatasetFolder]:
    """A dataset in a store of its own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield init_store(Path(folder) / "store").create("things")


def staged(label: str, side: Side, table: pa.Table | None = None) -> StagedRevision:
    assume(not any("struct<>" in column.type for column in side.schema.columns))
    rows = side.table if table is None else table
    return StagedRevision(label, {"things": StagedTable(side.schema, side.coverage, rows)})


@given(sides=pairs())
def test_a_stored_table_is_the_table(sides: tuple[Side, Side]) -> None:
    """What is read is what was committed: values, types, order and coverage."""
    with fresh() as dataset:
        dataset.commit(
            [staged(label, side) for label, side in zip("ab", sides, strict=True)], writer=WRITER
        )
        for label, side in zip("ab", sides, strict=True):
            read = dataset.read_table(label, "things")
            assert read.schema.equals(to_arrow_schema(side.schema), check_metadata=True)
            assert content_digest(read, side.schema) == content_digest(side.table, side.schema)
            entry = dataset.table_entry(label, "things")
            assert (entry.schema, entry.coverage) == (side.schema, side.coverage)
        assert verify(dataset.store, "things") == []


@given(sides=pairs(), data=st.data())
def test_the_order_and_layout_of_the_input_move_nothing(
    sides: tuple[Side, Side], data: st.DataObject
) -> None:
    """The same rows in any order, chunks and layouts are the same revision and the same bytes."""
    side = sides[0]
    order = data.draw(st.permutations(range(side.table.num_rows)))
    shuffled = side.table.take(pa.array(order, pa.int64()))
    other = staged("a", side, data.draw(table_layouts(shuffled)))
    with fresh() as dataset, fresh() as again:
        dataset.commit([staged("a", side)], writer=WRITER)
        before = files(dataset.store.path)
        assert dataset.commit([other], writer=WRITER).is_empty
        again.commit([other], writer=WRITER)
        assert files(dataset.store.path) == files(again.store.path) == before
        assert first_difference(again.store, dataset.store, "things") is None


_LABELS = st.sampled_from(("a", "b", "c"))
_PEOPLE = st.dictionaries(st.sampled_from(("x", "y", "z")), st.integers(0, 2), max_size=3)


@given(history=st.lists(st.dictionaries(_LABELS, _PEOPLE, max_size=3), max_size=5))
def test_a_history_of_commits_is_a_dict_of_revisions(
    history: list[dict[str, dict[str, int | None]]],
) -> None:
    """After each commit every label has its latest rows, and all older files are as they were."""
    model: dict[str, dict[str, int | None]] = {}
    stored: dict[str, bytes] = {}
    with fresh() as dataset:
        for step in history:
            changed = [label for label, people in step.items() if model.get(label) != people]
            done = dataset.commit(
                [revision(label, people) for label, people in step.items()], writer=WRITER
            )
            assert sorted(done.folders) == sorted(changed)
            model |= step
            for manifest in dataset.revisions():
                rows = dataset.read_table(manifest.label, "City").to_pylist()
                assert {row["id"]: row["people"] for row in rows} == model[manifest.label]
            assert [manifest.label for manifest in dataset.revisions()] == list(model)
            assert stored.items() <= files(dataset.store.path).items()
            stored = files(dataset.store.path)
        assert verify(dataset.store, "things") == []


_TOLD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "about": _OBJECTS,
        "date": _TEXTS,
        "position_declared": _TEXTS,
        "headline": st.lists(st.builds(Headline, _TEXTS, st.integers(0), _TEXTS)).map(tuple),
        "source": st.builds(
            SourceEntry,
            _TEXTS,
            _TEXTS,
            st.integers(0),
            st.none() | st.integers(0),
            st.lists(_TEXTS).map(tuple),
        ),
        "repairs": st.lists(st.builds(Repair, _TEXTS, st.integers(0), st.integers(0))).map(tuple),
        "corrections": st.lists(
            st.builds(Correction, _TEXTS, _TEXTS, _TEXTS, _DOCUMENTS, _DOCUMENTS, _TEXTS)
        ).map(tuple),
        "rejections": st.integers(0),
    },
)


_SCHEMA = TableSchema(
    "things",
    2,
    (
        Column("id", "string", Role.KEY, description="Which."),
        Column("began", "string", Role.FACT, nullable=True, meaning="date"),
        Column("names", "list<string>", Role.WORDING),
    ),
    "tests/things",
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of manifests that a store may hold."""
    groups = draw(st.lists(st.builds(GroupEntry, st.integers(0, 9), _TEXTS), max_size=3))
    entry = TableEntry(
        _SCHEMA,
        sum(group.rows for group in groups),
        draw(_TEXTS),
        tuple(groups),
        draw(coverages(_SCHEMA, {name: [] for name in _SCHEMA.names})),
        (FileEntry("a@2/things.parquet", "sha256:" + "0f" * 32, draw(st.integers(0))),),
    )
    document: dict[str, Any] = Manifest(
        dataset="things", label="a", position=1, tables={"things": entry}, writer=WRITER
    ).to_document()
    told = Manifest("things", "a", 1, {}, {}, **draw(_TOLD)).to_document()
    return told | document


def objects(document: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any node of a document
    """Every object in a document whose fields a manifest names."""
    if isinstance(document, dict):
        yield document
        for name in ("tables", "things", "schema", "coverage", "source"):
            yield from objects(document.get(name))
        for name in ("columns", "files", "groups", "headline", "repairs", "corrections"):
            for item in document.get(name, ()):
                yield from objects(item)


@given(document=documents(), data=st.data())
def test_a_manifest_is_its_document_unknown_fields_included(
    document: dict[str, Any], data: st.DataObject
) -> None:
    """Reading and writing a document is identity, whatever a later program added to it."""
    places = [place for place in objects(document) if place is not document["tables"]]
    for place in data.draw(st.lists(st.sampled_from(places), max_size=3)):
        place[f"later {data.draw(_TEXTS)}"] = data.draw(_DOCUMENTS)
    manifest = Manifest.from_document(document)
    assert manifest.to_document() == document
    assert Manifest.from_bytes(manifest.to_bytes()) == manifest


@given(document=documents(), data=st.data())
def test_a_manifest_is_refused_with_a_typed_error_or_kept_whole(
    document: dict[str, Any], data: st.DataObject
) -> None:
    """No document makes a reader fail otherwise, and none is read as what it does not say."""
    place = data.draw(st.sampled_from(list(objects(document))))
    name = data.draw(st.sampled_from(sorted(place) or [""]))
    if data.draw(st.booleans()):
        place.pop(name, None)
    else:
        place[name] = data.draw(_DOCUMENTS)
    try:
        manifest = Manifest.from_document(document)
    except AzdsError:
        return
    assert canonical.dump(manifest.to_document()) == canonical.dump(document)


@given(document=_OBJECTS)
def test_canonical_json_is_its_document(document: dict[str, Json]) -> None:
    """Parsing what was dumped is identity, and so is dumping what was parsed."""
    data = canonical.dump(document)
    assert canonical.parse(data, kind="manifest-invalid", where="") == document
    assert canonical.dump(canonical.freeze(document)) == data
    assert canonical.thaw(canonical.freeze(document)) == document


@given(data=st.binary() | _OBJECTS.map(canonical.dump))
def test_no_bytes_make_a_reader_fail_otherwise_than_by_a_typed_error(data: bytes) -> None:
    """Manifests, records and tables of any bytes are read or refused."""
    schema = CITY
    for read in (
        lambda: Manifest.from_bytes(data),
        lambda: LogRecord.from_bytes(data, where=""),
        lambda: decode(data, schema, rows=1, where=""),
    ):
        with pytest.raises(AzdsError) as caught:
            read()
        assert not isinstance(caught.value, InvalidInputError)
