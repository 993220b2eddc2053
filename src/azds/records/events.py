"""Dated happenings in running text: one table for every family of tables (DESIGN section 5)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from azds.records.base import Date, Digest, Fact, Key, Place, Record, Text, Wording

__all__ = ["Event"]


class Event(Record):
    """One dated happening that running text states."""

    family: ClassVar[str] = "common"
    table_name: ClassVar[str] = "events"

    kind: Key[
        Literal[
            "war",
            "ceasefire",
            "recognition",
            "relations_established",
            "decree",
            "resolution",
            "statement",
            "report",
            "protest",
            "attack",
            "sanction",
            "other",
        ]
    ]
    """What happened."""
    actors: Key[str]
    """Who took part: entity ids, else names, sorted and joined by ``;``; may be empty."""
    year: Key[Annotated[int, Field(ge=0, le=9999)]]
    """The first year that the date can mean."""
    occurrence: Key[Annotated[int, Field(ge=1)]]
    """1 for the first of this kind, these actors and this year in the text, 2 for the next."""
    date: Fact[Date]
    """When, as the text states it; what it leaves to the context is resolved."""
    words_digest: Wording[Annotated[Digest, Field(pattern=r"^[0-9a-f]{16}$")]]
    """The digest of the sentence that states it."""
    section: Place[Text | None]
    """The heading under which it stands; null before the first heading."""
