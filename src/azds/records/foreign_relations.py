"""The tables of a dataset on one country's foreign relations (DESIGN section 5)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from azds.qualifiers import Qualifier
from azds.records.base import (
    Date,
    DateSet,
    Digest,
    EntityId,
    EntitySet,
    Fact,
    Key,
    Names,
    Place,
    Record,
    Text,
    Wording,
)

__all__ = [
    "BibliographyEntry",
    "Count",
    "Evidence",
    "Mission",
    "Organization",
    "Recognition",
    "Rejection",
    "Relation",
    "Section",
]

Ordinal = Annotated[int, Field(ge=1)]
Offset = Annotated[int, Field(ge=0)]
HexDigest = Annotated[Digest, Field(pattern=r"^[0-9a-f]{16}$")]


class Count(Record):
    """One stated number of relations; a revision may state several."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "counts"

    measure: Key[Literal["diplomatic_relations"]]
    """What is counted."""
    scope: Key[Literal["countries", "states", "un_members"]]
    """The unit that the text counts in. Another unit is another count."""
    occurrence: Key[Ordinal]
    """1 for the first statement of this measure and scope in the text, 2 for the next."""
    value: Fact[Offset]
    """The number stated."""
    qualifier: Fact[Qualifier | None]
    """What the text says around it: `more_than` ("over 130"), `at_least` ("130+"), `about`
    ("some 130"), `less_than` ("nearly 130"), `at_most` ("up to 130"); null: as it stands."""
    includes: Fact[EntitySet]
    """Entities that the text says are counted in."""
    alongside: Fact[EntitySet]
    """Entities that the text names beside the number, not counted in it."""
    section: Place[Text | None]
    """The heading under which it stands; null before the first heading."""


class Relation(Record):
    """The subject's diplomatic relations with one counterpart."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "relations"

    counterpart: Key[EntityId]
    """The other side."""
    status: Fact[Literal["established", "none", "not_given"]]
    """`none` where the text says that there are none, `not_given` where it lists without saying."""
    began: Fact[Date | None]
    """When relations began, as the text dates it."""
    ended: Fact[Date | None]
    """When they ended, if the text says that they did."""
    began_also: Fact[DateSet]
    """Other dates that the same text gives for the beginning."""
    name: Wording[Text]
    """The counterpart's name in use."""
    names_as_written: Wording[Names]
    """Its names as the text writes them, in order, each once."""
    see_also: Wording[Names]
    """Titles of articles that the text points to for it."""


class Recognition(Record):
    """One entity's recognition of another."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "recognitions"

    recognizer: Key[EntityId]
    """Who recognized."""
    recognized: Key[EntityId]
    """Who was recognized."""
    date: Fact[Date | None]
    """When."""


class Mission(Record):
    """One diplomatic mission, or accreditation from a mission elsewhere."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "missions"

    sender: Key[EntityId]
    """Who sends it."""
    receiver: Key[EntityId]
    """To whom it is sent."""
    kind: Key[
        Literal["embassy", "consulate_general", "consulate", "honorary_consulate", "non_resident"]
    ]
    """`non_resident` where an embassy in a third country serves."""
    city: Key[Text]
    """Where it stands."""
    host: Fact[EntityId | None]
    """The state it stands in; null where the text leaves it open."""
    since: Fact[Date | None]
    """Since when, if the text says so."""
    kind_as_written: Wording[Text]
    """The kind in the text's words."""
    city_as_written: Wording[Text]
    """The city in the text's words."""


class Organization(Record):
    """The subject's standing in one international organization."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "organizations"

    organization: Key[EntityId]
    """The organization's short form."""
    status: Fact[Literal["member", "observer", "correspondent", "partner"]]
    """`member` unless the text qualifies it."""
    name: Wording[Text]
    """Its full name."""
    names_as_written: Wording[Names]
    """Its names as the text writes them, in order, each once."""


class BibliographyEntry(Record):
    """One entry of the list of references."""

    family: ClassVar[str] = "foreign-relations"
    table_name: ClassVar[str] = "bibliography"

    title: Key[str]
    """The title of the work cited; may be empty as printed."""
    occurrence: Key[Ordinal]
    """1 for the first entry of this title, 2 for the next."""
    publisher: Fact[Text | None]
    """Who published it."""
    published: Fact[Date | None]
    """When it was published."""
    retrieved: Fact[Date | None]
    """When the article's authors read it."""
    archived: Fact[Date | None]
    """When it was archived."""
    language: Fact[Text | None]
    """Its language, where the entry names one."""
    number: Place[Ordinal]
    """Its number as printed."""
    marker: Place[Ordinal | None]
    """The number in the text that it answers, where the list is misnumbered."""


class Section(Record):
    """One section of the source; together the sections partition it."""

    family: ClassVar[str] = "common"
    table_name: ClassVar[str] = "sections"

    heading: Key[str]
    """The heading; empty where the text has none."""
    occurrence: Key[Ordinal]
    """1 for the first section under this heading, 2 for the next."""
    digest: Fact[HexDigest]
    """The digest of its normalised text."""
    ordinal: Place[Ordinal]
    """Its place among the sections, from 1."""
    start: Place[Offset]
    """Where it starts in the source: code points."""
    end: Place[Offset]
    """Where it ends in the source: code points, not included."""
    words: Place[Offset]
    """How many words it has, divided by white space."""


class Evidence(Record):
    """Where in the source a fact is stated."""

    family: ClassVar[str] = "common"
    table_name: ClassVar[str] = "evidence"

    table: Key[Text]
    """The table of the fact."""
    key: Key[str]
    """The canonical key string of its row."""
    column: Key[str]
    """Its column; empty for the row itself."""
    start: Key[Offset]
    """Where the words start in the source: code points."""
    end: Place[Offset]
    """Where they end: code points, not included."""
    place: Place[Text]
    """The kind of place: `lead`, `list`, `table`, `prose`, `references` or `heading`."""
    markers: Place[tuple[Ordinal, ...]]
    """Citation numbers printed with it."""
    digest: Place[HexDigest]
    """The digest of the words, so that a copy of the source can be checked."""


class Rejection(Record):
    """A candidate that broke a rule; kept, counted, shown."""

    family: ClassVar[str] = "common"
    table_name: ClassVar[str] = "rejections"

    table: Key[Text]
    """The table it would have entered."""
    rule: Key[Text]
    """The rule that it broke."""
    start: Key[Offset]
    """Where the candidate starts in the source: code points."""
    end: Place[Offset]
    """Where it ends: code points, not included."""
    reason: Wording[Text]
    """Why, in words."""
    digest: Place[HexDigest]
    """The digest of its words."""
