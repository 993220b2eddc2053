"""What the texts of an article say, ready to be stored."""

from dataclasses import dataclass

from azds.dataset.extracted_tables import SERVING, TableMaker, repairs_of, source_of
from azds.errors import InvalidInputError
from azds.ingest.extract import Extraction, extract
from azds.ingest.section_facts import Memory
from azds.records import table_schema
from azds.records.base import key_of
from azds.store import manifest as stored
from azds.store.staged import StagedTable

__all__ = ["Reader", "Reading", "Refusal", "Text", "Told"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and its form; without one that is sniffed."""

    data: bytes
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says.

    Attributes:
        tables: With evidence and rejections.
        headline: The first number of relations that it states, if it states one; a bound or an
            estimate only where it has no other.
        source: Its digest, form, length and wording.
        repairs: What was read otherwise than stored.
        rejections: How many candidates broke a rule.
        unresolved: Names of counterparts that no entity has.
    """

    tables: dict[str, StagedTable]
    headline: tuple[stored.Headline, ...]
    source: stored.SourceEntry
    repairs: tuple[stored.Repair, ...]
    rejections: int
    unresolved: frozenset[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The rule by which a text is not taken, and why."""

    rule: str
    reason: str


Told = Reading | Refusal | InvalidInputError
"""What becomes of a text; the error is of the call: a form that does not exist."""


class Reader:
    """Reads one text after another; what did not change from one to the next is not read again."""

    def __init__(self, subject: str, family: str) -> None:
        """Begin with an article's subject and its family of tables."""
        self.subject = subject
        self.family = family
        self._memory = Memory()
        self._maker = TableMaker(family)

    def read(self, text: Text) -> Told:
        """What a text says."""
        try:
            found = extract(
                text.data,
                subject=self.subject,
                family=self.family,
                style=text.form,
                fit_only=True,
                memory=self._memory,
            )
        except InvalidInputError as error:
            return error if error.kind == "source-style" else Refusal(error.kind, error.what)
        if found.unsuitable:
            return Refusal(*found.unsuitable)
        return Reading(
            tables=self._tables(found),
            headline=_headline(found),
            source=source_of(found),
            repairs=repairs_of(found),
            rejections=len(found.rejections),
            unresolved=_unresolved(text.data, found),
        )

    def _tables(self, found: Extraction) -> dict[str, StagedTable]:
        return {
            name: StagedTable(
                table_schema(self._maker.types[name]), found.coverage.get(name, SERVING), table
            )
            for name, table in self._maker.tables(found).items()
        }


def _unresolved(data: bytes, found: Extraction) -> frozenset[str]:
    text = data.decode("utf-8-sig", "replace")
    names = (
        " ".join(text[one.start : one.end].split())[:60]
        for one in found.rejections
        if one.table == "relations" and one.rule == "name-unresolved"
    )
    return frozenset(name for name in names if name)


def _headline(found: Extraction) -> tuple[stored.Headline, ...]:
    """The first number of relations that the text states; a bound only if there is no other."""
    if not found.tables.get("counts"):
        return ()
    starts = {e.key: e.start for e in found.evidence if e.table == "counts" and e.column == ""}
    counts = [(key_of(row), row.model_dump()) for row in found.tables["counts"]]
    _, one = min(
        counts, key=lambda row: (row[1]["qualifier"] is not None, starts.get(row[0], 1 << 40))
    )
    return (stored.Headline(one["measure"], one["value"], one["scope"], one["qualifier"]),)
