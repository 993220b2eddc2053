"""Whether a text is the article that it should be: each fault a rule with its reason.

A redirect, a disambiguation page, an empty page, a page of missing templates,
and an article on something else state no facts of the subject. They are
refused, and counted, rather than read as an article from which all facts are gone.
"""

import re

from azds.entities import fold_name, states
from azds.ingest.blocks import Block, Document
from azds.ingest.lexicons import people_words

__all__ = ["unsuitable", "wrong_title"]

_REDIRECT = re.compile(
    r"\s*#\s*(?:REDIRECT(?:ION)?|WEITERLEITUNG|REDIRECCI[OÓ]N|PERENAPRAVLENIE|RINVIA)\b\s*:?\s*\[\[",
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
_NAMED_WITHIN = 300
_SHORT = 400
_MOST_LOST = 0.3
_BRACES = 0.2


def unsuitable(document: Document, subject: str | None) -> tuple[str, str] | None:
    """The rule that a text breaks and why, None where it may be read."""
    text = document.source.text
    if _REDIRECT.match(text):
        return "redirect", "the page points to another"
    if _DISAMBIGUATION.search(text):
        return "disambiguation", "the page lists articles of one name"
    body = [b for b in document.blocks if b.kind not in {"notice", "title"} and b.place != "other"]
    words = sum(len(_WORD.findall(document.text(block))) for block in body[:_NAMED_WITHIN])
    if words < _LEAST_WORDS:
        return _without_words(text)
    return _unfit(document, body, words, subject)


def _unfit(
    document: Document, body: list[Block], words: int, subject: str | None
) -> tuple[str, str] | None:
    """The rule that a text with words breaks."""
    first = next((block for block in body if block.kind == "paragraph"), None)
    if first and words < _SHORT and _MAY_REFER.search(document.words(first)):
        return "disambiguation", "the page lists articles of one name"
    lost = sum(1 for block in body if _LOST_TEMPLATE.match(document.text(block).lstrip()))
    if lost > _MOST_LOST * len(body):
        return "templates-lost", "the wiki that rendered the page had not its templates"
    if subject and subject in states() and not _is_named(document, body, subject):
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
