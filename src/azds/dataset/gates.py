"""Conditions on a diff that fail a pipeline: ``removed>0,changed>0.1%``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from azds.errors import InvalidInputError
from azds.ids import near_names

__all__ = ["Gate", "parse_gates"]

_TERM = re.compile(r"\s*([a-z_]+)\s*(>=|>)\s*(\d+(?:\.\d+)?)\s*(%?)\s*")
_COUNTS = ("changed", "added", "removed", "newly_stated", "unstated", "not_comparable", "schema")
_OF_NEW = frozenset({"added", "newly_stated"})


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: a count of rows, or its share of the rows of its own side."""

    count: str
    operator: str
    bound: float
    is_share: bool

    def is_met_by(self, summary: Mapping[str, int]) -> bool:
        """Whether a table's summary meets the condition, so that the pipeline fails."""
        value: float = summary[self.count]
        if self.is_share:
            rows = summary["rows_new" if self.count in _OF_NEW else "rows_old"]
            value = 100 * value / rows if rows else 100.0 * bool(value)
        return value > self.bound or (self.operator == ">=" and value == self.bound)

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.count}{self.operator}{self.bound:g}{'%' if self.is_share else ''}"


def parse_gates(text: str) -> tuple[Gate, ...]:
    """The conditions of a text, divided by commas.

    >>> [str(gate) for gate in parse_gates("removed>0, changed>=0.1%")]
    ['removed>0', 'changed>=0.1%']

    Raises:
        InvalidInputError: `bad-argument`.
    """
    gates = []
    for term in text.split(","):
        match = _TERM.fullmatch(term)
        if match is None or match[1] not in _COUNTS:
            name = match[1] if match else term.strip()
            raise InvalidInputError(
                "bad-argument",
                "this is no condition",
                expected="such as removed>0 or changed>=0.1%",
                got=repr(term.strip()),
                advice=None if name in _COUNTS else near_names(name, _COUNTS),
            )
        gates.append(Gate(match[1], match[2], float(match[3]), bool(match[4])))
    return tuple(gates)
