"""SQL over a dataset: what views there are, and that a query can do nothing but read them."""

import itertools
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import azds
from azds.errors import IntegrityError, InvalidInputError

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def article() -> azds.Dataset:
    return azds.open()["foreign-relations"]


def own(path: Path, tables: dict[str, list[dict[str, object]]]) -> azds.Dataset:
    """A dataset with a revision for each label; each has the table `prices`."""
    dataset = azds.init(path).create("shop")
    for label, rows in tables.items():
        dataset.commit(label, {"prices": pa.Table.from_pylist(rows)}, key="id")
    return dataset


def test_every_table_is_a_view_of_all_revisions(article: azds.Dataset) -> None:
    names = azds.sql(article, "SHOW TABLES").column("name").to_pylist()
    assert sorted(names) == sorted(article.tables)
    for name in article.tables:
        found = azds.sql(article, f'FROM "{name}"')
        expected = article.table(name)
        assert found.column_names == expected.column_names
        assert found.to_pylist() == expected.to_pylist()


def test_every_revision_is_a_schema_of_its_tables(article: azds.Dataset) -> None:
    for label, name in [("2016", "relations"), ("interim", "counts"), ("current", "evidence")]:
        found = azds.sql(article, f'FROM "{label}"."{name}"')
        assert found.to_pylist() == article[label][name].to_arrow().to_pylist()


def test_of_many_revisions_each_that_is_named_is_a_schema(tmp_path: Path) -> None:
    dataset = own(tmp_path / "s", {f"r{at}": [{"id": 1, "x": at}] for at in range(22)})
    assert azds.sql(dataset, "SELECT count(*) AS n FROM prices").to_pylist() == [{"n": 22}]
    assert azds.sql(dataset, "FROM r7.prices UNION ALL FROM R21.prices").num_rows == 2


def test_revisions_are_compared_by_a_join(article: azds.Dataset) -> None:
    found = azds.sql(
        article,
        'SELECT old.counterpart FROM "2016".relations old JOIN "interim".relations new'
        " USING (counterpart) WHERE new.began IS DISTINCT FROM old.began ORDER BY 1",
    )
    diff = article.diff("2016", "interim", ["relations"])
    cells = diff.to_arrow().filter(pc.equal(diff.to_arrow().column("column"), "began"))
    changed = cells.filter(pc.equal(cells.column("change"), "changed"))
    assert found.column(0).to_pylist() == changed.column("key").to_pylist()
    assert found.num_rows


def test_only_tables_that_a_query_scans_are_read(tmp_path: Path) -> None:
    dataset = own(tmp_path / "s", {"a": [{"id": 1, "x": 5}], "b": [{"id": 1, "x": 6}]})
    [file] = (tmp_path / "s" / "shop" / "b").glob("prices*.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(data)
    assert azds.sql(dataset, "FROM a.prices").to_pylist() == [{"id": 1, "x": 5}]
    with pytest.raises(IntegrityError, match="prices"):
        azds.sql(dataset, "FROM b.prices")
    with pytest.raises(IntegrityError, match="prices"):
        azds.sql(dataset, "FROM prices")


def test_a_column_that_a_revision_lacks_is_null_there(tmp_path: Path) -> None:
    dataset = own(tmp_path / "s", {"a": [{"id": 1}], "b": [{"id": 1, "x": 6}]})
    found = azds.sql(dataset, "SELECT revision, id, x FROM prices ORDER BY revision")
    assert found.to_pylist() == [
        {"revision": "a", "id": 1, "x": None},
        {"revision": "b", "id": 1, "x": 6},
    ]


def test_a_column_that_changed_its_type_is_read_by_revision(tmp_path: Path) -> None:
    dataset = own(tmp_path / "s", {"a": [{"id": 1, "x": 5}], "b": [{"id": 1, "x": "five"}]})
    assert azds.sql(dataset, "SELECT x FROM b.prices").to_pylist() == [{"x": "five"}]
    with pytest.raises(InvalidInputError, match="prices"):
        azds.sql(dataset, "SELECT x FROM prices")


@pytest.mark.parametrize("label", ["main", "temp", "pg_catalog", "select", "a-b.c"])
def test_any_label_may_be_a_revision(tmp_path: Path, label: str) -> None:
    dataset = own(tmp_path / "s", {label: [{"id": 1}]})
    assert azds.sql(dataset, "SELECT revision FROM prices").to_pylist() == [{"revision": label}]


FORBIDDEN = {
    "file": "FROM read_csv('{file}')",
    "text": "FROM read_text('{file}')",
    "name": "FROM '{file}'",
    "glob": "FROM glob('{folder}/*')",
    "copy": "COPY relations TO '{folder}/out.csv'",
    "attach": "ATTACH '{folder}/x.db'",
    "export": "EXPORT DATABASE '{folder}/out'",
    "network": "FROM read_csv('http://127.0.0.1:1/x.csv')",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "setting": "SET enable_external_access = true",
    "unlock": "SET lock_configuration = false",
    "reset": "RESET ALL",
    "pragma": "PRAGMA enable_external_access",
    "create": "CREATE TABLE x (a INT)",
    "drop": "DROP VIEW relations",
    "insert": "INSERT INTO relations VALUES (1)",
    "delete": "DELETE FROM relations",
    "two": "SELECT 1; DROP VIEW relations",
    "explained": "EXPLAIN ANALYZE COPY relations TO '{folder}/out.csv'",
    "called": "CALL pragma_version()",
    "variables": "FROM secret_rows",
    "environment": "SELECT getenv('HOME')",
    "none": "",
    "comment": "-- nothing",
    "wrong": "SELCT 1",
    "column": "SELECT nothing FROM relations",
    "cast": "SELECT CAST('x' AS INT)",
    "binary": "SELECT \x00",
    "surrogate": "SELECT '\ud800'",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_no_reading_of_the_dataset_is_refused_in_one_line(
    article: azds.Dataset, tmp_path: Path, name: str
) -> None:
    secret_rows = pa.table({"a": [1]})  # DuckDB would find it by its name
    (tmp_path / "file.csv").write_text("a\n1\n", encoding="utf-8")
    query = FORBIDDEN[name].format(file=tmp_path / "file.csv", folder=tmp_path)
    with pytest.raises(InvalidInputError) as told:
        azds.sql(article, query)
    assert told.value.kind == "bad-argument"
    assert "\n" not in str(told.value)
    assert [one.name for one in tmp_path.iterdir()] == ["file.csv"]
    assert secret_rows.num_rows


def test_a_wrong_name_is_answered_with_a_near_one(article: azds.Dataset) -> None:
    with pytest.raises(InvalidInputError, match='Did you mean "relations"'):
        azds.sql(article, "FROM relation")


def test_an_answer_without_rows_still_has_its_columns(article: azds.Dataset) -> None:
    found = azds.sql(article, "SELECT counterpart FROM relations WHERE false")
    assert (found.num_rows, found.column_names) == (0, ["counterpart"])


def test_the_order_of_rows_is_that_of_the_table(article: azds.Dataset) -> None:
    found = azds.sql(article, "SELECT revision FROM evidence").column(0).to_pylist()
    assert [label for label, _ in itertools.groupby(found)] == list(article)
