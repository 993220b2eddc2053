"""What a text says around a number: that it is a bound or an estimate, and which.

A number without a qualifier is meant as it stands. Pure values: records keep them, checks and
pages read what follows from them.
"""

from math import inf
from typing import Literal, get_args

__all__ = ["QUALIFIERS", "Qualifier", "can_agree", "qualified", "span_of"]

Qualifier = Literal["more_than", "at_least", "about", "less_than", "at_most"]
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)


def qualified(value: object, qualifier: object) -> str:
    """A number with its qualifier in words.

    >>> qualified(130, "more_than"), qualified(160, None)
    ('more than 130', '160')
    """
    return f"{str(qualifier).replace('_', ' ')} {value}" if qualifier else f"{value}"


def span_of(value: float, qualifier: object) -> tuple[float, float]:
    """The least and the most that a stated whole number may mean, both included.

    An estimate leaves both open, and so does a qualifier that is not known here.

    >>> span_of(130, "more_than"), span_of(130, "less_than"), span_of(130, None)
    ((131, inf), (0, 129), (130, 130))
    """
    if not qualifier:
        return value, value
    spans = {
        "more_than": (value + 1, inf),
        "at_least": (value, inf),
        "less_than": (0, value - 1),
        "at_most": (0, value),
    }
    return spans.get(str(qualifier), (0, inf))


def can_agree(one: tuple[float, object], other: tuple[float, object]) -> bool:
    """Whether two stated numbers, each with its qualifier, may mean the same.

    >>> can_agree((130, "more_than"), (140, None)), can_agree((130, None), (140, None))
    (True, False)
    """
    (least, most), (other_least, other_most) = span_of(*one), span_of(*other)
    return max(least, other_least) <= min(most, other_most)
