"""The two sides of what a sentence tells of relations: who acts, and with whom.

The counterpart is named behind "with", acts together with the subject, or is the one
of which the block spoke before. Where that is not clear, there is none.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from azds.ingest.blocks import Block, Document, Named, Part
from azds.ingest.telling_words import FULL, Kind
from azds.ingest.voices import doers, is_second_verb
from azds.ingest.with_whom import leads_to_names

__all__ = ["Sides"]

_NO_DOER = re.compile(
    rf"(?:since\s+the\s+|after\s+the\s+)?(?:establishment\s+of\s+)?(?:no\s+)?{FULL}", re.IGNORECASE
)
_BOTH = re.compile(
    r"\b(?:the|these|those|both|our)\s+(?:(?:two|neighbou?ring)\s+)*"
    r"(?:countries|nations|states|sides|governments|parties)\b|\bthe\s+two\b|\beach\s+other\b"
    r"|\bboth\s+(?=have|has|established|maintain)",
    re.IGNORECASE,
)
_DASH = re.compile(r"\s?[\u2010-\u2015-]\s?")
_BOTH_ACT = re.compile(
    rf"(?:{_BOTH.pattern})\s*(?:(?:have|had|has|also|then|later|first|\w+ly)\s+)*$", re.IGNORECASE
)
_WITH_WHOM = re.compile(r"[(,]\s*with\s+(?:whom|which)\b[^()]{0,80}$", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_ANY_WITH = re.compile(r"\b(?:with|between)\b", re.IGNORECASE)
_REACH = 400
_NEAR = 24
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of what one sentence tells.

    Attributes:
        context: The one state, the subject apart, of which the block spoke last.
        partner: The counterpart of the table row.
        is_of_one: Whether the block names one state only, the subject apart.
    """

    document: Document
    block: Block
    sentence: Part
    subject: str
    context: Named | None
    partner: Named | None
    is_of_one: bool

    def counterparts(self, kind: Kind, match: re.Match[str], named: list[Named]) -> list[Named]:
        """With whom: the sides of the telling without the subject; empty where it is not clear."""
        whom = _WITH_WHOM.search(
            self.document.source.clean,
            max(self.sentence.start, match.start() - _REACH),
            match.start(),
        )
        if whom:
            return self._whom(whom, match)
        if not named:
            return self._unnamed(kind, match)
        among = {one.entity for one in named}
        sides = [one for one in self._acting(match.start(), among) if one.entity not in among]
        is_between = len(among) > 1 and self._is_between(named[0])
        if self.subject in among:
            others = [one for one in named if one.entity != self.subject]
            return others if is_between or not sides else sides
        if is_between:
            return []
        own_row = self.partner is not None and among == {self.partner.entity}
        if any(one.entity == self.subject for one in sides) or own_row:
            return named
        return named if not sides and self._is_passive(match) else []

    def _is_between(self, named: Named) -> bool:
        """Whether a name is the first of those between which relations are."""
        low = max(self.sentence.start, named.start - _NEAR)
        return _BETWEEN.search(self.document.source.clean[low : named.start]) is not None

    def is_of_subject(self, match: re.Match[str]) -> bool:
        """Whether the subject alone is the doer."""
        return [one.entity for one in self._acting(match.start())] == [self.subject]

    def of_broken(self, broken: Mapping[str | None, Named]) -> "Sides":
        """The same, where the words speak of ties cut before: if with one, with that one."""
        return replace(self, context=next(iter(broken.values()))) if len(broken) == 1 else self

    def _whom(self, whom: re.Match[str], match: re.Match[str]) -> list[Named]:
        """Of "X, with whom it has not established relations": X."""
        inside = self.document.names_between(self.sentence, whom.start(), match.start())
        if any(one.entity != self.subject for one in inside):
            return []
        acting = self._acting(whom.start() + 1)[-1:]
        return [one for one in acting if one.entity != self.subject]

    def _unnamed(self, kind: Kind, match: re.Match[str]) -> list[Named]:
        """The same where no name stands behind "with"."""
        clean = self.document.source.clean
        start = leads_to_names(clean, match, self.sentence.end)
        if start is not None:
            return self._context() if _BOTH.match(clean, start, self.sentence.end) else []
        low = max(self.sentence.start, match.start() - _REACH)
        before = self.document.names_between(self.sentence, low, match.start())
        ahead = clean[low : match.start()]
        others = {one.entity: one for one in before if one.entity != self.subject}
        is_pair = len(others) == 1 and any(one.entity == self.subject for one in before)
        is_known = self.context is not None and self.context.entity in others
        if len(others) == 1 and (is_pair or is_known) and self._is_passive(match):
            return list(others.values())
        if is_pair and (_BOTH_ACT.search(ahead) or self._is_joined(before, match.start())):
            return list(others.values())
        acting = self._acting(match.start())
        if acting:
            return self._of_acting(kind, match, acting)
        both = _BOTH.search(ahead)
        return self._context() if both or self.partner or self._is_passive(match) else []

    def _of_acting(self, kind: Kind, match: re.Match[str], acting: list[Named]) -> list[Named]:
        """With whom, where it is only told who acts."""
        others = [one for one in acting if one.entity != self.subject]
        if len(acting) == _PAIR and len(others) == 1:
            return others
        clean, reach = self.document.source.clean, min(self.sentence.end, match.end() + _REACH)
        alone = self.is_of_one and not _ANY_WITH.search(clean, match.end(), reach)
        if kind == "began" and alone and others and _opens(self.sentence, others[0]):
            return others[:1]
        partner = self.partner or self._other_before(match)
        sides = {self.subject, partner.entity if partner else None}
        return [partner] if partner and all(one.entity in sides for one in acting) else []

    def _is_joined(self, before: list[Named], at: int) -> bool:
        """Whether the last two names are one with the word behind them: "X–Y relations"."""
        clean = self.document.source.clean
        return (
            len(before) >= _PAIR
            and not clean[before[-1].end : at].strip()
            and _DASH.fullmatch(clean, before[-2].end, before[-1].start) is not None
        )

    def _other_before(self, match: re.Match[str]) -> Named | None:
        """The one other state of which a second verb tells: "recognized X and established ties"."""
        if not is_second_verb(self.document, self.sentence, match.start()):
            return None
        low = max(self.sentence.start, match.start() - _REACH)
        others = [
            one
            for one in self.document.names_between(self.sentence, low, match.start())
            if one.entity != self.subject
        ]
        return others[0] if len({one.entity for one in others}) == 1 else None

    def _acting(self, at: int, apart: AbstractSet[str | None] = frozenset()) -> list[Named]:
        return doers(
            self.document, self.block, self.sentence, at, subject=self.subject, apart=apart
        )

    def _context(self) -> list[Named]:
        """The one counterpart of which the block spoke before."""
        return [self.context] if self.context else []

    def _is_passive(self, match: re.Match[str]) -> bool:
        """Whether the words have no doer: "diplomatic relations were established"."""
        clean = self.document.source.clean
        return _NO_DOER.fullmatch(clean, match.start(), match.start("ties")) is not None


def _opens(sentence: Part, named: Named) -> bool:
    """Whether the sentence begins with the name, "The" before it apart."""
    return named.start - sentence.start <= len("The ")
