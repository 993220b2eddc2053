"""Commits of tables of one's own."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

import azds
from azds.coverage import Coverage
from azds.dataset.dataset import Dataset
from azds.errors import AzdsError, InvalidInputError, RefusedError

DAYS = "ticker,day,region,close\nAAA,2024-06-03,EU,10.5\nBBB,2024-06-03,US,20\nCCC,2024-06-03,EU,\n"
KEY = ("ticker", "day")


@pytest.fixture
def prices(tmp_path: Path) -> Dataset:
    """A dataset with one revision of one table, from CSV."""
    made = azds.init(tmp_path / "store").create("market")
    made.commit("a", {"prices": put(tmp_path, DAYS)}, key=KEY)
    return made


def put(path: Path, text: str) -> Path:
    file = path / "given.csv"
    file.write_text(text, encoding="utf-8")
    return file


def declared(dataset: Dataset) -> Path:
    return dataset.folder.path / "dataset.toml"


class City(azds.Record):
    """A record type of a program's own."""

    id: azds.Key[str]
    seen: azds.Fact[dt.date | None] = None
    area: azds.Fact[Decimal | None] = None
    people: azds.Fact[int]


def test_what_was_found_of_the_columns_is_written_down(prices: Dataset) -> None:
    text = declared(prices).read_text(encoding="utf-8")
    assert 'key = ["ticker", "day"]' in text
    assert 'day = { type = "date32" }' in text
    assert 'close = { type = "float64", null = true }' in text


def test_the_same_content_again_makes_nothing_new(prices: Dataset, tmp_path: Path) -> None:
    done = prices.commit("a", {"prices": put(tmp_path, DAYS)}, message="again", author="x")
    assert done.commit.is_empty
    assert [revision.label for revision in prices.revisions] == ["a"]


def test_other_content_under_a_label_is_its_next_edition(prices: Dataset, tmp_path: Path) -> None:
    done = prices.commit("a", {"prices": put(tmp_path, DAYS.replace("10.5", "11"))})
    assert (done.edition, len(prices.revisions)) == (2, 1)
    assert prices["a"]["prices"]["AAA", dt.date(2024, 6, 3)]["close"] == 11.0


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (DAYS.replace("10.5", "x"), "row 1: close 'x' is no float64"),
        (DAYS.replace("BBB", ""), "row 2: the key column ticker has no value"),
        (DAYS.replace("2024-06-03,US", "2024-02-30,US"), "row 2: day '2024-02-30' is no date32"),
    ],
    ids=["type", "key", "date"],
)
def test_a_row_that_breaks_the_declaration_is_told_and_kept_only_where_allowed(
    prices: Dataset, tmp_path: Path, broken: str, words: str
) -> None:
    file = put(tmp_path, broken)
    with pytest.raises(RefusedError) as caught:
        prices.commit("b", {"prices": file})
    assert caught.value.kind == "rows-rejected"
    assert words in str(caught.value)
    assert list(prices) == ["a"]
    done = prices.commit("b", {"prices": file}, allow_rejections=1, confirm_removals=True)
    assert (done.rows["prices"], len(done.rejected["prices"])) == (2, 1)
    assert len(prices["b"]["rejections"]) == 1


def test_whole_numbers_may_become_fractions_and_nothing_else(tmp_path: Path) -> None:
    made = azds.init(tmp_path / "store").create("d")
    made.commit("a", {"t": put(tmp_path, "id,x,y\n1,1,2\n")}, key="id")
    made.commit("b", {"t": put(tmp_path, "id,x,y\n1,1.5,2\n")})
    assert made["b"]["t"].schema.column("x").type == "float64"
    assert made.diff("a", "b")["t"].summary()["columns"] == {"x": {"replaced": 1}}
    with pytest.raises(RefusedError, match="y 'two' is no int64"):
        made.commit("c", {"t": put(tmp_path, "id,x,y\n1,1.5,two\n")})


def test_a_commit_that_removes_much_is_refused_unless_it_is_meant(
    prices: Dataset, tmp_path: Path
) -> None:
    half = put(tmp_path, "\n".join(DAYS.splitlines()[:2]) + "\n")
    with pytest.raises(RefusedError, match="2 of 3 rows of a would be removed") as caught:
        prices.commit("b", {"prices": half})
    assert caught.value.kind == "rows-removed"
    part = Coverage("partial", reason="half a feed")
    prices.commit("b", {"prices": half}, coverage=part)
    found = prices.diff("a", "b")["prices"]
    assert (len(found.removed), len(found.unstated)) == (0, 2)
    prices.commit("c", {"prices": half}, confirm_removals=True)


def test_what_a_part_covers_was_removed(prices: Dataset, tmp_path: Path) -> None:
    part = Coverage("partial", covers={"region": ("US",)}, reason="the US alone")
    prices.commit("b", {"prices": put(tmp_path, DAYS.splitlines()[0])}, coverage=part,
                  confirm_removals=True)  # fmt: skip
    found = prices.diff("a", "b")["prices"]
    assert (found.removed.keys().to_pylist(), len(found.unstated)) == (["BBB/2024-06-03"], 2)


def test_columns_come_go_and_are_renamed(prices: Dataset, tmp_path: Path) -> None:
    file = declared(prices)
    text = file.read_text(encoding="utf-8")
    renamed = 'closing = { type = "float64", null = true, was = "close" }'
    file.write_text(
        text.replace('close = { type = "float64", null = true }', renamed), encoding="utf-8"
    )
    lines = [line.split(",") for line in DAYS.replace("close", "closing").splitlines()]
    shifted = "\n".join(
        ",".join([a, b, d, "1" if n else "new"]) for n, (a, b, _, d) in enumerate(lines)
    )
    done = prices.commit("b", {"prices": put(tmp_path, shifted + "\n")})
    assert (done.new_columns, done.lost_columns) == (
        {"prices": ("new",)},
        {"prices": ("region",)},
    )
    change = prices.diff("a", "b")["prices"].changes.schema_change
    assert [(old.name, new.name) for old, new in change.renamed] == [("close", "closing")]
    assert [column.name for column in change.added] == ["new"]
    assert [column.name for column in change.removed] == ["region"]
    assert prices.diff("a", "b")["prices"].changes.equal == 3


def test_a_file_that_still_has_the_old_name_is_read_under_the_new(tmp_path: Path) -> None:
    made = azds.init(tmp_path / "store").create("d")
    made.commit("a", {"t": put(tmp_path, "id,old\n1,5\n")}, key="id")
    file = declared(made)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("old = { ", 'fresh = { was = "old", '), encoding="utf-8")
    made.commit("b", {"t": put(tmp_path, "id,old\n1,6\n")})
    assert made["b"]["t"].records == [{"id": 1, "fresh": 6}]


def test_columns_that_are_not_declared_are_refused_where_the_data_do_not_lead(
    prices: Dataset, tmp_path: Path
) -> None:
    file = declared(prices)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("follows_data = true\n", ""), encoding="utf-8")
    for other, words in (
        (DAYS.replace("close", "price"), "expected also close, got price besides"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            prices.commit("b", {"prices": put(tmp_path, other)})


def test_a_table_is_known_from_the_last_revision_where_its_declaration_is_lost(
    prices: Dataset, tmp_path: Path
) -> None:
    declared(prices).unlink()
    prices.commit("b", {"prices": put(tmp_path, DAYS)})
    assert 'key = ["ticker", "day"]' in declared(prices).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tables", "options", "words"),
    [
        ({}, {}, "no table is given"),
        (
            {"new": DAYS},
            {},
            "a new table needs its key; name it with --key; its columns are ticker",
        ),
        ({"new": DAYS}, {"key": "day"}, r"2024-06-03 \(rows 1, 2, 3\)"),
        ({"new": DAYS}, {"key": "close"}, "never a float"),
        ({"new": DAYS}, {"key": "dax"}, "no such key column"),
        ({"prices": DAYS}, {"key": "day"}, "the table has another key; expected ticker, day"),
        ({"prices": DAYS}, {"key": {"price": ["day"]}}, "did you mean prices"),
        ({"evidence": DAYS}, {"key": "day"}, "the store's own"),
        ({"pri ces": DAYS}, {"key": "day"}, "not a name for a table"),
        ({"prices": DAYS}, {"allow_rejections": -1}, "0 or more"),
        ({"prices": DAYS}, {"date": "someday"}, "not a date"),
        (
            {"prices": DAYS},
            {"coverage": Coverage("partial", covers={"regio": ("EU",)}, reason="r")},
            "did you mean region",
        ),
    ],
    ids=str,
)
def test_wrong_use_is_refused_and_nothing_is_written(
    prices: Dataset,
    tmp_path: Path,
    tables: dict[str, str],
    options: dict[str, object],
    words: str,
) -> None:
    before = sorted(prices.folder.path.rglob("*"))
    given = {name: put(tmp_path, text) for name, text in tables.items()}
    with pytest.raises(AzdsError, match=words):
        prices.commit("b", given, **options)  # type: ignore[arg-type]  # wrong on purpose
    assert sorted(prices.folder.path.rglob("*")) == before


def test_a_label_that_is_a_date_dates_the_revision(prices: Dataset, tmp_path: Path) -> None:
    prices.commit("2024-06-04", {"prices": put(tmp_path, DAYS)})
    prices.commit("2024-06-99", {"prices": put(tmp_path, DAYS)}, date="2024")
    assert [revision.date for revision in prices.revisions] == [None, "2024-06-04", "2024"]


def test_rows_of_a_record_type_come_back_as_records(tmp_path: Path) -> None:
    made = azds.init(tmp_path / "store").create("cities", tables=[City])
    rows = [City(id="x", people=5, area=Decimal("1.5")), City(id="y", people=7)]
    made.commit("a", {"City": rows})
    made.commit("b", {"City": [{"id": "x", "people": 5, "area": Decimal("1.5")}, rows[1]]})
    assert made["a"]["City"].records == rows
    assert made["b"]["City"]["x"] == rows[0]
    assert not made.diff("a", "b")
    again = azds.open(tmp_path / "store")["cities"]
    assert again["a"]["City"].records[1]["people"] == 7
    assert again.with_types(City)["a"]["City"].records == rows


def test_a_record_type_checks_rows_files_and_arrow(tmp_path: Path) -> None:
    made = azds.init(tmp_path / "store").create("cities", tables=[City])
    arrow = pa.table({"id": ["x"], "seen": [None], "area": [None], "people": ["many"]})
    broken: list[object] = [
        [{"id": "x", "people": "many"}],
        put(tmp_path, "id,seen,area,people\nx,,,many\n"),
        arrow,
    ]
    for given in broken:
        with pytest.raises(RefusedError, match=r"City row 1: people 'many'"):
            made.commit("a", {"City": given})
    with pytest.raises(InvalidInputError, match="expected also people"):
        made.commit("a", {"City": arrow.drop_columns(["people"])})
    done = made.commit("a", {"City": [*broken[0], City(id="y", people=1)]}, allow_rejections=1)  # type: ignore[misc]  # a list
    assert (done.rows["City"], done.rejected["City"][0].row) == (1, 1)


def test_a_measure_is_the_headline_of_each_revision(prices: Dataset, tmp_path: Path) -> None:
    file = declared(prices)
    with file.open("a", encoding="utf-8") as handle:
        handle.write('\n[measures.tickers]\ntable = "prices"\naggregate = "count"\n')
    prices.commit("b", {"prices": put(tmp_path, DAYS)})
    [headline] = prices["b"].manifest.headline
    assert (headline.measure, headline.value) == ("tickers", 3)


def test_message_and_author_stand_in_the_log_and_in_no_digest(tmp_path: Path) -> None:
    stores = []
    for name, words in (("a", ("first", "me")), ("b", ("", ""))):
        dataset = azds.init(tmp_path / name).create("data")
        rows = [{"id": 1, "x": 2}]
        dataset.commit("one", {"t": rows}, key="id", message=words[0], author=words[1])
        stores.append(dataset.folder)
    said, silent = (folder.records()[0] for folder in stores)
    assert (said.message, said.author) == ("first", "me")
    assert said.revisions == silent.revisions
