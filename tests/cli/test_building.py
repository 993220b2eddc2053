"""`azds build`: what it says, that it does nothing twice, that it may be killed at any moment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.making import Ran
from tests.dataset.building import NAME, TEXTS, declare, make_store
from tests.store.making import files

import azds

Cli = Callable[..., Ran]
CHANGED = {
    label: text.replace("countries", "nations and countries") for label, text in TEXTS.items()
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a declared, unbuilt dataset, and its sources beside it."""
    return make_store(tmp_path)


def build_words(store: Path, *more: str) -> list[str]:
    """The command that builds."""
    sources = str(store.parent / "sources")
    return ["--store", str(store), "build", NAME, "--sources", sources, *more]


def change(store: Path) -> None:
    """Declare other texts, so that a build has work to do."""
    for label, text in CHANGED.items():
        (store.parent / "sources" / f"{label}2.txt").write_text(text, encoding="utf-8")
    (store / NAME / "dataset.toml").write_text(declare(CHANGED), encoding="utf-8")


def test_a_build_tells_its_folders_and_rows(cli: Cli, store: Path) -> None:
    ran = cli(build_words(store))
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == f"{NAME}: commit 1"
    assert [line.split()[:2] for line in lines[2:]] == [["old", "old"], ["new", "new"]]
    assert lines[1].split()[:2] == ["revision", "folder"]


def test_a_second_build_says_that_nothing_differs_and_writes_nothing(cli: Cli, store: Path) -> None:
    cli(build_words(store))
    before = files(store)
    ran = cli(build_words(store))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{NAME}: nothing differs, nothing was written\n")
    assert files(store) == before


def test_a_check_ends_with_1_where_something_differs_and_names_it(cli: Cli, store: Path) -> None:
    ran = cli(build_words(store, "--check"))
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(f"{NAME}: revisions differ: ")
    cli(build_words(store))
    ran = cli(build_words(store, "--check"))
    assert (ran.code, ran.out) == (0, f"{NAME}: what is stored is what a build gives\n")
    change(store)
    ran = cli(build_words(store, "--check"))
    assert ran.code == 1
    assert ran.out.startswith(f"{NAME} old: source differ: ")


def test_the_sources_may_stand_in_the_environment(
    cli: Cli, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZDS_SOURCES", str(store.parent / "sources"))
    monkeypatch.setenv("AZDS_STORE", str(store))
    assert cli(["build", NAME]).code == 0


def test_what_is_built_can_be_read_by_every_command(cli: Cli, store: Path) -> None:
    cli(build_words(store))
    named = ["--store", str(store)]
    assert "5 countries" not in cli([*named, "log"]).out  # no headline is declared
    assert cli([*named, "diff", "old", "new", "counts", "--exit-code"]).code == 1
    assert cli([*named, "verify"]).code == 0
    quote = ["quote", "old", "counts", "diplomatic_relations/countries/1"]
    sources = str(store.parent / "sources")
    assert "5 countries" in cli([*named, *quote, "--sources", sources]).out


def state(store: Path) -> list[tuple[str, str | None]]:
    """What a reader sees: labels and the digests of their sources."""
    return [(one.label, one.source) for one in azds.open(store)[NAME].revisions]


def staging(store: Path) -> bool:
    """Whether something is being written."""
    return any((store / NAME / "tmp").glob("*/*"))


def renamed(store: Path) -> bool:
    """Whether a new folder has its name."""
    return any(store.glob(f"{NAME}/old@2"))


def linked(store: Path) -> bool:
    """Whether the commit is in the log."""
    return (store / NAME / "log" / "000002.json").exists()


@pytest.mark.parametrize(
    "moment",
    [0.0, 0.3, staging, renamed, linked],
    ids=["at once", "later", "staging", "renamed", "linked"],
)
def test_a_build_that_is_killed_leaves_the_store_whole_and_works_the_next_time(
    cli: Cli, store: Path, moment: float | Callable[[Path], bool]
) -> None:
    cli(build_words(store))
    before = state(store)
    change(store)
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", "from azds.cli import main; main()", *build_words(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    ) as process:
        if isinstance(moment, float):
            time.sleep(moment)
        else:
            while process.poll() is None and not moment(store):
                pass
        process.send_signal(signal.SIGKILL)
    left = state(store)
    names = cli(["--store", str(store), "log"])
    assert names.code == 0
    assert cli(build_words(store)).code == 0
    after = state(store)
    assert left in (before, after)
    assert after != before
    assert moment != 0.0 or left == before
    assert moment is not linked or left == after
    assert cli(["--store", str(store), "verify"]).out == f"{NAME}: every file is what was written\n"
    assert not (store / NAME / "tmp").exists()


def test_an_interrupted_build_ends_with_130_and_leaves_the_store_whole(
    cli: Cli, store: Path
) -> None:
    cli(build_words(store))
    change(store)
    before = state(store)
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", "from azds.cli import main; main()", *build_words(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as process:
        while process.poll() is None and not staging(store):
            pass
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    ended = (process.returncode, err.strip())
    assert ended in {(130, b"azds: interrupted"), (0, b"")}  # the second where it was too late
    left = state(store)
    assert cli(build_words(store)).code == 0
    assert left in (before, state(store))


def test_the_shipped_article_is_built_from_its_sources(
    cli: Cli, tmp_path: Path, sources: Path
) -> None:
    """The example of the help, on a copy of the shipped store."""
    from tests.dataset.making import copy_shipped

    path = copy_shipped(tmp_path / "copy")
    ran = cli(["--store", str(path), "build", "foreign-relations", "--sources", str(sources)])
    assert ran.code == 0
    assert cli(["--store", str(path), "verify"]).code == 0
