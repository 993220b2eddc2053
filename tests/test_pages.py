"""The pages on own data and on patches are true: their commands run and print what they show."""

import contextlib
import io
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from azds.cli import run

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [DOCS / "own-data.md", DOCS / "patches.md"]
CONSOLE = re.compile(r"```console\n(?P<session>.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ azds (?P<words>.*)$", re.MULTILINE)
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    shutil.copytree(DOCS / "examples", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AZDS_STORE", raising=False)
    path: Path = request.param
    return path


def check(page: Path, old: str, new: str) -> None:
    """The page as it would be; written where that was asked for."""
    if os.environ.get("AZDS_GOLDEN") == "write":
        page.write_text(new, encoding="utf-8")
    else:
        assert new == old, "the page shows other output than is printed; mend it: make golden"


@pytest.mark.usefixtures("golden")
def test_commands_print_what_the_page_shows(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def session(match: re.Match[str]) -> str:
        told = ""
        for command in COMMAND.finditer(match["session"]):
            run(shlex.split(command["words"]))
            printed = capsys.readouterr()
            told += f"{command[0]}\n{printed.out}{printed.err}".replace(f"{Path.cwd()}/", "")
        return f"```console\n{told}```"

    text = page.read_text(encoding="utf-8")
    check(page, text, CONSOLE.sub(session, text))


@pytest.mark.usefixtures("golden")
def test_examples_print_what_the_page_shows(page: Path) -> None:
    def example(match: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(match["code"], str(page), "exec"), {"__name__": "page"})  # noqa: S102 - our own page
        return f"```python\n{match['code']}```\n\n```text\n{printed.getvalue()}```"

    text = page.read_text(encoding="utf-8")
    check(page, text, EXAMPLE.sub(example, text))
