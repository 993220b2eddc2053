"""Word lists that rules read: demonyms, offices, bodies, stances, kinds of events.

They are data files under ``azds/data``, each with what it holds, where its
words come from and its licence in its first lines. Loaded once.
"""

import functools
import re
from dataclasses import dataclass
from importlib import resources

from azds.entities import Entity, Gazetteer, states

__all__ = [
    "StanceRule",
    "actors",
    "country_codes",
    "demonyms",
    "event_kinds",
    "office_words",
    "people_words",
    "peoples",
    "stance_rules",
    "template_kinds",
]


@dataclass(frozen=True, slots=True)
class StanceRule:
    """One row of ``stances.tsv``: a stance, where its actor stands, and the words that show it."""

    stance: str
    actor: str
    pattern: str


@functools.cache
def demonyms() -> Gazetteer:
    """Adjectives and names of peoples, to the id of their state."""
    return Gazetteer(
        Entity(row["id"], "demonym", names[0], names[1:])
        for row in _rows("demonyms.tsv")
        if (names := _names(row["adjectives"]) + _new(row))
    )


@functools.cache
def people_words() -> dict[str, tuple[str, str]]:
    """Of each state its adjective and its people: ``ARM`` to ``("Armenian", "Armenians")``."""
    return {
        row["id"]: ((*_names(row["adjectives"]), "")[0], (*_names(row["people"]), "")[0])
        for row in _rows("demonyms.tsv")
    }


@functools.cache
def peoples() -> frozenset[str]:
    """The names of peoples, such as ``Armenians``."""
    return frozenset(name for row in _rows("demonyms.tsv") for name in _names(row["people"]))


@functools.cache
def actors() -> Gazetteer:
    """Bodies that are no states and have no short form; the id is the name."""
    return Gazetteer(
        Entity(row["name"], row["kind"], row["name"], _names(row["aliases"]))
        for row in _rows("actors.tsv")
    )


@functools.cache
def country_codes() -> dict[str, str]:
    """Three-letter codes, of ISO and others in use, to the name of their state."""
    names = {one.id: one.name for one in states() if len(one.id) == 3}  # noqa: PLR2004 - alpha-3
    others = {row["code"]: states().name(row["id"]) for row in _rows("country_codes.tsv")}
    return others | names


@functools.cache
def office_words() -> dict[str, str]:
    """Words for offices and trades in small letters, to who speaks by them."""
    return {row["words"]: row["speaks"] for row in _rows("offices.tsv")}


@functools.cache
def stance_rules() -> tuple[StanceRule, ...]:
    """The words of stance, the strongest first."""
    return tuple(
        StanceRule(row["stance"], row["actor"], row["pattern"]) for row in _rows("stances.tsv")
    )


@functools.cache
def event_kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of events and the words that tell them, in the order in which they are tried."""
    return tuple(
        (row["kind"], re.compile(row["pattern"].replace(" ", r"\s+"), re.IGNORECASE))
        for row in _rows("event_kinds.tsv")
    )


@functools.cache
def template_kinds() -> dict[str, str]:
    """Names of templates in small letters, to what they show."""
    return {name: row["shows"] for row in _rows("templates.tsv") for name in _names(row["names"])}


def _new(row: dict[str, str]) -> tuple[str, ...]:
    """The people of a row that are not its adjective again."""
    adjectives = _names(row["adjectives"])
    return tuple(name for name in _names(row["people"]) if name not in adjectives)


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("azds").joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    header, *rows = (line.split("\t") for line in lines)
    return [
        dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True)) for row in rows
    ]


def _names(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)
