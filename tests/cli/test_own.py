"""The commands for tables of one's own, as a stranger uses them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.cli.making import Ran

Cli = Callable[[str | Sequence[str]], Ran]

OLD = "id,x,region\n1,5,EU\n2,6,US\n3,7,EU\n"
NEW = "id,x,region\n1,5,EU\n2,9,US\n"


@pytest.fixture
def files(cli: Cli) -> Cli:
    """The command line in a folder with two files."""
    Path("old.csv").write_text(OLD, encoding="utf-8")
    Path("new.csv").write_text(NEW, encoding="utf-8")
    return cli


def test_exit_codes_of_a_diff_of_files(files: Cli) -> None:
    diff = "diff old.csv new.csv --key id --stat"
    for options, code in (
        ("", 0),
        (" --exit-code", 1),
        (" --exit-code --ignore x,region --coverage partial", 1),
        (" --fail-on removed>0", 1),
        (" --fail-on removed>1,changed>90%", 0),
        (" --fail-on gone>1", 2),
        (" --covers id=1 --fail-on removed>0", 0),
        (" --rtol 2", 2),
    ):
        assert files(diff + options).code == code, options
    assert files("diff old.csv old.csv --key id --exit-code").code == 0
    assert files("diff old.csv new.csv").code == 2
    assert files("diff old.csv none.csv --key id").fault.endswith(".jsonl, .ndjson")


def test_a_first_commit_that_is_refused_leaves_no_dataset(files: Cli) -> None:
    files("init here")
    for words in (
        "commit a t=none.csv --key id",
        "commit a t=old.csv",
        "commit a --upsert t=old.csv",
    ):
        assert files(f"--store here --dataset typo {words}").code == 2
    assert files(["--store", "here", "--dataset", "../up", "commit", "a", "t=old.csv"]).code == 2
    assert [path.name for path in Path("here").iterdir()] == ["azds-store.json"]
    assert files("--store here --dataset right commit a t=old.csv --key id").code == 0
    assert 'title = "right"' in Path("here/right/dataset.toml").read_text()
    assert files("--store here commit b t=old.csv").code == 0


def test_a_diff_of_files_is_written_whole_in_each_format(files: Cli) -> None:
    diff = "diff old.csv new.csv --key id --format"
    document = json.loads(files(f"{diff} json").out)
    assert (document["old"], document["new"]) == ("old.csv", "new.csv")
    assert document["summary"]["table"]["removed"] == 1
    assert files(f"{diff} csv").out.splitlines()[0] == "table,key,change,column,kind,old,new"
    assert files(f"{diff} markdown").out.startswith("# old.csv → new.csv")
    assert files(f"{diff} parquet -o out.parquet").code == 0
    assert pq.ParquetFile("out.parquet").metadata.num_rows > 0
    assert files(f"{diff} parquet").code == 2


def test_notes_stand_in_the_page_or_beside_the_data(files: Cli) -> None:
    Path("new.csv").write_text(NEW.replace("9", "n/a") + ",1,EU\n", encoding="utf-8")
    shown = files("diff old.csv new.csv --key id --null-keys")
    assert "new.csv: x is compared as text: 'n/a' is no int64" in shown.out
    assert "new.csv: 1 row without a key set aside" in shown.out
    data = files("diff old.csv new.csv --key id --null-keys --format json")
    assert "is compared as text" in data.err
    assert json.loads(data.out)


def test_a_very_large_cell_is_told_short(files: Cli) -> None:
    big = "z" * 5_000_000
    Path("old.csv").write_text(f"id,x\n1,{big}\n2,a\n", encoding="utf-8")
    Path("new.csv").write_text(f"id,x\n1,{big}y\n2,a\n", encoding="utf-8")
    shown = files("diff old.csv new.csv --key id")
    assert "(5,000,001 characters)" in shown.out
    assert len(shown.out) < 5000


def test_the_session_of_a_maintainer(files: Cli) -> None:
    assert files("init market").code == 0
    store = "--store market"
    assert "prices: a new table needs its key" in files(f"{store} commit a prices=old.csv").fault
    assert files(f"{store} commit a prices=old.csv --key id").code == 0
    again = files(f"{store} commit a prices=old.csv")
    assert "the same as what is stored, nothing new was made" in again.out
    refused = files(f"{store} commit b prices=new.csv")
    assert refused.code == 2
    assert "1 of 3 rows of a would be removed" in refused.fault
    part = files(f"{store} commit b prices=new.csv --coverage partial --covers region=US")
    assert part.code == 0
    assert "1 unstated" in files(f"{store} diff a b").out
    assert files(f"{store} diff a b --fail-on removed>0").code == 0
    assert files(f"{store} diff a b --fail-on changed>0").code == 1
    other = files(f"{store} commit a prices=new.csv --confirm-removals")
    assert "edition 2: the label had other content before" in other.out
    assert files(f"{store} verify").code == 0


def test_init_where_a_store_is_and_keys_of_tables_that_are_not(files: Cli) -> None:
    assert files("init here").code == 0
    assert files("init here").code == 2
    told = files("--store here commit a t=old.csv --key u:id")
    assert (told.code, "did you mean t" in told.fault or "there are: t" in told.fault) == (2, True)
    assert files("--store here commit a t").code == 2
    assert files(["--store", "here", "commit", "A", "t=old.csv", "--key", "id"]).code == 2
