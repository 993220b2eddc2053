"""The pages in docs/ are true: commands print what they show, examples run, references are made."""

import contextlib
import importlib.util
import io
import os
import re
import shlex
import shutil
from pathlib import Path
from types import ModuleType

import click
import pytest

from azds.cli import azds, run
from azds.cli.commands import HOMES

DOCS = Path(__file__).parents[1] / "docs"
ROOT = DOCS.parent
RUN = ["index", "tutorial", "recipes", "coverage", "sql", "testing", "extraction"]
CONSOLE = re.compile(r"```console\n(?P<session>.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ azds (?P<words>.*)$", re.MULTILINE)
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)#\s]+)(#(?P<anchor>[^)]+))?\)")


def check(path: Path, new: str) -> None:
    """A page as it would be; written where that was asked for."""
    if os.environ.get("AZDS_GOLDEN") == "write":
        path.write_text(new, encoding="utf-8")
    else:
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        assert new == old, f"{path.name} is not what is printed; mend it: make golden"


@pytest.mark.usefixtures("golden")
@pytest.mark.parametrize("name", RUN)
def test_a_page_shows_what_its_commands_and_examples_print(
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """In the order of the page, in a folder with the examples."""
    pytest.importorskip("duckdb")
    shutil.copytree(DOCS / "examples", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for variable in ("AZDS_STORE", "AZDS_SOURCES", "SOURCE_DATE_EPOCH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def shown(match: re.Match[str]) -> str:
        return session(match[0]) if match[0].startswith("```console") else example(match[0])

    def session(block: str) -> str:
        told = ""
        for command in COMMAND.finditer(block):
            run(shlex.split(command["words"]))
            printed = capsys.readouterr()
            errors = printed.err.replace("azds: reading the shipped store\n", "")
            told += f"{command[0]}\n{printed.out}{errors}".replace(f"{tmp_path}/", "")
        return f"```console\n{told}```"

    def example(block: str) -> str:
        match = EXAMPLE.fullmatch(block)
        assert match
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(match["code"], name, "exec"), {"__name__": name})  # noqa: S102 - our own page
        return f"```python\n{match['code']}```\n\n```text\n{printed.getvalue()}```"

    path = DOCS / f"{name}.md"
    both = re.compile(f"{CONSOLE.pattern}|{EXAMPLE.pattern.replace('P<', 'P<e_')}", re.DOTALL)
    check(path, both.sub(shown, path.read_text(encoding="utf-8")))


def generator() -> ModuleType:
    """What makes pages from the code."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "site" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("golden")
@pytest.mark.parametrize("name", ["commands.md", "data.md"])
def test_a_reference_is_what_the_code_says(name: str) -> None:
    check(DOCS / name, generator().PAGES[name]())


@pytest.mark.parametrize("name", HOMES)
def test_every_command_is_in_the_reference_with_its_options(name: str) -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert f"\n### azds {name}\n" in page
    command = azds.get_command(click.Context(azds), name)
    assert command
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.opts[-1] in page


def test_every_public_name_is_in_the_library_reference() -> None:
    import azds as library

    page = (DOCS / "library.md").read_text(encoding="utf-8")
    roles = {"Fact", "Key", "Place", "Wording", "__version__"}  # shown where records are made
    for name in set(library.__all__) - roles:
        assert f"::: azds.{name}\n" in page or f"{name}," in page, name


@pytest.mark.parametrize("path", sorted(DOCS.glob("*.md")), ids=lambda path: path.stem)
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    for match in LINK.finditer(path.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", match["target"]):
            assert (path.parent / match["target"]).exists(), match["target"]


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in DOCS.glob("*.md"):
        assert f": {path.name}\n" in navigation, path.name
