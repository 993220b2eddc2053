"""A table of one revision, as users hold it, and what it hands to other libraries."""

import datetime as dt
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.dataset.making import CITY, cities, column, dataset, table

from azds.columns import Column, Role, TableSchema
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.dataset.table import Table
from azds.errors import NotFoundError, RefusedError
from azds.records import Mission, Relation, table_schema
from azds.store import StagedRevision


@pytest.fixture(scope="module")
def relations(article: Dataset) -> Table:
    """The relations of 2016."""
    table = article["2016"]["relations"]
    assert isinstance(table, Table)
    return table


@pytest.fixture
def city(tmp_path: Path) -> Table:
    """One table of cities, whose record type is not installed."""
    rows: dict[str, dict[str, object]] = {
        "baku": {"people": 5, "tags": ["a", "b;c"], "founded": "1900-05", "page": 3},
        "x/y": {},
    }
    return dataset(tmp_path / "store", StagedRevision("a", cities(rows)))["a"]["City"]


def test_a_record_is_found_by_its_key(relations: Table) -> None:
    belarus = relations["BLR"]
    assert isinstance(belarus, Relation)
    assert (belarus.counterpart, str(belarus.began)) == ("BLR", "1992")


def test_a_record_is_found_by_all_values_of_its_key(article: Dataset) -> None:
    mission = article["2016"]["missions"]["AZE", "NLD", "embassy", "The Hague"]
    assert isinstance(mission, Mission)
    assert mission.city == "The Hague"


def test_a_key_that_is_not_there_is_not_found_and_near_ones_are_named(relations: Table) -> None:
    with pytest.raises(NotFoundError, match="2016 relations: no row has this key") as caught:
        relations["BLRR"]
    assert caught.value.kind == "unknown-key"
    assert caught.value.advice == "did you mean BLR?"


def test_an_empty_table_has_no_key(article: Dataset) -> None:
    empty = article["interim"]["missions"]
    assert len(empty) == 0
    assert empty.records == []
    assert "BLR" not in empty
    with pytest.raises(NotFoundError, match="there is none"):
        empty["BLR"]


def test_a_key_is_in_a_table_by_value_by_values_and_by_its_string(
    relations: Table, article: Dataset, city: Table
) -> None:
    assert "BLR" in relations
    assert "XYZ" not in relations
    missions = article["2016"]["missions"]
    assert ("AZE", "NLD", "embassy", "The Hague") in missions
    assert "AZE/NLD/embassy/The Hague" in missions
    assert "x/y" in city
    assert city["x/y"]["people"] is None
    assert city.has_key("x~1y")
    assert not city.has_key("x/y")


def test_records_come_in_key_order_as_often_as_they_are_asked_for(relations: Table) -> None:
    keys = [record.counterpart for record in relations]
    assert keys == sorted(keys)
    assert relations.records == list(relations)
    assert len(relations) == len(relations.records)


def test_a_table_tells_its_name_size_and_coverage(relations: Table, city: Table) -> None:
    assert repr(relations) == f"<Table relations of 2016: {len(relations)} rows, partial>"
    assert repr(Table(CITY, city.to_arrow())) == "<Table City: 2 rows>"


def test_where_the_record_type_is_not_installed_records_are_plain_rows(city: Table) -> None:
    assert city["baku"] == {
        "id": "baku",
        "people": 5,
        "tags": ["a", "b;c"],
        "founded": "1900-05",
        "name": None,
        "page": 3,
    }


def test_where_the_stored_columns_are_not_those_of_the_type_records_are_plain_rows(
    tmp_path: Path,
) -> None:
    """A store that an older or newer azds wrote still opens."""
    newer = column(table_schema(Relation), Column("capital", "string", Role.FACT, nullable=True))
    unknown = TableSchema(newer.name, 2, newer.columns, "foreign-relations/visits")
    row = {
        name: ([] if newer.column(name).type.startswith("list") else "BLR") for name in newer.names
    }
    for at, schema in enumerate((newer, unknown)):
        staged = StagedRevision("a", {"relations": table(schema, [row])})
        [record] = dataset(tmp_path / str(at), staged)["a"]["relations"].records
        assert record["capital"] == "BLR"


def test_arrow_is_handed_over_without_a_copy(relations: Table) -> None:
    assert relations.to_arrow() is relations.to_arrow()
    assert tuple(relations.to_arrow().column_names) == relations.schema.names


def test_any_library_that_takes_an_arrow_stream_takes_a_table(relations: Table) -> None:
    assert pa.table(relations).equals(relations.to_arrow())
    assert pl.DataFrame(relations).height == len(relations)


def test_polars_gets_all_columns(relations: Table) -> None:
    frame = relations.to_polars()
    assert frame.columns == list(relations.schema.names)
    assert frame.height == len(relations)


def test_pandas_gets_flat_columns_with_arrow_types(city: Table) -> None:
    frame = city.to_pandas()
    assert list(frame.columns) == [
        "id",
        "people",
        "tags",
        "founded",
        "founded_earliest",
        "founded_latest",
        "name",
    ]
    first = frame.iloc[0]
    assert first["tags"] == "a;b,c"
    assert (first["founded_earliest"], first["founded_latest"]) == (
        dt.date(1900, 5, 1),
        dt.date(1900, 5, 31),
    )
    assert frame["people"].dtype == pd.ArrowDtype(pa.int64())
    assert pd.isna(frame.iloc[1]["people"])


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_where_a_library_is_not_installed_that_is_said(
    relations: Table, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(RefusedError, match=rf'pip install "azds\[{library}\]"') as caught:
        getattr(relations, f"to_{library}")()
    assert caught.value.kind == "missing-extra"


def test_a_table_of_no_revision_names_itself_in_errors() -> None:
    bare = Table(CITY, cities({"x": {}})["City"].rows, Coverage("complete"))
    with pytest.raises(NotFoundError, match=r"^City: no row has this key"):
        bare["y"]
