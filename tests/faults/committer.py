"""A process that commits, and dies at a call of the port if it is told to.

`python -m tests.faults.committer STORE CALL`: 0 means that it comes through; then it says so.
Without arguments it does so in a fork for each line `CALL STORE` that it is given, and answers
with the exit code: 0 if the commit was acknowledged, 3 if it died.
"""

import importlib
import os
import sys
from pathlib import Path

from tests.faults.operations import new_cities

from azds.store import port


class Dying:
    """The port's `os`; the process ends before the call of this number."""

    def __init__(self, last: int) -> None:
        self.left = last

    def __getattr__(self, name: str) -> object:
        real: object = getattr(os, name)
        if not callable(real) or name == "urandom":
            return real

        def call(*args: object) -> object:
            self.left -= 1
            if self.left == 0:
                os._exit(3)
            return real(*args)

        return call


def commit(store: str, call: int) -> None:
    vars(port)["os"] = Dying(call)
    new_cities(Path(store))


def serve() -> None:
    """A fork for each line; what is imported is imported once."""
    importlib.import_module("azds.store.commit")  # loads pyarrow
    for line in sys.stdin:
        call, _, store = line.rstrip("\n").partition(" ")
        child = os.fork()
        if not child:
            commit(store, int(call))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve()
    else:
        commit(sys.argv[1], int(sys.argv[2]))
        sys.stdout.write("acknowledged\n")
        sys.stdout.flush()
