"""Where in a source, and the digest of the words there.

Offsets are Unicode code points in the original text, half-open.
"""

import hashlib
import unicodedata
from dataclasses import dataclass

from azds.errors import InvalidInputError

__all__ = ["Span", "words_digest"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source: code points from `start` up to, not including, `end`.

    >>> Span(0, 4).of("Baku, Azerbaijan")
    'Baku'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts."""
        if not 0 <= self.start <= self.end:
            raise InvalidInputError(
                "bad-span", "a span must not end before it starts", got=f"{self.start}:{self.end}"
            )

    def of(self, text: str) -> str:
        """The words of `text` at this span."""
        return text[self.start : self.end]


def words_digest(words: str) -> str:
    """The digest of a span's words, so that anyone with a copy can check a fact.

    The first 16 hex digits of SHA-256 over the text in NFC, case-folded, with
    white space collapsed (DESIGN section 5).

    >>> words_digest("Baku ") == words_digest("  BAKU")
    True
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", words).casefold())
    return hashlib.sha256(" ".join(folded.split()).encode()).hexdigest()[:16]
