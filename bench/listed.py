# ruff: noqa: INP001 - a script that is run by its path
"""Numbered lists, by a second reading: ``AZDS_SOURCES=... python bench/listed.py``.

The second reading knows nothing of azds but its names: it cuts the wikitext at each row, takes
the first flag, and reads the date template or the words by a few lines of its own. For each
wikitext of ``other-articles``, and each other form of an article that has one, it prints how many
rows and dates are the same. What differs is named, to be looked at.
"""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

from articles import subject_of, texts

from azds.entities import states
from azds.ingest.extract import extract

_TABLE = re.compile(r"^!\s*Country[^\n]*\n!\s*Date\b(?P<rows>.*?)^\|\}", re.DOTALL | re.MULTILINE)
_FLAG = re.compile(
    r"\{\{(?:#invoke:flag\||flag\w*)\|\s*(?P<name>[^|{}]+?)\s*(?:\||\}\})", re.IGNORECASE
)
_DTS = re.compile(r"\{\{\s*(?:dts|date table sorting)\s*\|(?P<words>[^{}]*)\}\}", re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WORDS = re.compile(r"(?:(?P<day>\d{1,2})\s+)?(?:(?P<month>[A-Z][a-z]+)\s+)?(?P<year>\d{4})$")


def truth(wikitext: str) -> dict[str, str]:
    """The counterparts of the numbered list, each with its date; empty where it has none."""
    table = _TABLE.search(wikitext)
    found: dict[str, str] = {}
    for row in re.split(r"^\|-.*$", table["rows"] if table else "", flags=re.MULTILINE):
        flag = _FLAG.search(row)
        if flag and (entity := states().resolve(flag["name"])):
            found[entity] = _date(row[flag.end() :])
    return found


def _date(cell: str) -> str:
    templates = _DTS.findall(cell)
    words = [part for part in templates[0].split("|") if "=" not in part] if templates else []
    match = _WORDS.match(" ".join(words).strip().replace(",", ""))
    if len(templates) > 1 or not match or re.search(r"before|after|\?", cell, re.IGNORECASE):
        return ""
    date: str = match["year"]
    if match["month"]:
        date += f"-{_MONTHS.index(match['month'][:3].lower()) + 1:02d}"
        date += f"-{int(match['day']):02d}" if match["day"] else ""
    return date


def main(folder: Path, write: Callable[[str], object]) -> None:
    """Print a line for each text whose list is known."""
    lists = {
        subject_of(name, title): truth(data.decode())
        for name, data, _, title in texts(folder)
        if name.endswith("__wikitext.txt")
    }
    sums = [0, 0, 0, 0]
    for name, data, form, title in texts(folder):
        subject = subject_of(name, title)
        known = lists.get(subject, {})
        found = extract(data, subject=subject, style=form)
        began = {row.counterpart: str(row.began or "") for row in found.tables["relations"]}  # type: ignore[attr-defined]
        if not known or not began:
            continue
        dated = {one: date for one, date in known.items() if date}
        rows = sum(one in began for one in known)
        same = sum(began.get(one) == date for one, date in dated.items())
        write(f"{name[:52]:52} {found.style:12} rows {rows:3} of {len(known):3}, ")
        write(f"dates {same:3} of {len(dated):3}, other counterparts {len(began.keys() - known)}\n")
        if name.endswith("__wikitext.txt"):
            sums = [a + b for a, b in zip(sums, (rows, len(known), same, len(dated)), strict=True)]
            for one in known:
                if began.get(one) != known[one] and known[one]:
                    write(f"    {one}: list {known[one]}, read {began.get(one, 'no row')}\n")
    write("the wikitexts: rows {} of {}, dates {} of {}\n".format(*sums))


if __name__ == "__main__":
    main(Path(os.environ["AZDS_SOURCES"]) / "other-articles", sys.stdout.write)
