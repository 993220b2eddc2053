"""Coverage as people type it: a level, and what a part covers."""

from collections.abc import Iterable

from azds.coverage import LEVELS, Coverage
from azds.errors import InvalidInputError

__all__ = ["parse_coverage"]


def parse_coverage(level: str, covers: Iterable[str], reason: str = "") -> Coverage:
    """The coverage of a level and words such as ``region=EU,US``.

    What covers a part is partial; so is what only covers are given for.

    >>> parse_coverage("partial", ["region=EU,US"]).reason
    'holds region EU, US'

    Raises:
        InvalidInputError: `bad-coverage`.
    """
    held: dict[str, tuple[str, ...]] = {}
    for word in covers:
        column, equals, values = word.partition("=")
        if not (column and equals and values):
            raise InvalidInputError(
                "bad-coverage", "what a part covers", expected="COLUMN=VALUE,VALUE", got=repr(word)
            )
        held[column] = tuple(values.split(","))
    for known in LEVELS:
        if known == level:
            wide = "partial" if held and known == "complete" else known
            told = "; ".join(f"{c} {', '.join(v)}" for c, v in held.items())
            default = f"holds {told}" if told else "declared partial"
            return Coverage(
                wide, covers=held, reason=reason or ("" if wide == "complete" else default)
            )
    raise InvalidInputError(
        "bad-coverage", "unknown level", expected=" or ".join(LEVELS), got=repr(level)
    )


def parse_sides(levels: Iterable[str], covers: Iterable[str]) -> tuple[Coverage, Coverage]:
    """The coverage of both sides of a diff from words such as ``new=partial``, ``new:region=EU``.

    A word without a side means the new one.

    Raises:
        InvalidInputError: `bad-coverage`.
    """
    level = {"old": "complete", "new": "complete"}
    held: dict[str, list[str]] = {"old": [], "new": []}
    for word in levels:
        side, equals, given = word.partition("=")
        if not equals:
            side, given = "new", word
        if side not in level:
            raise InvalidInputError(
                "bad-coverage", "unknown side", expected="old=LEVEL or new=LEVEL", got=repr(word)
            )
        level[side] = given
    for word in covers:
        side, colon, given = word.partition(":")
        known = bool(colon) and side in held
        held[side if known else "new"].append(given if known else word)
    return parse_coverage(level["old"], held["old"]), parse_coverage(level["new"], held["new"])
