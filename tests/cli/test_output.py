"""Where output goes wrong: full disks, closed pipes, closed folders, terminals."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.making import NAMED, run_process
from tests.dataset.building import NAME, make_store
from tests.dataset.making import cities, dataset
from tests.store.making import files

from azds.render.page import width_of
from azds.store import StagedRevision

NEEDS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB, where this process may mount one."""
    path = tmp_path / "disk"
    path.mkdir()
    if os.geteuid() != 0 or mount(path, "-t", "tmpfs", "-o", "size=256k"):
        pytest.skip("a disk of its own needs root and the right to mount")
    yield path
    subprocess.run(["umount", str(path)], check=True)  # noqa: S603, S607 - ours


def mount(path: Path, *options: str) -> int:
    """Mount a disk in memory, or again with other options; 0 if that went well."""
    done = subprocess.run(  # noqa: S603 - ours
        ["mount", *options, "tmpfs", str(path)],  # noqa: S607 - where it is differs
        capture_output=True,
        check=False,
    )
    return done.returncode


def fill(disk: Path, left: int) -> Path:
    """A file that leaves so many bytes free."""
    free = os.statvfs(disk)
    (disk / "fill").write_bytes(b"x" * (free.f_bavail * free.f_bsize - left))
    return disk / "fill"


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder that `read_only` can close; for root, who may all, a disk."""
    if os.geteuid() == 0:
        yield request.getfixturevalue("disk")
        return
    path = tmp_path / "folder"
    path.mkdir()
    yield path
    for one in (path, *path.rglob("*")):
        one.chmod(0o755)


def read_only(path: Path) -> None:
    """Make a folder and all that is in it read-only."""
    if os.geteuid() == 0:
        mount(path, "-o", "remount,ro")
    else:
        for one in (path, *path.rglob("*")):
            one.chmod(0o555)


@NEEDS_FULL
@pytest.mark.parametrize(
    "words", ["log", "show 2016 evidence --format json"], ids=["little", "much"]
)
def test_a_full_disk_under_stdout_is_told_in_one_line(tmp_path: Path, words: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run_process(words, tmp_path, stdout=full)
    assert done.returncode == 2
    assert done.stderr.decode() == f"{NAMED}azds: output: No space left on device\n"


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, disk: Path) -> None:
    (disk / "d.json").write_text("old", encoding="utf-8")
    fill(disk, 4096)
    words = ["diff", "2016", "interim", "--format", "json", "-o", str(disk / "d.json")]
    done = run_process(words, tmp_path)
    assert done.returncode == 2
    assert done.stderr.decode() == (
        f"{NAMED}azds: {disk}/d.json: cannot write this file: No space left on device\n"
    )
    assert (disk / "d.json").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in disk.iterdir()) == ["d.json", "fill"]


def test_a_full_disk_under_a_store_leaves_it_as_it_was(tmp_path: Path, disk: Path) -> None:
    made = make_store(disk)
    before = files(made)
    words = ["--store", str(made), "build", NAME, "--sources", str(disk / "sources")]
    filled = fill(disk, 20_480)
    done = run_process(words, tmp_path)
    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert line.endswith("No space left on device")
    assert {name: data for name, data in files(made).items() if data} == before
    filled.unlink()
    assert run_process(words, tmp_path).returncode == 0


def test_a_folder_that_may_not_be_written_to_is_told(
    folder: Path,
) -> None:
    read_only(folder)
    done = run_process(["diff", "2016", "current", "-o", str(folder / "d.txt")], folder)
    assert done.returncode == 2
    [_, line] = done.stderr.decode().splitlines()
    assert line.startswith(f"azds: {folder}/d.txt: cannot write this file: ")
    assert list(folder.iterdir()) == []


def test_a_store_that_may_not_be_written_to_is_not_built_into(
    folder: Path,
) -> None:
    made = make_store(folder)
    before = files(folder)
    read_only(folder)
    words = ["--store", str(made), "build", NAME, "--sources", str(folder / "sources")]
    done = run_process(words, folder)
    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert line.startswith(f"azds: {made}/{NAME}")
    assert files(folder) == before
    checked = run_process([*words, "--check"], folder)
    assert (checked.returncode, checked.stderr) == (1, b"")


@pytest.mark.parametrize(
    "words",
    ["log", "show 2016 evidence --format json", "diff 2016 interim --format csv", "--help"],
    ids=["little", "much", "csv", "help"],
)
def test_a_pipe_that_nobody_reads_is_no_fault(tmp_path: Path, words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run_process(words, tmp_path, stdout=writer)
    finally:
        os.close(writer)
    assert done.returncode == 0
    assert done.stderr.decode() in {NAMED, ""}


def test_piped_output_has_no_colour_even_where_colour_is_forced(tmp_path: Path) -> None:
    forced = {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm-256color"}
    for words in ("--help", "log", "diff 2016 current", "lgo", "check --format json"):
        done = run_process(words, tmp_path, forced)
        assert b"\x1b" not in done.stdout + done.stderr


def on_terminal(words: list[str], cwd: Path, columns: int) -> str:
    """What a command prints on a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    program = [sys.executable, "-c", "from azds.cli import main; main()", *words]
    with subprocess.Popen(  # noqa: S603 - our own program
        program,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        env={**environment, "TERM": "xterm", "PYTHONUTF8": "1", "NO_COLOR": "1"},
    ) as process:
        os.close(theirs)
        printed = b""
        try:
            while piece := os.read(ours, 1 << 16):
                printed += piece
        except OSError:  # how a terminal ends on Linux
            pass
        finally:
            os.close(ours)
        assert process.wait() == 0
    return printed.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_the_rows_fit_its_width(tmp_path: Path, columns: int) -> None:
    for words in (["log"], ["show", "2016", "organizations"]):
        lines = on_terminal(words, tmp_path, columns).splitlines()
        assert len(lines) > 3
        assert all(width_of(line) <= columns for line in lines if line.startswith("  "))


@pytest.mark.parametrize("form", ["text", "json", "csv", "markdown"])
def test_data_cannot_speak_to_a_terminal_in_any_format(tmp_path: Path, form: str) -> None:
    evil = "a\x1b[31m\x9b1m\u202eb\r"
    dataset(tmp_path / "store", StagedRevision("a", cities({evil: {"name": evil}})))
    words = ["--store", str(tmp_path / "store"), "show", "a", "City", "--format", form]
    printed = on_terminal(words, tmp_path, 200)
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(printed)
    if form == "json":
        piped = run_process(words, tmp_path).stdout
        assert json.loads(piped)[0]["id"] == evil
