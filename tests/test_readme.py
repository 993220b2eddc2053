"""The README is true: its commands print what it shows, its examples run."""

import contextlib
import io
import os
import re
import shlex
from pathlib import Path

import pytest

from azds.cli import run

README = Path(__file__).parents[1] / "README.md"
CONSOLE = re.compile(r"```console\n\$ azds (?P<command>[^\n]*)\n(?P<output>.*?)```", re.DOTALL)
EXAMPLE = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)


@pytest.fixture
def readme(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(README.parent)  # for the examples; no store is there or above
    monkeypatch.delenv("AZDS_STORE", raising=False)
    return README.read_text(encoding="utf-8")


@pytest.mark.usefixtures("golden")
def test_commands_print_what_the_readme_shows(
    readme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for match in CONSOLE.finditer(readme):
        run(shlex.split(match["command"]))
        printed = capsys.readouterr().out
        if printed != match["output"]:
            wrong.append(match["command"])
            shown = f"```console\n$ azds {match['command']}\n{printed}```"
            readme = readme.replace(match[0], shown)
    if os.environ.get("AZDS_GOLDEN") == "write":
        README.write_text(readme, encoding="utf-8")
        return
    assert not wrong, "the README shows other output than these print; mend it: make golden"


def test_the_example_prints_what_the_readme_shows(readme: str) -> None:
    examples = list(EXAMPLE.finditer(readme))
    assert examples
    for example in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example["code"], str(README), "exec"), {})  # noqa: S102 - our own README
        assert printed.getvalue() == example["output"]
