"""The kernel kills a commit at a system call: `strace` suppresses the call and the process dies.

What `tests/faults/test_port_faults.py` does to the port is done here to the system itself, so
that nothing which passes by the port is missed. Skipped, and said so, where `strace` cannot trace.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.faults.operations import new_cities, old_cities, state_of

from azds.store import StoreFolder, verify

ROOT = Path(__file__).parents[2]
ALONE = {"OMP_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""Its libraries start no threads of their own: strace counts the calls of each thread apart."""
CALLS = ("fsync", "flock", "link", "mkdir", "rename", "rmdir", "unlink", "write")


def traced(options: list[str], store: Path) -> "subprocess.CompletedProcess[bytes]":
    """A commit in a process of its own under `strace`.

    With `--seccomp-bpf`, which is faster, a signal that is injected never comes.
    """
    known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    path = os.pathsep.join([str(ROOT), *filter(None, [known.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "tests.faults.committer", str(store)]
    return subprocess.run(  # noqa: S603 - our own program
        ["strace", "-f", *options, *command],  # noqa: S607 - where it is differs
        capture_output=True,
        check=False,
        env={**known, **ALONE, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        timeout=120,
    )


def counted(tmp_path: Path) -> Counter[str]:
    """How often a commit makes each call that changes something."""
    old_cities(tmp_path / "counted")
    log = tmp_path / "trace"
    options = [
        "--seccomp-bpf",
        "-e",
        f"trace={','.join(f'?{name}' for name in CALLS)}",
        "-o",
        str(log),
    ]
    done = traced(options, tmp_path / "counted")
    if done.returncode:
        pytest.skip(f"strace cannot trace here: {done.stderr.decode()[:200]}")
    names = (line.split(None, 1)[1].partition("(")[0] for line in log.read_text().splitlines())
    return Counter(name for name in names if name in CALLS)


def test_a_commit_that_is_killed_at_a_system_call_is_old_or_new_and_can_be_repeated(
    tmp_path: Path, *, everything: bool
) -> None:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    counts = counted(tmp_path)
    assert counts["link"] == 1
    assert counts["fsync"] > 5
    old_cities(tmp_path / "model")
    old = state_of(tmp_path / "model", "cities")
    new = state_of(tmp_path / "counted", "cities")
    points = [(name, at) for name in CALLS for at in range(1, counts[name] + 1)]
    few = [("link", 1), ("rename", 2), ("fsync", counts["fsync"])]
    for name, at in points if everything else few:
        store = tmp_path / "store"
        shutil.copytree(tmp_path / "model", store)
        inject = f"inject={name}:error=EIO:signal=KILL:when={at}"
        done = traced(["-e", f"trace={name}", "-e", inject], store)
        is_told = b"acknowledged" in done.stdout
        assert done.returncode == -signal.SIGKILL, f"{name} {at}"
        state = state_of(store, "cities")
        assert state in (old, new), f"{name} {at}"
        assert state == new or not is_told, f"{name} {at}"
        new_cities(store)
        assert state_of(store, "cities") == new, f"{name} {at}"
        assert verify(StoreFolder(store), "cities") == [], f"{name} {at}"
        shutil.rmtree(store)
    print(f"{len(points) if everything else len(few)} kills")  # noqa: T201 - the figure
