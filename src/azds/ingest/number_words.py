"""Whole numbers as texts write them: digits, digits with commas, English words."""

import re

__all__ = ["NUMBER", "read_number"]

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
