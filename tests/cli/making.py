"""What the tests of the command line share: one command, run as a user would, and what it gave."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NAMED", "READING", "Ran", "run_process"]

NAMED = "azds: reading the shipped store\n"
"""What stderr says where the shipped store was not asked for."""

READING = {
    "log": "log",
    "show": "show 2016 relations",
    "diff": "diff 2016 current",
    "series": "series diplomatic_relations",
    "history": "history relations ISR",
    "quote": "quote 2016 relations ISR",
    "check": "check",
    "verify": "verify",
    "schema": "schema relations",
    "sql": "sql FROM/**/relations",
}
"""One use of each command that only reads."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def fault(self) -> str:
        """The one line on stderr, beside the naming of the shipped store."""
        [line] = self.err.removeprefix(NAMED).splitlines()
        return line


def run_process(
    words: str | Sequence[str],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    **options: object,
) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, as the console script runs it."""
    arguments = words.split() if isinstance(words, str) else list(words)
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own program
        [sys.executable, "-c", "from azds.cli import main; main()", *arguments],
        cwd=cwd,
        env={**known, **(environment or {})},
        check=False,
        **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
    )
