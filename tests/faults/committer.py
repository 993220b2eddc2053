"""The commit that most tests cut; as a process too: `python -m tests.faults.committer STORE`.

Apart, since a process that is traced should load little.
"""

import faulthandler
import signal
import sys
from pathlib import Path

from tests.store.making import WRITER, revision

from azds.store import StoreFolder

__all__ = ["new_cities"]


def new_cities(path: Path) -> None:
    """One record: `a` changed, `b` as it was, `c` new."""
    staged = [
        revision("a", {"BAK": 9}),
        revision("b", {"BAK": 1, "SUM": 2}),
        revision("c", {"BAK": 9}),
    ]
    StoreFolder(path).dataset("cities").commit(staged, writer=WRITER)


if __name__ == "__main__":
    faulthandler.register(signal.SIGALRM, chain=True)  # if it hangs it says where, and ends
    signal.alarm(100)
    new_cities(Path(sys.argv[1]))
    sys.stdout.write("acknowledged\n")
    sys.stdout.flush()
