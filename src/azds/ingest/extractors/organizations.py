"""The subject's standing in international organizations: sentences of membership, and lists."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from azds.entities import bodies
from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.extracted import Extracted, unique_evidence
from azds.ingest.memberships import Telling, bodies_left, joined, memberships
from azds.ingest.names import split_names
from azds.ingest.partners import Partners
from azds.ingest.voices import doers, spoken_of
from azds.records import Organization

__all__ = ["Memberships", "extract_organizations"]

TABLE = "organizations"

_TELLS = re.compile(r"\b(?:is|are|was|were|became|remains?|has|have|had|shares?|joined|signed)\b")
_NO_MEMBERS = re.compile(
    r"\b(?:(?:not|former(?:ly)?)\s+(?:an?\s+)?members?|associates?|delegations?|represent\w+|missions?|"
    r"offices?)\b",
    re.IGNORECASE,
)
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
    r"withdrawn|withdrew|pending|negotiating|non-?signatory|non-?member|left|expelled|until|not)\b|"
    r"^\W*(?:from\s+)?\d{4}\s*(?:[\u2010-\u2015-]|to)\s*(?:\d\d)?\d\d\W*$",
    re.IGNORECASE,
)
_LEAST = 5
_MOST_UNKNOWN = 0.4
_REACH = 400
_LONGEST = 4_000


@dataclass(slots=True)
class Memberships(Extracted[Organization]):
    """The rows; and the bodies that the subject left, which ends what was told before."""

    left: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stated:
    """One statement of a standing: the name, the kind of place, the words for all but a member."""

    named: Named
    place: str
    status: str
    told: Part


def extract_organizations(document: Document, subject: str) -> Memberships:
    """The memberships that a document states, one row for each body; may be empty."""
    return _Extraction(document, subject).run()


class _Extraction:
    """Collects where each body is named and with which standing, then makes the rows."""

    def __init__(self, document: Document, subject: str) -> None:
        self.document = document
        self.subject = subject
        self.partners = Partners(document, subject)
        self.found = Memberships()
        self.stated: dict[str, list[_Stated]] = {}
        self.left: dict[str, int] = {}

    def run(self) -> Memberships:
        """Sentences and lists, in order of the text, then the rows."""
        for block in self.document.of_kind("paragraph", "note"):
            listed = self._comma_list(block)
            if listed:
                self._take(listed, "list")
                continue
            for sentence in self.document.sentences(block):
                self._from_sentence(block, sentence)
        over: Block | None = None
        for kind, run in groupby(self.document.blocks, lambda block: block.kind):
            blocks = list(run)
            if kind == "item":
                self._from_list(blocks, over)
            over = blocks[-1]
        for organization, stated in self.stated.items():
            self._finish(organization, stated)
        self.found.left = list(self.left)
        self.found.evidence = unique_evidence(self.found.evidence)
        return self.found

    def _from_list(self, items: list[Block], over: Block | None) -> None:
        """The names of a list, with the standing that the sentence over it tells, if one does."""
        names = [n for item in items for n in split_names(self.document, item, bodies())]
        told = None
        if over and self.document.words(over).endswith(":"):
            sentence = self.document.sentences(over)[-1]
            told = self._announced(over, sentence)
            if told is None and _NO_MEMBERS.search(self.document.text(sentence)):
                return
        if _is_list_of_bodies(names) or (told and any(name.entity for name in names)):
            self._take(names, "list", told.standing if told else "member", told)

    def _announced(self, block: Block, sentence: Part) -> Telling | None:
        """What the sentence over a list tells of the subject's standing."""
        for told in memberships(self.document.source.clean, sentence):
            if told.standing and self._is_of_subject(block, sentence, told.verb, told.end):
                return told
        return None

    def _from_sentence(self, block: Block, sentence: Part) -> None:
        clean = self.document.source.clean
        for told in memberships(clean, sentence):
            if told.standing and self._is_of_subject(block, sentence, told.verb, told.end):
                part = Part(told.names.start, min(told.names.end, told.end + _LONGEST))
                names = split_names(self.document, part, bodies())
                if any(name.entity for name in names):
                    self._take(names, block.place, told.standing, told)
        for at, names in joined(clean, sentence):
            if self._is_of_subject(block, sentence, at, names[-1].end):
                self._take(names, block.place)
        for at, names in bodies_left(clean, sentence):
            if self._is_of_subject(block, sentence, at, None):
                self.left |= {str(name.entity): name.start for name in names}

    def _is_of_subject(self, block: Block, sentence: Part, verb: int, end: int | None) -> bool:
        """Whether the verb tells of the subject; and of today, where a standing ends at `end`."""
        clean = self.document.source.clean
        before = clean[max(sentence.start, verb - _REACH) : verb]
        if _HEDGED.search(before):
            return False
        if end is not None and _LEFT.search(clean, end, min(sentence.end, end + _REACH)):
            return False
        sides = doers(self.document, block, sentence, verb, subject=self.subject)
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
            if _is_of_another(self.document.words(name), name):
                self._reject("name-unresolved", "name and abbreviation are of two bodies", name)
                continue
            status = _status(name.qualifier, standing)
            if status is None:
                self._reject("standing-unclear", "the qualifier is no standing of a member", name)
                continue
            end = self.document.source.clean.find(")", name.end) + 1
            own = Part(name.start, end) if name.qualifier else told or name
            self.stated.setdefault(name.entity, []).append(_Stated(name, place, status, own))

    def _reject(self, rule: str, reason: str, part: Part) -> None:
        self.found.rejections.append(self.document.reject(TABLE, rule, reason, part))

    def _finish(self, organization: str, stated: list[_Stated]) -> None:
        """The row of one body with its evidence, of what was told since the subject left it."""
        stated = [one for one in stated if one.named.start > self.left.get(organization, -1)]
        if not stated:
            return
        qualified = [one for one in stated if one.status != "member"]
        stated.sort(key=lambda one: one.named.start)
        written: list[str] = []
        for name in (one.named for one in stated):
            written.append(self.document.words(name))
            if name.qualifier and bodies().resolve(name.qualifier) == organization:
                written.append(name.qualifier)
        names = tuple(dict.fromkeys(written))
        self.found.rows.append(
            Organization.model_validate(
                {
                    "organization": organization,
                    "status": qualified[-1].status if qualified else "member",
                    "name": names[0],
                    "names_as_written": names,
                }
            )
        )
        parts: list[tuple[str, Part, str]] = [("", one.named, one.place) for one in stated]
        parts += [("status", one.told, one.place) for one in qualified]
        self.found.evidence += [
            self.document.cite(TABLE, (organization,), column, part.start, part.end, place)
            for column, part, place in parts
        ]


def _is_of_another(written: str, name: Named) -> bool:
    """Whether the abbreviation in brackets is of another body, and not made of the name."""
    meant = bodies().resolve(name.qualifier) if name.qualifier.isupper() else None
    letters = iter(word[0] for word in written.replace("-", " ").split() if word[0].isupper())
    is_made = all(letter in letters for letter in name.qualifier)
    return meant is not None and meant != name.entity and not is_made


def _status(qualifier: str, standing: str) -> str | None:
    """The standing that a qualifier tells, else that of the list; None if it is no member's."""
    words = qualifier.casefold()
    if bodies().resolve(qualifier):
        return standing
    if _NO_STANDING.search(words):
        return None
    if next(memberships(qualifier, Part(0, len(qualifier))), None):
        return standing
    return next((status for word, status in _STANDINGS.items() if word in words), standing)


def _is_list_of_bodies(names: list[Named]) -> bool:
    unknown = sum(name.entity is None for name in names)
    return len(names) >= _LEAST and unknown <= _MOST_UNKNOWN * len(names)
