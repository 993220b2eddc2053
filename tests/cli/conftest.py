"""A command line in an empty folder, with nothing set."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.cli.making import Ran
from tests.dataset.making import copy_shipped

from azds.cli import run

Cli = Callable[[str | Sequence[str]], Ran]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in this process, in an empty folder."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    for name in ("AZDS_STORE", "AZDS_SOURCES"):
        monkeypatch.delenv(name, raising=False)

    def run_command(words: str | Sequence[str]) -> Ran:
        capsys.readouterr()
        code = run(words.split() if isinstance(words, str) else list(words))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_command


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A copy of the shipped store, to be damaged or built into."""
    return copy_shipped(tmp_path / "store")
