"""docs/releases.md: its commands exist, its versions are the program's, its recipe repeats."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from tests.release.making import Maker

from azds.cli.releasing import release
from azds.release.bump import RULES

PAGE = Path(__file__).parents[2] / "docs" / "releases.md"
pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the pages are not installed")


def _commands() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line.startswith("azds release ")]


def test_every_command_of_the_page_exists_with_its_options() -> None:
    assert {words[2] for words in _commands()} == set(release.commands)
    for words in _commands():
        command = release.commands[words[2]]
        known = {option for one in command.params for option in one.opts}
        assert {word for word in words if word.startswith("-")} <= known, words


def test_every_option_has_its_help() -> None:
    for command in release.commands.values():
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert all(one.help for one in options if one.name != "form"), command.name


def test_the_table_of_versions_holds_every_triple() -> None:
    text = PAGE.read_text(encoding="utf-8")
    told = set(re.findall(r"\| (none|patch|minor|major) \| (\w+) \| (\w+) \|", text))
    assert told == {levels for rule, levels in RULES.items() if rule != "first-release"}


def _tar() -> str:
    text = PAGE.read_text(encoding="utf-8")
    [recipe] = re.findall(r"^tar (?:.*\\\n)*.*$", text, re.MULTILINE)
    return re.sub(r"#.*", "", recipe)


@pytest.mark.skipif(shutil.which("tar") is None, reason="needs GNU tar")
def test_the_archive_for_zenodo_is_the_same_each_time(maker: Maker) -> None:
    told = subprocess.run("tar --version", shell=True, capture_output=True, check=True)  # noqa: S602, S607 - the one on PATH
    if b"GNU tar" not in told.stdout:
        pytest.skip("needs GNU tar")
    built = maker.commit("1").build()
    (maker.folder / "dist").symlink_to(maker.out)
    archive = maker.folder / "cities-1.0.0.tar"
    written = []
    for mode, moment in ((0o600, 1), (0o644, 1_000_000_000)):
        for path in built.path.rglob("*"):
            if path.is_file():
                path.chmod(mode)
                os.utime(path, (moment, moment))
        subprocess.run(_tar(), shell=True, cwd=maker.folder, check=True)  # noqa: S602 - as the page says
        written.append(archive.read_bytes())
    assert written[0] == written[1]
    assert len(written[0]) > 10_000
