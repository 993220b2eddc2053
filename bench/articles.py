# ruff: noqa: INP001 - a script that is run by its path
"""How articles of every form are read: ``AZDS_SOURCES=... python bench/articles.py``.

For each file of the folder ``other-articles`` it prints the form, its seconds,
blocks, rows and rejections; then, where two articles list each other with whole
dates, how many of the pairs agree. Nothing is expected here: read it.

``python bench/articles.py --speed`` prints CPU seconds instead: of each wikitext the megabytes
a second when it is new, when nothing in it changed, and over a made history of small
edits; then how time grows with hostile texts twice as long. Medians of three.
"""

import os
import random
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path

from azds.entities import states
from azds.ingest.containers import read_pages
from azds.ingest.extract import Extraction, extract
from azds.ingest.readers import read_document
from azds.ingest.section_facts import Memory
from azds.ingest.source import read_source

_NAME = re.compile(r"relations-of-(?P<name>[a-z-]+?)__|^(?P<plain>[a-z]+)__|of-(?P<of>[a-z]+)-to-")
_DAY = 10
EDITS = 30
_ROUNDS = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HOSTILE = {
    "unclosed templates": "{{flag|",
    "unclosed links": "[[a|",
    "tables in tables": "{|\n|-\n|\n",
    "references": "Fiji<ref>{{cite web|title=T|date=1 May 1990}}</ref> ",
    "headings": "== a ==\nFiji\n",
    "headings and unclosed templates": "== a ==\n{{x|\n",
    "templates over headings": "== a ==\n{{\n== b ==\n}}\n",
    "items": "* [[Fiji]] on 3 May 1992\n",
}


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


def edited(text: str, rng: random.Random) -> Iterator[str]:
    """A made history: a year, a word or a remark of one line changes at a time."""
    lines = text.split("\n")
    for number in range(EDITS):
        dated = [at for at, line in enumerate(lines) if _YEAR.search(line)]
        at = rng.choice(dated)
        match number % 3:
            case 0:
                lines[at] = _YEAR.sub(str(rng.randrange(1950, 2024)), lines[at], count=1)
            case 1:
                lines[at] += "."
            case _:
                noted = [at for at, line in enumerate(lines) if line.startswith("*")]
                remark = f"* A remark of {rng.randrange(1950, 2024)}.<ref>Remark {number}</ref>"
                lines.insert(rng.choice(noted or dated) + 1, remark)
        yield "\n".join(lines)


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds that something takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def rates(subject: str, text: str) -> tuple[float, float, float]:
    """Megabytes a second: new, unchanged, and edited a little."""
    data = text.encode()
    memory = Memory()

    def again(one: bytes) -> Callable[[], object]:
        return lambda: extract(one, subject=subject, style="wikitext", memory=memory)

    history = [one.encode() for one in edited(text, random.Random(1))]  # noqa: S311 - edits
    new = cpu(again(data))
    same = statistics.median(cpu(again(data)) for _ in range(10))
    edits = sum(cpu(again(one)) for one in history)
    size = len(data) / 1e6
    return size / new, size / same, sum(map(len, history)) / 1e6 / edits


def speed(folder: Path, write: Callable[[str], object]) -> None:
    """Print how fast wikitexts are read, and how time grows with hostile ones."""
    write("MB of wikitext a CPU second: new, nothing changed, small edits\n")
    for path in sorted(folder.glob("*wikitext.txt")):
        subject = subject_of(path.name, None)
        rounds = [rates(subject, path.read_text("utf-8")) for _ in range(_ROUNDS)]
        new, same, edits = (statistics.median(column) for column in zip(*rounds, strict=True))
        write(f"  {subject}  {new:5.2f}  {same:6.2f}  {edits:5.2f}\n")
    write("CPU seconds of a hostile text of 0.13, 0.26 and 0.52 MB, and growth per doubling\n")
    for name, piece in _HOSTILE.items():
        texts = [
            ("Fiji\n" + piece * (size // len(piece))).encode()
            for size in (1 << 17, 1 << 18, 1 << 19)
        ]
        taken = [
            cpu(lambda one=one: extract(one, subject="FJI", style="wikitext")) for one in texts
        ]
        growth = ", ".join(f"{b / a:.2f}" for a, b in pairwise(taken))
        write(f"  {name:32} {'  '.join(f'{one:6.2f}' for one in taken)}   {growth}\n")
    write(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB\n")


if __name__ == "__main__":
    run = speed if "--speed" in sys.argv[1:] else main
    run(Path(os.environ["AZDS_SOURCES"]) / "other-articles", sys.stdout.write)
