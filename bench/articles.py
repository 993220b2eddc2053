# ruff: noqa: INP001 - a script that is run by its path
"""How articles of every form are read: ``AZDS_SOURCES=... python bench/articles.py``.

For each file of the folder ``other-articles`` it prints the form, its seconds,
blocks, rows and rejections; then, where two articles list each other with whole
dates, how many of the pairs agree. Nothing is expected here: read it.
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from azds.entities import states
from azds.ingest.containers import read_pages
from azds.ingest.extract import Extraction, extract
from azds.ingest.readers import read_document
from azds.ingest.source import read_source

_NAME = re.compile(r"relations-of-(?P<name>[a-z-]+?)__|^(?P<plain>[a-z]+)__|of-(?P<of>[a-z]+)-to-")
_DAY = 10


def texts(folder: Path) -> Iterator[tuple[str, bytes, str | None, str | None]]:
    """Each text with its file's name, its form where that is known, and its title."""
    for path in sorted(folder.iterdir()):
        if path.suffix in {".txt", ".md", ".html", ".json"} and path.name != "README.md":
            for page in read_pages([path.read_bytes()]):
                data = page.data if page.data is not None else (page.text or "").encode()
                if not page.refused:
                    yield path.name, data, page.form, page.title


def subject_of(name: str, title: str | None) -> str:
    """The entity that a file's name or title says it is about; Fiji where neither does."""
    match = _NAME.search(name)
    words = (match["name"] or match["plain"] or match["of"]) if match else ""
    found = states().resolve(words.replace("-", " ").title())
    return found or states().resolve((title or "").rpartition(" of ")[2]) or "FJI"


def agreement(found: dict[str, Extraction], write: Callable[[str], object]) -> None:
    """How many pairs that both sides date to the day have the same day."""
    began = {
        subject: {r.counterpart: str(r.began or "") for r in one.tables["relations"]}  # type: ignore[attr-defined]
        for subject, one in found.items()
    }
    pairs = [
        (began[a][b], began[b][a])
        for a, b in combinations(sorted(began), 2)
        if len(began[a].get(b, "")) == _DAY == len(began[b].get(a, ""))
    ]
    equal = sum(one == other for one, other in pairs)
    write(f"pairs dated to the day on both sides: {len(pairs)}, equal: {equal}\n")


def main(folder: Path, write: Callable[[str], object]) -> None:
    """Print one line for each text, then the agreement of pairs."""
    whole: dict[str, Extraction] = {}
    for name, data, form, title in texts(folder):
        subject = subject_of(name, title)
        start = time.perf_counter()
        document = read_document(read_source(data), form)
        read = time.perf_counter() - start
        found = extract(data, subject=subject, style=form)
        total = time.perf_counter() - start - read
        if document.style == "wikitext" and "wikitext" in name:
            whole[subject] = found
        rows = " ".join(f"{table} {len(held)}" for table, held in found.tables.items() if held)
        rules = Counter(f"{one.table}:{one.rule}" for one in found.rejections)
        fault = found.unsuitable[0] if found.unsuitable else "fit"
        write(
            f"{name[:60]:60} {subject} {document.style:13} {len(data) / 1e3:6.0f} kB "
            f"read {read:5.2f} s, all {total:5.2f} s  {len(document.blocks):4} blocks  {fault}  "
            f"{found.coverage['relations'].level}: {rows or 'nothing'}\n"
        )
        if rules:
            write(" " * 61 + ", ".join(f"{n} {rule}" for rule, n in rules.most_common()) + "\n")
    agreement(whole, write)


if __name__ == "__main__":
    main(Path(os.environ["AZDS_SOURCES"]) / "other-articles", sys.stdout.write)
