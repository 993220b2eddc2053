"""The line on the terminal: after a second, in its width, gone when the work is."""

import io
import os
import pty
import subprocess
import sys
import time
from threading import Thread

import pytest

from azds.cli.line import Line, told
from azds.progress import Task

LONG = """
import time
from azds.cli.progress import aside, shown
from azds.progress import task
with shown(), task("counting", "rows", 4) as advance:
    advance(1)
    time.sleep(1.5)
    with aside():
        print("told aside", flush=True)
"""


def _on_terminal(program: str) -> str:
    """What a program writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    subprocess.run(  # noqa: S603 - the program is ours
        [sys.executable, "-c", program], stdout=theirs, stderr=theirs, env=environment, check=True
    )
    os.close(theirs)
    found = b""
    try:
        while piece := os.read(ours, 1 << 16):
            found += piece
    except OSError:  # the end, on Linux
        pass
    finally:
        os.close(ours)
    return found.decode()


def test_a_terminal_shows_the_line_and_is_left_clean() -> None:
    shown = _on_terminal(LONG)
    line, _, rest = shown.partition("\r\x1b[Ktold aside")
    assert "azds: counting  1 of 4 rows" in line
    assert line.endswith("left")
    assert not rest.rpartition("\x1b[K")[2].strip()


def test_a_pipe_gets_no_line() -> None:
    done = subprocess.run(  # noqa: S603 - the program is ours
        [sys.executable, "-c", LONG], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("told aside\n", "")


def test_short_work_shows_nothing() -> None:
    stream, clock = io.StringIO(), [0.0]
    line = Line(stream, lambda: 80, lambda: clock[0])
    one = Task("counting", "rows", 10)
    line.note(one)
    clock[0] = 0.9
    one.done = 9
    line.note(one)
    line.draw()
    one.is_over = True
    line.note(one)
    clock[0] = 5.0
    line.draw()
    assert not stream.getvalue()


def test_both_sides_of_a_diff_are_told_as_one() -> None:
    stream, clock = io.StringIO(), [0.0]
    line = Line(stream, lambda: 80, lambda: clock[0])
    for done in (10, 30):
        line.note(Task("reading", "rows", 50, done))
    clock[0] = 2.0
    line.draw()
    assert "40 of 100 rows" in stream.getvalue()
    assert stream.getvalue().endswith("40%  3 s left")


def test_a_task_that_ends_while_another_thread_tells_of_it_does_not_come_back() -> None:
    stream, clock = io.StringIO(), [0.0]
    line = Line(stream, lambda: 80, lambda: clock[0])
    one = Task("counting", "rows", 10, 5)
    with line.aside():
        teller = Thread(target=line.note, args=(one,))
        teller.start()  # sees that it goes on, and waits for its turn
        time.sleep(0.1)
        one.is_over = True
    teller.join()
    clock[0] = 2.0
    line.draw()
    assert not stream.getvalue()


@pytest.mark.parametrize("width", [10, 30, 60, 120, 200])
def test_the_line_is_never_wider_than_the_terminal(width: int) -> None:
    for total in (None, 1, 10**12):
        for done in (0, 1, 10**12):
            assert len(told([Task("comparing", "bytes", total, done)], 5.0, width)) <= width
