"""The subject's standing in international organizations: sentences of membership, and lists."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from azds.entities import bodies
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.extracted import Extracted, unique_evidence
from azds.ingest.names import split_names
from azds.ingest.partners import Partners
from azds.ingest.voices import doers, spoken_of
from azds.records import Organization

__all__ = ["extract_organizations"]

TABLE = "organizations"

_MEMBER = re.compile(
    r"\b(?:is|are|became|remains?|has\s+been|have\s+been)\s+(?:(?:also|currently|both|now)\s+)?"
    r"(?:an?\s+|the\s+)?(?:(?:full|active|founding|original|permanent|proud|dialogue)\s+)*"
    r"(?P<standing>members?|observers?|partners?)\s+(?:states?\s+)?(?:of|in|at|to)\s+"
    r"|\b(?:has|have|holds?|enjoys?|was\s+granted|obtained)\s+(?:permanent\s+)?(?P<granted>observer)\s+status\s+"
    r"(?:of|in|at|to|with)\s+"
    r"|\bshares?\s+(?:common\s+)?membership\s+(?:of|in)\s+"
    r"|\b(?:is|are)\s+(?:an?\s+)?(?:party|participant)\s+(?:to|in)\s+[^.;:,]{0,80}?,?\s{1,9}including\s+"
    r"|\bbelongs?\s+to\s+(?=the\s+[A-Z]|[A-Z])",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\b(?:joined|acceded\s+to|was\s+admitted\s+to|were\s+admitted\s+to)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_JOINED_END = re.compile(
    r"\s*(?:\([^()]{1,40}\)\s*)?(?:[.;]|$|,?\s+(?:in|on)\s+[\w\s]{0,20}\d{4}|"
    r"\s+as\s+(?:an?|its)\s+[\w\s-]{0,20}member)"
)
_TELLS = re.compile(r"\b(?:is|are|was|were|became|remains?|has|have|had|shares?|joined|signed)\b")
_BOTH = re.compile(
    r"\bBoth(?:\s+(?:countries|nations|states|sides))?\b|\bThe\s+two\s+(?:countries|states)\b"
)
_LEFT = re.compile(
    r"\b(?:withdrew|left|leaving|withdrawal|withdrawn|expelled|suspended|ceased|until|no\s+longer|"
    r"before\s+leaving)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:not|no|never|neither|without|would|will|(?-i:may)|might|could|if|whether|plans?|planned|"
    r"intends?|hopes?|wants?|wish(?:es)?|seeks?|applied|considers?|considered)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_STANDINGS = {"observer": "observer", "correspondent": "correspondent", "partner": "partner"}
_NO_STANDING = re.compile(
    r"\b(?:suspended|candidate|applicant|signatory|subscriber|associate|guest|invited|former|"
    r"withdrawn|withdrew|pending|negotiating|nonsignatory|non-signatory|left|expelled|until|not)\b",
    re.IGNORECASE,
)
_LEAST = 5
_MOST_UNKNOWN = 0.4
_REACH = 400
_LONGEST = 4_000


@dataclass(slots=True)
class _Draft:
    """What is known of the standing in one body so far."""

    status: str
    named: list[tuple[Named, str]] = field(default_factory=list)
    qualified: list[tuple[Part, str]] = field(default_factory=list)


def extract_organizations(document: Document, subject: str) -> Extracted[Organization]:
    """The memberships that a document states, one row for each body; may be empty."""
    return _Extraction(document, subject).run()


class _Extraction:
    """Collects where each body is named and with which standing, then makes the rows."""

    def __init__(self, document: Document, subject: str) -> None:
        self.document = document
        self.subject = subject
        self.partners = Partners(document, subject)
        self.found: Extracted[Organization] = Extracted()
        self.drafts: dict[str, _Draft] = {}

    def run(self) -> Extracted[Organization]:
        """Sentences and lists, in order of the text, then the rows."""
        for block in self.document.of_kind("paragraph", "note"):
            listed = self._comma_list(block)
            if listed:
                self._take(listed, "list")
                continue
            for sentence in self.document.sentences(block):
                self._from_sentence(block, sentence)
        for is_item, run in groupby(self.document.blocks, lambda block: block.kind == "item"):
            if is_item:
                names = [n for item in run for n in split_names(self.document, item, bodies())]
                if _is_list_of_bodies(names):
                    self._take(names, "list")
        for organization, draft in self.drafts.items():
            self._finish(organization, draft)
        self.found.evidence = unique_evidence(self.found.evidence)
        return self.found

    def _from_sentence(self, block: Block, sentence: Part) -> None:
        clean = self.document.source.clean
        matches = list(_MEMBER.finditer(clean, sentence.start, sentence.end))
        stops = [*(match.start() for match in matches[1:]), sentence.end]
        for match, stop in zip(matches, stops, strict=False):
            if self._is_of_subject(block, sentence, match):
                end = min(stop, match.end() + _LONGEST)
                names = split_names(self.document, Part(match.end(), end), bodies())
                standing = (
                    (match["standing"] or match["granted"] or "member").casefold().rstrip("s")
                )
                if any(name.entity for name in names):
                    told = Part(match.start(), match.end())
                    self._take(names, block.place, _STANDINGS.get(standing, "member"), told)
        for match in _JOINED.finditer(clean, sentence.start, sentence.end):
            found = bodies().first(clean, match.end(), sentence.end)
            if found and self._is_of_subject(block, sentence, match):
                stop, entity = found
                if _JOINED_END.match(clean, stop, sentence.end):
                    self._take([Named(match.end(), stop, entity)], block.place)

    def _is_of_subject(self, block: Block, sentence: Part, match: re.Match[str]) -> bool:
        """Whether a membership is the subject's, today."""
        clean = self.document.source.clean
        before = clean[max(sentence.start, match.start() - _REACH) : match.start()]
        behind = clean[match.end() : min(sentence.end, match.end() + _REACH)]
        if _HEDGED.search(before) or _LEFT.search(behind):
            return False
        sides = doers(self.document, block, sentence, match.start(), subject=self.subject)
        if sides:
            return any(side.entity == self.subject for side in sides)
        both = _BOTH.search(before) is not None
        return both and (self.partners.of(block) is not None or self._spoke_of(block, sentence))

    def _spoke_of(self, block: Block, sentence: Part) -> bool:
        """Whether the block spoke of the subject just before."""
        named = spoken_of(self.document, block, sentence)
        return named is not None and named.entity == self.subject

    def _comma_list(self, block: Block) -> list[Named]:
        """The names of a paragraph that is nothing but a list of bodies; else none."""
        text = self.document.text(block)
        if text.count(",") < _LEAST - 1 or ". " in text or _TELLS.search(text):
            return []
        names = split_names(self.document, block, bodies())
        return names if _is_list_of_bodies(names) else []

    def _take(
        self,
        names: list[Named],
        place: str,
        standing: str = "member",
        told: Part | None = None,
    ) -> None:
        """Note the names, each with its own standing or that of all, which `told` tells."""
        for name in names:
            if name.entity is None:
                self._reject("name-unresolved", "no body has this name", name)
                continue
            status = _status(name.qualifier, standing)
            if status is None:
                self._reject("standing-unclear", "the qualifier is no standing of a member", name)
                continue
            draft = self.drafts.setdefault(name.entity, _Draft(status))
            draft.named.append((name, place))
            if status != "member":
                draft.status = status
                end = self.document.source.clean.find(")", name.end) + 1
                own = Part(name.start, end) if name.qualifier else None
                draft.qualified.append((own or told or name, place))

    def _reject(self, rule: str, reason: str, part: Part) -> None:
        self.found.rejections.append(self.document.reject(TABLE, rule, reason, part))

    def _finish(self, organization: str, draft: _Draft) -> None:
        """The row of one body with its evidence."""
        draft.named.sort(key=lambda named: named[0].start)
        written: list[str] = []
        for name, _ in draft.named:
            written.append(self.document.words(name))
            if name.qualifier and bodies().resolve(name.qualifier) == organization:
                written.append(name.qualifier)
        names = tuple(dict.fromkeys(written))
        self.found.rows.append(
            Organization.model_validate(
                {
                    "organization": organization,
                    "status": draft.status,
                    "name": names[0],
                    "names_as_written": names,
                }
            )
        )
        parts: list[tuple[str, Part, str]] = [("", part, place) for part, place in draft.named]
        parts += [("status", part, place) for part, place in draft.qualified]
        self.found.evidence += [
            self.document.cite(TABLE, (organization,), column, part.start, part.end, place)
            for column, part, place in parts
        ]


def _status(qualifier: str, standing: str) -> str | None:
    """The standing that a qualifier tells, else that of the list; None if it is no member's."""
    words = qualifier.casefold()
    if bodies().resolve(qualifier):
        return standing
    if _NO_STANDING.search(words):
        return None
    return next((status for word, status in _STANDINGS.items() if word in words), standing)


def _is_list_of_bodies(names: list[Named]) -> bool:
    unknown = sum(name.entity is None for name in names)
    return len(names) >= _LEAST and unknown <= _MOST_UNKNOWN * len(names)
