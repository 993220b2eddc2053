"""From the bytes of a source to the tables of a dataset: all extractors, one after another."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from azds.coverage import Coverage
from azds.errors import InvalidInputError, NotFoundError
from azds.ids import near_names
from azds.ingest.blocks import Document
from azds.ingest.corrections import Correction, apply_corrections
from azds.ingest.dividing import divide
from azds.ingest.extracted import Extracted, Pointers, unique_evidence
from azds.ingest.extractors.bibliography import extract_bibliography
from azds.ingest.extractors.counts import extract_counts
from azds.ingest.extractors.events import extract_events
from azds.ingest.extractors.missions import extract_missions
from azds.ingest.extractors.organizations import extract_organizations
from azds.ingest.extractors.reactions import extract_reactions
from azds.ingest.extractors.recognitions import extract_recognitions
from azds.ingest.extractors.related import extract_related
from azds.ingest.extractors.relations import extract_relations
from azds.ingest.extractors.sections import extract_sections
from azds.ingest.joining import Joined, join, joined_repairs
from azds.ingest.observability import observe, see
from azds.ingest.readers import read_document, sniff, wikitext
from azds.ingest.section_facts import Memory, latest_year, wording
from azds.ingest.source import Repair, decode, digest_of, read_source
from azds.ingest.suitability import look_at, unsuitable
from azds.ingest.vocabulary import Setting, Vocabulary
from azds.records import Evidence, Record, Rejection, registered

__all__ = ["FAMILIES", "Extraction", "extract"]

Extractor = Callable[[Document, Setting], Extracted]  # type: ignore[type-arg]  # of any record type

FAMILIES: dict[str, dict[str, Extractor]] = {
    "foreign-relations": {
        "counts": lambda document, setting: extract_counts(document, setting.subject),
        "relations": lambda document, setting: extract_relations(document, setting.subject),
        "recognitions": lambda document, setting: extract_recognitions(document, setting.subject),
        "missions": lambda document, setting: extract_missions(document, setting.subject),
        "organizations": lambda document, setting: extract_organizations(document, setting.subject),
        "bibliography": lambda document, _: extract_bibliography(document),
        "sections": lambda document, _: extract_sections(document),
        "events": lambda document, _: extract_events(document),
    },
    "war-reactions": {
        "reactions": extract_reactions,
        "related": lambda document, _: extract_related(document),
        "sections": lambda document, _: extract_sections(document),
        "events": lambda document, _: extract_events(document),
    },
}
"""The extractor of each table, by the family of tables that a dataset declares."""

_DIVIDED = frozenset({"foreign-relations"})
"""The families whose wikitexts are read section by section."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one source gives.

    Attributes:
        style: The style it was read by.
        digest: ``sha256:`` and the hex digest of its bytes.
        characters: Its length in code points.
        latest_year: The latest year that its text names (references left out); None if none.
        wording: The digests of its longer sentences, sorted: shared wording shows without prose.
        repairs: What was read otherwise than stored.
        tables: The records by table name.
        evidence: Where each fact is stated.
        rejections: Candidates that broke a rule.
        coverage: How much of each table the form of the text could show.
        unsuitable: The rule by which the text is not the subject's article, and why; None if it is.
    """

    style: str
    digest: str
    characters: int
    latest_year: int | None
    wording: tuple[str, ...]
    repairs: tuple[Repair, ...]
    tables: dict[str, list[Record]]
    evidence: Sequence[Evidence]
    rejections: list[Rejection]
    coverage: dict[str, Coverage] = field(default_factory=dict)
    unsuitable: tuple[str, str] | None = None


def extract(  # noqa: PLR0913 - what a declaration says of a revision
    data: bytes,
    *,
    subject: str,
    family: str = "foreign-relations",
    style: str | None = None,
    corrections: Iterable[Correction] = (),
    vocabulary: Vocabulary | None = None,
    fit_only: bool = False,
    memory: Memory | None = None,
) -> Extraction:
    """The facts of one source with their evidence. Pure and deterministic.

    `vocabulary` names the parties of a conflict, for a family whose stances name them. With
    `fit_only` a text that is not the subject's article gives no tables, only why. With a
    `memory` sections that were read before are not read again; the result is the same.

    Raises:
        InvalidInputError: `source-unreadable`, `source-style`, `correction-fails`.
        NotFoundError: `unknown-table`, for a family that no extractor serves.
    """
    if family not in FAMILIES:
        raise NotFoundError(
            "unknown-table",
            "no extractors for this family of tables",
            got=family,
            advice=near_names(family, FAMILIES),
        )
    if not subject:
        raise InvalidInputError("bad-argument", "extraction needs the subject's entity id")
    setting = Setting(subject, vocabulary or Vocabulary())
    settled = list(corrections)
    if family in _DIVIDED and not settled:
        text = decode(data)
        if (style or sniff(read_source(data))) == wikitext.STYLE:
            return _by_sections(
                text, digest_of(data), subject, memory or Memory(), fit_only=fit_only
            )
    source = read_source(data)
    document = read_document(source, style)
    fault = unsuitable([look_at(document, subject)], subject)
    tables: dict[str, list[Record]] = {}
    evidence: list[Evidence] = []
    rejections: list[Rejection] = []
    extractors = {} if fit_only and fault else FAMILIES[family]
    for name, extractor in extractors.items():
        found = extractor(document, setting)
        tables[name] = found.rows
        evidence += found.evidence
        rejections += found.rejections
    corrected, kept = apply_corrections(tables, evidence, settled, document, registered(family))
    return Extraction(
        style=document.style,
        digest=source.digest,
        characters=len(source.text),
        latest_year=latest_year(document),
        wording=tuple(sorted(wording(document))) if extractors else (),
        repairs=source.repairs,
        tables=corrected,
        evidence=Pointers(unique_evidence(kept)),
        rejections=_unique(rejections),
        coverage=observe(document.style, [see(document)], corrected),
        unsuitable=fault,
    )


def _by_sections(
    text: str, digest: str, subject: str, memory: Memory, *, fit_only: bool
) -> Extraction:
    """The facts of a wikitext, read section by section."""
    sections = divide(text, lambda piece: memory.section(piece, subject))
    parts = [part.facts for section in sections for part in section.parts]
    fault = unsuitable([part.look for part in parts], subject)
    is_read = not (fit_only and fault)
    joined = join(sections, memory) if is_read else Joined({}, Pointers(), [])
    years = [part.year for part in parts if part.year is not None]
    words = frozenset[str]().union(*(part.wording for part in parts if is_read))
    return Extraction(
        style=wikitext.STYLE,
        digest=digest,
        characters=len(text),
        latest_year=max(years, default=None),
        wording=tuple(sorted(words)),
        repairs=joined_repairs(sections),
        tables=joined.tables,
        evidence=joined.evidence,
        rejections=_unique(joined.rejections),
        coverage=observe(wikitext.STYLE, [part.seen for part in parts], joined.tables),
        unsuitable=fault,
    )


def _unique(rejections: list[Rejection]) -> list[Rejection]:
    kept = {(one.table, one.rule, one.start): one for one in rejections}
    return list(kept.values())
