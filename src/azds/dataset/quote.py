"""Where a fact is stated: the words, what to cite, and with what care to read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from azds.dataset.sources import find_source
from azds.dataset.table import Table
from azds.errors import IntegrityError, InvalidInputError, NotFoundError
from azds.ids import near_names
from azds.spans import Span, words_digest
from azds.store.manifest import Manifest

__all__ = ["Passage", "Quote", "quote_row"]

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Passage:
    """One place that states a fact.

    Attributes:
        column: The cell that it states; empty for the row.
        span: Where in the source: code points, half-open.
        place: The kind of place.
        section: The heading over it; empty before the first.
        markers: Citation numbers printed with it.
        words: The words there; None where the source is not at hand.
        context: The line in which they stand, up to 80 characters on both sides; None likewise.
    """

    column: str
    span: Span
    place: str
    section: str
    markers: tuple[int, ...]
    words: str | None
    context: str | None

    def to_document(self) -> dict[str, object]:
        """As plain values."""
        return {
            "column": self.column,
            "start": self.span.start,
            "end": self.span.end,
            "place": self.place,
            "section": self.section,
            "markers": list(self.markers),
            "words": self.words,
            "context": self.context,
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """The passages that state a row, what to cite, and the caveat that goes with it."""

    table: str
    key: str
    passages: tuple[Passage, ...]
    citation: str
    caveat: str

    @property
    def words(self) -> str | None:
        """The words of the first passage; None where the source is not at hand."""
        return self.passages[0].words

    def to_document(self) -> dict[str, object]:
        """As `azds quote --format json` prints it."""
        return {
            "table": self.table,
            "key": self.key,
            "passages": [passage.to_document() for passage in self.passages],
            "citation": self.citation,
            "caveat": self.caveat,
        }


def quote_row(  # noqa: PLR0913 - a revision, a row of it, and where its source is
    manifest: Manifest,
    read: Callable[[str], Table],
    table: str,
    key: str,
    *,
    column: str | None,
    sources: Path | str | Sequence[Path] | None,
) -> Quote:
    """See `Snapshot.quote`; `read` gives a table of the revision by name."""
    read(table).row_of(key)
    names = read(table).schema.names
    if column and column not in names:
        advice = near_names(column, names)
        raise InvalidInputError(
            "bad-column", "no such column", where=table, got=column, advice=advice
        )
    text = _source_text(manifest, sources)
    stated = _rows(manifest, read, "evidence")
    stated = [row for row in stated if (row["table"], row["key"]) == (table, key)]
    sections = _rows(manifest, read, "sections")
    passages = [
        _passage(manifest, sections, row, text) for row in stated if column in {None, row["column"]}
    ]
    if not passages:
        columns = sorted({str(row["column"]) for row in stated} - {""})
        raise NotFoundError(
            "no-evidence",
            f"nothing in the source states {f'{column} of this row' if column else 'this row'}",
            where=f"{manifest.label} {table} {key}",
            advice=f"it states {', '.join(columns)}" if columns else None,
        )
    passages.sort(key=lambda passage: (passage.column, passage.span))
    return Quote(table, key, tuple(passages), _citation(manifest), _caveat(manifest, table))


def _rows(manifest: Manifest, read: Callable[[str], Table], name: str) -> list[Row]:
    if name not in manifest.tables:
        return []
    rows: list[Row] = read(name).to_arrow().to_pylist()
    return rows


def _source_text(manifest: Manifest, sources: Path | str | Sequence[Path] | None) -> str | None:
    if sources is None or manifest.source is None:
        return None
    return find_source(sources, manifest.source.digest, manifest.label).decode("utf-8-sig")


def _passage(manifest: Manifest, sections: list[Row], row: Row, text: str | None) -> Passage:
    span = Span(int(str(row["start"])), int(str(row["end"])))
    words = context = None
    if text is not None:
        words = span.of(text)
        if words_digest(words) != row["digest"]:
            raise IntegrityError(
                "content-changed",
                "the words at this span are not those of the evidence",
                where=f"{manifest.label} {span.start}:{span.end}",
                expected=str(row["digest"]),
                got=words_digest(words),
            )
        context = _context(text, span)
    markers = row["markers"] if isinstance(row["markers"], list) else []
    return Passage(
        column=str(row["column"]),
        span=span,
        place=str(row["place"]),
        section=_section(sections, span),
        markers=tuple(markers),
        words=words,
        context=context,
    )


def _context(text: str, span: Span, reach: int = 80) -> str:
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    start, end = max(line_start, span.start - reach), min(line_end, span.end + reach)
    words = " ".join(text[start:end].split())
    return f"{'…' if start > line_start else ''}{words}{'…' if end < line_end else ''}"


def _section(sections: list[Row], span: Span) -> str:
    for row in sections:
        if int(str(row["start"])) <= span.start < int(str(row["end"])):
            return str(row["heading"])
    return ""


def _citation(manifest: Manifest) -> str:
    origin = manifest.about.get("origin")
    known = origin if isinstance(origin, Mapping) else {}
    title = known.get("article") or manifest.about.get("title") or manifest.dataset
    project = f"{known['project']}, " if known.get("project") else ""
    date = f"version of {manifest.date}" if manifest.date else "undated version"
    digest = f", source {manifest.source.digest[:19]}" if manifest.source else ""
    return f"“{title}”, {project}{date} (revision {manifest.label}{digest})"


def _caveat(manifest: Manifest, table: str) -> str:
    coverage = manifest.tables[table].coverage
    parts = []
    if coverage.level != "complete":
        parts.append(f"{table} is {coverage.level} in this revision: {coverage.reason}")
    if not manifest.date:
        parts.append("the revision carries no date; its place in the order is declared")
    return "; ".join(parts)
