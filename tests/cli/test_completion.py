"""Completion in shells: what click offers for azds, as docs/terminal.md says."""

from pathlib import Path

import pytest
from tests.cli.making import run_process


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(tmp_path: Path, shell: str) -> None:
    done = run_process("", tmp_path, {"_AZDS_COMPLETE": f"{shell}_source"})
    assert done.returncode == 0, done.stderr.decode()
    assert b"_AZDS_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("azds di", "diff"),
        ("azds release v", "verify"),
        ("azds log --for", "--format"),
        ("azds log --format j", "json"),
    ],
    ids=["command", "subcommand", "option", "choice"],
)
def test_tab_completes(tmp_path: Path, typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    done = run_process("", tmp_path, {"_AZDS_COMPLETE": "bash_complete", **words})
    assert done.returncode == 0
    assert f"plain,{offered}" in done.stdout.decode().splitlines()
