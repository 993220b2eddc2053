# ruff: noqa: INP001, E501 - a script that is run by its path, with the head of the file it writes
"""The gazetteer of states: names of the Unicode CLDR, and those declared in ``entities.toml``.

``python tools/gazetteer/build.py FILE`` writes ``src/azds/data/entities.tsv`` anew
(`make gazetteer`). What it needs of the CLDR comes with Babel, in the version that
``constraints.txt`` pins: which territory has which ISO 3166-1 alpha-3 code, and its
name in English. The declarations say all else, and the build stops where the two
do not fit: a territory that is declared nowhere, a code that the CLDR does not
have, a name that means two entities.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import babel
from babel.core import get_global

from azds.entities import Entity, Gazetteer, fold_name

HERE = Path(__file__).parent
HEAD = """\
# Names of states, territories and a few other entities; one row per entity, sorted by id.
# Made by tools/gazetteer/build.py (make gazetteer): change tools/gazetteer/entities.toml, never this file.
# Source of names: Unicode CLDR (English), as Babel {version} has it; Wikipedia's and historic ones compiled by hand.
# Licence: CLDR names are under the Unicode License v3; ids are ISO 3166-1 alpha-3 codes, else Wikidata ids (CC0).
# Columns (tab-separated): id, kind (un_member, un_observer, limited_recognition, dependency, organization, historical, subnational), name, aliases (separated by |),
# former (names of other times, with their years: name=from/to, separated by |), existed (years; where the entity is no more).
"""
COLUMNS = ("id", "kind", "name", "aliases", "former", "existed")
NO_ENTITY = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
"""Codes of the CLDR that mean no entity of ours: parts of others, groups, and tests."""
YEARS = re.compile(r"(\d{4})?/(\d{4})?")
BOTH_WAYS = (("Saint ", "St. "), (" and ", " & "))


@dataclass(frozen=True, slots=True)
class Row:
    """One entity as it is declared, and as its line tells it."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    former: dict[str, str] = field(default_factory=dict)
    existed: str = ""

    def line(self) -> str:
        """The line of the file, without what is empty at its end."""
        former = "|".join(f"{name}={years}" for name, years in self.former.items())
        cells = (self.id, self.kind, self.name, "|".join(self.aliases), former, self.existed)
        return "\t".join(cells).rstrip("\t")


def cldr_names() -> dict[str, str]:
    """The English name of each territory, by its code of two letters."""
    territories = babel.Locale("en").territories
    return {
        code: name.replace("’", "'")
        for code, name in territories.items()
        if code.isalpha() and code not in NO_ENTITY
    }


def cldr_code(entity_id: str) -> str | None:
    """The code of two letters that the CLDR has for an ISO alpha-3 code."""
    codes = get_global("territory_aliases").get(entity_id, [])
    return codes[0] if len(codes) == 1 else None


def rows(declared: dict[str, dict[str, dict[str, object]]]) -> Iterator[Row]:
    """One row for each declared entity, with the name that the CLDR has for it."""
    names = cldr_names()
    for kind, entities in declared.items():
        for entity_id, told in entities.items():
            code = str(told["cldr"]) if "cldr" in told else cldr_code(entity_id)
            of_cldr = names.pop(code, None) if code else None
            if of_cldr is None and not entity_id.startswith("Q"):
                raise SystemExit(f"{entity_id}: expected a code of the CLDR, got {code or 'none'}")
            yield _row(entity_id, kind, of_cldr, told)
    if names:
        raise SystemExit(f"the CLDR has territories that are declared nowhere: {sorted(names)}")


def _row(entity_id: str, kind: str, of_cldr: str | None, told: dict[str, object]) -> Row:
    name = str(told.get("name") or of_cldr or "")
    aliases, former = told.get("aliases", []), told.get("former", {})
    existed = str(told.get("existed", ""))
    if not name or not isinstance(aliases, list) or not isinstance(former, dict):
        raise SystemExit(f"{entity_id}: expected a name, a list `aliases` and a table `former`")
    for years in (*former.values(), *([existed] if existed else [])):
        if not YEARS.fullmatch(years) or years == "/":
            raise SystemExit(f"{entity_id}: expected years as 1960/1975, got {years}")
    if bool(existed) != (kind == "historical"):
        raise SystemExit(f"{entity_id}: `existed` is for what is historical, and for all of it")
    others = [one for one in (of_cldr, *aliases) if one]
    kept = _new_names([name, *former], (*others, *_written_otherwise([name, *others, *former])))
    return Row(entity_id, kind, name, tuple(kept), former, existed)


def _written_otherwise(names: Iterable[str]) -> Iterator[str]:
    """A name with "St." for "Saint" and "&" for "and", and the other way round."""
    for name in names:
        for one, other in BOTH_WAYS:
            if one in name:
                yield name.replace(one, other)
            if other in name:
                yield name.replace(other, one)


def _new_names(there: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """The names that do not fold to one that is there."""
    seen = {_folded(name) for name in there}
    for name in names:
        if _folded(name) not in seen:
            seen.add(_folded(name))
            yield name


def _folded(name: str) -> tuple[str, bool]:
    """What a name is compared by; capitals alone and commas are read otherwise."""
    code = name.replace(".", "").isupper()
    return (name.replace(".", "") if code else fold_name(name)), "," in name


def build(declarations: Path = HERE / "entities.toml") -> str:
    """The text of ``entities.tsv``; it stops where a name means two entities."""
    found = sorted(rows(tomllib.loads(declarations.read_text("utf-8"))), key=lambda row: row.id)
    Gazetteer(Entity(row.id, row.kind, row.name, (*row.aliases, *row.former)) for row in found)
    lines = ["\t".join(COLUMNS), *(row.line() for row in found)]
    return HEAD.format(version=babel.__version__) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(build(), encoding="utf-8")
