"""Version numbers: three numbers, compared by value, raised by level."""

import re
from dataclasses import dataclass
from typing import Literal

from azds.errors import InvalidInputError

__all__ = ["LEVELS", "Level", "Version", "larger"]

Level = Literal["none", "patch", "minor", "major"]

LEVELS: tuple[Level, ...] = ("none", "patch", "minor", "major")
"""How much a release differs, from least to most."""

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Version:
    """A version of a release; ordered.

    >>> Version.parse("1.9.0") < Version.parse("1.10.0")
    True
    >>> str(Version.parse("1.2.3").raised("minor"))
    '1.3.0'
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """The version that a text says: the twin of `str`.

        Raises:
            InvalidInputError: `bad-argument`.
        """
        match = _VERSION.fullmatch(text)
        if match is None:
            raise InvalidInputError(
                "bad-argument", "this is no version", expected="three numbers: 1.2.3", got=text[:80]
            )
        return cls(int(match[1]), int(match[2]), int(match[3]))

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, level: Level) -> "Version":
        """The next version of this level; the same for `none`."""
        if level == "major":
            return Version(self.major + 1, 0, 0)
        if level == "minor":
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + (level == "patch"))


def larger(*levels: Level) -> Level:
    """The largest of these levels; `none` without one.

    >>> larger("patch", "major", "none")
    'major'
    """
    return max(levels, key=LEVELS.index, default="none")
