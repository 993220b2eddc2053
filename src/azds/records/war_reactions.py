"""The tables of a dataset on reactions to a war (DESIGN section 5)."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from azds.dates import parse_date
from azds.errors import InvalidInputError
from azds.records.base import Digest, EntityId, Fact, Key, Place, Record, Text, Wording

__all__ = ["UNDATED", "Reaction", "RelatedTopic"]

UNDATED = "undated"
"""What stands in the key where the text gives a reaction no date: a key is never null."""


def _date_or_undated(text: str) -> str:
    if text != UNDATED:
        try:
            parse_date(text)
        except InvalidInputError as error:
            msg = f"neither a date in EDTF nor {UNDATED!r}: {text!r}"
            raise ValueError(msg) from error
    return text


class Reaction(Record):
    """One actor's stance on the war, at one date."""

    family: ClassVar[str] = "war-reactions"
    table_name: ClassVar[str] = "reactions"

    actor: Key[Text]
    """Who reacted, by the name in use.

    The holder of an executive office speaks for his state or body."""
    stance: Key[
        Annotated[
            str,
            Field(
                pattern=r"^(?:(?:supports|condemns|recognizes)_[a-z][a-z0-9_]*|calls_for_peace|"
                r"mediates|neutral_or_declines|sanction|protest|other)$"
            ),
        ]
    ]
    """What the reaction comes to.

    ``supports_``, ``condemns_`` and ``recognizes_`` name a party that the dataset declares;
    ``condemns_both`` means both sides."""
    date: Key[Annotated[str, AfterValidator(_date_or_undated)]]
    """When, in EDTF; ``undated`` where the text gives no date."""
    occurrence: Key[Annotated[int, Field(ge=1)]]
    """1 for the first such reaction in the text, 2 for the next."""
    actor_kind: Fact[
        Literal[
            "state",
            "igo",
            "ngo",
            "person",
            "party",
            "subnational",
            "diaspora",
            "company",
            "sports_body",
            "religious",
            "unrecognized_state",
        ]
    ]
    """What the actor is."""
    entity: Fact[EntityId | None]
    """The actor's entity id; of a parliament, its state's. Null where it has none."""
    target: Fact[EntityId | None]
    """The entity that the stance is directed at, where the words name one."""
    actor_as_written: Wording[Text]
    """The words that name the actor: the office and person that spoke, or a pronoun."""
    section: Place[Text | None]
    """The heading under which it stands; null before the first heading."""


class RelatedTopic(Record):
    """One related article whose summary stands at the end of the text."""

    family: ClassVar[str] = "war-reactions"
    table_name: ClassVar[str] = "related"

    topic: Key[Text]
    """What the summary is about, as its first words name it."""
    occurrence: Key[Annotated[int, Field(ge=1)]]
    """1 for the first summary under this topic, 2 for the next."""
    digest: Fact[Annotated[Digest, Field(pattern=r"^[0-9a-f]{16}$")]]
    """The digest of the summary."""
    ordinal: Place[Annotated[int, Field(ge=1)]]
    """Its place among the summaries, from 1."""
