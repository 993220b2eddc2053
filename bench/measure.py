# ruff: noqa: INP001 - beside the scripts that use it
"""What one piece of work costs, in a process of its own."""

import json
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "in_a_process", "median", "peak_memory"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took.

    Attributes:
        wall: Seconds, from the start of the process to its end.
        cpu: Seconds of all threads, of user and system.
        memory: The most megabytes that the process held.
        answer: What it found.
    """

    wall: float
    cpu: float
    memory: float
    answer: object


def peak_memory() -> float:
    """The most memory that this process has had, in MB.

    Not `ru_maxrss` where that can be helped, which starts from what the parent had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(command: Sequence[str]) -> Cost:
    """What a command costs that prints what it found and its peak memory, as JSON.

    Raises:
        RuntimeError: It failed.
    """
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - our own scripts
        found = child.stdout.read() if child.stdout else ""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit code {child.returncode}")
    answer, memory = json.loads(found.splitlines()[-1])
    return Cost(wall, used.ru_utime + used.ru_stime, memory, answer)


def median(costs: Sequence[Cost]) -> Cost:
    """The medians, and what the first found."""
    return Cost(
        *(statistics.median(getattr(c, name) for c in costs) for name in ("wall", "cpu", "memory")),
        costs[0].answer,
    )
