"""Bad input gets one clear line on stderr, exit 2, nothing on stdout, nothing half written."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.making import READING, Ran
from tests.dataset.building import NAME, TEXTS, make_store
from tests.dataset.making import copy_shipped
from tests.store.making import files

import azds

Cli = Callable[..., Ran]
DATASET = "foreign-relations"


def refused(ran: Ran, *told: str) -> None:
    """Exit 2, nothing on stdout, and one line on stderr that tells these things."""
    assert ran.code == 2
    assert ran.out == ""
    assert ran.fault.startswith("azds: ")
    for words in told:
        assert words in ran.fault


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("diff 2016 curent", "no such revision; got 'curent'; did you mean current?"),
        ("diff 2017 current", "did you mean 2016?"),
        ("show interrim", "did you mean interim?"),
        ("show zzz", "there are: 2016, interim, current"),
        ("quote 2015 relations BLR", "did you mean 2016?"),
        ("show 2016 relation", "no such table; got 'relation'; did you mean relations"),
        ("diff 2016 current realtions", "did you mean relations"),
        ("history relation BLR", "did you mean relations"),
        ("quote 2016 mission x", "did you mean missions"),
        ("schema relatoins", "no such table or document; got 'relatoins'; did you mean relations"),
        ("history relations BLRR", "no revision has a row with this key; got 'BLRR'; did you mean"),
        ("quote 2016 relations BLRR", "2016 relations: no row has this key"),
        ("history missions AZE/NLD/embassy/Hague", "did you mean AZE/NLD/embassy/The Hague"),
        ("history relations a/b", "expected COUNTERPART, or counterpart=..."),
        ("history missions AZE/NLD", "expected SENDER/RECEIVER/KIND/CITY, or sender=..."),
        ("quote 2016 relations BLR --column capital", "there are: counterpart, status, began"),
        ("quote 2016 relations BLR --column ended", "it states began, see_also, status"),
        ("series diplomatic_relation", "did you mean diplomatic_relations?"),
        ("series visits", "there are: diplomatic_relations"),
        ("--dataset foreign-relation log", "no such dataset; got 'foreign-relation'; did you mean"),
        ("--dataset foreign verify", "no such dataset; got 'foreign'"),
        ("--dataset foreign check", "no such dataset; got 'foreign'"),
        ("lgo", "no such command: lgo; did you mean log? See `azds --help`"),
        ("patch creat", "no such command: creat; did you mean create? See `azds patch --help`"),
        ("--stor x log", "no such option '--stor'; did you mean '--store'? See `azds --help`"),
        ("diff 2016 current --ignore name", "--ignore is for files, which need --key COLS"),
        ("diff 2016 current --fail-on removed", "such as removed>0"),
        ("frobnicate", "no such command: frobnicate; there are: log, show"),
        ("log --format xml", "'xml' is not one of 'text', 'json', 'markdown'"),
        ("diff 2016 current --format html5", "is not one of 'text'"),
        ("diff 2016 current --foo", "no such option '--foo'"),
        ("diff 2016", "missing argument 'NEW'; see `azds diff --help`"),
        ("diff", "missing argument 'OLD'"),
        ("history relations", "missing argument 'KEY...'"),
        ("log extra", "unexpected extra argument (extra)"),
        ("show 2016 --format csv", "CSV needs a TABLE; see `azds show --help`"),
        ("show 2016 relations --limit -1", "-1 is not in the range x>=0"),
        ("show 2016 relations --limit many", "'many' is not a valid integer"),
        ("diff 2016 current --stat --format json", "--stat goes with text and markdown"),
        ("diff 2016 current --stat --format csv", "--stat goes with text and markdown"),
        ("--store", "option '--store' requires an argument"),
        (
            "--store /nowhere log",
            "/nowhere: this is no azds store; expected a folder with the file",
        ),
        ("quote 2016 relations BLR --sources /nowhere", "/nowhere: no such file or folder"),
        ("build foreign-relations --sources /nowhere --check", "/nowhere: no such file or folder"),
        ("build foreign-relations", "missing option '--sources'; see `azds build --help`"),
        ("build foreign-relation --sources . --check", "did you mean foreign-relations"),
    ],
)
def test_wrong_use_is_told_in_one_line_with_the_near_names(cli: Cli, words: str, told: str) -> None:
    refused(cli(words), told)


@pytest.mark.parametrize("name", READING)
def test_what_is_no_store_is_no_store_to_any_command(cli: Cli, tmp_path: Path, name: str) -> None:
    refused(cli(["--store", str(tmp_path), *READING[name].split()]), "this is no azds store")


def test_a_store_that_the_environment_names_wrongly_is_told(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZDS_STORE", str(tmp_path / "gone"))
    refused(cli("log"), "gone: this is no azds store")


def test_where_several_datasets_could_be_meant_they_are_named(cli: Cli, tmp_path: Path) -> None:
    path = copy_shipped(tmp_path / "two")
    shutil.copytree(path / DATASET, path / "other")
    refused(cli(["--store", str(path), "log"]), "which dataset?", f"{DATASET}, other")


def test_a_store_without_datasets_has_none_to_ask(cli: Cli, tmp_path: Path) -> None:
    path = copy_shipped(tmp_path / "none")
    shutil.rmtree(path / DATASET)
    refused(cli(["--store", str(path), "log"]), "this store has no dataset yet")


def replaced(old: str, new: str) -> Callable[[Path], None]:
    """An edit by hand."""

    def edit(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def write(data: bytes) -> Callable[[Path], None]:
    """Other bytes."""

    def put(path: Path) -> None:
        path.write_bytes(data)

    return put


def cut(path: Path) -> None:
    """A file that was not written to its end."""
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    """One bit of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def put_foreign(path: Path) -> None:
    """A Parquet file that azds did not write."""
    pq.write_table(pa.table({"counterpart": ["BLR"]}), path)


def put_another(path: Path) -> None:
    """The file of another table."""
    shutil.copy(path.with_name("organizations.parquet"), path)


def put_folder(path: Path) -> None:
    """A folder where the file stood."""
    path.unlink()
    path.mkdir()


MANIFEST, RELATIONS, RECORD = "manifest", "relations", "record"
EVERYWHERE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "manifest edited": (MANIFEST, replaced('"value": 160', '"value": 161')),
    "manifest missing": (MANIFEST, Path.unlink),
    "manifest no JSON": (MANIFEST, write(b"{")),
    "log edited": (RECORD, replaced("sha256:", "sha256:0")),
    "log missing": (f"{DATASET}/log", shutil.rmtree),
}
MARKER: dict[str, tuple[str, Callable[[Path], None]]] = {
    "marker edited": ("azds-store.json", replaced("azds-store", "git"))
}
IN_A_TABLE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "Parquet truncated": (RELATIONS, cut),
    "Parquet empty": (RELATIONS, write(b"")),
    "Parquet foreign": (RELATIONS, put_foreign),
    "Parquet of another table": (RELATIONS, put_another),
    "Parquet one bit": (RELATIONS, flip),
    "Parquet missing": (RELATIONS, Path.unlink),
    "Parquet a folder": (RELATIONS, put_folder),
}


def hurt(store: Path, how: str) -> str:
    """Damage the store; gives the name of the file that the fault must name."""
    article = azds.open(store)[DATASET].folder
    state = article.state()
    places = {
        MANIFEST: f"{DATASET}/{state.folders['2016'].folder}/manifest.json",
        RELATIONS: f"{DATASET}/{article.table_entry('2016', 'relations').files[0].path}",
        RECORD: f"{DATASET}/log/{state.records[-1].number:06d}.json",
    }
    what, damage = (EVERYWHERE | MARKER | IN_A_TABLE)[how]
    file = places.get(what, what)
    damage(store / file)
    return DATASET if how == "log missing" else file


@pytest.mark.parametrize("how", [*EVERYWHERE, *MARKER])
@pytest.mark.parametrize("name", [name for name in READING if name != "verify"])
def test_a_damaged_store_is_told_by_every_command(
    cli: Cli, store: Path, how: str, name: str
) -> None:
    where = hurt(store, how)
    before = files(store)
    refused(cli(["--store", str(store), *READING[name].split()]), where)
    assert files(store) == before


@pytest.mark.parametrize("how", IN_A_TABLE)
@pytest.mark.parametrize("words", ["show 2016 relations", "diff 2016 current", "check"])
def test_a_damaged_table_is_told_by_every_command_that_reads_it(
    cli: Cli, store: Path, how: str, words: str
) -> None:
    where = hurt(store, how)
    refused(cli(["--store", str(store), *words.split()]), where)


@pytest.mark.parametrize("how", IN_A_TABLE)
def test_a_damaged_table_does_not_hinder_what_does_not_read_it(
    cli: Cli, store: Path, how: str
) -> None:
    hurt(store, how)
    for words in ("log", "show 2016", "show 2016 counts", "series diplomatic_relations"):
        assert cli(["--store", str(store), *words.split()]).code == 0


@pytest.mark.parametrize("how", [*EVERYWHERE, *IN_A_TABLE])
def test_verify_names_the_damaged_file_with_a_code_and_ends_with_1(
    cli: Cli, store: Path, how: str
) -> None:
    where = hurt(store, how)
    ran = cli(["--store", str(store), "verify"])
    assert (ran.code, ran.err) == (1, "")
    assert where in ran.out
    ran = cli(["--store", str(store), "verify", "--format", "json"])
    faults = json.loads(ran.out)
    assert ran.code == 1
    assert any(where in fault["file"] for fault in faults)


def test_verify_sees_a_file_that_nothing_names_whatever_its_name(cli: Cli, store: Path) -> None:
    (store / DATASET / "2016" / "evil\x1b[31m\nname").write_bytes(b"")
    ran = cli(["--store", str(store), "verify"])
    assert ran.code == 1
    [line] = ran.out.splitlines()
    assert line.startswith("file-extra  foreign-relations/2016/evil\\x1b[31m name")


def test_a_source_with_another_digest_is_refused(cli: Cli, store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("another text", encoding="utf-8")
    for words in (["quote", "2016", "relations", "BLR"], ["build", DATASET]):
        ran = cli(["--store", str(store), *words, "--sources", str(other)])
        refused(ran, "not the source of revision 2016; expected sha256:fc4200ad", ", got sha256:")


@pytest.mark.parametrize("sources", ["", "empty"], ids=["no name", "no source in it"])
def test_a_missing_source_is_told_with_what_to_do(
    cli: Cli, store: Path, tmp_path: Path, sources: str
) -> None:
    (tmp_path / "nothing").mkdir()
    where = str(tmp_path / "nothing") if sources else ""
    before = files(store)
    ran = cli(["--store", str(store), "build", DATASET, "--sources", where])
    refused(ran, "--sources")
    assert files(store) == before


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"Azerbaijan\x00has relations.", "the source is binary, not text"),
        (b"Azerbaijan \xff\xfe", "the source is not UTF-8; got byte 0xff"),
        (b"a" * (5 * 1024 * 1024), "the source is too large; expected at most"),
    ],
    ids=["binary", "another encoding", "too large"],
)
def test_a_source_that_cannot_be_read_is_told(
    cli: Cli, tmp_path: Path, data: bytes, told: str
) -> None:
    path = make_store(tmp_path, {"old": TEXTS["old"], "new": data})
    before = files(path)
    sources = str(tmp_path / "sources")
    refused(cli(["--store", str(path), "build", NAME, "--sources", sources]), told)
    assert files(path) == before


def test_a_declaration_that_breaks_a_rule_is_told_with_its_path(cli: Cli, tmp_path: Path) -> None:
    path = make_store(tmp_path)
    declared = path / NAME / "dataset.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("'partial'", "'mostly'", 1), encoding="utf-8")
    ran = cli(["--store", str(path), "build", NAME, "--sources", str(tmp_path / "sources")])
    refused(ran, f"{declared}: revisions.0.coverage.", ".level: ", "got 'mostly'")


def test_a_file_that_cannot_be_written_is_told_by_its_own_name(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "nowhere" / "x.json", tmp_path / "folder"):
        ran = cli(["diff", "2016", "current", "--format", "json", "-o", str(target)])
        refused(ran, f"azds: {target}: cannot write this file: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "folder"]


def test_control_characters_in_what_is_typed_do_not_reach_the_terminal(cli: Cli) -> None:
    refused(cli(["show", "2016\x1b[31m"]), r"2016\x1b[31m")
    refused(cli(["\x1b[31m"]), r"\x1b[31m")
    refused(cli(["--store", "a\nb\x9b", "log"]), r"\x9b")


def test_a_name_that_is_half_a_character_is_told(cli: Cli) -> None:
    name = os.fsdecode(b"\xff")
    refused(cli(["show", name]), r"\udcff")


def test_where_what_reads_sources_is_not_installed_that_is_said(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra `ingest` there is no ftfy."""
    for name in [name for name in sys.modules if name.startswith("azds.ingest")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "azds.dataset.build", raising=False)
    monkeypatch.setitem(sys.modules, "ftfy", None)
    path = make_store(tmp_path)
    ran = cli(["--store", str(path), "build", NAME, "--sources", str(tmp_path / "sources")])
    refused(ran, "ftfy is not installed", 'pip install "azds[ingest]"')
