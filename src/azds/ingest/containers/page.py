"""One revision of a page, as a container gives it."""

from dataclasses import dataclass

__all__ = ["PageRevision"]


@dataclass(frozen=True, slots=True)
class PageRevision:
    """One revision of a page.

    Attributes:
        text: Its text; None where `data` holds it or `refused` tells why there is none.
        data: Its bytes, where nothing told how they are encoded.
        title: The page's title; None where the container has none.
        revision: The revision's id.
        timestamp: When it was saved, such as ``2016-11-19T08:00:00Z``.
        form: The form of the text, where the container says it.
        refused: Why there is no text: the rule, such as ``text-hidden``; empty where there is one.
        reason: The same in words.
    """

    text: str | None = None
    data: bytes | None = None
    title: str | None = None
    revision: int | None = None
    timestamp: str | None = None
    form: str | None = None
    refused: str = ""
    reason: str = ""
