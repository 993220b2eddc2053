"""Whether a text is the article that it should be: each fault a rule with its reason.

A redirect, a disambiguation page, an empty page, a page of missing templates,
and an article on something else state no facts of the subject. They are
refused, and counted, rather than read as an article from which all facts are gone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from azds.entities import fold_name, states
from azds.ingest.blocks import Block, Document
from azds.ingest.lexicons import people_words

__all__ = ["Look", "look_at", "unsuitable", "wrong_title"]

_REDIRECT = re.compile(
    r"\s*+#\s*+(?:REDIRECT(?:ION)?|WEITERLEITUNG|REDIRECCI[OÓ]N|PERENAPRAVLENIE|RINVIA)\b\s*+(?::\s*+)?\[\[",
    re.IGNORECASE,
)
_DISAMBIGUATION = re.compile(
    r"\{\{\s*(?:disambig\w*|dab|hndis|geodis|disambiguation[^{}|]{0,20}|set index article)\s*[|}]",
    re.IGNORECASE,
)
_MAY_REFER = re.compile(
    r"\b(?:may|can|could)\s+(?:also\s+)?refer\s+to\b[^.]{0,80}:?\s*$", re.IGNORECASE
)
_LOST_TEMPLATE = re.compile(r"Template:[A-Z]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3
_SHORT = 400
_MOST_LOST = 0.3
_BRACES = 0.2


@dataclass(frozen=True, slots=True)
class Look:
    """What decides whether a text, or a section of one, may be read.

    Attributes:
        text: As stored.
        is_disambiguation: Whether a template says that it lists articles of one name.
        blocks: How many blocks it has, navigation apart.
        words: How many words they have.
        first: The words of its first paragraph; None if it has none.
        lost: How many blocks are the name of a template that the wiki lacked.
        is_named: Whether the subject, or its people, is named.
    """

    text: str
    is_disambiguation: bool
    blocks: int
    words: int
    first: str | None
    lost: int
    is_named: bool


def look_at(document: Document, subject: str | None, lead: int = 0) -> Look:
    """What a document, or a section of one behind its `lead`, shows of its kind."""
    text = document.source.text[lead:]
    body = [
        block
        for block in document.blocks
        if block.kind not in {"notice", "title"}
        and block.place != "other"
        and not (lead and document.source.span(block.start, block.end).start < lead)
    ]
    first = next((block for block in body if block.kind == "paragraph"), None)
    return Look(
        text,
        _DISAMBIGUATION.search(text) is not None,
        len(body),
        sum(len(_WORD.findall(document.text(block))) for block in body),
        document.words(first) if first else None,
        sum(1 for block in body if _LOST_TEMPLATE.match(document.text(block).lstrip())),
        subject not in states() or _is_named(document, body, str(subject)),
    )


def unsuitable(  # noqa: PLR0911 - one return for each rule
    looks: Sequence[Look], subject: str | None
) -> tuple[str, str] | None:
    """The rule that a text in these sections breaks and why, None where it may be read."""
    if _REDIRECT.match(looks[0].text):
        return "redirect", "the page points to another"
    if any(look.is_disambiguation for look in looks):
        return "disambiguation", "the page lists articles of one name"
    words = sum(look.words for look in looks)
    if words < _LEAST_WORDS:
        return _without_words("".join(look.text for look in looks))
    first = next((look.first for look in looks if look.first is not None), None)
    if first and words < _SHORT and _MAY_REFER.search(first):
        return "disambiguation", "the page lists articles of one name"
    if sum(look.lost for look in looks) > _MOST_LOST * sum(look.blocks for look in looks):
        return "templates-lost", "the wiki that rendered the page had not its templates"
    if subject and not any(look.is_named for look in looks):
        return "wrong-article", f"the text never names {states().name(subject)}"
    return None


def _without_words(text: str) -> tuple[str, str]:
    braces = sum(text.count(mark) for mark in "{}[]|<>")
    if len(text) > _SHORT and braces > _BRACES * len(text):
        return "no-article", "the page is markup without words"
    return "empty", "the page has no text"


def _is_named(document: Document, body: list[Block], subject: str) -> bool:
    """Whether the subject, or its people, is named."""
    people = [word for word in people_words().get(subject, ()) if word]
    for block in body:
        if any(named.entity == subject for named in document.names(block)):
            return True
        words = document.text(block)
        if any(word in words for word in people):
            return True
    return False


def wrong_title(title: str, article: str) -> bool:
    """Whether a page's title is another than the article's; case, underscores apart."""
    return fold_name(title.replace("_", " ")) != fold_name(article.replace("_", " "))
