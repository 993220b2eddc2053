"""Words of stance in a sentence, found by the rules of ``stances.tsv``.

Names of parties are masked by signs of their own, one for each party, so that
a rule may ask for "a side" or "a claimant"; offsets stay as they are.
"""

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass

from azds.ingest.lexicons import StanceRule, stance_rules
from azds.ingest.mentions import Sentence
from azds.ingest.vocabulary import Vocabulary

__all__ = ["Anchor", "find_anchors"]

_FIRST = 0xE000
_WORD = r"[^\s;]+\s+"
_MOST_WORDS = {"~~~~": 30, "~~~": 15, "~~": 8, "~": 3}
_MORE = r"(?:\s+(?:[^\s,;]+\s+){{0,3}}?(?:and|or|with\s+the\s+support\s+of)\s+(?:the\s+)?[{0}]+)?"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words of stance: the stance, where the actor stands, the parties named."""

    start: int
    end: int
    stance: str
    actor: str
    parties: tuple[str, ...]
    order: int

    @property
    def is_plain(self) -> bool:
        """Whether they only tell that something was said."""
        return self.stance == "other"


def find_anchors(text: str, sentence: Sentence, vocabulary: Vocabulary) -> list[Anchor]:
    """The words of stance of a sentence in order; where rules compete, the upper one stands."""
    ids = tuple(vocabulary.parties)
    masked = _masked(text, sentence, ids)
    found: list[Anchor] = []
    taken: list[tuple[int, int]] = []
    patterns = _patterns(tuple(vocabulary.sides), tuple(vocabulary.claimants), ids)
    for order, (rule, pattern) in enumerate(patterns):
        for match in pattern.finditer(masked):
            start, end = sentence.start + match.start(), sentence.start + match.end()
            at = bisect_right(taken, (start, len(text) + end))
            if (at and taken[at - 1][1] > start) or start == end:
                continue
            taken.insert(at, (start, end))
            named = dict.fromkeys(
                ids[ord(c) - _FIRST]
                for c in match[0]
                if ord(c) >= _FIRST and ord(c) - _FIRST < len(ids)
            )
            found.append(Anchor(start, end, rule.stance, rule.actor, tuple(named), order))
    return sorted(found, key=lambda one: one.start)


def _masked(text: str, sentence: Sentence, ids: tuple[str, ...]) -> str:
    parts: list[str] = []
    at = sentence.start
    for unit in sentence.parties():
        if unit.value in ids:
            sign = chr(_FIRST + ids.index(unit.value))
            parts += [text[at : unit.start], sign * (unit.end - unit.start)]
            at = unit.end
    return "".join([*parts, text[at : sentence.end]])


@functools.cache
def _patterns(
    sides: tuple[str, ...], claimants: tuple[str, ...], ids: tuple[str, ...]
) -> tuple[tuple[StanceRule, re.Pattern[str]], ...]:
    return tuple((rule, _compiled(rule.pattern, sides, claimants, ids)) for rule in stance_rules())


def _compiled(
    pattern: str, sides: tuple[str, ...], claimants: tuple[str, ...], ids: tuple[str, ...]
) -> re.Pattern[str]:
    for name, members in (("party", ids), ("side", sides), ("claimant", claimants)):
        signs = "".join(chr(_FIRST + ids.index(one)) for one in members) or "\uf8ff"
        more = _MORE.format(signs) if name == "party" else ""
        pattern = pattern.replace("{" + name + "}", rf"(?:the\s+)?[{signs}]+{more}")
    pattern = re.sub(r"\\w\+ ~", r"\\w+ ~", pattern)
    pieces = re.split(r"(~+| )", pattern)
    written = [
        rf"(?:{_WORD}){{0,{_MOST_WORDS[piece]}}}?"
        if piece in _MOST_WORDS
        else r"\s+"
        if piece == " "
        else piece
        for piece in pieces
    ]
    return re.compile(r"(?<!\w)" + "".join(written), re.IGNORECASE)
