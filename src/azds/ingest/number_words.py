"""Whole numbers as texts write them: digits, digits with commas, English words; and bounds."""

import re

from azds.qualifiers import QUALIFIERS, Qualifier

__all__ = ["BEHIND", "NUMBER", "QUALIFIED", "qualifier_in", "read_number"]

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: value for value, word in enumerate(_UNITS)}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_WORDS = (
    rf"(?:(?:an?|{_WORD})\s+hundred(?:\s+(?:and\s+)?(?:{_WORD})(?:[\s-](?:{_WORD}))?)?|"
    rf"(?:{_WORD})(?:[\s-](?:{_WORD}))?)"
)
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,9}}|{_WORDS})"
"""The pattern of a number, to be compiled without regard to case."""

QUALIFIED = (
    r"(?:(?:(?:well|just|only|slightly|a\s+little|far|now|currently|already)\s+)?(?:"
    r"(?P<more_than>more\s+than|over|in\s+excess\s+of|upwards?\s+of|exceed(?:s|ed))|"
    r"(?P<at_least>at\s+least|(?:no|not)\s+(?:fewer|less)\s+than)|"
    r"(?P<about>about|around|some|roughly|approximately|approx\.?|circa|close\s+to|perhaps|"
    r"an\s+estimated|barely|hardly)|"
    r"(?P<less_than>less\s+than|fewer\s+than|nearly|almost|under)|"
    r"(?P<at_most>at\s+most|up\s+to|as\s+many\s+as|(?:no|not)\s+more\s+than))\s+)?"
)
"""The pattern of a qualifier before a number, with the white space behind it; may be empty."""

BEHIND = (
    r"(?:\s*(?:(?P<at_least_behind>\+|(?<=\s)or\s+more)|"
    r"(?P<at_most_behind>(?<=\s)or\s+(?:fewer|less))|(?P<about_behind>(?<=\s)or\s+so)))?"
)
"""The pattern of a qualifier behind a number; may be empty."""


def qualifier_in(match: re.Match[str]) -> tuple[Qualifier, int, int] | None:
    """The qualifier that `QUALIFIED` or `BEHIND` matched, and where it stands; None for none."""
    told = match.groupdict()
    for ending in ("", "_behind"):
        for qualifier in QUALIFIERS:
            if told.get(qualifier + ending):
                return qualifier, *match.span(qualifier + ending)
    return None


def read_number(words: str) -> int:
    """The number that words matched by `NUMBER` mean.

    >>> read_number("1,204"), read_number("one hundred and forty-two"), read_number("Twelve")
    (1204, 142, 12)
    """
    digits = words.replace(",", "")
    if digits.isdecimal():
        return int(digits)
    total = 0
    for word in re.split(r"[\s-]+", words.casefold()):
        if word == "hundred":
            total = max(total, 1) * 100
        else:
            total += _SMALL.get(word, 0)
    return total
