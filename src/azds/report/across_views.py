"""What the page of articles against each other is made of, as plain values; see `views`."""

from collections.abc import Sequence
from dataclasses import dataclass

from azds.dataset.quote import Passage

__all__ = ["AcrossView", "ArticleRow", "LoneLine", "PairGroup", "PairLine", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar of 100: its pattern (as a kind of change), words, count, start, length."""

    kind: str
    words: str
    count: int
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two states whose articles disagree.

    Attributes:
        kind: In what the dates differ, for the filter.
        pair: The names of both.
        first: The name of the one, whose article gives `first_began`.
        second: The name of the other.
        first_began: The date by the article on the first.
        second_began: The date by the article on the second.
        apart: By how much they differ, in words.
        note: The slip in words, and a date that both name; may be empty.
        evidence: Passages of both articles, each with the name of whose it is.
        more_evidence: How many are not shown.
    """

    kind: str
    pair: str
    first: str
    second: str
    first_began: str
    second_began: str
    apart: str
    note: str
    evidence: Sequence[tuple[str, Passage]] = ()
    more_evidence: int = 0


@dataclass(frozen=True, slots=True)
class PairGroup:
    """The disagreements of one size: all of them counted, and those that are shown."""

    name: str
    anchor: str
    total: int
    lines: Sequence[PairLine]


@dataclass(frozen=True, slots=True)
class LoneLine:
    """A relation that only one article states: whose article, what it lists, and since when."""

    lister: str
    listed: str
    began: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article: how many relations it lists, and how its pairs stand."""

    name: str
    dataset: str
    revision: str
    level: str
    relations: str
    pairs: str
    differ: str
    agreement: str


@dataclass(frozen=True, slots=True)
class AcrossView:
    """The whole page.

    Attributes:
        bar: The pairs by what became of them, as parts of 100.
        sizes: The sizes of disagreements: words, how many, and the share of the largest in 100.
        slips: Slips in words, and how many disagreements each explains.
        groups: The disagreements by size, the largest first.
        lone: What only one article lists; `lone_total` counts all of them.
        articles: Those with most disagreements first; `articles_total` counts all of them.
    """

    title: str
    subtitle: str
    lead: Sequence[str]
    bar: Sequence[Part]
    sizes: Sequence[tuple[str, str, float]]
    slips: Sequence[tuple[str, str]]
    groups: Sequence[PairGroup]
    lone: Sequence[LoneLine]
    lone_total: int
    articles: Sequence[ArticleRow]
    articles_total: int
    notes: Sequence[str] = ()
    citation: Sequence[str] = ()
    shown: int = 0
    total: int = 0
    full: str = ""
