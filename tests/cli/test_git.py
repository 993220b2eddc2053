"""`azds git`: real repositories, whose diffs show rows."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.making import Ran

import azds

Cli = Callable[..., Ran]
ROWS: list[dict[str, object]] = [
    {"id": "L1", "name": "Ganja", "seats": 5},
    {"id": "L2", "name": "Sheki", "seats": 6},
]

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def git(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Git in a new repository, which is the working folder; no configuration but its own."""
    repository = tmp_path / "repository with a space"
    repository.mkdir()
    monkeypatch.chdir(repository)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.org")

    def run_git(*words: str) -> str:
        done = subprocess.run(  # noqa: S603 - ours
            ["git", "--no-pager", *words],  # noqa: S607 - where it is differs
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    run_git("init", "-q", "-b", "main")
    assert cli("git install").code == 0
    return run_git


Git = Callable[..., str]


def write(path: str, rows: list[dict[str, object]]) -> None:
    """A Parquet file that another program wrote."""
    pq.write_table(pa.Table.from_pylist(rows), path)


def test_a_diff_shows_changes_with_their_kinds(git: Git) -> None:
    write("lines.parquet", ROWS)
    git("add", "-A")
    git("commit", "-qm", "one")
    write("lines.parquet", [ROWS[0], {"id": "L2", "name": "Şəki", "seats": 9}])
    told = git("diff")
    assert "a/lines.parquet → b/lines.parquet\n" in told
    assert "  L2   name    Sheki  →  Şəki  replaced\n" in told
    assert "  L2   seats       6  →     9" in told or "L2   seats   6" in told
    assert "Binary" not in told


def test_the_log_shows_rows_as_lines_with_the_key_of_each(git: Git) -> None:
    write("lines.parquet", ROWS)
    git("add", "-A")
    git("commit", "-qm", "one")
    write("lines.parquet", [ROWS[0], {**ROWS[1], "seats": 9}])
    git("commit", "-qam", "two")
    told = git("log", "-p", "-1")
    assert " L2\n   name: Sheki\n-  seats: 6\n+  seats: 9\n" in told


def test_a_store_tells_the_key_of_its_tables(git: Git) -> None:
    rows: list[dict[str, object]] = [{"a": 1, "b": 1, "x": 5}, {"a": 1, "b": 2, "x": 6}]
    dataset = azds.init("store").create("shop")
    dataset.commit("one", {"prices": pa.Table.from_pylist(rows)}, key=["a", "b"])
    git("add", "-A")
    git("commit", "-qm", "one")
    file = Path("store/shop/one/prices.parquet")
    file.chmod(0o644)
    write(str(file), [{**rows[0], "x": 7}, rows[1]])
    assert "  1/1  x       5    →  7    replaced\n" in git("diff")


def test_files_that_come_and_go_show_their_first_rows(git: Git) -> None:
    git("commit", "-qm", "empty", "--allow-empty")
    write("lines.parquet", [{"id": at} for at in range(30)])
    git("add", "-A")
    told = git("diff", "--cached")
    assert told.startswith("diff --git a/.gitattributes")
    assert "lines.parquet: new\n\n30 rows\n" in told
    assert "  … 10 more\n" in told
    git("commit", "-qm", "one")
    Path("lines.parquet").unlink()
    assert git("diff").startswith("lines.parquet: no more\n\n30 rows\n")


def test_rows_without_a_key_are_compared_as_lines(git: Git) -> None:
    write("log.parquet", [{"a": 1, "b": 1}, {"a": 1, "b": 2}])
    git("add", "-A")
    git("commit", "-qm", "one")
    write("log.parquet", [{"a": 1, "b": 1}, {"a": 1, "b": 3}])
    assert "-  b: 2\n+  b: 3\n" in git("diff")


def test_a_file_that_is_no_parquet_does_not_stop_git(git: Git) -> None:
    write("lines.parquet", ROWS)
    git("add", "-A")
    git("commit", "-qm", "one")
    Path("lines.parquet").write_bytes(b"PAR1 no")
    assert "+not read as Parquet: " in git("diff")
    git("commit", "-qam", "two")
    assert "+sha256 " in git("log", "-p", "-1")


def test_values_cannot_speak_to_a_terminal(git: Git) -> None:
    write("lines.parquet", [{"id": "a", "x": "1"}])
    git("add", "-A")
    git("commit", "-qm", "one")
    write("lines.parquet", [{"id": "a", "x": "\x1b[31m\n+forged\r\u202e"}])
    for told in (git("diff"), git("diff", "--no-ext-diff")):
        assert not {"\x1b", "\r", "\u202e"} & set(told)
        assert "\n+forged" not in told


def test_a_patch_shows_what_it_changes(git: Git) -> None:
    azds.patch(ROWS, [{**ROWS[0], "seats": 9}, ROWS[1]], key="id").write("week.patch.parquet")
    git("add", "-A")
    told = git("diff", "--cached")
    assert "week.patch.parquet, new\n" in told
    assert "  L1   seats   5    →  9    replaced\n" in told


def test_installing_twice_is_once_and_uninstalling_leaves_nothing(cli: Cli, git: Git) -> None:
    once = Path(".gitattributes").read_text(encoding="utf-8")
    assert cli("git install").code == 0
    assert Path(".gitattributes").read_text(encoding="utf-8") == once
    assert cli("git uninstall").code == 0
    assert not Path(".gitattributes").exists()
    assert "azds" not in git("config", "--local", "--list")
    assert cli("git uninstall").code == 0


def test_what_others_wrote_in_gitattributes_stays(cli: Cli, git: Git) -> None:
    assert cli("git uninstall").code == 0
    Path(".gitattributes").write_text("*.parquet binary\n*.txt text", encoding="utf-8")
    cli("git install")
    assert "diff: azds" in git("check-attr", "diff", "x.parquet")
    cli("git uninstall")
    assert Path(".gitattributes").read_text(encoding="utf-8") == "*.parquet binary\n*.txt text\n"


def test_outside_of_a_repository_is_told_in_one_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    ran = cli("git install")
    assert (ran.code, ran.out) == (2, "")
    assert "not a git repository" in ran.fault


BRANCHES = re.compile(r"## Two branches.*?```sh\n(.*?)```", re.DOTALL)
PAGE = Path(__file__).parents[2] / "docs" / "git.md"


def test_two_branches_that_both_committed_are_brought_together_as_the_page_says(
    cli: Cli, git: Git
) -> None:
    """The commands of docs/git.md, as they stand there."""
    pytest.importorskip("duckdb")
    rows: list[dict[str, object]] = [
        {"id": 1, "price": 5},
        {"id": 2, "price": 6},
        {"id": 3, "price": 7},
    ]
    market = azds.init("market").create("market")
    market.commit("base", {"prices": pa.Table.from_pylist(rows)}, key="id")
    git("add", "-A")
    git("commit", "-qm", "base")
    git("switch", "-qc", "theirs")
    commit_one(git, "theirs", [rows[0], {"id": 2, "price": 60}, rows[2]])
    git("switch", "-q", "main")
    commit_one(git, "ours", [{"id": 1, "price": 50}, *rows[1:]])
    [block] = BRANCHES.findall(PAGE.read_text(encoding="utf-8"))
    lines = [shlex.split(line, comments=True) for line in block.splitlines() if line]
    with pytest.raises(AssertionError):
        git(*lines[0][1:])  # the conflict
    assert "AA market/market/log/000002.json" in git("status", "--short")
    for words in lines[1:]:
        if "&&" in words:
            at = words.index("&&")
            git(*words[1:at])
            git(*words[at + 2 :])
        elif words[0] == "git":
            git(*words[1:])
        else:
            ran = cli(words[1:])
            assert ran.code == 0, ran.err
    merged = azds.open("market")["market"]["merged"]["prices"].to_arrow().to_pylist()
    assert merged == [{"id": 1, "price": 50}, {"id": 2, "price": 60}, {"id": 3, "price": 7}]
    assert list(azds.open("market")["market"]) == ["base", "ours", "theirs", "merged"]
    assert "theirs" in git("branch", "--merged", "main")


def commit_one(git: Git, label: str, rows: list[dict[str, object]]) -> None:
    """A revision on the branch that is checked out."""
    azds.open("market")["market"].commit(label, {"prices": pa.Table.from_pylist(rows)})
    git("add", "-A")
    git("commit", "-qm", label)
