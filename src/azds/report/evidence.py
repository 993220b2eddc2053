"""Where one side states what a page shows: passages by table, key and column."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from azds.arrow.layout import from_strings, scalar
from azds.dataset.quote import Passage
from azds.dataset.snapshot import Snapshot
from azds.dataset.sources import find_source
from azds.errors import IntegrityError, NotFoundError
from azds.spans import Span, words_digest

__all__ = ["MOST_WORDS", "Evidence", "Sources", "Stated", "stated"]

MOST_WORDS = 10
"""Words of a source that a page quotes at most, of each passage."""
_MOST_PASSAGES = 4
_LONGEST = 120
_EVIDENCE = frozenset({"table", "key", "column", "start", "end", "place", "markers", "digest"})
_SECTIONS = frozenset({"heading", "start", "end"})

Sources = Path | str | Sequence[Path] | None
Stated = tuple[Sequence[Passage], int]
"""The passages shown, and how many more there are."""


class Evidence:
    """The evidence of one revision; its tables and its source are read when first asked for."""

    def __init__(self, snapshot: Snapshot, sources: Sources = None) -> None:
        self.label = snapshot.label
        self.missing: str = ""
        """Why there are no quotations though sources were given; empty where there are."""
        self._snapshot = snapshot
        self._text = self._source(sources)
        self._sections: list[dict[str, Any]] | None = None

    def of(self, table: str, keys: Iterable[str]) -> dict[str, list[Passage]]:
        """All passages of these keys (canonical strings), in order of column and text."""
        wanted = list(dict.fromkeys(keys))
        rows = self._table("evidence", _EVIDENCE)
        if not wanted or rows is None:
            return {}
        mask = pc.and_(
            pc.equal(rows["table"], scalar(table)),
            pc.is_in(rows["key"], value_set=from_strings(wanted)),
        )
        found: dict[str, list[Passage]] = defaultdict(list)
        for row in rows.filter(mask).to_pylist():
            found[row["key"]].append(self._passage(row))
        for passages in found.values():
            passages.sort(key=lambda one: (one.column, one.span))
        return found

    def at(self, column: str, start: int, end: int, place: str = "") -> Passage:
        """A passage that a finding points to."""
        span = Span(start, end)
        words = _clipped(span.of(self._text)) if self._text is not None else None
        return Passage(column, span, place, self._section(span), (), words, None)

    def _source(self, sources: Sources) -> str | None:
        source = self._snapshot.manifest.source
        if sources is None or source is None:
            return None
        try:
            return find_source(sources, source.digest, self.label).decode("utf-8-sig")
        except NotFoundError:
            self.missing = f"the source of {self.label} is not in the place given: no quotations"
            return None

    def _passage(self, row: dict[str, Any]) -> Passage:
        span = Span(row["start"], row["end"])
        words = None
        if self._text is not None:
            whole = span.of(self._text)
            if words_digest(whole) != row["digest"]:
                raise IntegrityError(
                    "content-changed",
                    "the words at this span are not those of the evidence",
                    where=f"{self.label} {span.start}:{span.end}",
                    expected=str(row["digest"]),
                    got=words_digest(whole),
                )
            words = _clipped(whole)
        markers = tuple(row["markers"] or ())
        return Passage(
            row["column"], span, row["place"] or "", self._section(span), markers, words, None
        )

    def _section(self, span: Span) -> str:
        if self._sections is None:
            rows = self._table("sections", _SECTIONS)
            self._sections = [] if rows is None else rows.to_pylist()
        for row in self._sections:
            if row["start"] <= span.start < row["end"]:
                return str(row["heading"])
        return ""

    def _table(self, name: str, columns: frozenset[str]) -> pa.Table | None:
        """A bookkeeping table; None where there is none, or it is a user's own of that name."""
        if name not in self._snapshot.manifest.tables:
            return None
        rows = self._snapshot[name].to_arrow()
        return rows.select(sorted(columns)) if columns <= set(rows.column_names) else None


def stated(passages: Sequence[Passage], column: str | None = None) -> Stated:
    """Those that state a column, or the row where none does; at most a few of them."""
    own = [one for one in passages if column is None or one.column == column]
    some = own or [one for one in passages if not one.column]
    return some[:_MOST_PASSAGES], max(0, len(some) - _MOST_PASSAGES)


def _clipped(words: str) -> str:
    """The first few words.

    >>> _clipped("one two three four five six seven eight nine ten eleven")
    'one two three four five six seven eight nine ten …'
    """
    every = words.split()
    short = " ".join(every[:MOST_WORDS])
    is_cut = len(every) > MOST_WORDS or len(short) > _LONGEST
    return f"{short[:_LONGEST]} …" if is_cut else short
