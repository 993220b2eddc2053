# ruff: noqa: INP001 - a script that is run by its path
"""A history, from the dump to the fact: ``AZDS_SOURCES=... python bench/ingesting.py [REVISIONS]``.

A dump is made of one real wikitext by small edits, one line a revision, and given to ``azds
ingest`` as a user would, on one processor and on all; then ``azds history`` follows one fact.
Prints wall and CPU seconds (of all processes), megabytes of wikitext a second, peak memory of the
largest process, and the bytes stored.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import articles

_TITLE = "Foreign relations of Kiribati"
_AZDS = [sys.executable, "-c", "from azds.cli import main; main()"]


def history(text: str, count: int) -> Iterator[str]:
    """Edits of a text, each of the one before."""
    rng = random.Random(7)  # noqa: S311 - edits
    last = text
    for number in range(count):
        if number % articles.EDITS == 0:
            edits = articles.edited(last, rng)
        last = next(edits)
        yield last


def dump(text: str, count: int, path: Path) -> int:
    """Write an export of a history; the bytes of wikitext in it."""
    size = 0
    at = datetime(2005, 1, 1)  # noqa: DTZ001 - a made day
    with path.open("w", encoding="utf-8") as out:
        out.write(f"<mediawiki><page><title>{_TITLE}</title><ns>0</ns>\n")
        for number, words in enumerate(history(text, count)):
            size += len(words.encode())
            out.write(
                f"<revision><id>{number + 1}</id><timestamp>{at.isoformat()}Z</timestamp>"
                f"<model>wikitext</model><text>{escape(words)}</text></revision>\n"
            )
            at += timedelta(days=3)
        out.write("</page></mediawiki>\n")
    return size


def run(arguments: list[str], *, alone: bool = False) -> tuple[float, float, int]:
    """Wall seconds, CPU seconds and peak megabytes of a command, on one processor or all."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    one = {min(os.sched_getaffinity(0))}
    subprocess.run(  # noqa: S603 - our own command
        [*_AZDS, *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=(lambda: os.sched_setaffinity(0, one)) if alone else None,
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum((after.ru_utime, after.ru_stime)) - sum((before.ru_utime, before.ru_stime))
    return wall, cpu, after.ru_maxrss >> 10


def main(folder: Path, count: int, write: Callable[[str], object]) -> None:
    """Print a line for each run."""
    source = folder / "en-foreign-relations-of-kiribati__wikitext.txt"
    with tempfile.TemporaryDirectory() as held:
        place = Path(held)
        size = dump(source.read_text("utf-8"), count, place / "dump.xml") / 1e6
        write(f"{count} revisions, {size:.1f} MB of wikitext\n")
        for words, alone in (("one processor", True), ("all processors", False)):
            store = place / "store"
            shutil.rmtree(store, ignore_errors=True)
            run(["init", str(store)])
            at = ["--store", str(store)]
            run([*at, "new", "kiribati", "--article", _TITLE, "--subject", "KIR"])
            wall, cpu, peak = run([*at, "ingest", str(place / "dump.xml")], alone=alone)
            write(
                f"ingest on {words:14} {wall:6.1f} s, {cpu:6.1f} CPU s, {size / wall:5.2f} MB/s, "
                f"{1e3 * wall / count:5.1f} ms a revision, peak {peak} MB\n"
            )
        kept = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
        write(f"stored: {kept / 1e6:.1f} MB\n")
        took = [run([*at, "history", "relations", "FJI"]) for _ in range(5)]
        wall, cpu, peak = sorted(took)[2]
        write(f"history relations FJI: {wall:.2f} s, {cpu:.2f} CPU s, peak {peak} MB\n")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if sys.argv[1:] else 1000
    main(Path(os.environ["AZDS_SOURCES"]) / "other-articles", wanted, sys.stdout.write)
