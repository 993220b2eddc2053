"""Help: every command shows what it is for and an example that works."""

import re
from collections.abc import Callable

import click
import pytest
from tests.cli.making import Ran

import azds as library
from azds.cli import azds as group
from azds.cli.commands import HOMES

Cli = Callable[..., Ran]


@pytest.mark.parametrize("words", ["", "--help", "-h"], ids=["nothing", "long", "short"])
def test_help_lists_every_command_with_a_whole_sentence(cli: Cli, words: str) -> None:
    ran = cli(words)
    assert (ran.code, ran.err) == (0, "")
    for name in HOMES:
        [line] = re.findall(rf"^  {name} +(.*)$", ran.out, re.MULTILINE)
        assert line.endswith(".")
        assert not line.endswith("...")


@pytest.mark.parametrize("name", HOMES)
def test_the_help_of_a_command_has_an_example(cli: Cli, name: str) -> None:
    ran = cli(f"{name} --help")
    assert (ran.code, ran.err) == (0, "")
    examples = [line for line in ran.out.splitlines() if line.strip().startswith(f"azds {name}")]
    assert examples


@pytest.mark.parametrize("name", HOMES)
def test_every_option_of_a_command_is_explained(name: str) -> None:
    found = group.get_command(click.Context(group), name)
    assert found is not None
    for option in found.params:
        if isinstance(option, click.Option) and option.name != "form":
            assert option.help, option.name


@pytest.mark.parametrize(
    "name", ["log", "show", "diff", "series", "history", "quote", "check", "verify", "schema"]
)
def test_the_examples_of_commands_that_read_work_as_they_stand(cli: Cli, name: str) -> None:
    """But for those that speak of files or folders of the reader's own."""
    lines = [line.strip() for line in cli(f"{name} --help").out.splitlines()]
    own = re.compile(r"DIR|hdfs:|\.csv|\.parquet|\*")
    examples = [line for line in lines if line.startswith("azds ") and not own.search(line)]
    for example in examples:
        assert cli(example.removeprefix("azds ")).code in {0, 1}, example


def test_the_version_is_the_librarys(cli: Cli) -> None:
    ran = cli("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"azds {library.__version__}\n"
