"""The command that merges, as a person runs it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.cli.making import Ran

Cli = Callable[[str | Sequence[str]], Ran]

BASE = "id,name,n\n1,Baku,5\n2,Ganja,6\n"
OURS = "id,name,n\n1,Bakù,5\n2,Ganja,60\n"
THEIRS = "id,name,n\n1,Baku,50\n2,Ganja,61\n3,Shaki,8\n"


@pytest.fixture
def three(cli: Cli) -> Cli:
    for name, text in (("base", BASE), ("ours", OURS), ("theirs", THEIRS)):
        Path(f"{name}.csv").write_text(text)
    return cli


@pytest.fixture
def store(three: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    three("init s --dataset cities")
    monkeypatch.setenv("AZDS_STORE", "s")
    assert three("commit base city=base.csv --key id").code == 0
    assert three("commit ours city=ours.csv").code == 0
    assert three("commit theirs city=theirs.csv").code == 0
    return three


def test_files_merge_once_their_conflicts_are_resolved(three: Cli) -> None:
    words = "merge base.csv ours.csv theirs.csv --key id"
    ran = three(f"{words} -o out.csv")
    assert ran.code == 2
    assert ran.fault.startswith("azds: 1 conflict is open; expected each resolved")
    assert not Path("out.csv").exists()
    assert three(f"{words} --conflicts c.csv").code == 0
    text = Path("c.csv").read_text()
    assert text == "table,key,column,base,ours,theirs,take\nbase,2,n,6,60,61,\n"
    Path("c.csv").write_text(text.replace("61,", "61,theirs"))
    assert three(f"{words} --resolve c.csv -o out.csv").code == 0
    assert Path("out.csv").read_text() == "id,name,n\n1,Bakù,50\n2,Ganja,61\n3,Shaki,8\n"


def test_a_preview_writes_nothing(three: Cli) -> None:
    ran = three("merge base.csv ours.csv theirs.csv --key id --preview")
    assert ran.code == 0
    assert "2    n       6     60    61      open" in ran.out
    assert sorted(path.name for path in Path().iterdir()) == ["base.csv", "ours.csv", "theirs.csv"]


def test_corrections_survive_in_a_new_revision(store: Cli) -> None:
    ran = store("merge base ours theirs --prefer ours --label merged")
    assert ran.code == 0
    assert "cities merged: commit 4" in ran.out
    shown = store("show merged city --format csv").out
    assert shown.splitlines()[1:] == ["1,Bakù,50", "2,Ganja,60", "3,Shaki,8"]
    assert "merge of ours and theirs, both of base" in store("log").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("merge base ours theirs", "azds: where to? give --label LABEL, or --preview"),
        ("merge base ours theirs -o x.csv --preview", "azds: revisions merge to a revision"),
        ("merge base ours theirs --label m", "azds: 1 conflict is open"),
        ("merge base ours nope --label m", "azds: cities: no such revision; got 'nope'"),
        ("merge base ours theirs towns --label m", "azds: none of the three has this table"),
        ("merge base ours theirs --label m --prefer mine", "azds: prefer: what a conflict"),
        ("merge base ours theirs --label m --prefer x=ours", "azds: --prefer: a rule for a table"),
        ("merge base.csv ours theirs --label m", "azds: base.csv is a file: give its key"),
        ("merge base ours theirs --key id --label m", "azds: files have no tables and no label"),
        ("merge base ours theirs --label m --resolve c.csv", "azds: c.csv: no such file"),
    ],
    ids=range(10),
)
def test_bad_input_is_one_line_and_commits_nothing(store: Cli, words: str, told: str) -> None:
    ran = store(words)
    assert ran.code == 2
    assert ran.fault.startswith(told)
    assert store("log").out.count("\n  ") == 4  # the heads and three revisions


def test_a_rule_may_be_for_one_table(store: Cli) -> None:
    ran = store("merge base ours theirs --prefer city=theirs --label merged")
    assert ran.code == 0
    assert "2,Ganja,61" in store("show merged city --format csv").out
