# ruff: noqa: INP001 - a script that is run by its path
"""The invented articles of the tests as an export: ``python wiki/pages.py``."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from tests.ingest.forms import derive

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
REVISIONS = 130
BLANKED, BACK, HIDDEN = 40, 41, 60
"""An edit that emptied the page, the one that undid it, and one whose text is hidden later."""


def fiji() -> list[str]:
    """The long history of one article: each revision states one country more."""
    whole = derive("wikitext").decode()
    texts = [whole.replace("182", str(number)) for number in range(1, REVISIONS + 1)]
    texts[BLANKED - 1] = "Nothing."
    texts[BACK - 1] = texts[BLANKED - 2]
    return texts


def short(text: str) -> list[str]:
    """Three revisions of a text: its first half, all but the last line, the whole."""
    lines = text.splitlines()
    return ["\n".join(lines[: len(lines) // 2]), "\n".join(lines[:-1]), text]


def page(number: int, title: str, texts: list[str]) -> str:
    """One page of an export; the revisions are ten days apart."""
    first = datetime(2015, 1, 1, 12, tzinfo=UTC)
    made = "".join(
        f"<revision><id>{number * 1000 + at}</id>"
        f"<timestamp>{(first + timedelta(days=10 * at)).strftime('%Y-%m-%dT%H:%M:%SZ')}</timestamp>"
        "<contributor><ip>127.0.0.1</ip></contributor><model>wikitext</model><format>text/x-wiki</format>"
        f'<text xml:space="preserve">{escape(text)}</text></revision>'
        for at, text in enumerate(texts)
    )
    return f"<page><title>{escape(title)}</title><ns>0</ns><id>{number}</id>{made}</page>"


def pages() -> dict[str, list[str]]:
    """The texts of each page, oldest first."""
    found = {"Foreign relations of Fiji": fiji()}
    for path in sorted(FIXTURES.glob("*.json")):
        subject = json.loads(path.read_text(encoding="utf-8"))["subject"]
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        found[f"Foreign relations of {subject} ({path.stem})"] = short(text)
    found["Fiji and the world"] = ["#REDIRECT [[Foreign relations of Fiji]]"]
    return found


if __name__ == "__main__":
    made = "".join(page(n, title, texts) for n, (title, texts) in enumerate(pages().items(), 1))
    sys.stdout.write(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="en">'
        f"{made}</mediawiki>\n"
    )
