"""Answers of MediaWiki's interfaces: `action=query`, `action=parse`, and the REST pages.

Formats 1 (pages by id, text under ``*``) and 2, answers of several requests one
after another, and all that has no text: missing and invalid pages, bad ids,
texts and hashes that were hidden.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from azds.errors import InvalidInputError
from azds.ingest.containers.page import PageRevision

__all__ = ["answers", "read_api"]

_HTML = "html"


def read_api(data: bytes) -> Iterator[PageRevision]:
    """The revisions in one answer, in a list of answers, or in one answer a line.

    Raises:
        InvalidInputError: `source-unreadable`: no JSON, or an answer that reports an error.
    """
    for answer in answers(data):
        yield from _answer(answer)


def answers(data: bytes) -> Iterator[Mapping[str, Any]]:
    """The answers in a file: one, a list of them, or one in each line."""
    try:
        text = data.decode("utf-8-sig")
        try:
            found = json.loads(text)
        except ValueError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(
            "source-unreadable", "this is no JSON", got=str(error)[:80]
        ) from error
    for answer in found if isinstance(found, list) else [found]:
        if not isinstance(answer, dict):
            raise InvalidInputError(
                "source-unreadable", "this is no answer of MediaWiki", got=type(answer).__name__
            )
        yield answer


def _answer(answer: Mapping[str, Any]) -> Iterator[PageRevision]:
    if "error" in answer:
        told = _mapping(answer["error"])
        raise InvalidInputError(
            "source-unreadable",
            "MediaWiki reports an error",
            got=f"{told.get('code')}: {told.get('info')}"[:200],
        )
    if "parse" in answer:
        yield _parsed(_mapping(answer["parse"]))
    elif "query" in answer:
        yield from _query(_mapping(answer["query"]))
    elif "source" in answer or _HTML in answer:
        yield _rest(answer)
    elif "query" not in answer and "batchcomplete" not in answer:
        raise InvalidInputError(
            "source-unreadable", "this is no answer of MediaWiki", got=", ".join(list(answer)[:5])
        )


def _query(query: Mapping[str, Any]) -> Iterator[PageRevision]:
    for bad in _mapping(query.get("badrevids")).values():
        yield PageRevision(
            revision=_int(_mapping(bad).get("revid")),
            refused="bad-revision",
            reason="there is no revision of this id",
        )
    pages = query.get("pages", [])
    listed = list(pages.values()) if isinstance(pages, Mapping) else pages
    for page in listed if isinstance(listed, list) else []:
        yield from _page(_mapping(page))


def _page(page: Mapping[str, Any]) -> Iterator[PageRevision]:
    title = _str(page.get("title"))
    if "missing" in page:
        yield PageRevision(
            title=title, refused="page-missing", reason="there is no page of this title"
        )
    elif "invalid" in page:
        reason = _str(page.get("invalidreason")) or "this is no title"
        yield PageRevision(title=title, refused="title-invalid", reason=reason)
    elif "extract" in page:
        yield PageRevision(text=_str(page["extract"]) or "", title=title)
    else:
        revisions = page.get("revisions", [])
        found = [
            _revision(title, _mapping(one))
            for one in (revisions if isinstance(revisions, list) else [])
        ]
        yield from sorted(found, key=lambda one: (one.timestamp or "", one.revision or 0))


def _revision(title: str | None, one: Mapping[str, Any]) -> PageRevision:
    main = _mapping(_mapping(one.get("slots")).get("main"))
    held = main or one
    text = next((held[name] for name in ("content", "*") if isinstance(held.get(name), str)), None)
    model = _str(held.get("contentmodel")) or "wikitext"
    refused = reason = ""
    if "texthidden" in held or "texthidden" in one or "suppressed" in one:
        refused, reason = "text-hidden", "the text of this revision was hidden by the wiki"
    elif "textmissing" in held or "badcontentformat" in held:
        refused, reason = "text-missing", "the wiki has lost the text of this revision"
    elif text is None:
        refused, reason = "text-missing", "the answer holds no text of this revision"
    elif model != "wikitext":
        refused, reason = "not-wikitext", f"the page holds {model}"
    return PageRevision(
        text=None if refused else text,
        title=title,
        revision=_int(one.get("revid")),
        timestamp=_str(one.get("timestamp")),
        form="wikitext",
        refused=refused,
        reason=reason,
    )


def _parsed(parsed: Mapping[str, Any]) -> PageRevision:
    """`action=parse`: HTML, or wikitext where that was asked for."""
    for name, form in (("text", _HTML), ("wikitext", "wikitext")):
        held = parsed.get(name)
        words = held.get("*") if isinstance(held, Mapping) else held
        if isinstance(words, str):
            return PageRevision(
                text=words,
                title=_str(parsed.get("title")),
                revision=_int(parsed.get("revid")),
                form=form,
            )
    return PageRevision(
        title=_str(parsed.get("title")), refused="text-missing", reason="the answer holds no text"
    )


def _rest(answer: Mapping[str, Any]) -> PageRevision:
    latest = _mapping(answer.get("latest"))
    form = "wikitext" if "source" in answer else _HTML
    return PageRevision(
        text=_str(answer.get("source") if form == "wikitext" else answer.get(_HTML)) or "",
        title=_str(answer.get("title")),
        revision=_int(latest.get("id")),
        timestamp=_str(latest.get("timestamp")),
        form=form,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
