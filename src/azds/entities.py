"""Entities by their ids: states and bodies, and every name that means one.

Names resolve exactly after folding, never by guess. The names are data:
``data/entities.tsv`` (made by ``tools/gazetteer`` from the Unicode CLDR and what is
declared beside it), ``data/organizations.tsv`` and ``data/cities.tsv``.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from azds.errors import InvalidInputError

__all__ = ["Entity", "Gazetteer", "bodies", "cities", "fold_name", "states"]

_DATA = Path(__file__).parent / "data"
_DASHES = re.compile(r"[\u2010-\u2015\u2212\-]+")
_DROPPED = re.compile(r"[\"'’‘`´ʼ\u201c\u201d().,\[\]]")
_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_TOKEN = re.compile(r"St\.(?=[A-Z])|[^\W_](?:[\w.'’‘&]*[\w.])?|[&,]")
_HYPHENS = frozenset({"-", "\u2010", "\u2011"})
_POSSESSIVE = re.compile(r"['\u2019]s$")
_CONTEXT = 2
"""How many characters beside a stretch decide what is found in it."""
_LONGEST_KEPT = 1_000
_LONGEST_NAME = 120
_ABBREVIATION = 3
_NO_STATES = (
    "Air China",
    "Air France",
    "Bank of China",
    "Bank of Japan",
    "Congo River",
    "East China Sea",
    "Georgia Tech",
    "Gulf of Guinea",
    "Gulf of Mexico",
    "Jordan River",
    "Jordan Valley",
    "Lake Chad",
    "Michael Jordan",
    "New Jersey",
    "New Mexico",
    "Niger Delta",
    "Niger River",
    "Northern Ireland",
    "Panama Canal",
    "Radio France",
    "Sea of Japan",
    "South China Sea",
)
"""Names that hold the name of a state, and mean none."""


def _code(name: str) -> str | None:
    """The name as a code (``U.S.`` is ``US``), None where it has lower-case letters."""
    bare = name.strip().removeprefix("the ").replace(".", "")
    return bare if bare and bare == bare.upper() and bare.isalnum() else None


def fold_name(name: str) -> str:
    """A name as it is compared: no case, accents, brackets, dashes or leading "the".

    >>> fold_name("The Côte d’Ivoire"), fold_name("Guinea-Bissau")
    ('cote divoire', 'guinea bissau')
    """
    apart = name.replace("St.", "St. ") if "St." in name else name
    words = _DROPPED.sub("", _DASHES.sub(" ", _plain(apart))).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


def _plain(name: str) -> str:
    if name.isascii():
        return name.casefold()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", name)).casefold()


@functools.lru_cache(maxsize=1 << 15)
def _fold_token(token: str) -> str:
    return _DROPPED.sub("", _plain(token)) or token


@dataclass(frozen=True, slots=True)
class Entity:
    """One state or body: its id, its kind, the name in use and others.

    >>> states().get("BEN").former
    (('Dahomey', '1958/1975'), ('Republic of Dahomey', '1958/1975'))
    >>> states().get("Q15180").existed
    '1922/1991'

    Attributes:
        former: Names of other times with their first and last year, either of which may be open.
            They resolve like any other name: articles use them for what came later, too.
        existed: First and last year of what is no more; empty for what is.
    """

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    former: tuple[tuple[str, str], ...] = ()
    existed: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, that in use first."""
        return (self.name, *self.aliases, *(name for name, _ in self.former))


@dataclass(slots=True)
class _Node:
    """A place in the tree of names: the words that may follow, and whether a name ends here."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    ends: bool = False
    entity: str | None = None


class Gazetteer:
    """Names to entities. Names in capitals alone are codes and match to the letter.

    >>> states().resolve("the Holy See")
    'VAT'
    >>> states().resolve("Republic of Ireland Ireland")
    'IRL'
    >>> states().resolve("Buglaria"), states().resolve("us"), states().resolve("U.S.")
    (None, None, 'USA')

    Attributes:
        codes: Whether the ids are names as well.
        commas: Whether a name with a comma stands so in running text; elsewhere
            a comma there divides two names.
    """

    def __init__(
        self,
        entities: Iterable[Entity],
        *,
        codes: bool = False,
        commas: bool = False,
        others: Iterable[str] = (),
    ) -> None:
        self._entities: Mapping[str, Entity] = {entity.id: entity for entity in entities}
        self._ids: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._tree = _Node()
        self._commas = commas
        self._before_comma: set[str] = set()
        self._resolved = functools.lru_cache(maxsize=1 << 14)(self._resolve)
        self._found = functools.lru_cache(maxsize=1 << 14)(self._search)
        self._longest = 1
        for other in others:
            self._grow(other, None)
        for entity in self._entities.values():
            for name in (*([entity.id] if codes else []), *entity.names):
                self._enter(name, entity.id)

    def _enter(self, name: str, entity_id: str) -> None:
        code = _code(name)
        table, form = (self._codes, code) if code else (self._ids, fold_name(name))
        if table.setdefault(form, entity_id) != entity_id:
            raise InvalidInputError(
                "bad-id",
                "a name means two entities",
                where=name,
                got=f"{table[form]} and {entity_id}",
            )
        self._longest = max(self._longest, len(form.split()))
        if "," in name:
            self._before_comma.add(fold_name(name.partition(",")[0]))
        if not code and (self._commas or "," not in name):
            self._grow(name, entity_id)

    def _grow(self, name: str, entity_id: str | None) -> None:
        words = [_fold_token(token) for token in _TOKEN.findall(name)]
        node = self._tree
        for word in words[1:] if len(words) > 1 and words[0] == "the" else words:
            node = node.following.setdefault(word, _Node())
        node.ends, node.entity = True, entity_id

    def __contains__(self, entity_id: object) -> bool:
        """Whether this id is known."""
        return entity_id in self._entities

    def __iter__(self) -> Iterator[Entity]:
        """All entities, as the file orders them."""
        return iter(self._entities.values())

    def get(self, entity_id: str) -> Entity | None:
        """The entity of an id, or None."""
        return self._entities.get(entity_id)

    def name(self, entity_id: str) -> str:
        """The name in use for an id; the id itself where it is not known."""
        entity = self._entities.get(entity_id)
        return entity.name if entity else entity_id

    def resolve(self, name: str) -> str | None:
        """The id that a name means, or None. A doubled name is read once."""
        return self._resolved(name) if len(name) <= 2 * _LONGEST_NAME else None

    def _resolve(self, name: str) -> str | None:
        found = self._lookup(name)
        if found:
            return found
        halves = self.halves(name)
        return self._lookup(halves[0]) if halves else None

    def halves(self, name: str) -> tuple[str, str] | None:
        """The two names of one entity that run together in `name`, if they do."""
        words = name.split() if len(name) <= 2 * _LONGEST_NAME else []
        if not words or not self._may_begin(words[0]):
            return None
        for cut in range(1, min(len(words), self._longest + 1)):
            first, second = " ".join(words[:cut]), " ".join(words[cut:])
            found = self._lookup(first)
            if found and found == self._lookup(second):
                return first, second
        return None

    def _may_begin(self, word: str) -> bool:
        """Whether any name begins with this word."""
        tokens = _TOKEN.findall(word)
        first = _fold_token(tokens[0]) if tokens else ""
        return first == "the" or first in self._tree.following or _code(word) in self._codes

    def _lookup(self, name: str) -> str | None:
        code = _code(name)
        return self._codes.get(code) if code else self._ids.get(fold_name(name))

    def continues(self, name: str) -> bool:
        """Whether a comma may follow `name` within a longer name: "Korea, South"."""
        return fold_name(name) in self._before_comma

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int, str]]:
        """Every name in `text[start:end]`: start, end, id; leftmost, longest, disjoint.

        A name starts with a capital; between its words stand blanks or a hyphen.

        >>> states().find("the U.S. and Guinea-Bissau's north, not New Mexico")
        [(4, 8, 'USA'), (13, 26, 'GNB')]
        """
        stop = len(text) if end is None else end
        low = max(0, start - _CONTEXT)
        if stop - low > _LONGEST_KEPT:
            return self._search(text, start, stop)
        window = text[low : stop + _CONTEXT]
        found = self._found(window, start - low, stop - low)
        return [(low + first, low + last, entity_id) for first, last, entity_id in found]

    def _search(self, text: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """What `find` finds; that of short texts is kept, since revisions repeat them."""
        tokens = list(_TOKEN.finditer(text, start, end))
        found = []
        at = 0
        while at < len(tokens):
            if not tokens[at][0][0].isupper():
                at += 1
                continue
            count, stop, entity_id = self._longest_at(text, tokens, at)
            if entity_id:
                found.append((tokens[at].start(), stop, entity_id))
            at += max(count, 1)
        return found

    def first(self, text: str, start: int, end: int) -> tuple[int, str] | None:
        """The longest name that stands right at `start`: where it ends, and its id.

        >>> cities().first("in Washington, D.C., since May", 3, 30)
        (19, 'Washington, D.C.')
        """
        token = _TOKEN.match(text, start, end)
        if token is None or not self._may_begin(_POSSESSIVE.sub("", _without_stop(token[0]))):
            return None
        tokens = list(_TOKEN.finditer(text, start, min(end, start + _LONGEST_NAME)))
        _, stop, entity_id = self._longest_at(text, tokens, 0)
        return (stop, entity_id) if entity_id else None

    def _longest_at(
        self, text: str, tokens: Sequence[re.Match[str]], at: int
    ) -> tuple[int, int, str | None]:
        """How many tokens the longest name takes from a token on, where it ends, and its id."""
        best: tuple[int, int, str | None] = (0, 0, None)
        if not tokens[at][0][0].isupper():
            return best
        node = self._tree
        last = at + (_fold_token(tokens[at][0]) == "the")
        while last < len(tokens) and (last == at or _adjoins(text, tokens[last - 1], tokens[last])):
            whole = tokens[last][0]
            bare = _without_stop(whole)
            for word in (bare, _POSSESSIVE.sub("", bare)):
                ended = node.following.get(_fold_token(word))
                if ended and ended.ends and (last > at or not _code(word)):
                    best = (last - at + 1, tokens[last].start() + len(word), ended.entity)
                    break
            following = node.following.get(_fold_token(whole))
            closes = bare != whole and len(bare) > _ABBREVIATION
            if following is None or closes:
                break
            node, last = following, last + 1
        return best if best[0] else self._code_at(text, tokens[at])

    def _code_at(self, text: str, token: re.Match[str]) -> tuple[int, int, str | None]:
        """The same for a name in capitals alone; a sign of money behind it makes it none."""
        word = _POSSESSIVE.sub("", _without_stop(token[0]))
        code = _code(word)
        if code in self._codes and not text.startswith("$", token.end()):
            return 1, token.start() + len(word), self._codes[code]
        return 0, 0, None


def _adjoins(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether nothing but blanks or one hyphen stands between two tokens."""
    gap = text[before.end() : after.start()]
    return gap in _HYPHENS or not gap.strip()


def _without_stop(word: str) -> str:
    """A word without the stop that closes the sentence; that of ``U.S.`` is its own."""
    return word[:-1] if word.endswith(".") and word.count(".") == 1 else word


@functools.cache
def states() -> Gazetteer:
    """States, their dependencies, and bodies that act as one; ids as in DESIGN section 5."""
    rows = _read_rows("entities.tsv")
    return Gazetteer(
        (
            Entity(
                row["id"],
                row["kind"],
                row["name"],
                _split(row["aliases"]),
                tuple(_with_years(one) for one in _split(row["former"])),
                row["existed"],
            )
            for row in rows
        ),
        others=_NO_STATES,
    )


@functools.cache
def bodies() -> Gazetteer:
    """International organisations by their short form.

    >>> bodies().resolve("Council of Europe")
    'CE'
    """
    rows = _read_rows("organizations.tsv")
    return Gazetteer(
        (Entity(row["id"], "organization", row["name"], _split(row["aliases"])) for row in rows),
        codes=True,
    )


@functools.cache
def cities() -> Gazetteer:
    """Cities in which missions stand; the id is the name in use, the kind is the state.

    >>> cities().resolve("Kiev")
    'Kyiv'
    """
    rows = _read_rows("cities.tsv")
    return Gazetteer(
        (Entity(row["name"], row["country"], row["name"], _split(row["aliases"])) for row in rows),
        commas=True,
    )


def _read_rows(name: str) -> list[dict[str, str]]:
    text = (_DATA / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("# ")]
    header, *rows = (line.split("\t") for line in lines)
    return [
        dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True)) for row in rows
    ]


def _with_years(told: str) -> tuple[str, str]:
    name, _, years = told.partition("=")
    return name, years


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)
