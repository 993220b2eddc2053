"""Who is named in a sentence: states, bodies, office-holders, parliaments, communities, persons.

A sentence is read as a string of signs, one for each name or word that
matters (`_SIGNS`); what is a mention is then a matter of short patterns over
signs. The holder of an executive office speaks for his state or body; who
holds none speaks for himself. A surname that an office was once joined to
keeps that office (`Register`). Linear in the length of the sentence.
"""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from typing_extensions import override

from azds.entities import Gazetteer, bodies, fold_name, states
from azds.ingest.blocks import Document, Part
from azds.ingest.lexicons import actors, demonyms, office_words, people_words, peoples

__all__ = ["Mention", "Register", "Sentence", "TracedRegister", "read_sentence", "settled"]

_NAME = r"[^\W\d_a-zß-öø-ÿ][\w.'’]*(?:-[\w'’]+)*"
_TOKEN = re.compile(r"\d[\d,.]*\d[\w–-]*|[^\W_](?:[\w.'’&–-]*[\w.])?|[,;\"“”()]|['’]s\b")
_STATE_KINDS = {
    "un_member": "state",
    "un_observer": "state",
    "historical": "state",
    "limited_recognition": "unrecognized_state",
    "organization": "igo",
    "dependency": "subnational",
    "subnational": "subnational",
}
_OFFICE_SIGNS = {
    "holder": "T",
    "chamber": "C",
    "person": "L",
    "trade": "o",
    "city": "M",
    "group": "k",
}
_WORDS = {
    **dict.fromkeys(("and", "or", "nor"), "a"),
    **dict.fromkeys(("the", "a", "an", "its", "his", "her", "their", "this", "both"), "d"),
    **dict.fromkeys(("of",), "f"),
    **dict.fromkeys(("to",), "t"),
    **dict.fromkeys(("in",), "n"),
    **dict.fromkeys(
        ("for", "at", "on", "from", "by", "with", "against", "over", "about", "between", "among",
         "under", "towards", "toward", "into", "through", "during", "after", "before", "near",
         "via", "upon", "within", "without", "like", "than"), "p",
    ),
    **dict.fromkeys(("including", "include", "includes", "namely"), "i"),
    **dict.fromkeys(("it", "he", "she", "they"), "y"),
    "that": "h",
    **dict.fromkeys(("while", "whereas", "but", "then"), "w"),
    **dict.fromkeys(("who", "which", "whose", "whom", "when", "where"), "r"),
    **dict.fromkeys(("former", "ex"), "F"),
    ",": "c", ";": "w", '"': "q", "“": "q", "”": "q", "(": "(", ")": ")",
}  # fmt: skip
"""Besides these: S state, A adjective, P people, B body, T office, C chamber, L person's office,
o trade, M mayor, k group, N name."""
_NO_NAMES = frozenset(
    (  # noqa: SIM905 - a list of words reads best as words
        "i we you as if so no not on at by for from with after before during since until although "
        "however following further furthermore similarly also moreover then there these those this "
        "later meanwhile subsequently according being both several many some most other others due "
        "amid despite according shortly today yesterday monday tuesday wednesday thursday friday "
        "saturday sunday january february march april may june july august september october "
        "november december representatives protests protesters celebrities "
    ).split()
)
_PARTICLES = frozenset({"al", "de", "di", "da", "von", "van", "bin", "ibn", "der", "el", "la"})
_OWN = r"[SAB]g?"
_GOVERNED = re.compile(r"[ftnp][dA]*x?[dAq]*$")
_REACH = 8
_CONTEXT = 2
"""How many characters beside a sentence decide what is found in it."""
_LONGEST_KEPT = 1_000
_PARTITIVE = re.compile(
    r"\b(?:countries|states|republics|nations|leaders|governments|parliaments|"
    r"dozens|hundreds|thousands|"
    r"number|group|groups|majority|tens)\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FAR = 40
_INITIAL = re.compile(r"[^\W\d_]\w+\s[^\W\d_]\.\s$")
_MENTION = re.compile(
    rf"(?P<former>(?:La)?[AS]?Fx?(?:[TL]|{_OWN})+N)"
    rf"|(?P<holder>{_OWN}[AN]?T(?:pd?T)?(?:[ft]d?[SABN])?(?:pd?[SABN])?(?:c?(?P<h_name>N)(?!g))?)"
    r"|(?P<of>Tfd?[SB](?:td?[SAB])?(?:c?(?P<f_name>N)(?!g))?)"
    r"|(?P<staff>NgT(?P<s_name>N)?)"
    r"|(?P<person>(?:[SABC]g?){0,12}N?L+(?:fd?[SABN](?:f[dA]*N)?)?c?(?P<p_name>N)(?!g))"
    r"|(?P<chamber>[SA]g?[AN]?C(?!N)|Cfd?S)"
    r"|(?P<city>Ng?M|MfN)"
    r"|(?P<community>[SN]gA{1,12}k|A{1,12}k(?:pd?x{0,12}k)?(?:nd?[SN])?|A{1,12}P(?:x?nd?[SN])?|P(?:x?nd?[SN])?)"
    r"|(?P<title>T(?P<t_name>N))"
    r"|(?P<body>B)|(?P<state>S)|(?P<name>N)(?!k)"
)


@dataclass(frozen=True, slots=True)
class Mention(Part):
    """One actor named in a sentence.

    Attributes:
        name: The name in use.
        kind: What it is, in the words of `actor_kind`.
        entity: Its id; None where it has none.
        person: Who speaks, where an office-holder does; else "".
        free: Whether no preposition stands before it: it may be a subject.
        owner: Whether a possessive follows: it is not the subject itself.
        people: For a community: its people.
        place: For a community: where it lives; empty where the words name no place.
    """

    name: str
    kind: str
    entity: str | None
    person: str = ""
    free: bool = True
    owner: bool = False
    people: str = ""
    place: str = ""


@dataclass(slots=True)
class Register:
    """Persons by surname: the full name as first written, and whom they speak for."""

    offices: dict[str, Mention] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def enter(self, person: str, speaks_for: Mention | None) -> None:
        """Remember a person by the last word of the name."""
        surname = fold_name(person.rsplit(maxsplit=1)[-1])
        if speaks_for is not None:
            self.offices.setdefault(surname, speaks_for)
        if " " in person:
            self.names.setdefault(surname, person)

    def office(self, person: str) -> Mention | None:
        """For whom a person of this name speaks."""
        return self.offices.get(fold_name(person.rsplit(maxsplit=1)[-1]))

    def full(self, person: str) -> str:
        """The full name, where a surname alone stands."""
        return person if " " in person else self.names.get(fold_name(person), person)


class TracedRegister(Register):
    """A register over another one: it remembers what it was asked, and what was entered.

    What was worked out by it holds by any register that answers the same (`holds`), and
    leaves that one as it left the first (`write`).
    """

    __slots__ = ("_asked", "_under")

    def __init__(self, under: Register) -> None:
        """Begin with what another register knows."""
        super().__init__()
        self._under: Register | None = under
        self._asked: dict[str, tuple[Mention | None, str | None]] = {}

    def holds(self, register: Register) -> bool:
        """Whether a register gives the answers that this one had from the one under it."""
        return all(
            register.offices.get(surname) == office and register.names.get(surname) == name
            for surname, (office, name) in self._asked.items()
        )

    def write(self, register: Register) -> None:
        """Enter there what was entered here."""
        register.offices.update(self.offices)
        register.names.update(self.names)

    def forget(self) -> "TracedRegister":
        """Itself, without the register under it."""
        self._under = None
        return self

    @override
    def enter(self, person: str, speaks_for: Mention | None) -> None:
        surname = fold_name(person.rsplit(maxsplit=1)[-1])
        office, name = self._known(surname)
        if speaks_for is not None and office is None:
            self.offices[surname] = speaks_for
        if " " in person and name is None:
            self.names[surname] = person

    @override
    def office(self, person: str) -> Mention | None:
        return self._known(fold_name(person.rsplit(maxsplit=1)[-1]))[0]

    @override
    def full(self, person: str) -> str:
        return person if " " in person else self._known(fold_name(person))[1] or person

    def _known(self, surname: str) -> tuple[Mention | None, str | None]:
        """What is known of a surname here, else under it."""
        if surname not in self._asked and self._under is not None:
            self._asked[surname] = (
                self._under.offices.get(surname),
                self._under.names.get(surname),
            )
        office, name = self._asked.get(surname, (None, None))
        return self.offices.get(surname, office), self.names.get(surname, name)


@dataclass(frozen=True, slots=True)
class _Unit(Part):
    sign: str
    value: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Sentence(Part):
    """A sentence as signs, and its mentions in order."""

    units: tuple[_Unit, ...]
    signs: str
    mentions: tuple[Mention, ...]

    def between(self, start: int, end: int) -> str:
        """The signs of what stands between two places."""
        low = bisect_left(self.units, start, key=lambda unit: unit.start)
        high = bisect_left(self.units, end, key=lambda unit: unit.start)
        return self.signs[low:high]

    def parties(self, part: Part | None = None) -> Iterator[_Unit]:
        """The names, adjectives and peoples of states in a part, each with its id."""
        low = bisect_left(self.units, part.start, key=lambda unit: unit.start) if part else 0
        high = bisect_left(self.units, part.end, key=lambda unit: unit.start) if part else None
        return (unit for unit in self.units[low:high] if unit.sign in "SAP")

    def inside(self, part: Part) -> tuple[Mention, ...]:
        """The mentions that start in a part."""
        low = bisect_left(self.mentions, part.start, key=lambda mention: mention.start)
        return self.mentions[
            low : bisect_left(self.mentions, part.end, key=lambda mention: mention.start)
        ]


def read_sentence(document: Document, part: Part, register: Register) -> Sentence:
    """The mentions of a sentence; persons joined to an office enter the register."""
    units = tuple(_units(document.source.clean, part, register))
    signs = "".join(unit.sign for unit in units)
    mentions = []
    for match in _MENTION.finditer(signs):
        mention = _mention(document.source.clean, units, match, register)
        if mention is not None:
            mentions.append(mention)
    return Sentence(
        part.start,
        part.end,
        units,
        signs,
        tuple(_bound(document.source.clean, signs, units, mentions)),
    )


def _bound(
    text: str, signs: str, units: tuple[_Unit, ...], mentions: list[Mention]
) -> Iterator[Mention]:
    """The mentions, each with whether a preposition governs it, also through "and"."""
    starts = [unit.start for unit in units]
    before: Mention | None = None
    for mention in mentions:
        at = bisect_left(starts, mention.start)
        free = not _GOVERNED.search(signs, max(0, at - _REACH), at) or (
            _PARTITIVE.search(text, max(0, mention.start - _FAR), mention.start) is not None
        )
        if before is not None and not before.free:
            link = signs[bisect_left(starts, before.end) : at]
            free = free and not re.fullmatch(r"c?a[dAx]*", link)
        before = Mention(
            mention.start, mention.end, mention.name, mention.kind, mention.entity,
            mention.person, free, mention.owner, mention.people, mention.place,
        )  # fmt: skip
        yield before


@functools.cache
def _offices() -> re.Pattern[str]:
    words = sorted(office_words(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")(?=s?\b)s?", re.IGNORECASE)


def _gazetted(text: str, part: Part) -> list[_Unit]:
    """Everything that a word list knows, leftmost and longest, disjoint."""
    low = max(0, part.start - _CONTEXT)
    if part.end - low > _LONGEST_KEPT:
        return list(_listed(text, part.start, part.end))
    window = text[low : part.end + _CONTEXT]
    return [
        _Unit(low + unit.start, low + unit.end, unit.sign, unit.value, unit.kind)
        for unit in _kept(window, part.start - low, part.end - low)
    ]


def _listed(text: str, low: int, high: int) -> tuple[_Unit, ...]:
    """What word lists know between two places."""
    found: list[tuple[int, int, int, _Unit]] = []
    for rank, (sign, names) in enumerate(
        (("S", states()), ("B", actors()), ("B", bodies()), ("A", demonyms()))
    ):
        for start, end, entity in names.find(text, low, high):
            word = text[start:end]
            if sign == "S" and _INITIAL.search(text, max(low, start - _FAR), start):
                continue  # a surname behind an initial
            kind = _kind_of(names, sign, entity)
            what = (
                "P" if sign == "A" and word in peoples() and not _adjective(word, entity) else sign
            )
            if names is bodies() and end - start == 1:
                continue  # an initial
            value = {"S": entity, "A": entity}.get(
                sign, f"={entity}" if names is actors() else f"#{entity}"
            )
            found.append((start, -end, rank, _Unit(start, end, what, value, kind)))
    for match in _offices().finditer(text, low, high):
        word = match[0].casefold()
        speaks = office_words().get(word) or office_words()[word[:-1]]
        plural = word not in office_words() and speaks == "person"
        sign = "k" if plural else _OFFICE_SIGNS[speaks]
        found.append(
            (match.start(), -match.end(), 9, _Unit(match.start(), match.end(), sign, word))
        )
    kept: list[_Unit] = []
    for _, _, _, unit in sorted(found, key=lambda one: one[:3]):
        if not kept or unit.start >= kept[-1].end:
            kept.append(unit)
    return tuple(kept)


_kept = functools.lru_cache(maxsize=1 << 13)(_listed)
"""The same of short texts; kept, since a sentence is read twice, and again in each revision."""


def _adjective(word: str, entity: str) -> bool:
    return word == people_words().get(entity, ("", ""))[0]


def _kind_of(names: Gazetteer, sign: str, entity: str) -> str:
    known = names.get(entity)
    if sign == "S":
        return _STATE_KINDS.get(known.kind if known else "", "state")
    if sign == "B":
        return "igo" if names is bodies() else (known.kind if known else "")
    return ""


def _units(text: str, part: Part, register: Register) -> Iterator[_Unit]:
    """The signs of a sentence with their places; what stands in brackets is left out."""
    known = _gazetted(text, part)
    at = part.start
    closes = -1
    for unit in [*known, _Unit(part.end, part.end, "")]:
        for start, end, sign in _plain(text, at, unit.start, part.start, register):
            if sign == "(":
                close = text.find(")", start, min(start + 120, part.end))
                closes = max(closes, close)
            elif start > closes and sign != ")":
                yield _Unit(start, end, sign, text[start:end])
        if unit.sign and unit.start > closes:
            yield unit
        if text[unit.end - 2 : unit.end] in {"'s", "’s"} and unit.sign:
            yield _Unit(unit.end - 2, unit.end, "g")
        at = max(unit.end, at)


def _plain(
    text: str, start: int, end: int, opens: int, register: Register
) -> Iterator[tuple[int, int, str]]:
    """The signs of words that no list knows; words of a name are one sign."""
    name: tuple[int, int] | None = None
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        if (
            name
            and (_is_name(word) or word in _PARTICLES)
            and text[name[1] : match.start()] in {" ", " al-"}
        ):
            name = (name[0], match.end())
            continue
        if name:
            yield from _closed(text, name, opens, register)
            name = None
        if _is_name(word):
            name = (match.start(), match.end())
        else:
            sign = "g" if word in {"'s", "’s"} else _WORDS.get(word.casefold(), "x")
            yield match.start(), match.end(), sign
    if name:
        yield from _closed(text, name, opens, register)


def _is_name(word: str) -> bool:
    return (
        word[0].isupper()
        and word.casefold().rstrip(".") not in _NO_NAMES
        and (_WORDS.get(word.casefold()) is None)
    )


def _closed(
    text: str, name: tuple[int, int], opens: int, register: Register
) -> Iterator[tuple[int, int, str]]:
    """A run of capitalised words as a name; one that opens the sentence alone only if known."""
    start, end = name
    word = text[start:end].rstrip(".")
    end = start + len(word)
    owned = word.endswith(("'s", "’s"))
    bare = word[:-2] if owned else word
    if (
        start == opens
        and " " not in bare
        and not owned
        and register.full(bare) == bare
        and not register.office(bare)
    ):
        yield start, end, "x"
        return
    yield start, start + len(bare), "N"
    if owned:
        yield start + len(bare), end, "g"


def _mention(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> Mention | None:
    low, high = match.span()
    start, end = units[low].start, units[high - 1].end
    owner = high < len(units) and units[high].sign == "g"
    which = match.lastgroup or ""
    form = next(name for name in _READ if match[name])
    del which
    read = _READ[form](text, units, match, register)
    if read is None:
        return None
    name, kind, entity, person, people = read
    people, _, place = people.partition("|")
    return Mention(
        start, end, name, kind, entity, person, owner=owner, people=people, place=place
    )  # fmt: skip


_Read = tuple[str, str, "str | None", str, str]


def _words(text: str, unit: _Unit) -> str:
    return " ".join(text[unit.start : unit.end].split())


def _speaker(unit: _Unit) -> tuple[str, str, str | None]:
    """The name, kind and id of the state or body that a unit names."""
    if unit.value.startswith("="):
        return unit.value[1:], unit.kind, None
    if not unit.value.startswith("#"):
        entity = states().get(unit.value)
        kind = _STATE_KINDS.get(entity.kind if entity else "", "state")
        return states().name(unit.value), kind, unit.value
    return bodies().name(unit.value[1:]), "igo", unit.value[1:]


def _read_holder(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    group = "h_name" if match["holder"] else "f_name"
    inner = units[match.start() : match.end()]
    own = next(unit for unit in inner if unit.sign in "SAB")
    name, kind, entity = _speaker(own)
    person = _words(text, units[match.start(group)]) if match[group] else ""
    if person:
        register.enter(person, Mention(0, 0, name, kind, entity))
    return name, kind, entity, register.full(person) if person else "", ""


def _read_staff(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    """Who speaks for a person: for whom that person speaks."""
    head = _person(_words(text, units[match.start()]), register)
    person = _words(text, units[match.start("s_name")]) if match["s_name"] else ""
    if person and head[1] != "person":
        register.enter(person, Mention(0, 0, head[0], head[1], head[2]))
    return head[0], head[1], head[2], register.full(person) if person else head[3], ""


def _read_person(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    at = match.start("p_name") if match["person"] else match.end() - 1
    person = register.full(_words(text, units[at]))
    register.enter(person, None)
    return person, "person", None, "", ""


def _read_chamber(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    del register
    inner = units[match.start() : match.end()]
    own = next(unit for unit in inner if unit.sign in "SA")
    house = next(unit for unit in inner if unit.sign == "C")
    words = _words(text, house)
    words = words[0].upper() + words[1:]
    if own.sign == "A":
        name = f"{_words(text, own).removeprefix('The ')} {words}"
    else:
        name = f"{words} of {states().name(own.value)}"
    return name, "state", own.value, "", ""


def _read_city(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    del register
    city = next(unit for unit in units[match.start() : match.end()] if unit.sign == "N")
    return _words(text, city), "subnational", None, "", ""


def _read_community(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    """A people at a place: the last adjective or people names it, what precedes is the place."""
    del register
    inner = units[match.start() : match.end()]
    origin = [unit for unit in inner if unit.sign in "AP"]
    who = origin[-1]
    places = [unit for unit in inner if unit.sign in "SN"] + origin[:-1]
    adjective, people = people_words()[who.value]
    if who.sign == "P" and who.value == "USA" and len(origin) > 1:  # "Armenian Americans"
        who, places = origin[-2], [origin[-1]]
        adjective, people = people_words()[who.value]
    if not people:
        return None
    if not places:
        return people, "diaspora", None, "", people
    name, place = _community(text, adjective, people, places[0])
    return name, "diaspora", None, "", f"{people}|{place}"


def _community(text: str, adjective: str, people: str, place: _Unit) -> tuple[str, str]:
    """The name of a people at a place, and the place."""
    if place.sign == "N":
        name = _words(text, place)
        return f"{people} in {name}", name
    name = states().name(place.value)
    if place.value == "USA":
        return f"{adjective} {people_words()['USA'][1]}", name
    return settled(people, name), name


def settled(people: str, place: str) -> str:
    """The name of a people that lives at a place.

    >>> settled("Armenians", "United Kingdom")
    'Armenians in the United Kingdom'
    """
    return f"{people} in {'the ' if place.startswith('United ') else ''}{place}"


def _read_title(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    """An office without its state: whom the surname spoke for before, else the person alone."""
    person = _words(text, units[match.start("t_name")])
    return _person(person, register)


def _read_name(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    return _person(_words(text, units[match.start()]), register)


def _person(person: str, register: Register) -> _Read:
    office = register.office(person)
    full = register.full(person)
    if office is not None:
        return office.name, office.kind, office.entity, full, ""
    register.enter(full, None)
    return full, "person", None, "", ""


def _read_body(
    text: str, units: tuple[_Unit, ...], match: re.Match[str], register: Register
) -> _Read | None:
    del text, register
    return *_speaker(units[match.start()]), "", ""


_READ = {
    "former": _read_person,
    "holder": _read_holder,
    "of": _read_holder,
    "staff": _read_staff,
    "person": _read_person,
    "chamber": _read_chamber,
    "city": _read_city,
    "community": _read_community,
    "title": _read_title,
    "body": _read_body,
    "state": _read_body,
    "name": _read_name,
}
"""How each form is read."""
