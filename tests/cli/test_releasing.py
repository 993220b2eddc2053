"""The commands about releases, as a publisher and a stranger use them."""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.cli.making import Ran

pytest.importorskip("jinja2")

Cli = Callable[[str | Sequence[str]], Ran]
BUILD = "release build --date 2026-11-22 -o out"
DECLARED = "--declare creator=Clerk --declare licence=CC0-1.0 --declare origin=counted"


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache and a memory of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def own(cli: Cli) -> Cli:
    """The command line in a store with one table."""
    Path("cities.csv").write_text("id,population\nbaku,2300\nganja,335\n", encoding="utf-8")
    assert cli("init .").code == 0
    assert cli("--dataset cities commit 2024 city=cities.csv --key id").code == 0
    return cli


def test_a_release_from_the_shipped_data_to_a_stranger(cli: Cli) -> None:
    built = cli(f"{BUILD} --revisions all")
    assert built.code == 0
    assert "version 1.0.0: the first release" in built.out
    verified = cli("release verify out/foreign-relations-1.0.0 --rebuild")
    assert verified.code == 0
    assert "built again: the same bytes" in verified.out
    command = verified.out.rstrip().splitlines()[-1].strip()
    folder = "out/foreign-relations-1.0.0"
    assert subprocess.run(command, shell=True, cwd=folder, check=False).returncode == 0  # noqa: S602 - as printed
    assert "published: entry 1" in cli(f"release publish {folder} place").out
    assert "was published already" in cli(f"release publish {folder} place").out
    assert cli("release pull place -o here").out.startswith(str(Path("here").absolute()))
    assert cli("release verify here/foreign-relations-1.0.0").code == 0
    with Path("here/foreign-relations-1.0.0/README.md").open("a", encoding="utf-8") as file:
        file.write("?")
    wrong = cli("release verify here/foreign-relations-1.0.0")
    assert wrong.code == 1
    assert wrong.out.startswith("wrong: ")


def test_an_own_dataset_is_released_twice(own: Cli) -> None:
    assert "creator" in own(BUILD).fault
    assert own([*BUILD.split(), *DECLARED.split()]).code == 0
    Path("cities.csv").write_text("id,population\nbaku,2300\nganja,336\n", encoding="utf-8")
    assert own("--dataset cities commit 2025 city=cities.csv").code == 0
    words = [*BUILD.split(), *DECLARED.split(), "--previous", "out/cities-1.0.0"]
    told = own(words).out
    assert "version 1.1.0 after 1.0.0: Frictionless minor, Croissant minor, azds minor" in told
    assert "2025: a new revision: minor, minor, minor" in told
    notes = own("release notes out/cities-1.0.0 out/cities-1.1.0")
    told = "2024 to 2025\n    city (2 rows in 2024, complete; 2 in 2025, complete): 1 changed"
    assert told in notes.out
    document = json.loads(own("release notes 2024 2025 --format json").out)
    assert list(document["notes"]) == ["Source changed"]
    for number in ("0", "1"):
        assert own(f"release publish out/cities-1.{number}.0 ../place").code == 0
    assert (
        "withdrawn: entry 3"
        in own(["release", "yank", "1.1.0", "../place", "--reason", "a test"]).out
    )
    assert "cities-1.0.0" in own("release pull ../place -o here").out
    pulled = own("release pull ../place -o here --version 1.1.0")
    assert pulled.code == 0
    told = "azds: warning: cities-1.1.0 is withdrawn: a test"
    assert pulled.fault == told
    assert own("diff here/cities-1.0.0 here/cities-1.1.0").fault == told
    assert own("--store here/cities-1.1.0 log").fault == told
    assert own("release verify here/cities-1.1.0").fault == told


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("release build -o out --date yesterday", "the date of a release"),
        ("release build -o out --version one", "this is no version"),
        ("release build -o out --revisions 1066", "no such revision"),
        ("release build -o out --declare licence", "expected NAME=VALUE"),
        ("release build -o out --declare colour=red", "this cannot be declared"),
        ("release build -o out --previous .", "this is no release"),
        ("release build -o out --licence-file none", "no file with the text"),
        ("release verify none", "this is no release"),
        ("release verify none --identity x", "need --signers FILE"),
        ("release notes 2016 .", "no such revision"),
        ("release publish none place", "this is no release"),
        ("release pull place", "nothing is published there"),
        ("release pull gopher://a/b", "azds does not publish or pull like that"),
        ("release publish . https://a/b", "azds does not publish or pull like that"),
        ("release yank 1.0.0 place --reason x", "nothing is published there"),
        ("release burn", "no such command"),
    ],
)
def test_wrong_use_is_told_in_one_line_and_leaves_nothing(cli: Cli, words: str, fault: str) -> None:
    if "build" in words and "--date" not in words:
        words += " --date 2026-11-22"
    ran = cli(words)
    assert ran.code == 2
    assert fault in ran.fault.lower() or fault in ran.fault
    assert list(Path().iterdir()) == []


def test_the_day_is_of_the_environment_or_told(own: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert own(["release", "build", "-o", "a", *DECLARED.split()]).code == 0
    record = json.loads(Path("a/cities-1.0.0/release.json").read_bytes())
    assert record["date"] == "1970-01-02"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert "SOURCE_DATE_EPOCH" in own(["release", "build", "-o", "b", *DECLARED.split()]).fault
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert "today in UTC" in own(["release", "build", "-o", "b", *DECLARED.split()]).fault
