"""What the tests of ingest share: texts read in one line, fixtures with their expected rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azds.ingest.extract import Extraction, extract
from azds.spans import words_digest

__all__ = ["FIXTURES", "REAL", "TABLES", "Fixture", "facts", "read", "rejected", "words"]

FOLDER = Path(__file__).parents[1] / "fixtures"
FIXTURES = ("html_text", "plain_lines", "wikiextractor")
"""The invented articles: one for each style, with the traps that fit it."""
REAL = {
    "2016": "001_803b997119074a48.txt",
    "interim": "002_8fd4585074ace3fd.txt",
    "current": "000_6af5ec4424b20820.txt",
}
"""The sources of the shipped revisions, where they are at hand."""
TABLES = (
    "counts",
    "relations",
    "recognitions",
    "missions",
    "organizations",
    "bibliography",
    "sections",
)


@dataclass(frozen=True, slots=True)
class Fixture:
    """An invented article and what a careful reader finds in it."""

    text: str
    expected: dict[str, Any]

    @classmethod
    def load(cls, name: str) -> "Fixture":
        """The fixture of that name."""
        text = (FOLDER / f"{name}.txt").read_bytes().decode("utf-8")
        return cls(text, json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))

    def extraction(self) -> Extraction:
        """What the rules find."""
        return extract(self.text.encode(), subject=self.expected["subject"])

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The expected rows of a table, all cells, in no order."""
        if table == "sections":
            return list(self._sections())
        rows: list[dict[str, Any]] = self.expected["tables"][table]
        return rows

    def _sections(self) -> Iterator[dict[str, Any]]:
        """Sections are written by their first and last words; the rest follows from the text."""
        at = 0
        for row in self.expected["tables"]["sections"]:
            assert self.text.startswith(row["starts_with"], at), row
            end = self.text.index(row["ends_with"], at) + len(row["ends_with"])
            inner = self.text[at:end]
            yield {
                "heading": row["heading"],
                "occurrence": row["occurrence"],
                "ordinal": row["ordinal"],
                "start": at,
                "end": end,
                "words": len(inner.split()),
                "digest": words_digest(inner),
            }
            at = end
        assert at == len(self.text)


def read(text: str, *, subject: str = "MDA", style: str | None = "plain-lines") -> Extraction:
    """What the rules find in a text."""
    return extract(text.encode(), subject=subject, style=style)


def facts(extraction: Extraction, table: str) -> dict[str, dict[str, Any]]:
    """The rows of a table as plain values, by key."""
    found = {}
    for row in extraction.tables[table]:
        cells = row.model_dump(mode="json")
        found["/".join(str(cells[name]) for name in _KEYS[table])] = cells
    return found


def words(text: str, extraction: Extraction, table: str, column: str) -> list[str]:
    """The words that evidence gives for a column."""
    return [
        text[one.start : one.end]
        for one in extraction.evidence
        if (one.table, one.column) == (table, column)
    ]


def rejected(text: str, extraction: Extraction, table: str) -> list[tuple[str, str]]:
    """Rule and words of the candidates that were rejected for a table."""
    return [
        (one.rule, text[one.start : one.end]) for one in extraction.rejections if one.table == table
    ]


_KEYS = {
    "counts": ("scope", "occurrence"),
    "relations": ("counterpart",),
    "recognitions": ("recognizer", "recognized"),
    "missions": ("sender", "receiver", "kind", "city"),
    "organizations": ("organization",),
    "bibliography": ("title", "occurrence"),
    "sections": ("heading", "occurrence"),
}
