"""What the tests of datasets share: small invented stores, and a copy of the shipped one."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

import azds
from azds.arrow.rows import rows_to_table
from azds.arrow.types import to_arrow_schema
from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.dataset.stores import SHIPPED_DATASET, shipped_store
from azds.records import Count, Evidence, Record, Relation, table_schema
from azds.store import Headline, StagedRevision, StagedTable, init_store

__all__ = [
    "CITY",
    "COMPLETE",
    "WRITER",
    "cities",
    "column",
    "copy_shipped",
    "count",
    "dataset",
    "evidence",
    "headline",
    "relation",
    "table",
    "typed",
]

WRITER = {"azds": "0.0.0", "pyarrow": pa.__version__}
COMPLETE = Coverage("complete")
CITY = TableSchema(
    "City",
    1,
    (
        Column("id", "string", Role.KEY),
        Column("people", "int64", Role.FACT, nullable=True),
        Column("tags", "list<string>", Role.FACT, meaning="set"),
        Column("founded", "string", Role.FACT, nullable=True, meaning="date"),
        Column("name", "string", Role.WORDING, nullable=True),
        Column("page", "int64", Role.PLACE, nullable=True),
    ),
)
_CITY: dict[str, object] = {"people": None, "tags": [], "founded": None, "name": None, "page": None}


def column(schema: TableSchema, *columns: Column, without: Sequence[str] = ()) -> TableSchema:
    """A schema with more columns, or fewer."""
    kept = tuple(one for one in schema.columns if one.name not in without)
    return TableSchema(schema.name, schema.version, (*kept, *columns), schema.record)


def cities(
    rows: Mapping[str, Mapping[str, object]],
    coverage: Coverage = COMPLETE,
    schema: TableSchema = CITY,
) -> dict[str, StagedTable]:
    """A table of cities by id; what is not given is null."""
    known = [
        {name: {"id": key, **_CITY, **row}.get(name) for name in schema.names}
        for key, row in rows.items()
    ]
    return {"City": table(schema, known, coverage)}


def table(
    schema: TableSchema, rows: Sequence[Mapping[str, object]], coverage: Coverage = COMPLETE
) -> StagedTable:
    """A table of plain rows."""
    return StagedTable(
        schema, coverage, pa.Table.from_pylist(list(rows), schema=to_arrow_schema(schema))
    )


def typed(
    record: type[Record], rows: Sequence[Record], coverage: Coverage = COMPLETE
) -> dict[str, StagedTable]:
    """A table of records, by its name."""
    schema = table_schema(record)
    return {schema.name: StagedTable(schema, coverage, rows_to_table(record, rows))}


def dataset(path: Path, *revisions: StagedRevision, name: str = "things") -> Dataset:
    """A dataset of these revisions, in a store of its own at `path`."""
    init_store(path).create(name).commit(revisions, writer=WRITER)
    return azds.open(path)[name]


def relation(counterpart: str, **facts: object) -> Relation:
    """A relation with these facts; its name is its id."""
    known: dict[str, object] = {
        "counterpart": counterpart,
        "status": "established",
        "began": None,
        "ended": None,
        "began_also": (),
        "name": counterpart,
        "names_as_written": (),
        "see_also": (),
    }
    return Relation.model_validate(known | facts)


def count(value: int, scope: str = "countries", **more: object) -> Count:
    """A stated count of diplomatic relations."""
    known: dict[str, object] = {
        "measure": "diplomatic_relations",
        "scope": scope,
        "occurrence": 1,
        "value": value,
        "qualifier": None,
        "includes": (),
        "alongside": (),
        "section": None,
    }
    return Count.model_validate(known | more)


def evidence(table: str, key: str, start: int = 0, **more: object) -> Evidence:
    """Evidence for a row; five characters of prose with a digest of nothing."""
    known: dict[str, object] = {
        "table": table,
        "key": key,
        "column": "",
        "start": start,
        "end": start + 5,
        "place": "prose",
        "markers": (),
        "digest": "0" * 16,
    }
    return Evidence.model_validate(known | more)


def headline(value: int, scope: str, qualifier: str | None = None) -> tuple[Headline, ...]:
    """A designated count."""
    return (Headline("diplomatic_relations", value, scope, qualifier),)


def copy_shipped(path: Path) -> Path:
    """A copy of the shipped article, in a store that a test may damage or build into."""
    shipped = shipped_store()
    assert shipped is not None
    path.mkdir()
    shutil.copy(shipped / "azds-store.json", path)
    leave_out = shutil.ignore_patterns("tmp", "lock")
    shutil.copytree(shipped / SHIPPED_DATASET, path / SHIPPED_DATASET, ignore=leave_out)
    return path
